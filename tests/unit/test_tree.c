/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's index trees: whole, large, and spoiled. */
#include "snapshot/tree.h"
#include "tests/unit/fake_generations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum kind { XARRAY, RADIX, MAPLE };

/* A tree in a kernel's memory, and what a walk over it brings. */
struct tree {
	enum kind kind;
	struct fk *fk;
	struct fk_machine m;
	struct irqm_layout layout; /* what the walk is told */
	uint64_t root;
	struct irqm_snapshot *s;   /* for its arena and its unread[] */

	struct fk_tree_entry *got;
	size_t nr, room, stop_after; /* 0: never */
	unsigned int steps;        /* that others have taken */
};

static void setup(struct tree *t, enum kind kind)
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

static void teardown(struct tree *t)
{
	irqm_snapshot_free(t->s);
	fk_free(t->fk);
	free(t->got);
}

static void set_root(struct tree *t, uint64_t value)
{
	const struct irqm_layout *l = &t->fk->layout;

	fk_put(t->fk, t->root, t->kind == XARRAY ? &l->xarray.xa_head
			       : t->kind == RADIX
				       ? &l->radix_tree_root.rnode
				       : &l->maple_tree.ma_root, value);
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

static bool walk(struct tree *t)
{
	struct irqm_target target;
	struct reader r = { .layout = &t->layout, .s = t->s,
			    .arena = t->s->arena, .target = &target,
			    .steps = t->steps };

	fk_commit(t->fk, FK_STRICT);
	target = irqm_memory_target(t->fk->memory);
	t->nr = 0;
	t->s->nr_unread = 0;
	if (t->kind == XARRAY)
		return walk_xarray(&r, t->root, "tree", collect, t);
	if (t->kind == RADIX)
		return walk_radix_tree(&r, t->root, "tree", collect, t);
	return walk_maple_tree(&r, t->root, "tree", collect, t);
}

/* The walk must end, say that it is not complete, and why. */
static void assert_cut(struct tree *t)
{
	assert_false(walk(t));
	assert_true(t->s->nr_unread > 0);
}

static uint64_t build_tree(struct tree *t, const struct fk_tree_entry *e,
			   size_t nr, unsigned int fanout)
{
	if (t->kind == MAPLE)
		return fk_maple(t->fk, e, nr, fanout);
	return fk_radix(t->fk, e, nr, t->kind == XARRAY ? 2 : 1);
}

/* nr entries in ascending order, one of up to gap indexes. */
static struct fk_tree_entry *make_entries(size_t nr, unsigned int gap)
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

static void check_whole(enum kind kind, size_t nr, unsigned int gap,
			unsigned int fanout)
{
	struct fk_tree_entry *e = make_entries(nr, gap);
	struct tree t;

	setup(&t, kind);
	set_root(&t, build_tree(&t, e, nr, fanout));
	assert_true(walk(&t));
	assert_int_equal(t.s->nr_unread, 0);
	assert_int_equal(t.nr, nr);
	if (nr)
		assert_memory_equal(t.got, e, nr * sizeof(*e));
	free(e);
	teardown(&t);
}

/* However many lists there are: their elements have a limit together. */
static void test_all_walks_end(void **state)
{
	static const enum kind kinds[] = { XARRAY, RADIX, MAPLE };
	struct fk_tree_entry *e = make_entries(200, 1);
	struct tree t;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		setup(&t, kinds[i]);
		set_root(&t, build_tree(&t, e, 200, 10));
		t.steps = READER_MAX_STEPS - 3;
		assert_cut(&t);
		assert_int_equal(t.s->nr_unread, 1);
		assert_non_null(strstr(t.s->unread[0].what, "in all"));
		t.steps = READER_MAX_STEPS + 1;
		assert_false(walk(&t));
		assert_int_equal(t.s->nr_unread, 0); /* it has been said */
		teardown(&t);
	}
	free(e);
}

static void test_whole(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 15, 16, 17, 64, 65, 5000 };
	static const unsigned int gaps[] = { 1, 2, 200 };
	static const unsigned int fanouts[] = { 16, 10, 9, 2 };
	size_t i, j, k;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (j = 0; j < 3; j++) {
			check_whole(XARRAY, sizes[i], gaps[j], 0);
			check_whole(RADIX, sizes[i], gaps[j], 0);
			for (k = 0; k < 4; k++)
				check_whole(MAPLE, sizes[i], gaps[j],
					    fanouts[k]);
		}
	}
}

/* Indexes far apart, and the highest that there can be. */
static void test_wide(void **state)
{
	const struct fk_tree_entry e[] = {
		{ 0, 0xffff888100000000ULL },
		{ 1ULL << 32, 0xffff888100000040ULL },
		{ (1ULL << 58) - 1, 0xffff888100000080ULL },
	};
	struct tree t;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= MAPLE; kind++) {
		setup(&t, kind);
		set_root(&t, build_tree(&t, e, 3, 16));
		assert_true(walk(&t));
		assert_int_equal(t.nr, 3);
		assert_memory_equal(t.got, e, sizeof(e));
		teardown(&t);
	}
}

