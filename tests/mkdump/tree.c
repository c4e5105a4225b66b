/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's index trees, built for the fake kernel. */
#include "tests/mkdump/fake_kernel.h"

#include <stdlib.h>
#include <string.h>

/* 64 slots a node, 16 with CONFIG_BASE_FULL=n. */
struct radix_layout {
	uint32_t size;
	const struct irqm_member *shift, *slots;
	unsigned int tag;
};

static unsigned int nr_slots(const struct radix_layout *l)
{
	return l->slots->count;
}

static unsigned int slot_bits(const struct radix_layout *l)
{
	return __builtin_ctz(nr_slots(l));
}

/* The subtree over entries that share the index's bits above this node's. */
static uint64_t radix_node(struct fk *fk, const struct radix_layout *l,
			   const struct fk_tree_entry *e, size_t nr,
			   unsigned int shift)
{
	uint64_t node = fk_alloc(fk, FK_HEAP, l->size, 64);
	size_t i, n;

	fk_put(fk, node, l->shift, shift);
	for (i = 0; i < nr; i += n) {
		uint64_t slot = e[i].index >> shift & (nr_slots(l) - 1);
		uint64_t value = e[i].value;

		for (n = 1; i + n < nr && (e[i + n].index >> shift &
					   (nr_slots(l) - 1)) == slot;
		     n++)
			;
		if (shift)
			value = radix_node(fk, l, e + i, n,
					   shift - slot_bits(l));
		fk_put64(fk, node + l->slots->offset + slot * 8, value);
	}
	return node | l->tag;
}

uint64_t fk_radix(struct fk *fk, const struct fk_tree_entry *e, size_t nr,
		  unsigned int tag)
{
	const struct irqm_layout *l = &fk->layout;
	const struct radix_layout xa = { l->xa_node.size, &l->xa_node.shift,
					 &l->xa_node.slots, tag };
	const struct radix_layout old = { l->radix_tree_node.size,
					  &l->radix_tree_node.shift,
					  &l->radix_tree_node.slots, tag };
	const struct radix_layout *tree = tag == 1 ? &old : &xa;
	unsigned int shift = 0;

	if (!nr)
		return 0;
	/* a lone entry at index 0 needs no node */
	if (nr == 1 && e[0].index == 0)
		return e[0].value;
	while (e[nr - 1].index >> shift >= nr_slots(tree))
		shift += slot_bits(tree);
	return radix_node(fk, tree, e, nr, shift);
}

/* lib/maple_tree.c: what the low bits of a pointer to a node say. */
#define MAPLE_TYPE_SHIFT 3
#define MAPLE_ENODE_NULL 4
#define MAPLE_ROOT_NODE 2
#define MAPLE_ALIGN 256

/* A range of indexes and what it holds: an entry or a node, or 0. */
struct segment {
	uint64_t last, slot;
};

static uint64_t maple_type(const struct fk *fk, const char *name)
{
	int64_t type;

	if (!irqm_enum_value(&fk->layout.maple_type, name, &type))
		abort();
	return type;
}

static uint64_t leaf_node(struct fk *fk, const struct segment *s, size_t nr)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t node = fk_alloc(fk, FK_HEAP, l->maple_node.size, MAPLE_ALIGN);
	uint64_t slots = node + l->maple_range_64.slot.offset;
	uint64_t pivots = node + l->maple_range_64.pivot.offset;
	uint32_t nr_pivots = l->maple_range_64.pivot.count;
	size_t i;

	for (i = 0; i < nr; i++) {
		fk_put64(fk, slots + i * 8, s[i].slot);
		if (i < nr_pivots)
			fk_put64(fk, pivots + i * 8, s[i].last);
	}
	/* metadata takes the last slot of a node that is not full */
	if (nr < l->maple_range_64.slot.count)
		*(unsigned char *)fk_at(fk, slots + nr_pivots * 8) = nr - 1;
	return node | maple_type(fk, "maple_leaf_64") << MAPLE_TYPE_SHIFT |
	       MAPLE_ENODE_NULL;
}

static uint64_t arange_node(struct fk *fk, const struct segment *s, size_t nr)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t node = fk_alloc(fk, FK_HEAP, l->maple_node.size, MAPLE_ALIGN);
	uint64_t slots = node + l->maple_arange_64.slot.offset;
	uint64_t pivots = node + l->maple_arange_64.pivot.offset;
	size_t i;

	for (i = 0; i < nr; i++) {
		fk_put64(fk, slots + i * 8, s[i].slot);
		if (i < l->maple_arange_64.pivot.count)
			fk_put64(fk, pivots + i * 8, s[i].last);
	}
	/* gap[], of which a walker must not take anything for a slot */
	for (; i < 20; i++)
		fk_put64(fk, slots + i * 8, i < 10 ? 0 : 0xa5a5a5a5a5a5a5a6);
	return node | maple_type(fk, "maple_arange_64") << MAPLE_TYPE_SHIFT |
	       MAPLE_ENODE_NULL;
}

static size_t make_segments(const struct fk_tree_entry *e, size_t nr,
			    struct segment *s)
{
	uint64_t next = 0;
	size_t i, n = 0;

	for (i = 0; i < nr; i++) {
		if (e[i].index > next)
			s[n++] = (struct segment){ e[i].index - 1, 0 };
		s[n++] = (struct segment){ e[i].index, e[i].value };
		next = e[i].index + 1;
	}
	s[n++] = (struct segment){ UINT64_MAX, 0 };
	return n;
}

uint64_t fk_maple(struct fk *fk, const struct fk_tree_entry *e, size_t nr,
		  unsigned int fanout)
{
	struct segment *s = calloc(2 * nr + 2, sizeof(*s));
	unsigned int leaf = fanout > 10 ? 16 : fanout;
	size_t n, i, out, take;
	bool leaves = true;
	uint64_t root;

	if (!s)
		abort();
	if (nr == 0 || (nr == 1 && e[0].index == 0)) {
		free(s);
		return nr ? e[0].value : 0;
	}
	n = make_segments(e, nr, s);
	do {
		unsigned int max = leaves ? leaf : fanout > 10 ? 10 : fanout;

		for (i = out = 0; i < n; i += take, out++) {
			uint64_t node;

			take = n - i < max ? n - i : max;
			node = leaves ? leaf_node(fk, s + i, take) :
					arange_node(fk, s + i, take);
			s[out] = (struct segment){ s[i + take - 1].last, node };
		}
		n = out;
		leaves = false;
	} while (n > 1);
	root = s[0].slot | MAPLE_ROOT_NODE;
	free(s);
	return root;
}
