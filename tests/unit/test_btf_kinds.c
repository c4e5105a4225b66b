/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kinds of BTF that are not known, and the table that tells how to skip them.
 * 20 to 22 are as the kernel's developers have proposed them: LOC_PARAM,
 * LOC_PROTO, LOCSEC.
 */
#include "btf_maker.h"

static void new_kinds(void)
{
	all_kinds();
	known_kind_sizes();
	kind_sizes(20, 4, 4);
	kind_sizes(21, 0, 4);
	kind_sizes(22, 0, 12);
}

/* Of each new kind one, then a structure whose ids count them. */
static void new_types(void)
{
	new_kinds();
	type("", 20, 2, false, 8);
	u32(0x18), u32(5), u32(0xfffffff0);
	type("", 21, 1, false, 0);
	u32(m.nr - 1);
	type("inline.text", 22, 2, false, 0);
	u32(1), u32(m.nr - 1), u32(0x1000);
	u32(1), u32(m.nr - 1), u32(0x2000);
	pointer(m.nr + 2);
	type("irq_data", IRQM_BTF_STRUCT, 2, false, 16);
	member("irq", 1, 0);
	member("parent_data", m.nr - 1, 64);
}

static void check_new_types(void)
{
	check_all_kinds();
	assert_member(l.irq_data.irq, 0, 4, INT);
	assert_member(l.irq_data.parent_data, 8, 8, POINTER);
	assert_string_equal(l.irq_data.parent_data.target, "irq_data");
}

static void skipped_by_the_table(void **state)
{
	size_t size;

	(void)state;
	new_types();
	assert_int_equal(filled(), 0);
	check_new_types();
	size = made_the_other_way(m.out);
	assert_int_equal(irqm_layout_from_btf(&l, m.out, size, &err), 0);
	check_new_types();
}

static void the_last_kind_there_can_be(void **state)
{
	int i;

	(void)state;
	new_types();
	kind_sizes(127, 252, 248);
	m.table[127 * 4 + 3] = 0x80; /* flags, which mean nothing yet */
	m.table[IRQM_BTF_INT * 4 + 2] = 1;
	type("", 127, 2, true, UINT32_MAX);
	for (i = 0; i < (252 + 2 * 248) / 4; i++)
		u32(UINT32_MAX);
	type("msi_msg", IRQM_BTF_STRUCT, 1, false, 4);
	member("data", 1, 0);
	assert_int_equal(filled(), 0);
	check_new_types();
	assert_true(l.msi_msg.exists);
	/* as many entries as the types have no room for */
	new_kinds();
	type("", 20, 0xffffff, false, 0);
	assert_refused("the unknown kind 20 and cannot");
}

/* Tables that are of no use do no harm where all kinds are known. */
static void tables_without_a_need(void **state)
{
	(void)state;
	all_kinds();
	known_kind_sizes();
	assert_int_equal(filled(), 0);
	check_all_kinds();
	/* an encoder that knows fewer kinds, or more */
	for (m.ntab = 4; m.ntab <= sizeof(m.table); m.ntab += 4) {
		assert_int_equal(filled(), 0);
		check_all_kinds();
	}
}

