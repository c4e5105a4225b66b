/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of kallsyms that are incomplete, or made to do harm. */
#include "kallsyms_maker.h"

/* Where the table cannot be read, if that leaves a name unknown. */
static uint64_t unread(const struct made *t, const char *name)
{
	bool found = false;
	uint64_t value;

	return irqm_kallsyms_find(t->k, 0, &name, 1, &value, &found);
}

/* A page of names away costs its names, and no other gets a wrong value. */
static void test_excluded_names(void **state)
{
	struct made *t = make(PLACE, NEWER, true, NR);
	uint64_t page = (t->where.names + 4096) & ~4095ULL, value;
	unsigned int i, there = 0;
	char name[32];

	(void)state;
	assert_int_equal(open_made(t), 0);
	assert_int_equal(unread(t, "no_such_name"), 0);
	irqm_memory_deny(t->m, page, 4096, IRQM_EXCLUDED);
	assert_int_equal(open_made(t), 0);
	assert_int_equal(unread(t, "_text"), 0);
	assert_int_equal(unread(t, "no_such_name") & ~4095ULL, page);
	for (i = 2; i < NR - 4; i++) {
		snprintf(name, sizeof(name), "function_%u", i);
		if (!find(t, name, &value))
			continue;
		assert_true(value == t->values[i]);
		there++;
	}
	assert_in_range(there, NR / 4, NR - 100);
	assert_value(t, "_end", NR - 1);
	assert_at(t, STEXT, "_text", 0);
	drop(t);
}

/* Offsets away: no name for addresses there, no value for the names. */
static void test_excluded_offsets(void **state)
{
	struct made *t = make(RELATIVE, OLDER, true, 4000);
	uint64_t page = (t->where.offsets + 8192) & ~4095ULL, offset, value;
	uint32_t i = (page - t->where.offsets) / 4 + 100;
	char name[64];

	(void)state;
	irqm_memory_deny(t->m, page, 4096, IRQM_EXCLUDED);
	if (open_made(t) == 0) {
		snprintf(name, sizeof(name), "function_%u", i);
		assert_false(find(t, name, &value));
		assert_false(irqm_kallsyms_at(t->k, t->values[i], name,
					      sizeof(name), &offset));
		assert_int_equal(offset & ~4095ULL, page);
		assert_int_equal(unread(t, "no_such_name"), 0);
		assert_value(t, "function_10", 10);
	}
	drop(t);
}

/* A corrupt length must not give names the values of others. */
static void test_corrupt_block(void **state)
{
	struct made *t = make(PLACE, NEWER, true, NR);
	uint64_t value;

	(void)state;
	t->names[t->markers[1]] += 1;
	/* the last block's first name takes in the second */
	t->names[t->markers[3]] += t->names[t->markers[3]] + 1;
	write_tables(t, PLACE);
	assert_int_equal(open_made(t), 0);
	assert_false(find(t, "function_400", &value));
	assert_value(t, "function_200", 200);
	assert_value(t, "function_601", 601);
	assert_false(find(t, "function_900", &value));
	drop(t);
}

/* As written, but that no marker can be believed; and opened. */
static void without_markers(struct made *t, enum form form)
{
	const uint32_t no_start = 1;

	write_tables(t, form);
	put(t, UP(t->where.names + t->names_len), &no_start, 4);
	refresh(t);
	assert_int_equal(open_made(t), 0);
}

/*
 * Where blocks begin is found by walking there, and not beyond one that is
 * corrupt: what stands behind it would get others' values.
 */
static void test_walk(void **state)
{
	struct made *t = make(PLACE, NEWER, true, NR);
	uint64_t value;

	(void)state;
	without_markers(t, PLACE);
	assert_value(t, "function_200", 200);
	assert_value(t, "function_601", 601);
	assert_value(t, "function_990", 990);
	assert_value(t, "_end", NR - 1);
	/* a name without tokens, and one that is longer than all of them */
	t->names[t->markers[2]] = 0;
	without_markers(t, PLACE);
	assert_value(t, "function_200", 200);
	assert_value(t, "function_500", 500);
	assert_false(find(t, "function_601", &value));
	assert_false(find(t, "function_990", &value));
	t->names[t->markers[2]] = 0xff;
	t->names[t->markers[2] + 1] = 0xff;
	without_markers(t, PLACE);
	assert_value(t, "function_500", 500);
	assert_false(find(t, "function_601", &value));
	assert_false(find(t, "function_990", &value));
	drop(t);
}

static void test_refused(void **state)
{
	struct made *t = make(RELATIVE, NEWER, true, NR);
	uint32_t counts[] = { 0, 1U << 23, UINT32_MAX };
	uint16_t indices[] = { UINT16_MAX, 1 };
	uint64_t no_base = STEXT + 0x1000;
	struct irqm_kallsyms_where where = t->where;
	unsigned int i;

	(void)state;
	assert_int_equal(open_made(t), 0);
	for (i = 0; i < 3; i++) {
		put(t, t->where.num_syms, &counts[i], 4);
		refresh(t);
		assert_int_equal(open_made(t), -1);
	}
	write_tables(t, RELATIVE);
	assert_int_equal(open_made(t), 0);

	/* an index out of range, and one within that is no start */
	for (i = 0; i < 2; i++) {
		put(t, t->where.token_index + 510, &indices[i], 2);
		refresh(t);
		assert_int_equal(open_made(t), -1);
	}
	write_tables(t, RELATIVE);

	/* another base: _stext is elsewhere */
	put(t, t->where.relative_base, &no_base, 8);
	refresh(t);
	assert_int_equal(open_made(t), -1);
	write_tables(t, RELATIVE);

	t->where.names = UINT64_MAX - 3;
	open_made(t);
	t->where = where;
	t->where.token_table = UINT64_MAX - 3;
	assert_int_equal(open_made(t), -1);
	t->where = where;
	t->where.offsets = UINT64_MAX - 3;
	assert_int_equal(open_made(t), -1);
	t->where = where;
	irqm_memory_deny(t->m, t->where.num_syms, 1, IRQM_TRUNCATED);
	assert_int_equal(open_made(t), -1);
	drop(t);
}

