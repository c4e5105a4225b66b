/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/tree.h"

#include <string.h>

/* Limit on nodes: a machine has at most some 100,000 descriptors, and a node
 * has 10 to 64 of them. A tree with more is corrupted. */
#define MAX_NODES (1U << 17)

/* 64 bits in steps of 4 (CONFIG_BASE_SMALL) or 6, plus one. */
#define RADIX_MAX_DEPTH 17
#define RADIX_MAX_SLOTS 64

struct walk {
	struct reader *r;
	const char *what;
	tree_entry_fn *fn;
	void *ctx;
	unsigned int nodes;
	bool complete; /* false once something was omitted */
	bool stop;     /* fn does not want more */
};

static bool enter_node(struct walk *w, uint64_t addr)
{
	if (!irqm_reader_step(w->r, addr, w->what)) {
		w->stop = true;
		w->complete = false;
		return false;
	}
	if (++w->nodes <= MAX_NODES)
		return true;
	if (!w->stop)
		irqm_reader_note(w->r, IRQM_INVALID, addr, "%s: too many nodes",
				 w->what);
	w->complete = false;
	w->stop = true;
	return false;
}

static void emit_entry(struct walk *w, uint64_t index, uint64_t entry)
{
	if (w->fn(w->ctx, index, entry))
		return;
	if (!w->stop)
		irqm_reader_note(w->r, IRQM_INVALID, entry, "%s: invalid entry",
				 w->what);
	w->stop = true;
	w->complete = false;
}

/* Radix trees and XArrays differ in the tag of a node (the two low bits), and
 * in names. */
struct radix {
	struct walk w;
	uint32_t node_size;
	const struct irqm_member *shift, *slots;
	unsigned int node_tag; /* low two bits of a pointer to a node */
	unsigned int bits;     /* bits of the index for each node */
};

/* XArray entries below 4096 with the node's tag are siblings or errors. */
#define XA_LAST_INTERNAL 4096

static bool radix_is_node(const struct radix *x, uint64_t entry)
{
	return (entry & 3) == x->node_tag && entry > XA_LAST_INTERNAL;
}

static bool radix_is_pointer(uint64_t entry)
{
	return entry && (entry & 3) == 0;
}

static void walk_radix_node(struct radix *x, uint64_t entry, uint64_t base,
			    unsigned int parent_shift, unsigned int depth)
{
	uint64_t slots[RADIX_MAX_SLOTS];
	char node[READER_STRUCT_MAX];
	uint64_t addr = entry - x->node_tag;
	unsigned int i, n = x->slots->count, shift;

	if (!enter_node(&x->w, addr))
		return;
	if (!irqm_reader_struct(x->w.r, node, addr, x->node_size, "%s: node",
				x->w.what)) {
		x->w.complete = false;
		return;
	}
	shift = irqm_get(node, x->shift);
	/* Shifts fall towards the leaves, by the bits of a node. This ends
	 * every cycle, and keeps the indexes sorted. */
	if (shift + x->bits > parent_shift || depth >= RADIX_MAX_DEPTH) {
		irqm_reader_note(x->w.r, IRQM_INVALID, addr, "%s: node",
				 x->w.what);
		x->w.complete = false;
		return;
	}
	memcpy(slots, node + x->slots->offset, n * sizeof(slots[0]));
	for (i = 0; i < n && !x->w.stop; i++) {
		uint64_t index = base | (uint64_t)i << shift;

		if (radix_is_node(x, slots[i]))
			walk_radix_node(x, slots[i], index, shift, depth + 1);
		else if (radix_is_pointer(slots[i]))
			emit_entry(&x->w, index, slots[i]);
	}
}

static bool walk_radix(struct radix *x, uint64_t root,
		       const struct irqm_member *head)
{
	uint64_t entry;

	x->w.complete = true;
	if (!head->exists || !x->shift->exists || !x->slots->exists ||
	    x->slots->elem_size != sizeof(uint64_t) || x->slots->count < 2 ||
	    x->slots->count > RADIX_MAX_SLOTS) {
		irqm_reader_note(x->w.r, IRQM_INVALID, root,
				 "%s: layout of its nodes unknown", x->w.what);
		return false;
	}
	x->bits = 64 - __builtin_clzll(x->slots->count - 1);
	if (!irqm_reader_read(x->w.r, root + head->offset, &entry,
			      sizeof(entry), "%s", x->w.what))
		return false;
	if (radix_is_node(x, entry))
		walk_radix_node(x, entry, 0, 64, 0);
	else if (radix_is_pointer(entry))
		emit_entry(&x->w, 0, entry);
	return x->w.complete;
}

bool irqm_walk_xarray(struct reader *r, uint64_t root, const char *what,
		      tree_entry_fn *fn, void *ctx)
{
	const struct irqm_layout *l = r->layout;
	struct radix x = {
		.w = { .r = r, .what = what, .fn = fn, .ctx = ctx },
		.node_size = l->xa_node.size,
		.shift = &l->xa_node.shift,
		.slots = &l->xa_node.slots,
		.node_tag = 2, /* xa_mk_internal() */
	};

	return walk_radix(&x, root, &l->xarray.xa_head);
}

bool irqm_walk_radix_tree(struct reader *r, uint64_t root, const char *what,
			  tree_entry_fn *fn, void *ctx)
{
	const struct irqm_layout *l = r->layout;
	struct radix x = {
		.w = { .r = r, .what = what, .fn = fn, .ctx = ctx },
		.node_size = l->radix_tree_node.size,
		.shift = &l->radix_tree_node.shift,
		.slots = &l->radix_tree_node.slots,
		.node_tag = 1, /* RADIX_TREE_INTERNAL_NODE */
	};

	return walk_radix(&x, root, &l->radix_tree_root.rnode);
}