static void tables_out_of_place(void **state)
{
	const struct {
		uint32_t at, len;
	} bad[] = {
		{ 1, 4 },
		{ m.nt + 2, 4 },
		{ m.nt, 1 },
		{ m.nt, 6 },
		{ m.nt, UINT32_MAX - 3 },
		{ UINT32_MAX - 3, 4 },
		{ UINT32_MAX - 3, 8 },
		{ m.nt + m.ntab, 4 },
		{ m.nt - 4, 8 },
		{ 0, 4 },
		{ 4, 4 },
		{ m.nt, m.ntab + 4 },
		{ (m.nt + m.ntab + m.ns + 3) & ~3, 4 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		new_types();
		made(0);
		memcpy(m.out + 24, &bad[i], 8);
		assert_int_equal(irqm_layout_from_btf(&l, m.out, m.size, &err),
				 -1);
		assert_non_null(strstr(err.msg, "truncated or damaged"));
	}
	/* one that is said to be of no length is nowhere */
	all_kinds();
	known_kind_sizes();
	made(0);
	memset(m.out + 24, 0xff, 4);
	memset(m.out + 28, 0, 4);
	assert_int_equal(irqm_layout_from_btf(&l, m.out, m.size, &err), 0);
	check_all_kinds();
}

/* What a table says of known kinds has to be so. */
static void lies_about_known_kinds(void **state)
{
	uint32_t kind;
	char text[64];
	int half;

	(void)state;
	for (kind = 0; kind < IRQM_BTF_NR_KINDS; kind++) {
		for (half = 0; half < 2; half++) {
			new_types();
			m.table[kind * 4 + half] += 4;
			snprintf(text, sizeof(text),
				 "types of kind %u another size", kind);
			assert_refused(text);
			assert_non_null(strstr(err.msg, "(--vmlinux)"));
		}
	}
}

static void sizes_that_cannot_be(void **state)
{
	(void)state;
	new_types();
	kind_sizes(20, 5, 4);
	assert_refused("a type of the unknown kind 20");
	new_types();
	kind_sizes(21, 0, 6);
	assert_refused("a type of the unknown kind 21");
	/* there is no kind 0, whatever its entry says */
	new_types();
	u32(0), u32(0), u32(0);
	assert_refused("cannot be read by skipping them");
}

/*
 * All sizes that a table can give: what follows is out of step or has other
 * ids, and nothing of that may be believed. Only where all that follows is
 * taken for a part of the skipped type, to the last byte, is it just missing.
 */
static void lies_about_new_kinds(void **state)
{
	static struct irqm_layout truth;
	unsigned int kind, once, each, believed = 0;

	(void)state;
	new_types();
	assert_int_equal(filled(), 0);
	truth = l;
	for (kind = 20; kind <= 22; kind++) {
		for (once = 0; once < 256; once += 4) {
			for (each = 0; each < 256; each += 4) {
				new_types();
				kind_sizes(kind, once, each);
				if (filled() != 0)
					continue;
				if (l.irq_data.exists)
					believed++;
				else
					l.irq_data = truth.irq_data;
				assert_memory_equal(&l, &truth, sizeof(l));
			}
		}
	}
	/* 4 + 2 * 4 is 12 + 2 * 0 as well, and so on */
	assert_int_equal(believed, 2 + 2 + 4);
}

/* A type of each kind against its rules, if something was skipped. */
#define AGAINST_RULES(...)                                                     \
	do {                                                                   \
		all_kinds();                                                   \
		__VA_ARGS__;                                                   \
		assert_int_equal(filled(), 0);                                 \
		new_types();                                                   \
		__VA_ARGS__;                                                   \
		assert_refused("cannot be read by skipping them");             \
	} while (0)

static void types_that_keep_no_rules(void **state)
{
	(void)state;
	/* ids in all_kinds(): 1 an integer, 5 a prototype, 6 a function */
	AGAINST_RULES(type("x", IRQM_BTF_PTR, 0, false, 1));
	AGAINST_RULES(type("", IRQM_BTF_PTR, 1, false, 1));
	AGAINST_RULES(type("", IRQM_BTF_PTR, 0, true, 1));
	AGAINST_RULES(type("", IRQM_BTF_PTR, 0, false, m.nr + 2));
	AGAINST_RULES(type("", IRQM_BTF_TYPEDEF, 0, false, 1));
	AGAINST_RULES(type("", IRQM_BTF_FUNC, 0, false, 5));
	AGAINST_RULES(type("f", IRQM_BTF_FUNC, 3, false, 5));
	AGAINST_RULES(type("f", IRQM_BTF_FUNC, 0, false, 1));
	AGAINST_RULES(type("f", IRQM_BTF_FUNC, 0, false, 0));
	AGAINST_RULES(type("", IRQM_BTF_FWD, 0, false, 0));
	AGAINST_RULES(type("", IRQM_BTF_FLOAT, 0, false, 4));
	AGAINST_RULES(type("", IRQM_BTF_VAR, 0, false, 1); u32(0));
	AGAINST_RULES(type("d", IRQM_BTF_DATASEC, 1, false, 4);
		      u32(1), u32(0), u32(4));
	AGAINST_RULES(type("e", IRQM_BTF_ENUM, 1, false, 4); u32(0), u32(1));
	AGAINST_RULES(type("e", IRQM_BTF_ENUM64, 1, false, 8);
		      u32(0), u32(1), u32(0));
	AGAINST_RULES(type("", IRQM_BTF_ARRAY, 0, false, 0);
		      u32(1), u32(3), u32(2));
	AGAINST_RULES(type("", IRQM_BTF_ARRAY, 0, false, 0);
		      u32(6), u32(1), u32(2));
	AGAINST_RULES(type("s", IRQM_BTF_STRUCT, 1, false, 8);
		      member("f", 6, 0));
	AGAINST_RULES(type("s", IRQM_BTF_UNION, 1, false, 8);
		      member("void", 0, 0));
	AGAINST_RULES(type("s", IRQM_BTF_STRUCT, 1, false, 8);
		      member("f", 1, 9 * 8));
	AGAINST_RULES(type("s", IRQM_BTF_STRUCT, 1, false, 8);
		      member("f", 1, 5 * 8));
	AGAINST_RULES(array(array(1, 3), 1 << 30);
		      type("s", IRQM_BTF_STRUCT, 1, false, 8);
		      member("f", m.nr - 1, 0));
	AGAINST_RULES(type("", IRQM_BTF_FUNC_PROTO, 1, false, 0);
		      u32(0), u32(6));
	AGAINST_RULES(type("", IRQM_BTF_FUNC_PROTO, 1, false, 0);
		      u32(m.ns + 99), u32(1));
}

/* What is wanted may not lead through a type that was skipped. */
static void members_of_new_kinds(void **state)
{
	uint32_t id;

	(void)state;
#define LEADING_THERE(...)                                                     \
	do {                                                                   \
		new_types();                                                   \
		id = type("", 21, 1, false, 1);                                \
		u32(1);                                                        \
		__VA_ARGS__;                                                   \
	} while (0)
	LEADING_THERE(type("msi_msg", IRQM_BTF_STRUCT, 1, false, 8);
		      member("data", id, 0));
	assert_refused("a type of the unknown kind 21");
	LEADING_THERE(pointer(type("", IRQM_BTF_CONST, 0, false, id));
		      type("irq_domain", IRQM_BTF_STRUCT, 1, false, 8);
		      member("name", m.nr - 1, 0));
	assert_refused("a type of the unknown kind 21");
	LEADING_THERE(array(id, 4);
		      type("irq_domain", IRQM_BTF_STRUCT, 1, false, 8);
		      member("name", m.nr - 1, 0));
	assert_refused("a type of the unknown kind 21");
	/* who knows what is in a structure without a name */
	LEADING_THERE(type("msi_msg", IRQM_BTF_STRUCT, 1, false, 8);
		      member("", id, 0));
	assert_refused("a type of the unknown kind 21");
	/* a wanted structure of a new kind is not a missing one */
	LEADING_THERE(type("msi_msg", 21, 0, false, 8));
	assert_refused("a type of the unknown kind 21");
	/* others may be what they like */
	LEADING_THERE(type("msi_msg", IRQM_BTF_STRUCT, 2, false, 8);
		      member("new", id, 0); member("data", 1, 32));
	assert_int_equal(filled(), 0);
	assert_member(l.msi_msg.data, 4, 4, INT);
	LEADING_THERE(type("msi_massage", 21, 0, false, 8));
	assert_int_equal(filled(), 0);
	check_new_types();
#undef LEADING_THERE
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(skipped_by_the_table),
		cmocka_unit_test(the_last_kind_there_can_be),
		cmocka_unit_test(tables_without_a_need),
		cmocka_unit_test(tables_out_of_place),
		cmocka_unit_test(lies_about_known_kinds),
		cmocka_unit_test(sizes_that_cannot_be),
		cmocka_unit_test(lies_about_new_kinds),
		cmocka_unit_test(types_that_keep_no_rules),
		cmocka_unit_test(members_of_new_kinds),
	};

	return RUN(tests);
}
