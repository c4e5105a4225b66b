/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Modules whose list, tables and memory are spoiled. */
#include "modules_maker.h"

/* There is no name, and it is said why: so far the n-th place. */
static void assert_noted(struct world *w, uint64_t addr, unsigned int n,
			 enum irqm_why why)
{
	assert_string_equal(at(w, addr), "");
	assert_int_equal(w->s->nr_unread, n);
	assert_int_equal(w->s->unread[n - 1].why, why);
}

/* What comes before the bad place is known, and the walk ends. */
static void test_list(void **state)
{
	(void)state;
	FOR_EACH_KIND(W)
	{
		put(W, 1, 8, DATA(1) + 8, 8); /* itself */
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		assert_at(W, TEXT(1) + 0x10, "first_1");
		assert_at(W, TEXT(2) + 0x10, "");
		assert_true(irqm_memory_reads(W->memory) < 40000);
		put(W, 1, 8, DATA(0) + 8, 8);
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		put(W, 1, 8, 8, 8);
		commit(W);
		assert_at(W, TEXT(1) + 0x10, "first_1");
		assert_at(W, TEXT(2) + 0x10, "");
		put(W, 1, 8, UINT64_MAX, 8);
		commit(W);
		assert_at(W, TEXT(1) + 0x10, "first_1");
	}
}

static void test_list_cut(void **state)
{
	(void)state;
	FOR_EACH_KIND(W)
	{
		commit(W);
		irqm_memory_deny(W->memory, DATA(1), 4096, IRQM_EXCLUDED);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		assert_noted(W, TEXT(1) + 0x10, 1, IRQM_EXCLUDED);
		assert_noted(W, TEXT(2) + 0x10, 1, IRQM_EXCLUDED);
		commit(W);
		irqm_memory_deny(W->memory, HEAD, 8, IRQM_EXCLUDED);
		assert_noted(W, TEXT(0) + 0x10, 1, IRQM_EXCLUDED);
		W->first = HEAD; /* no module */
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "");
	}
}

static void test_number_of_symbols(void **state)
{
	static const uint32_t bad[] = { 0, 1, UINT32_MAX, 0x10000,
					(DATA_SIZE - SYMTAB) / 24 + 1 };
	uint64_t before;
	size_t i;

	(void)state;
	FOR_EACH_KIND(W)
	{
		for (i = 0; i < ARRAY_SIZE(bad); i++) {
			put(W, 0, KALLSYMS + 8, bad[i], 4);
			commit(W);
			assert_at(W, TEXT(1) + 0x10, "first_1");
			before = irqm_memory_reads(W->memory);
			assert_at(W, TEXT(0) + 0x10, "");
			assert_true(irqm_memory_reads(W->memory) < before + 10);
		}
		put(W, 0, KALLSYMS + 8, (DATA_SIZE - SYMTAB) / 24, 4);
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
	}
}

/* They may lie in the module's own memory only. */
static void test_tables_elsewhere(void **state)
{
	const uint64_t bad[] = { 0,
				 8,
				 HEAD,
				 DATA(1) + STRTAB,
				 UINT64_MAX,
				 DATA(0) + DATA_SIZE,
				 DATA(0) + DATA_SIZE - 1,
				 DATA_SIZE - STRTAB };
	size_t i;

	(void)state;
	FOR_EACH_KIND(W)
	{
		for (i = 0; i < ARRAY_SIZE(bad); i++) {
			put(W, 0, KALLSYMS, bad[i], 8);
			commit(W);
			assert_at(W, TEXT(0) + 0x10, "");
			put(W, 0, KALLSYMS, DATA(0) + SYMTAB, 8);
			put(W, 0, KALLSYMS + 16, bad[i], 8);
			commit(W);
			assert_at(W, TEXT(0) + 0x10, "");
			put(W, 0, KALLSYMS + 16, DATA(0) + STRTAB, 8);
			put(W, 0, SYMTAB + 24, bad[i], 4); /* st_name */
			commit(W);
			if ((uint32_t)bad[i] >= DATA_SIZE - STRTAB)
				assert_at(W, TEXT(0) + 0x10, "");
			put(W, 0, SYMTAB + 24, 1, 4);
		}
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
	}
}

