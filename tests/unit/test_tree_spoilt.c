/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's index trees, spoilt: every walk ends and says that it is cut. */
#include "tests/unit/walked_tree.h"

/* However many lists there are: their elements have a limit together. */
static void test_all_walks_end(void **state)
{
	static const enum kind kinds[] = { XARRAY, RADIX, MAPLE };
	struct fk_tree_entry *e = tree_entries(200, 1);
	struct tree t;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		tree_setup(&t, kinds[i]);
		tree_set_root(&t, tree_build(&t, e, 200, 10));
		t.steps = READER_MAX_STEPS - 3;
		tree_assert_cut(&t);
		assert_int_equal(t.s->nr_unread, 1);
		assert_non_null(strstr(t.s->unread[0].what, "in all"));
		t.steps = READER_MAX_STEPS + 1;
		assert_false(tree_walk(&t));
		assert_int_equal(t.s->nr_unread, 0); /* it has been said */
		tree_teardown(&t);
	}
	free(e);
}

static void test_cycle(void **state)
{
	uint64_t root, inner;
	struct tree t;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= MAPLE; kind++) {
		root = tree_two_levels(&t, kind);
		/* a node's own child is the node */
		inner = kind == MAPLE ? root & ~2ULL : root;
		fk_put64(t.fk, tree_slot(&t, tree_node(&t, root), 1), inner);
		tree_assert_cut(&t);
		/* what does not lie in it is still found */
		assert_true(t.nr > 0 && t.nr < 10000);
		assert_int_equal(t.got[0].index, 0);
		tree_teardown(&t);
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
		root = tree_two_levels(&t, kind);
		node = tree_node(&t, root);
		fk_put64(t.fk, tree_slot(&t, node, 1),
			 (tree_slot_value(&t, node, 1) & 255) |
				 0xffffc90000000000ULL);
		tree_assert_cut(&t);
		assert_int_equal(t.s->unread[0].why, IRQM_UNMAPPED);
		assert_int_equal(t.nr, whole[kind] - (kind == MAPLE ? 16 : 64));
		tree_teardown(&t);
	}
}

static void test_unreadable_root(void **state)
{
	struct tree t;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= MAPLE; kind++) {
		tree_setup(&t, kind);
		t.root = 0xffffc90000000000ULL;
		tree_assert_cut(&t);
		t.root = 0;
		tree_assert_cut(&t);
		assert_int_equal(t.s->unread[0].why, IRQM_BAD_POINTER);
		tree_teardown(&t);
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

		root = tree_two_levels(&t, kind);
		shift = kind == XARRAY ? &t.layout.xa_node.shift :
					 &t.layout.radix_tree_node.shift;
		child = tree_node(&t,
				  tree_slot_value(&t, tree_node(&t, root), 1));
		for (i = 0; i < ARRAY_SIZE(shifts); i++) {
			fk_put(t.fk, child, shift, shifts[i]);
			tree_assert_cut(&t);
			assert_int_equal(t.nr, 300 - 64);
			for (j = 1; j < t.nr; j++)
				assert_true(t.got[j - 1].index <
					    t.got[j].index);
		}
		/* of the root's itself */
		fk_put(t.fk, child, shift, 0);
		fk_put(t.fk, tree_node(&t, root), shift, 60);
		tree_assert_cut(&t);
		tree_teardown(&t);
	}
}

/* Each node leads to the same one below: 64^4 entries out of four nodes. */
static void test_too_many_nodes(void **state)
{
	uint64_t node, below = 0;
	struct tree t;
	unsigned int level, i;

	(void)state;
	tree_setup(&t, XARRAY);
	for (level = 0; level < 4; level++) {
		node = fk_alloc(t.fk, FK_HEAP, t.layout.xa_node.size, 64);
		fk_put(t.fk, node, &t.layout.xa_node.shift, level * 6);
		for (i = 0; i < 64; i++)
			fk_put64(t.fk, tree_slot(&t, node, i),
				 level ? below : 0xffff888100000000ULL);
		below = node | 2;
	}
	tree_set_root(&t, below);
	tree_assert_cut(&t);
	assert_int_equal(t.s->nr_unread, 1);
	tree_teardown(&t);
}

/* Types that are no index node, and one that later kernels may have. */
static void test_maple_type(void **state)
{
	uint64_t root, node, child, type;
	struct tree t;

	(void)state;
	root = tree_two_levels(&t, MAPLE);
	node = tree_node(&t, root);
	child = tree_slot_value(&t, node, 1);
	for (type = 0; type < 16; type++) {
		fk_put64(t.fk, tree_slot(&t, node, 1),
			 (child & ~(15ULL << 3)) | type << 3);
		if (type == 1) {
			assert_true(tree_walk(&t));
			assert_int_equal(t.nr, 100);
		} else {
			tree_assert_cut(&t);
			assert_true(t.nr >= 100 - 16);
		}
	}
	tree_teardown(&t);
}

static void test_maple_pivots(void **state)
{
	uint64_t root, node, leaf, pivots;
	struct tree t;

	(void)state;
	root = tree_two_levels(&t, MAPLE);
	node = tree_node(&t, root);
	leaf = tree_node(&t, tree_slot_value(&t, node, 1));
	pivots = leaf + t.layout.maple_range_64.pivot.offset;
	/* beyond the node's range */
	fk_put64(t.fk, pivots + 3 * 8, 1000);
	tree_assert_cut(&t);
	/* before the slot's first index */
	fk_put64(t.fk, pivots + 3 * 8, 17);
	tree_assert_cut(&t);
	/* 0: the rest of the node is the slot's */
	fk_put64(t.fk, pivots + 3 * 8, 0);
	assert_true(tree_walk(&t));
	assert_int_equal(t.nr, 100 - 12);
	tree_teardown(&t);
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

		tree_two_levels(&t, kind);
		slots = kind == XARRAY ? &t.layout.xa_node.slots :
			kind == RADIX  ? &t.layout.radix_tree_node.slots :
					 &t.layout.maple_arange_64.slot;
		for (i = kind == MAPLE ? 2 : 0; i < 4; i++) {
			slots->count = counts[i];
			tree_assert_cut(&t);
		}
		slots->count = kind == MAPLE ? 10 : 64;
		assert_true(tree_walk(&t));
		slots->elem_size = 4;
		tree_assert_cut(&t);
		slots->elem_size = 8;
		slots->exists = false;
		tree_assert_cut(&t);
		tree_teardown(&t);
	}
	tree_two_levels(&t, MAPLE);
	t.layout.maple_type.nr = 2;
	tree_assert_cut(&t);
	t.layout = t.fk->layout;
	t.layout.maple_node.size = 64;
	tree_assert_cut(&t);
	t.layout.maple_node.size = 1 << 20;
	tree_assert_cut(&t);
	tree_teardown(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_walks_end),
		cmocka_unit_test(test_cycle),
		cmocka_unit_test(test_unreadable_node),
		cmocka_unit_test(test_unreadable_root),
		cmocka_unit_test(test_wrong_shift),
		cmocka_unit_test(test_too_many_nodes),
		cmocka_unit_test(test_maple_type),
		cmocka_unit_test(test_maple_pivots),
		cmocka_unit_test(test_wrong_layout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