/* What is in a slot and is no pointer. */
static void test_no_pointers(void **state)
{
	static const uint64_t others[] = {
		XARRAY, 3, 2, 2 | 1 << 2, 2 | 62 << 2, 1030, 0x402, 0x101,
	};
	struct fk_tree_entry e[16];
	struct tree t;
	size_t i;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= MAPLE; kind++) {
		setup(&t, kind);
		for (i = 0; i < 16; i++)
			e[i] = (struct fk_tree_entry){
				i, i % 2 ? 0xffff888100000000ULL + i * 64
					 : others[i / 2] };
		set_root(&t, build_tree(&t, e, 16, 16));
		assert_true(walk(&t));
		assert_int_equal(t.nr, 8);
		for (i = 0; i < 8; i++)
			assert_int_equal(t.got[i].index, 2 * i + 1);
		/* nor is such a root */
		for (i = 0; i < 8; i++) {
			set_root(&t, others[i]);
			assert_true(walk(&t));
			assert_int_equal(t.nr, 0);
		}
		teardown(&t);
	}
}

/* The address of the node that an entry points to. */
static uint64_t node_of(const struct tree *t, uint64_t entry)
{
	return t->kind == MAPLE ? entry & ~255ULL : entry & ~3ULL;
}

static uint64_t slot_addr(const struct tree *t, uint64_t node, unsigned int i)
{
	const struct irqm_layout *l = &t->fk->layout;

	return node + i * 8 +
	       (t->kind == XARRAY ? l->xa_node.slots.offset
		: t->kind == RADIX ? l->radix_tree_node.slots.offset
				   : l->maple_arange_64.slot.offset);
}

static uint64_t slot_value(struct tree *t, uint64_t node, unsigned int i)
{
	uint64_t value;

	memcpy(&value, fk_at(t->fk, slot_addr(t, node, i)), 8);
	return value;
}

/* 300 entries without holes: two levels of each kind. */
static uint64_t two_levels(struct tree *t, enum kind kind)
{
	struct fk_tree_entry *e = make_entries(kind == MAPLE ? 100 : 300, 1);
	uint64_t root;

	setup(t, kind);
	root = build_tree(t, e, kind == MAPLE ? 100 : 300, 16);
	free(e);
	set_root(t, root);
	return root;
}

static void test_cycle(void **state)
{
	uint64_t root, inner;
	struct tree t;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= MAPLE; kind++) {
		root = two_levels(&t, kind);
		/* a node's own child is the node */
		inner = kind == MAPLE ? root & ~2ULL : root;
		fk_put64(t.fk, slot_addr(&t, node_of(&t, root), 1), inner);
		assert_cut(&t);
		/* what does not lie in it is still found */
		assert_true(t.nr > 0 && t.nr < 10000);
		assert_int_equal(t.got[0].index, 0);
		teardown(&t);
	}
}

static void test_unreadable_node(void **state)
{
	static const size_t whole[] = { 300, 300, 100 };
	uint64_t root, node;
	struct tree t;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= MAPLE; kind++) {
		root = two_levels(&t, kind);
		node = node_of(&t, root);
		fk_put64(t.fk, slot_addr(&t, node, 1),
			 (slot_value(&t, node, 1) & 255) |
				 0xffffc90000000000ULL);
		assert_cut(&t);
		assert_int_equal(t.s->unread[0].why, IRQM_UNMAPPED);
		assert_int_equal(t.nr, whole[kind] - (kind == MAPLE ? 16
								    : 64));
		teardown(&t);
	}
}

static void test_unreadable_root(void **state)
{
	struct tree t;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= MAPLE; kind++) {
		setup(&t, kind);
		t.root = 0xffffc90000000000ULL;
		assert_cut(&t);
		t.root = 0;
		assert_cut(&t);
		assert_int_equal(t.s->unread[0].why, IRQM_BAD_POINTER);
		teardown(&t);
	}
}

/* Shifts that would give an index twice. */
static void test_wrong_shift(void **state)
{
	static const unsigned int shifts[] = { 1, 5, 6, 64, 255 };
	uint64_t root, child;
	struct tree t;
	size_t i, j;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= RADIX; kind++) {
		const struct irqm_member *shift;

		root = two_levels(&t, kind);
		shift = kind == XARRAY ? &t.layout.xa_node.shift
				       : &t.layout.radix_tree_node.shift;
		child = node_of(&t, slot_value(&t, node_of(&t, root), 1));
		for (i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++) {
			fk_put(t.fk, child, shift, shifts[i]);
			assert_cut(&t);
			assert_int_equal(t.nr, 300 - 64);
			for (j = 1; j < t.nr; j++)
				assert_true(t.got[j - 1].index <
					    t.got[j].index);
		}
		/* of the root's itself */
		fk_put(t.fk, child, shift, 0);
		fk_put(t.fk, node_of(&t, root), shift, 60);
		assert_cut(&t);
		teardown(&t);
	}
}

