/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A maker of BTF, type by type:
 *
 *	start();
 *	n = integer("unsigned int", 4, 0, 32);
 *	type("irq_data", IRQM_BTF_STRUCT, 1, false, 8);
 *	member("irq", n, 0);
 *	assert_int_equal(filled(), 0);		// the layout is in l
 *
 * Types are numbered from 1 on, as they are made. BTF has no table of kinds
 * unless kind_sizes() was called since start(). All is the including test's
 * own, hence short names.
 */
#ifndef BTF_MAKER_H
#define BTF_MAKER_H

#include "unit.h"

#include "layout/btf.h"
#include "layout/btf_types.h"

struct maker {
	uint8_t types[8192]; /* put together by made() */
	char strings[4096];
	uint8_t table[128 * 4];
	size_t nt, ns, ntab;
	uint32_t nr;
	uint8_t out[16384]; /* as made, from out[shift] on */
	size_t shift, size;
};

static struct maker m;
static struct irqm_layout l;
static struct irqm_error err;

static void start(void)
{
	memset(&m, 0, sizeof(m));
	m.ns = 1;
}

static uint32_t name(const char *s)
{
	size_t at = m.ns;

	if (!*s)
		return 0;
	assert_true(at + strlen(s) < sizeof(m.strings));
	strcpy(m.strings + at, s);
	m.ns += strlen(s) + 1;
	return at;
}

static void u32(uint32_t v)
{
	assert_true(m.nt + 4 <= sizeof(m.types));
	memcpy(m.types + m.nt, &v, 4);
	m.nt += 4;
}

/* size: or the type that it leads to. */
static uint32_t type(const char *tag, uint32_t kind, uint32_t vlen, bool flag,
		     uint32_t size)
{
	u32(name(tag));
	u32((uint32_t)flag << 31 | kind << 24 | vlen);
	u32(size);
	return ++m.nr;
}

static uint32_t integer(const char *tag, uint32_t size, uint32_t bit,
			uint32_t bits)
{
	uint32_t id = type(tag, IRQM_BTF_INT, 0, false, size);

	u32(bit << 16 | bits);
	return id;
}

static void member(const char *tag, uint32_t id, uint32_t offset)
{
	u32(name(tag));
	u32(id);
	u32(offset);
}

/* The offset of a bit field, in a structure with kind_flag. */
#define BITS(bits, offset) ((bits) << 24 | (offset))

static uint32_t pointer(uint32_t to)
{
	return type("", IRQM_BTF_PTR, 0, false, to);
}

static uint32_t array(uint32_t of, uint32_t nr)
{
	uint32_t id = type("", IRQM_BTF_ARRAY, 0, false, 0);

	u32(of);
	u32(1);
	u32(nr);
	return id;
}

/* Bytes that follow a type of a kind, in the table of kinds. */
static void kind_sizes(uint32_t kind, uint8_t once, uint8_t each)
{
	assert_true(kind * 4 + 4 <= sizeof(m.table));
	m.table[kind * 4] = once;
	m.table[kind * 4 + 1] = each;
	if (m.ntab < kind * 4 + 4)
		m.ntab = kind * 4 + 4;
}

/* The table that libbpf 1.8 writes. */
static void known_kind_sizes(void)
{
	kind_sizes(IRQM_BTF_INT, 4, 0);
	kind_sizes(IRQM_BTF_ARRAY, 12, 0);
	kind_sizes(IRQM_BTF_STRUCT, 0, 12);
	kind_sizes(IRQM_BTF_UNION, 0, 12);
	kind_sizes(IRQM_BTF_ENUM, 0, 8);
	kind_sizes(IRQM_BTF_FUNC_PROTO, 0, 8);
	kind_sizes(IRQM_BTF_VAR, 4, 0);
	kind_sizes(IRQM_BTF_DATASEC, 0, 12);
	kind_sizes(IRQM_BTF_DECL_TAG, 4, 0);
	kind_sizes(IRQM_BTF_ENUM64, 0, 12);
}

/* The BTF, m.size bytes, shift bytes off an aligned address. */
static const void *made(size_t shift)
{
	uint32_t len = m.ntab ? 32 : 24, behind = m.nt + m.ntab;
	uint32_t header[8] = { 0x0001eb9f, len,  0,    m.nt,
			       behind,     m.ns, m.nt, m.ntab };
	uint8_t *p = m.out + shift;

	m.shift = shift;
	m.size = len + behind + m.ns;
	memcpy(p, header, len);
	memcpy(p + len, m.types, m.nt);
	memcpy(p + len + m.nt, m.table, m.ntab);
	memcpy(p + len + behind, m.strings, m.ns);
	return p;
}

/* What irqm_layout_from_btf() says of it. */
static int filled(void)
{
	const void *at = made(0);

	err.msg[0] = '\0';
	return irqm_layout_from_btf(&l, at, m.size, &err);
}

#define assert_refused(what)                                                   \
	do {                                                                   \
		assert_int_equal(filled(), -1);                                \
		assert_non_null(strstr(err.msg, what));                        \
		assert_false(l.apic_chip_data.exists);                         \
	} while (0)