/* include/linux/maple_tree.h: nodes are aligned to 256 bytes, and the low bits
 * of a pointer to a node have its type. */
#define MAPLE_NODE_MASK 255ULL
#define MAPLE_TYPE_SHIFT 3
#define MAPLE_TYPE_MASK 15
#define MAPLE_HEIGHT_MAX 31
#define MAPLE_MAX_SLOTS 32

struct maple {
	struct walk w;
	int64_t leaf_64, range_64, arange_64; /* enum maple_type */
};

static bool maple_is_node(uint64_t entry)
{
	return (entry & 3) == 2 && entry > XA_LAST_INTERNAL;
}

static void walk_maple_node(struct maple *m, uint64_t enode, uint64_t min,
			    uint64_t max, unsigned int depth);

/*
 * Walks the slots of a node. Pivot i is the last index of slot i. The node ends
 * with the first pivot that is 0 or equals its maximum (mas_safe_pivot()); a
 * pivot of 0 is also the end of a slot that holds only index 0. If another
 * pivot is below the first index of its slot or above the maximum, the node is
 * corrupted.
 */
static void walk_maple_slots(struct maple *m, const uint64_t *pivots,
			     unsigned int nr_pivots, const uint64_t *slots,
			     unsigned int nr_slots, bool leaf, uint64_t min,
			     uint64_t max, unsigned int depth)
{
	unsigned int i;

	for (i = 0; i < nr_slots && !m->w.stop; i++) {
		uint64_t last = i < nr_pivots ? pivots[i] : max;

		if (last == 0 && min > 0)
			last = max;
		if (last > max || last < min) {
			irqm_reader_note(m->w.r, IRQM_INVALID, slots[i],
					 "%s: a pivot out of order", m->w.what);
			m->w.complete = false;
			return;
		}
		if (!leaf && slots[i])
			walk_maple_node(m, slots[i], min, last, depth + 1);
		/* an internal entry (XA_ZERO_ENTRY) is not a descriptor */
		else if (leaf && radix_is_pointer(slots[i]))
			emit_entry(&m->w, min, slots[i]);
		if (last >= max)
			break;
		min = last + 1;
	}
}

static void walk_maple_node(struct maple *m, uint64_t enode, uint64_t min,
			    uint64_t max, unsigned int depth)
{
	const struct irqm_layout *l = m->w.r->layout;
	uint64_t addr = enode & ~MAPLE_NODE_MASK;
	int64_t type = enode >> MAPLE_TYPE_SHIFT & MAPLE_TYPE_MASK;
	uint64_t pivots[MAPLE_MAX_SLOTS], slots[MAPLE_MAX_SLOTS];
	const struct irqm_member *pivot, *slot;
	char node[READER_STRUCT_MAX];

	if (!enter_node(&m->w, addr))
		return;
	if (type == m->leaf_64 || type == m->range_64) {
		pivot = &l->maple_range_64.pivot;
		slot = &l->maple_range_64.slot;
	} else if (type == m->arange_64) {
		pivot = &l->maple_arange_64.pivot;
		slot = &l->maple_arange_64.slot;
	} else {
		/* dense nodes, and kinds of later kernels */
		goto invalid;
	}
	if (!pivot->exists || !slot->exists || pivot->count > MAPLE_MAX_SLOTS ||
	    slot->count > MAPLE_MAX_SLOTS || depth >= MAPLE_HEIGHT_MAX)
		goto invalid;
	if (!irqm_reader_struct(m->w.r, node, addr, l->maple_node.size,
				"%s: node", m->w.what)) {
		m->w.complete = false;
		return;
	}
	/* both kinds of node begin at the start of the union */
	if (pivot->elem_size != sizeof(uint64_t) ||
	    slot->elem_size != sizeof(uint64_t) ||
	    pivot->offset + pivot->size > l->maple_node.size ||
	    slot->offset + slot->size > l->maple_node.size)
		goto invalid;
	memcpy(pivots, node + pivot->offset, pivot->count * sizeof(uint64_t));
	memcpy(slots, node + slot->offset, slot->count * sizeof(uint64_t));
	walk_maple_slots(m, pivots, pivot->count, slots, slot->count,
			 type == m->leaf_64, min, max, depth);
	return;
invalid:
	irqm_reader_note(m->w.r, IRQM_INVALID, addr, "%s: node", m->w.what);
	m->w.complete = false;
}

bool irqm_walk_maple_tree(struct reader *r, uint64_t root, const char *what,
			  tree_entry_fn *fn, void *ctx)
{
	const struct irqm_layout *l = r->layout;
	struct maple m = {
		.w = { .r = r,
		       .what = what,
		       .fn = fn,
		       .ctx = ctx,
		       .complete = true },
	};
	uint64_t entry;

	if (!l->maple_tree.ma_root.exists || !l->maple_node.exists ||
	    !irqm_enum_value(&l->maple_type, "maple_leaf_64", &m.leaf_64) ||
	    !irqm_enum_value(&l->maple_type, "maple_range_64", &m.range_64) ||
	    !irqm_enum_value(&l->maple_type, "maple_arange_64", &m.arange_64)) {
		irqm_reader_note(r, IRQM_INVALID, root,
				 "%s: layout of its nodes unknown", what);
		return false;
	}
	if (!irqm_reader_read(r, root + l->maple_tree.ma_root.offset, &entry,
			      sizeof(entry), "%s", what))
		return false;
	if (maple_is_node(entry))
		walk_maple_node(&m, entry, 0, UINT64_MAX, 0);
	else if (radix_is_pointer(entry))
		emit_entry(&m.w, 0, entry);
	return m.w.complete;
}