/* 30 times the last token, which is of 500 characters: as ThinLTO's, it ends
 * in a digit. */
#define TEN "\377\377\377\377\377\377\377\377\377\377"

static struct made *make_expanding(uint32_t nr)
{
	struct made *t = calloc(1, sizeof(*t));
	uint32_t i;

	assert_non_null(t);
	make_tokens(t);
	t->tokens_len = t->index[255] + 501;
	assert_true(t->tokens_len <= sizeof(t->tokens));
	memset(t->tokens + t->index[255], 'x', 499);
	strcpy(t->tokens + t->index[255] + 499, "9");
	add(t, STEXT, "T_text", true);
	add(t, STEXT, "T_stext", true);
	for (i = 0; i < nr; i++)
		add(t, STEXT + 64 * (i + 1), TEN TEN TEN, true);
	add(t, STEXT + (1 << 20), "B_end", true);
	place(t, RELATIVE, NEWER);
	write_tables(t, RELATIVE);
	assert_int_equal(open_made(t), 0);
	return t;
}

/* Names of 31 bytes that each stand for 15,000: 64 MiB of them are expanded. */
static void test_expanding(void **state)
{
	struct made *t = make_expanding(2000);
	uint64_t value;

	(void)state;
	assert_value(t, "_end", 2002);
	drop(t);
	t = make_expanding(8000);
	assert_false(find(t, "_end", &value));
	assert_true(unread(t, "_end"));
	drop(t);
}

static unsigned int nr_indices; /* readings of a token_index */

/* The tables over and over, as page tables can have it. */
static enum irqm_why read_again(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const struct made *t = ctx;
	size_t at = (addr - TABLES) % SPACE;

	nr_indices += len == 512 && at == t->where.token_index - TABLES;
	if (addr < TABLES || len > SPACE - at)
		return IRQM_UNMAPPED;
	memcpy(buf, t->image + at, len);
	return IRQM_OK;
}

/*
 * What the scan takes for tables is opened, up to 16 times: with 64 that have
 * no _stext where the image begins, it gives up long before the last.
 */
static void test_unconfirmed(void **state)
{
	struct made *t = make(RELATIVE, NEWER, true, MANY);
	const struct irqm_target memory = { .ctx = t, .read = read_again };
	struct irqm_kallsyms_where w;

	(void)state;
	nr_indices = 0;
	assert_false(irqm_kallsyms_scan(&memory, STEXT + 4096,
					TABLES + 64 * SPACE, &w));
	assert_in_range(nr_indices, 4, 60);
	drop(t);
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static void use(struct made *t, uint32_t *random)
{
	uint64_t offset, value;
	unsigned int i;
	char name[64];

	find(t, "no_such_name", &value);
	for (i = 0; i < 20; i++)
		irqm_kallsyms_at(t->k, STEXT + next_random(random) % 0x20000,
				 name, sizeof(name), &offset);
}

/* Bytes flipped and a page away anywhere: no crash, no endless walk. */
static void test_flipped(void **state)
{
	struct made *t = make(PLACE, NEWER, true, NR);
	uint64_t used = t->where.offsets + 4 * NR - TABLES;
	unsigned int round, i, opened = 0;
	uint32_t random = 1;

	(void)state;
	for (round = 0; round < 1000; round++) {
		if (round % 8 == 0)
			write_tables(t, PLACE);
		for (i = 0; i < 2; i++)
			t->image[next_random(&random) % used] =
				next_random(&random);
		refresh(t);
		if (round % 3 == 0)
			irqm_memory_deny(t->m,
					 TABLES + next_random(&random) % used,
					 1, IRQM_EXCLUDED);
		if (open_made(t))
			continue;
		opened++;
		use(t, &random);
	}
	assert_in_range(opened, 100, 999);
	drop(t);
}

/* The same below the scan. */
static void test_flipped_scan(void **state)
{
	struct made *t = make(RELATIVE, NEWER, true, MANY);
	struct irqm_kallsyms_where w;
	uint64_t used = t->where.relative_base + 8 - TABLES;
	unsigned int round, i;
	uint32_t random = 7;

	(void)state;
	for (round = 0; round < 60; round++) {
		if (round % 8 == 0)
			write_tables(t, RELATIVE);
		for (i = 0; i < 4; i++)
			t->image[next_random(&random) % used] =
				next_random(&random);
		refresh(t);
		irqm_kallsyms_scan(&t->target, STEXT, TABLES + SPACE, &w);
	}
	drop(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_excluded_names),
		cmocka_unit_test(test_excluded_offsets),
		cmocka_unit_test(test_corrupt_block),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_expanding),
		cmocka_unit_test(test_unconfirmed),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_flipped_scan),
	};

	return RUN(tests);
}
