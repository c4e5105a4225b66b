/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's index trees: whole, and large. */
#include "tests/unit/walked_tree.h"

static void check_whole(enum kind kind, size_t nr, unsigned int gap,
			unsigned int fanout)
{
	struct fk_tree_entry *e = tree_entries(nr, gap);
	struct tree t;

	tree_setup(&t, kind);
	tree_set_root(&t, tree_build(&t, e, nr, fanout));
	assert_true(tree_walk(&t));
	assert_int_equal(t.s->nr_unread, 0);
	assert_int_equal(t.nr, nr);
	if (nr)
		assert_memory_equal(t.got, e, nr * sizeof(*e));
	free(e);
	tree_teardown(&t);
}

static void test_whole(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 15, 16, 17, 64, 65, 5000 };
	static const unsigned int gaps[] = { 1, 2, 200 };
	static const unsigned int fanouts[] = { 16, 10, 9, 2 };
	size_t i, j, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
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
		tree_setup(&t, kind);
		tree_set_root(&t, tree_build(&t, e, 3, 16));
		assert_true(tree_walk(&t));
		assert_int_equal(t.nr, 3);
		assert_memory_equal(t.got, e, sizeof(e));
		tree_teardown(&t);
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
		tree_setup(&t, kind);
		for (i = 0; i < 16; i++)
			e[i] = (struct fk_tree_entry){
				i, i % 2 ? 0xffff888100000000ULL + i * 64 :
					   others[i / 2]
			};
		tree_set_root(&t, tree_build(&t, e, 16, 16));
		assert_true(tree_walk(&t));
		assert_int_equal(t.nr, 8);
		for (i = 0; i < 8; i++)
			assert_int_equal(t.got[i].index, 2 * i + 1);
		/* nor is such a root */
		for (i = 0; i < 8; i++) {
			tree_set_root(&t, others[i]);
			assert_true(tree_walk(&t));
			assert_int_equal(t.nr, 0);
		}
		tree_teardown(&t);
	}
}

static void test_stop(void **state)
{
	struct tree t;
	int kind;

	(void)state;
	for (kind = XARRAY; kind <= MAPLE; kind++) {
		tree_two_levels(&t, kind);
		t.stop_after = 70;
		tree_assert_cut(&t);
		assert_int_equal(t.nr, 70);
		assert_int_equal(t.s->nr_unread, 1);
		tree_teardown(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_no_pointers),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