#define assert_member(mb, off, sz, k)                                          \
	do {                                                                   \
		assert_true((mb).exists);                                      \
		assert_int_equal((mb).offset, off);                            \
		assert_int_equal((mb).size, sz);                               \
		assert_int_equal((mb).kind, IRQM_KIND_##k);                    \
	} while (0)

#define assert_bits(mb, off, bit, bits)                                        \
	do {                                                                   \
		assert_member(mb, off, ((bit) + (bits) + 7) / 8, INT);         \
		assert_int_equal((mb).bit_offset, bit);                        \
		assert_int_equal((mb).bit_size, bits);                         \
	} while (0)

/* Every kind once, those that matter before and behind those that do not. */
static uint32_t all_kinds(void)
{
	uint32_t u32_id, u64_id, peel, hw;

	start();
	u32_id = integer("unsigned int", 4, 0, 32);  /* 1 */
	u64_id = integer("unsigned long", 8, 0, 64); /* 2 */
	type("float", IRQM_BTF_FLOAT, 0, false, 4);
	type("somewhere", IRQM_BTF_FWD, 0, false, 0);
	type("", IRQM_BTF_FUNC_PROTO, 2, false, 0);
	u32(0), u32(u32_id), u32(name("arg")), u32(u64_id);
	type("do_it", IRQM_BTF_FUNC, 0, false, m.nr);
	type("per_cpu", IRQM_BTF_VAR, 0, false, u32_id);
	u32(1);
	type(".data..percpu", IRQM_BTF_DATASEC, 1, false, 4);
	u32(m.nr - 1), u32(0), u32(4);
	type("tag", IRQM_BTF_DECL_TAG, 0, false, u32_id);
	u32(0xffffffff);
	type("e", IRQM_BTF_ENUM, 1, false, 4);
	u32(name("E")), u32(1);
	type("e64", IRQM_BTF_ENUM64, 1, false, 8);
	u32(name("E64")), u32(1), u32(2);
	type("u", IRQM_BTF_UNION, 1, false, 4);
	member("whole", u32_id, 0);
	peel = type("u32", IRQM_BTF_TYPEDEF, 0, false, u32_id);
	peel = type("", IRQM_BTF_CONST, 0, false, peel);
	peel = type("", IRQM_BTF_VOLATILE, 0, false, peel);
	peel = type("", IRQM_BTF_RESTRICT, 0, false, peel);
	peel = type("rcu", IRQM_BTF_TYPE_TAG, 0, false, peel);
	hw = type("irq_cfg", IRQM_BTF_STRUCT, 2, false, 8);
	member("dest_apicid", u32_id, 0);
	member("vector", peel, 32);
	type("apic_chip_data", IRQM_BTF_STRUCT, 10, true, 56);
	member("hw_irq_cfg", hw, 0);
	member("vector", peel, 64);
	member("prev_vector", u32_id, 96);
	member("cpu", u32_id, 128);
	member("prev_cpu", u32_id, 160);
	member("irq", u32_id, 192);
	member("move_in_progress", u32_id, BITS(1, 384));
	member("is_managed", u32_id, BITS(1, 385));
	member("can_reserve", u32_id, BITS(9, 390));
	member("has_reserved", u64_id, BITS(3, 405));
	return m.nr;
}

static void check_all_kinds(void)
{
	assert_true(l.apic_chip_data.exists);
	assert_int_equal(l.apic_chip_data.size, 56);
	assert_member(l.apic_chip_data.hw_dest_apicid, 0, 4, INT);
	assert_member(l.apic_chip_data.hw_vector, 4, 4, INT);
	assert_member(l.apic_chip_data.vector, 8, 4, INT);
	assert_member(l.apic_chip_data.irq, 24, 4, INT);
	assert_bits(l.apic_chip_data.move_in_progress, 48, 0, 1);
	assert_bits(l.apic_chip_data.is_managed, 48, 1, 1);
	assert_bits(l.apic_chip_data.can_reserve, 48, 6, 9);
	assert_bits(l.apic_chip_data.has_reserved, 50, 5, 3);
	assert_int_equal(l.apic_chip_data.vector.bit_size, 0);
	assert_false(l.apic_chip_data.clist.exists);
	assert_false(l.irq_desc.exists);
}

/* A header that a later version makes longer; table, strings, then types. */
static size_t made_the_other_way(uint8_t *out)
{
	uint32_t strings = 8 + m.ntab, types = strings + m.ns + 3;
	uint32_t header[10] = { 0x0001eb9f, 40,   types,          m.nt,
				strings,    m.ns, m.ntab ? 8 : 7, m.ntab,
				7,          7 };

	memcpy(out, header, 40);
	memcpy(out + 40 + 8, m.table, m.ntab);
	memcpy(out + 40 + strings, m.strings, m.ns);
	memcpy(out + 40 + types, m.types, m.nt);
	return 40 + types + m.nt;
}

#endif
