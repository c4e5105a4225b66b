/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/walked_tree.h"

void tree_setup(struct tree *t, enum kind kind)
{
	static const char *const names[] = { "5.10", "4.19.91", "6.12" };

	memset(t, 0, sizeof(*t));
	t->kind = kind;
	t->fk = fk_build(fk_generation(names[kind]), &t->m);
	t->layout = t->fk->layout;
	t->root = fk_alloc(t->fk, FK_DATA, 64, 16);
	t->s = irqm_snapshot_new();
	assert_non_null(t->s);
}

void tree_teardown(struct tree *t)
{
	irqm_snapshot_free(t->s);
	fk_free(t->fk);
	free(t->got);
}

void tree_set_root(struct tree *t, uint64_t value)
{
	const struct irqm_layout *l = &t->fk->layout;

	fk_put(t->fk, t->root,
	       t->kind == XARRAY ? &l->xarray.xa_head :
	       t->kind == RADIX  ? &l->radix_tree_root.rnode :
				   &l->maple_tree.ma_root,
	       value);
}

static bool collect(void *ctx, uint64_t index, uint64_t entry)
{
	struct tree *t = ctx;

	if (t->nr == t->room) {
		t->room = t->room ? t->room * 2 : 1024;
		t->got = realloc(t->got, t->room * sizeof(*t->got));
		assert_non_null(t->got);
	}
	t->got[t->nr++] = (struct fk_tree_entry){ index, entry };
	return !t->stop_after || t->nr < t->stop_after;
}

bool tree_walk(struct tree *t)
{
	struct irqm_target target;
	struct reader r = { .layout = &t->layout,
			    .s = t->s,
			    .arena = t->s->arena,
			    .target = &target,
			    .steps = t->steps };

	fk_commit(t->fk, FK_STRICT);
	target = irqm_memory_target(t->fk->memory);
	t->nr = 0;
	t->s->nr_unread = 0;
	if (t->kind == XARRAY)
		return irqm_walk_xarray(&r, t->root, "tree", collect, t);
	if (t->kind == RADIX)
		return irqm_walk_radix_tree(&r, t->root, "tree", collect, t);
	return irqm_walk_maple_tree(&r, t->root, "tree", collect, t);
}

void tree_assert_cut(struct tree *t)
{
	assert_false(tree_walk(t));
	assert_true(t->s->nr_unread > 0);
}

uint64_t tree_build(struct tree *t, const struct fk_tree_entry *e, size_t nr,
		    unsigned int fanout)
{
	if (t->kind == MAPLE)
		return fk_maple(t->fk, e, nr, fanout);
	return fk_radix(t->fk, e, nr, t->kind == XARRAY ? 2 : 1);
}

struct fk_tree_entry *tree_entries(size_t nr, unsigned int gap)
{
	struct fk_tree_entry *e = calloc(nr, sizeof(*e));
	uint64_t x = 12345, index = 0;
	size_t i;

	assert_non_null(e);
	for (i = 0; i < nr; i++) {
		x = x * 6364136223846793005ULL + 1;
		index += gap > 1 ? (x >> 33) % gap : 0;
		e[i].index = index++;
		e[i].value = 0xffff888100000000ULL + i * 0x40;
	}
	return e;
}

uint64_t tree_node(const struct tree *t, uint64_t entry)
{
	return t->kind == MAPLE ? entry & ~255ULL : entry & ~3ULL;
}

uint64_t tree_slot(const struct tree *t, uint64_t node, unsigned int i)
{
	const struct irqm_layout *l = &t->fk->layout;

	return node + i * 8 +
	       (t->kind == XARRAY ? l->xa_node.slots.offset :
		t->kind == RADIX  ? l->radix_tree_node.slots.offset :
				    l->maple_arange_64.slot.offset);
}

uint64_t tree_slot_value(struct tree *t, uint64_t node, unsigned int i)
{
	uint64_t value;

	memcpy(&value, fk_at(t->fk, tree_slot(t, node, i)), 8);
	return value;
}

uint64_t tree_two_levels(struct tree *t, enum kind kind)
{
	struct fk_tree_entry *e = tree_entries(kind == MAPLE ? 100 : 300, 1);
	uint64_t root;

	tree_setup(t, kind);
	root = tree_build(t, e, kind == MAPLE ? 100 : 300, 16);
	free(e);
	tree_set_root(t, root);
	return root;
}