static void test_string_without_end(void **state)
{
	char text[300];

	(void)state;
	FOR_EACH_KIND(W)
	{
		uint32_t last = DATA_SIZE - STRTAB - 64;

		memset(W->m[0].data + STRTAB + last, 'x', 64);
		put(W, 0, SYMTAB + 24, last, 4);
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "");
		W->m[0].data[DATA_SIZE - 1] = '\0';
		commit(W);
		assert_int_equal(strlen(at(W, TEXT(0) + 0x10)), 63);
		/* one that is too long is cut as others are */
		memset(text, 'y', sizeof(text));
		text[sizeof(text) - 1] = '\0';
		add(W, 1, TEXT(1) + 0x40, text, 1);
		commit(W);
		text[127] = '\0';
		assert_at(W, TEXT(1) + 0x40, text);
	}
}

/* Which one is the nearest is not known any more, only one that is there. */
static void test_missing_page(void **state)
{
	char name[16];
	unsigned int i;

	(void)state;
	FOR_EACH_KIND(W)
	{
		for (i = 2; i < 600; i++) {
			snprintf(name, sizeof(name), "f%u", i);
			add(W, 0, TEXT(0) + i * 0x10, name, 1);
		}
		commit(W);
		assert_at(W, TEXT(0) + 599 * 0x10 + 1, "f599+1");
		irqm_memory_deny(W->memory, DATA(0) + 0x2000, 4096,
				 IRQM_TRUNCATED);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		assert_at(W, TEXT(0) + 599 * 0x10, "f599");
		assert_noted(W, TEXT(0) + 599 * 0x10 + 1, 1, IRQM_TRUNCATED);
		assert_noted(W, TEXT(0) + 300 * 0x10, 1, IRQM_TRUNCATED);
		commit(W);
		irqm_memory_deny(W->memory, DATA(0) + STRTAB, 4096,
				 IRQM_TRUNCATED);
		assert_noted(W, TEXT(0) + 0x10, 1, IRQM_TRUNCATED);
	}
}

static void test_bad_ranges(void **state)
{
	static const struct {
		uint64_t base, size;
	} bad[] = {
		{ 0, 0x1000 },
		{ TEXT(0), 0 },
		{ TEXT(1) + 8, 0 },
		{ 0x400000, UINT32_MAX },
		{ UINT64_MAX - 5000, UINT32_MAX },
	};
	size_t i;

	(void)state;
	FOR_EACH_KIND(W)
	{
		for (i = 0; i < ARRAY_SIZE(bad); i++) {
			put(W, 0, 320, bad[i].base, 8);
			put(W, 0, W->kind == MEM ? 332 : 328, bad[i].size, 4);
			commit(W);
			assert_at(W, TEXT(0) + 0x10, "");
			assert_at(W, TEXT(1) + 0x10, "first_1");
		}
	}
}

/* Any word is anything: it ends, no memory is missed. */
static void test_spoiled(void **state)
{
	static const uint32_t where[] = {
		8,          320,          328,           332,
		392,        404,          544,           904,
		KALLSYMS,   KALLSYMS + 8, KALLSYMS + 16, SYMTAB + 24,
		SYMTAB + 32
	};
	const uint64_t what[] = { 0,           8,
				  UINT64_MAX,  UINT32_MAX,
				  HEAD,        DATA(0),
				  DATA(0) + 8, DATA(1) + SYMTAB,
				  TEXT(2),     DATA(2) + DATA_SIZE,
				  0x10000 };
	unsigned int i, j, n;

	(void)state;
	srand(1);
	for (i = 0; i < 1000; i++) {
		make(W, kinds[i % 2]);
		for (j = rand() % 6; j; j--)
			put(W, 1, where[rand() % 13],
			    what[rand() % 11] + rand() % 3 * 8, 4 + rand() % 5);
		commit(W);
		for (n = 0; n < MODULES * 3; n++)
			at(W, TEXT(n / 3) + n % 3 * 0x4010);
		forget(W);
	}
}

static void test_work_is_bounded(void **state)
{
	(void)state;
	FOR_EACH_KIND(W)
	{
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		W->r.modules.looked_at = (1U << 24) + 1;
		assert_at(W, TEXT(0) + 0x10, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_list_cut),
		cmocka_unit_test(test_number_of_symbols),
		cmocka_unit_test(test_tables_elsewhere),
		cmocka_unit_test(test_string_without_end),
		cmocka_unit_test(test_missing_page),
		cmocka_unit_test(test_bad_ranges),
		cmocka_unit_test(test_spoiled),
		cmocka_unit_test(test_work_is_bounded),
	};

	return RUN(tests);
}
