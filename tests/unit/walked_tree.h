/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tree in a fake kernel's memory, and what a walk over it brings:
 *
 *	tree_setup(&t, MAPLE);
 *	tree_set_root(&t, tree_build(&t, entries, nr, 16));
 *	assert_true(tree_walk(&t));
 *	assert_int_equal(t.nr, nr);	// t.got
 *	tree_teardown(&t);
 */
#ifndef WALKED_TREE_H
#define WALKED_TREE_H

#include "snapshot/tree.h"
#include "tests/unit/fake_generations.h"
#include "unit.h"

enum kind {
	XARRAY,
	RADIX,
	MAPLE
};

struct tree {
	enum kind kind;
	struct fk *fk;
	struct fk_machine m;
	struct irqm_layout layout; /* what the walk is told */
	uint64_t root;
	struct irqm_snapshot *s; /* for its arena and its unread[] */

	struct fk_tree_entry *got;
	size_t nr, room, stop_after; /* 0: never */
	unsigned int steps;          /* that others have taken */
};

void tree_setup(struct tree *t, enum kind kind);
void tree_teardown(struct tree *t);

/* What the root holds: a node, or an entry that stands alone. */
void tree_set_root(struct tree *t, uint64_t value);
/* The entries as a tree; fanout is a maple tree's. */
uint64_t tree_build(struct tree *t, const struct fk_tree_entry *e, size_t nr,
		    unsigned int fanout);
bool tree_walk(struct tree *t);
/* The walk must end, say that it is not complete, and why. */
void tree_assert_cut(struct tree *t);

/* nr entries in ascending order, one of up to gap indexes; to free(). */
struct fk_tree_entry *tree_entries(size_t nr, unsigned int gap);

/*
 * Sets up a tree of two levels without holes: 300 entries, a maple tree has
 * 100. Its root.
 */
uint64_t tree_two_levels(struct tree *t, enum kind kind);
/* The address of the node that an entry points to. */
uint64_t tree_node(const struct tree *t, uint64_t entry);
/* A slot of an inner node: where it is, and what it holds. */
uint64_t tree_slot(const struct tree *t, uint64_t node, unsigned int i);
uint64_t tree_slot_value(struct tree *t, uint64_t node, unsigned int i);

#endif
