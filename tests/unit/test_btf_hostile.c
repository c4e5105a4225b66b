/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTF that is damaged, or made to do harm. */
#include "btf_maker.h"

static void headers_that_are_none(void **state)
{
	uint8_t *p;

	(void)state;
	all_kinds();
#define HEADER(at, v, what)                                                    \
	do {                                                                   \
		uint32_t v_ = v;                                               \
		made(0);                                                       \
		p = m.out;                                                     \
		memcpy(p + (at), &v_, 4);                                      \
		assert_int_equal(irqm_layout_from_btf(&l, p, m.size, &err),    \
				 -1);                                          \
		assert_non_null(strstr(err.msg, what));                        \
	} while (0)
	HEADER(0, 0x01009feb, "big-endian");
	HEADER(0, 0x0001eb9e, "not BTF");
	HEADER(0, 0x0002eb9f, "version 2");
	HEADER(0, 0x0101eb9f, "flags 0x1");
	HEADER(4, 23, "truncated or damaged");
	HEADER(4, m.size + 1, "truncated or damaged");
	HEADER(4, UINT32_MAX, "truncated or damaged");
	HEADER(8, UINT32_MAX - 3, "truncated or damaged");
	HEADER(12, UINT32_MAX, "truncated or damaged");
	HEADER(12, m.nt + m.ns + 1, "truncated or damaged");
	HEADER(16, UINT32_MAX, "truncated or damaged");
	HEADER(20, m.ns + 1, "truncated or damaged");
	HEADER(20, UINT32_MAX, "truncated or damaged");
	HEADER(20, 0, "truncated or damaged");
	HEADER(20, m.ns - 1, "truncated or damaged"); /* no NUL at its end */
	HEADER(12, m.nt - 4, "damaged");
#undef HEADER
}

static void unknown_kinds_are_refused(void **state)
{
	uint32_t kind;
	char text[32];

	(void)state;
	for (kind = IRQM_BTF_NR_KINDS; kind < 128; kind++) {
		all_kinds();
		type("", kind, 0, false, 0);
		snprintf(text, sizeof(text), "the unknown kind %u", kind);
		assert_refused(text);
		assert_non_null(strstr(err.msg, "DWARF (--vmlinux)"));
	}
	all_kinds();
	type("", 0, 0, false, 0);
	assert_refused("damaged");
	/* bits of info that mean nothing yet */
	all_kinds();
	type("", IRQM_BTF_STRUCT, 1 << 16, false, 0);
	assert_refused("damaged");
}

static void types_that_are_not_there(void **state)
{
	uint32_t id;

	(void)state;
	all_kinds();
	id = integer("x", 4, 0, 32);
	type("irq_data", IRQM_BTF_STRUCT, 1, false, 64);
	member("irq", id + 2, 0);
	assert_refused("damaged");
	all_kinds();
	type("irq_data", IRQM_BTF_STRUCT, 1, false, 64);
	member("irq", UINT32_MAX, 0);
	assert_refused("damaged");
	/* a name outside of the strings */
	all_kinds();
	u32(UINT32_MAX), u32(IRQM_BTF_STRUCT << 24), u32(8);
	assert_refused("damaged");
}

static void circles(void **state)
{
	uint32_t id, n;

	(void)state;
	/* typedefs */
	all_kinds();
	id = type("a", IRQM_BTF_TYPEDEF, 0, false, m.nr + 2);
	type("b", IRQM_BTF_CONST, 0, false, id);
	type("irq_data", IRQM_BTF_STRUCT, 2, false, 64);
	member("irq", id, 0);
	member("", id, 0);
	assert_int_equal(filled(), 0);
	assert_true(l.irq_data.exists);
	assert_false(l.irq_data.irq.exists);
	/* arrays, and a pointer to them */
	all_kinds();
	id = array(m.nr + 1, 1);
	n = pointer(id);
	type("irq_data", IRQM_BTF_STRUCT, 2, false, 64);
	member("irq", id, 0);
	member("chip", n, 64);
	assert_int_equal(filled(), 0);
	assert_false(l.irq_data.irq.exists);
	assert_string_equal(l.irq_data.chip.target, "");
	/* a structure in itself, without a name: as deep as it goes */
	all_kinds();
	id = type("irq_data", IRQM_BTF_STRUCT, 1, false, 64);
	member("", id, 0);
	assert_int_equal(filled(), 0);
	assert_false(l.irq_data.irq.exists);
	/* and as wide: it ends, damaged */
	all_kinds();
	id = type("irq_data", IRQM_BTF_STRUCT, 4, false, 64);
	for (n = 0; n < 4; n++)
		member("", id, 0);
	assert_refused("damaged");
}