/* Each node leads to the same one below: 64^4 entries out of four nodes. */
static void test_too_many_nodes(void **state)
{
	uint64_t node, below = 0;
	struct tree t;
	unsigned int level, i;

	(void)state;
	setup(&t, XARRAY);
	for (level = 0; level < 4; level++) {
		node = fk_alloc(t.fk, FK_HEAP, t.layout.xa_node.size, 64);
		fk_put(t.fk, node, &t.layout.xa_node.shift, level * 6);
		for (i = 0; i < 64; i++)
			fk_put64(t.fk, slot_addr(&t, node, i),
				 level ? below : 0xffff888100000000ULL);
		below = node | 2;
	}
	set_root(&t, below);
	assert_cut(&t);
	assert_int_equal(t.s->nr_unread, 1);
	teardown(&t);
}

static void test_stop(void **state)
{
	struct tree t;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= MAPLE; kind++) {
		two_levels(&t, kind);
		t.stop_after = 70;
		assert_cut(&t);
		assert_int_equal(t.nr, 70);
		assert_int_equal(t.s->nr_unread, 1);
		teardown(&t);
	}
}

/* Types that are no index node, and one that later kernels may have. */
static void test_maple_type(void **state)
{
	uint64_t root, node, child, type;
	struct tree t;

	(void)state;
	root = two_levels(&t, MAPLE);
	node = node_of(&t, root);
	child = slot_value(&t, node, 1);
	for (type = 0; type < 16; type++) {
		fk_put64(t.fk, slot_addr(&t, node, 1),
			 (child & ~(15ULL << 3)) | type << 3);
		if (type == 1) {
			assert_true(walk(&t));
			assert_int_equal(t.nr, 100);
		} else {
			assert_cut(&t);
			assert_true(t.nr >= 100 - 16);
		}
	}
	teardown(&t);
}

static void test_maple_pivots(void **state)
{
	uint64_t root, node, leaf, pivots;
	struct tree t;

	(void)state;
	root = two_levels(&t, MAPLE);
	node = node_of(&t, root);
	leaf = node_of(&t, slot_value(&t, node, 1));
	pivots = leaf + t.layout.maple_range_64.pivot.offset;
	/* beyond the node's range */
	fk_put64(t.fk, pivots + 3 * 8, 1000);
	assert_cut(&t);
	/* before the slot's first index */
	fk_put64(t.fk, pivots + 3 * 8, 17);
	assert_cut(&t);
	/* 0: the rest of the node is the slot's */
	fk_put64(t.fk, pivots + 3 * 8, 0);
	assert_true(walk(&t));
	assert_int_equal(t.nr, 100 - 12);
	teardown(&t);
}

/* Layouts that would lead out of a node's copy. */
static void test_wrong_layout(void **state)
{
	struct tree t;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= MAPLE; kind++) {
		static const unsigned int counts[] = { 0, 1, 65, 1 << 20 };
		struct irqm_member *slots;
		size_t i;

		two_levels(&t, kind);
		slots = kind == XARRAY ? &t.layout.xa_node.slots
			: kind == RADIX ? &t.layout.radix_tree_node.slots
					: &t.layout.maple_arange_64.slot;
		for (i = kind == MAPLE ? 2 : 0; i < 4; i++) {
			slots->count = counts[i];
			assert_cut(&t);
		}
		slots->count = kind == MAPLE ? 10 : 64;
		assert_true(walk(&t));
		slots->elem_size = 4;
		assert_cut(&t);
		slots->elem_size = 8;
		slots->exists = false;
		assert_cut(&t);
		teardown(&t);
	}
	two_levels(&t, MAPLE);
	t.layout.maple_type.nr = 2;
	assert_cut(&t);
	t.layout = t.fk->layout;
	t.layout.maple_node.size = 64;
	assert_cut(&t);
	t.layout.maple_node.size = 1 << 20;
	assert_cut(&t);
	teardown(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_all_walks_end),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_no_pointers),
		cmocka_unit_test(test_cycle),
		cmocka_unit_test(test_unreadable_node),
		cmocka_unit_test(test_unreadable_root),
		cmocka_unit_test(test_wrong_shift),
		cmocka_unit_test(test_too_many_nodes),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_maple_type),
		cmocka_unit_test(test_maple_pivots),
		cmocka_unit_test(test_wrong_layout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
