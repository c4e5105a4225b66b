/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "layout/btf.h"
#include "layout/btf_types.h"

/* A maker of BTF: types and strings, put together by made(). */
struct maker {
	uint8_t types[8192];
	char strings[4096];
	size_t nt, ns;
	uint32_t nr;
	uint8_t out[16384];    /* as made, from out[shift] on */
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

/* shift bytes off an aligned address. */
static const void *made(size_t shift)
{
	uint32_t header[6] = { 0x0001eb9f, 24, 0, m.nt, m.nt, m.ns };

	m.shift = shift;
	m.size = 24 + m.nt + m.ns;
	memcpy(m.out + shift, header, 24);
	memcpy(m.out + shift + 24, m.types, m.nt);
	memcpy(m.out + shift + 24 + m.nt, m.strings, m.ns);
	return m.out + shift;
}

static int filled(void)
{
	const void *at = made(0);

	err.msg[0] = '\0';
	return irqm_layout_from_btf(&l, at, m.size, &err);
}

#define assert_refused(what)                                                  \
	do {                                                                  \
		assert_int_equal(filled(), -1);                               \
		assert_non_null(strstr(err.msg, what));                       \
		assert_false(l.apic_chip_data.exists);                        \
	} while (0)

#define assert_member(mb, off, sz, k)                                         \
	do {                                                                  \
		assert_true((mb).exists);                                     \
		assert_int_equal((mb).offset, off);                           \
		assert_int_equal((mb).size, sz);                              \
		assert_int_equal((mb).kind, IRQM_KIND_##k);                   \
	} while (0)

#define assert_bits(mb, off, bit, bits)                                       \
	do {                                                                  \
		assert_member(mb, off, ((bit) + (bits) + 7) / 8, INT);        \
		assert_int_equal((mb).bit_offset, bit);                       \
		assert_int_equal((mb).bit_size, bits);                        \
	} while (0)

/* Every kind once, those that matter before and behind those that do not. */
static uint32_t all_kinds(void)
{
	uint32_t u32_id, u64_id, peel, hw;

	start();
	u32_id = integer("unsigned int", 4, 0, 32);     /* 1 */
	u64_id = integer("unsigned long", 8, 0, 64);    /* 2 */
	type("float", IRQM_BTF_FLOAT, 0, false, 4);
	type("somewhere", IRQM_BTF_FWD, 0, false, 0);
	type("handler", IRQM_BTF_FUNC_PROTO, 2, false, 0);
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

static void every_kind_is_walked_over(void **state)
{
	(void)state;
	all_kinds();
	assert_int_equal(filled(), 0);
	check_all_kinds();
}

static void any_alignment_will_do(void **state)
{
	size_t shift;

	(void)state;
	all_kinds();
	for (shift = 0; shift < 16; shift++) {
		const void *at = made(shift);

		memset(&l, 0x5a, sizeof(l));
		assert_int_equal(irqm_layout_from_btf(&l, at, m.size, &err),
				 0);
		check_all_kinds();
	}
}

/* A header that a later version makes longer, and the strings come first. */
static size_t made_the_other_way(uint8_t *out)
{
	uint32_t header[8] = { 0x0001eb9f, 32, 8 + m.ns + 3, m.nt, 8, m.ns,
			       7, 7 };
	size_t at = 32 + 8;

	memcpy(out, header, 32);
	memcpy(out + at, m.strings, m.ns);
	memcpy(out + at + m.ns + 3, m.types, m.nt);
	return at + m.ns + 3 + m.nt;
}

static void sections_are_where_the_header_says(void **state)
{
	size_t size;

	(void)state;
	all_kinds();
	size = made_the_other_way(m.out);
	assert_int_equal(irqm_layout_from_btf(&l, m.out, size, &err), 0);
	check_all_kinds();
	/* the last byte of the types is needed */
	assert_int_equal(irqm_layout_from_btf(&l, m.out, size - 1, &err), -1);
}

/* Before kind_flag a bit field had a type of its own. */
static void old_bit_fields(void **state)
{
	uint32_t one, three, whole;

	(void)state;
	start();
	whole = integer("bool", 1, 0, 8);
	one = integer("", 4, 0, 1);
	three = integer("", 4, 5, 3);
	type("apic_chip_data", IRQM_BTF_STRUCT, 4, false, 16);
	member("vector", whole, 8);
	member("is_managed", one, 33);
	member("can_reserve", three, 32);
	member("has_reserved", three, 35);
	assert_int_equal(filled(), 0);
	assert_member(l.apic_chip_data.vector, 1, 1, INT);
	assert_int_equal(l.apic_chip_data.vector.bit_size, 0);
	assert_bits(l.apic_chip_data.is_managed, 4, 1, 1);
	assert_bits(l.apic_chip_data.can_reserve, 4, 5, 3);
	assert_bits(l.apic_chip_data.has_reserved, 5, 0, 3);
}

static void bit_fields_are_numbers(void **state)
{
	uint32_t n, p;

	(void)state;
	start();
	n = integer("unsigned int", 4, 0, 32);
	p = pointer(0);
	type("apic_chip_data", IRQM_BTF_STRUCT, 3, true, 16);
	member("is_managed", p, BITS(4, 0));
	member("can_reserve", n, BITS(65, 0));
	member("has_reserved", n, BITS(4, 0));
	assert_int_equal(filled(), 0);
	assert_false(l.apic_chip_data.is_managed.exists);
	assert_false(l.apic_chip_data.can_reserve.exists);
	assert_true(l.apic_chip_data.has_reserved.exists);
}

static void anonymous_structures_are_looked_through(void **state)
{
	uint32_t n, attrib, inner, outer;

	(void)state;
	start();
	n = integer("unsigned int", 4, 0, 32);
	attrib = type("pci_attrib", IRQM_BTF_STRUCT, 2, true, 8);
	member("is_msix", n, BITS(1, 3));
	member("entry_nr", n, BITS(0, 32));
	inner = type("", IRQM_BTF_STRUCT, 2, false, 16);
	member("masked", n, 0);
	member("msi_attrib", attrib, 32);
	inner = type("alias", IRQM_BTF_TYPEDEF, 0, false, inner);
	outer = type("", IRQM_BTF_UNION, 2, false, 16);
	member("other", n, 0);
	member("", inner, 0);
	type("msi_desc", IRQM_BTF_STRUCT, 3, false, 40);
	member("irq", n, 0);
	member("", outer, 64);
	member("nvec_used", n, 256);
	assert_int_equal(filled(), 0);
	assert_member(l.msi_desc.irq, 0, 4, INT);
	assert_member(l.msi_desc.nvec_used, 32, 4, INT);
	assert_bits(l.msi_desc.is_msix, 12, 3, 1);
	assert_member(l.msi_desc.entry_nr, 16, 4, INT);
	assert_false(l.msi_desc.pci_is_msix.exists);
}

static void pointers_and_arrays_name_their_structure(void **state)
{
	uint32_t n, list, fwd, far, grid, to_grid, to_n, to_void, open_end;

	(void)state;
	start();
	n = integer("unsigned long", 8, 0, 64);
	list = type("list_head", IRQM_BTF_STRUCT, 1, false, 16);
	member("next", list + 1, 0);
	pointer(list);
	fwd = type("irq_chip", IRQM_BTF_FWD, 0, false, 0);
	far = pointer(type("", IRQM_BTF_CONST, 0, false, fwd));
	grid = array(array(list, 3), 2);
	to_grid = pointer(grid);
	to_n = pointer(n);
	to_void = pointer(0);
	open_end = array(n, 0);
	type("irq_data", IRQM_BTF_STRUCT, 5, false, 64);
	member("hwirq", n, 0);
	member("chip", far, 64);
	member("domain", to_grid, 128);
	member("parent_data", to_n, 192);
	member("chip_data", to_void, 256);
	type("irq_matrix", IRQM_BTF_STRUCT, 2, false, 104);
	member("maps", grid, 64);
	member("system_map", open_end, 832);
	type("irq_common_data", IRQM_BTF_STRUCT, 1, false, 32);
	member("msi_desc", list, 0);
	assert_int_equal(filled(), 0);
	assert_string_equal(l.irq_data.chip.target, "irq_chip");
	assert_member(l.irq_data.chip, 8, 8, POINTER);
	assert_string_equal(l.irq_data.domain.target, "list_head");
	assert_string_equal(l.irq_data.parent_data.target, "");
	assert_string_equal(l.irq_data.chip_data.target, "");
	assert_member(l.irq_matrix.maps, 8, 96, ARRAY);
	assert_int_equal(l.irq_matrix.maps.count, 6);
	assert_int_equal(l.irq_matrix.maps.elem_size, 16);
	assert_string_equal(l.irq_matrix.maps.target, "list_head");
	assert_member(l.irq_matrix.system_map, 104, 0, ARRAY);
	assert_int_equal(l.irq_matrix.system_map.count, 0);
	assert_int_equal(l.irq_matrix.system_map.elem_size, 8);
	assert_member(l.irq_common_data.msi_desc, 0, 16, STRUCT);
	assert_string_equal(l.irq_common_data.msi_desc.target, "list_head");
}

static void enumerations_by_witness(void **state)
{
	int64_t v;

	(void)state;
	all_kinds();
	type("", IRQM_BTF_ENUM, 3, false, 4);
	u32(name("IRQD_FIRST")), u32(0x80000000);
	u32(name("a_name_that_is_far_too_long_for_the_layout")), u32(2);
	u32(name("IRQD_TRIGGER_MASK")), u32(15);
	/* a second one with the same witness is not looked at */
	type("", IRQM_BTF_ENUM, 1, false, 4);
	u32(name("IRQD_TRIGGER_MASK")), u32(16);
	type("", IRQM_BTF_ENUM, 2, true, 4);
	u32(name("IRQS_AUTODETECT")), u32(1);
	u32(name("IRQS_LESS")), u32(-2);
	type("", IRQM_BTF_ENUM64, 2, false, 8);
	u32(name("HK_TYPE_MANAGED_IRQ")), u32(7), u32(0);
	u32(name("HK_HIGH")), u32(1), u32(0x90000000);
	assert_int_equal(filled(), 0);
	assert_int_equal(l.irqd.nr, 2);
	assert_true(irqm_enum_value(&l.irqd, "IRQD_FIRST", &v));
	assert_true(v == 0x80000000);
	assert_true(irqm_enum_value(&l.irqd, "IRQD_TRIGGER_MASK", &v));
	assert_true(v == 15);
	assert_true(irqm_enum_value(&l.irqs, "IRQS_LESS", &v));
	assert_true(v == -2);
	assert_true(irqm_enum_value(&l.hk, "HK_TYPE_MANAGED_IRQ", &v));
	assert_true(v == 7);
	assert_true(irqm_enum_value(&l.hk, "HK_HIGH", &v));
	assert_true((uint64_t)v == 0x9000000000000001ULL);
	assert_int_equal(l.maple_type.nr, 0);
}

static void more_enumerators_than_fit(void **state)
{
	char text[32];
	int i;

	(void)state;
	all_kinds();
	type("", IRQM_BTF_ENUM, 60, false, 4);
	for (i = 0; i < 59; i++) {
		snprintf(text, sizeof(text), "IRQD_%d", i);
		u32(name(text)), u32(i);
	}
	u32(name("IRQD_TRIGGER_MASK")), u32(59);
	assert_int_equal(filled(), 0);
	assert_int_equal(l.irqd.nr, IRQM_MAX_ENUMERATORS);
	assert_string_equal(l.irqd.e[47].name, "IRQD_47");
}

/* struct class with nothing in it, then two good ones of other sizes. */
static void same_tags(uint32_t device_leads_to)
{
	uint32_t n;

	start();
	n = integer("unsigned long", 8, 0, 64);
	type("class", IRQM_BTF_STRUCT, 1, false, 8);
	member("wrong", n, 0);
	type("class", IRQM_BTF_STRUCT, 1, false, 16);
	member("name", n, 0);
	type("class", IRQM_BTF_STRUCT, 1, false, 24);
	member("name", n, 64);
	pointer(device_leads_to);
	type("device", IRQM_BTF_STRUCT, 1, false, 8);
	member("class", n + 4, 0);
	/* a union of that tag is none */
	type("klist", IRQM_BTF_UNION, 1, false, 8);
	member("k_list", n, 0);
	assert_int_equal(filled(), 0);
	assert_false(l.klist.exists);
}

static void of_several_the_one_that_is_used(void **state)
{
	(void)state;
	same_tags(3);
	assert_int_equal(l.class.size, 16);
	assert_int_equal(l.class.name.offset, 0);
	same_tags(4);
	assert_int_equal(l.class.size, 24);
	assert_int_equal(l.class.name.offset, 8);
	/* members count for more, and the first for more than none */
	same_tags(2);
	assert_int_equal(l.class.size, 16);
	same_tags(0);
	assert_int_equal(l.class.size, 16);
}

/* Only so many are looked at: the ninth would be the best. */
static void of_many_the_first(void **state)
{
	uint32_t n, i;

	(void)state;
	start();
	n = integer("unsigned long", 8, 0, 64);
	for (i = 0; i < 20; i++) {
		type("class", IRQM_BTF_STRUCT, 1, false, 8 + 8 * i);
		member(i < 8 ? "wrong" : "name", n, 0);
	}
	type("device_type", IRQM_BTF_STRUCT, 1, false, 8);
	member("name", n, 0);
	assert_int_equal(filled(), 0);
	assert_int_equal(l.class.size, 8);
	assert_false(l.class.name.exists);
	assert_true(l.device_type.name.exists);
}

/* Hostile BTF */

static void headers_that_are_none(void **state)
{
	uint8_t *p;

	(void)state;
	all_kinds();
#define HEADER(at, v, what)                                                   \
	do {                                                                  \
		uint32_t v_ = v;                                              \
		made(0);                                                      \
		p = m.out;                                                    \
		memcpy(p + (at), &v_, 4);                                     \
		assert_int_equal(irqm_layout_from_btf(&l, p, m.size, &err),   \
				 -1);                                         \
		assert_non_null(strstr(err.msg, what));                       \
	} while (0)
	HEADER(0, 0x01009feb, "big-endian");
	HEADER(0, 0x0001eb9e, "not BTF");
	HEADER(0, 0x0002eb9f, "version 2");
	HEADER(0, 0x0101eb9f, "flags 0x1");
	HEADER(4, 23, "cut short");
	HEADER(4, m.size + 1, "cut short");
	HEADER(4, UINT32_MAX, "cut short");
	HEADER(8, UINT32_MAX - 3, "cut short");
	HEADER(12, UINT32_MAX, "cut short");
	HEADER(12, m.nt + m.ns + 1, "cut short");
	HEADER(16, UINT32_MAX, "cut short");
	HEADER(20, m.ns + 1, "cut short");
	HEADER(20, UINT32_MAX, "cut short");
	HEADER(20, 0, "cut short");
	HEADER(20, m.ns - 1, "cut short"); /* no NUL at its end */
	HEADER(12, m.nt - 4, "damaged");
#undef HEADER
}

static void unknown_kinds_are_refused(void **state)
{
	uint32_t kind;

	(void)state;
	for (kind = IRQM_BTF_NR_KINDS; kind < 128; kind++) {
		all_kinds();
		type("", kind, 0, false, 0);
		assert_refused("not known");
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
		uint32_t size = *irqm_row_size(&l,
					       &irqm_struct_rows[r->strct]);

		if (!mb->exists)
			continue;
		assert_true(mb->offset <= size);
		assert_true(mb->size <= size - mb->offset);
		assert_true(memchr(mb->target, 0, sizeof(mb->target)) != NULL);
	}
}

static void every_byte_spoiled(void **state)
{
	static const uint8_t with[] = { 0x01, 0x80, 0xff, 0x10 };
	size_t i, k;

	(void)state;
	all_kinds();
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_walked_over),
		cmocka_unit_test(any_alignment_will_do),
		cmocka_unit_test(sections_are_where_the_header_says),
		cmocka_unit_test(old_bit_fields),
		cmocka_unit_test(bit_fields_are_numbers),
		cmocka_unit_test(anonymous_structures_are_looked_through),
		cmocka_unit_test(pointers_and_arrays_name_their_structure),
		cmocka_unit_test(enumerations_by_witness),
		cmocka_unit_test(more_enumerators_than_fit),
		cmocka_unit_test(of_several_the_one_that_is_used),
		cmocka_unit_test(of_many_the_first),
		cmocka_unit_test(headers_that_are_none),
		cmocka_unit_test(unknown_kinds_are_refused),
		cmocka_unit_test(types_that_are_not_there),
		cmocka_unit_test(circles),
		cmocka_unit_test(numbers_that_overflow),
		cmocka_unit_test(none_of_the_structures),
		cmocka_unit_test(cut_at_every_length),
		cmocka_unit_test(every_byte_spoiled),
	};

	return RUN(tests);
}