static void numbers_that_overflow(void **state)
{
	uint32_t n = 1, big, much;

	(void)state;
	all_kinds();
	big = array(array(array(n, UINT32_MAX), UINT32_MAX), UINT32_MAX);
	much = array(n, 1 << 30);
	type("irq_data", IRQM_BTF_STRUCT, 3, false, 64);
	member("irq", big, 0);
	member("hwirq", much, 0);
	member("chip", big, UINT32_MAX);
	assert_int_equal(filled(), 0);
	assert_false(l.irq_data.irq.exists);
	assert_false(l.irq_data.hwirq.exists);
	assert_false(l.irq_data.chip.exists);
}

static void none_of_the_structures(void **state)
{
	(void)state;
	start();
	assert_refused("none of the kernel's");
	integer("int", 4, 0, 32);
	assert_refused("none of the kernel's");
}

/* A copy of exactly its size, for ASan to see what is read behind it. */
static int from_copy(const uint8_t *p, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	int rc;

	assert_non_null(copy);
	memcpy(copy, p, size);
	rc = irqm_layout_from_btf(&l, copy, size, &err);
	free(copy);
	return rc;
}

static void cut_at_every_length(void **state)
{
	const uint8_t *p;
	size_t size;

	(void)state;
	all_kinds();
	p = made(0);
	for (size = 0; size < m.size; size++)
		assert_int_equal(from_copy(p, size), -1);
	assert_int_equal(from_copy(p, m.size), 0);
	/* the types cut short, and the header saying so */
	for (size = m.nt - 1; size > 0; size--) {
		m.nt = size;
		from_copy(made(0), 24 + m.nt + m.ns);
		from_copy(m.out, made_the_other_way(m.out));
	}
}

/* Whatever is believed stays inside of the structure. */
static void check_inside(void)
{
	unsigned int i;

	for (i = 0; i < irqm_nr_member_rows; i++) {
		const struct irqm_member_row *r = &irqm_member_rows[i];
		const struct irqm_member *mb = irqm_row_member(&l, r);
		uint32_t size = *irqm_row_size(&l, &irqm_struct_rows[r->strct]);

		if (!mb->exists)
			continue;
		assert_true(mb->offset <= size);
		assert_true(mb->size <= size - mb->offset);
		assert_true(memchr(mb->target, 0, sizeof(mb->target)) != NULL);
	}
}

static void spoil_every_byte(void)
{
	static const uint8_t with[] = { 0x01, 0x80, 0xff, 0x10 };
	size_t i, k;

	made(0);
	for (i = 0; i < m.size; i++) {
		for (k = 0; k < sizeof(with); k++) {
			m.out[i] ^= with[k];
			from_copy(m.out, m.size);
			check_inside();
			m.out[i] ^= with[k];
		}
	}
	assert_int_equal(from_copy(m.out, m.size), 0);
	check_all_kinds();
}

static void every_byte_spoiled(void **state)
{
	(void)state;
	all_kinds();
	spoil_every_byte();
}

static void with_a_table(void)
{
	all_kinds();
	known_kind_sizes();
	kind_sizes(20, 4, 4);
	type("", 20, 3, false, 8);
	u32(8), u32(1), u32(0), u32(0);
}

static void a_table_spoiled(void **state)
{
	(void)state;
	with_a_table();
	spoil_every_byte();
}

static void a_table_cut_at_every_length(void **state)
{
	const uint8_t *p;
	size_t size;

	(void)state;
	with_a_table();
	p = made(0);
	for (size = 0; size < m.size; size++)
		assert_int_equal(from_copy(p, size), -1);
	assert_int_equal(from_copy(p, m.size), 0);
	/* the table cut short, and the header saying so */
	for (m.ntab -= 4; m.ntab; m.ntab -= 4) {
		assert_refused("a type of the unknown kind 20");
		assert_int_equal(from_copy(m.out, m.size), -1);
	}
	assert_refused("a type of the unknown kind 20");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_that_are_none),
		cmocka_unit_test(unknown_kinds_are_refused),
		cmocka_unit_test(types_that_are_not_there),
		cmocka_unit_test(circles),
		cmocka_unit_test(numbers_that_overflow),
		cmocka_unit_test(none_of_the_structures),
		cmocka_unit_test(cut_at_every_length),
		cmocka_unit_test(every_byte_spoiled),
		cmocka_unit_test(a_table_spoiled),
		cmocka_unit_test(a_table_cut_at_every_length),
	};

	return RUN(tests);
}
