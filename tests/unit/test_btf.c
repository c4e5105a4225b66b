/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "btf_maker.h"

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
		assert_int_equal(irqm_layout_from_btf(&l, at, m.size, &err), 0);
		check_all_kinds();
	}
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

/* BTF whose bytes are there only once they were asked for. */
struct parts {
	const unsigned char *whole;
	unsigned char *data;
	size_t size, loaded;
	int left; /* until one fails; -1: none does */
};

static bool load_part(void *ctx, size_t from, size_t len)
{
	struct parts *p = ctx;

	assert_true(from <= p->size && len <= p->size - from);
	if (p->left >= 0 && p->left-- == 0)
		return false;
	memcpy(p->data + from, p->whole + from, len);
	p->loaded += len;
	return true;
}

static int from_parts(const unsigned char *whole, size_t size, int left,
		      size_t *ret_loaded)
{
	struct parts p = {
		.whole = whole, .data = malloc(size), .size = size, .left = left
	};
	struct irqm_btf_loader loader = { .load = load_part, .ctx = &p };
	int rc;

	assert_non_null(p.data);
	memset(p.data, 0x55, size);
	err.msg[0] = '\0';
	rc = irqm_layout_from_btf_parts(&l, p.data, size, &loader, &err);
	*ret_loaded = p.loaded;
	free(p.data);
	return rc;
}

#define UNUSED (2U << 20) /* strings that no structure has */

static void strings_are_loaded_as_needed(void **state)
{
	unsigned char *whole;
	uint32_t strings;
	size_t loaded;
	int left;

	(void)state;
	all_kinds();
	made(0);
	whole = calloc(1, m.size + UNUSED);
	assert_non_null(whole);
	memcpy(whole, m.out, m.size);
	strings = m.ns + UNUSED;
	memcpy(whole + 20, &strings, 4);
	assert_int_equal(from_parts(whole, m.size + UNUSED, -1, &loaded), 0);
	check_all_kinds();
	assert_in_range(loaded, m.size, m.size + UNUSED / 2);
	for (left = 0; left < 4; left++) {
		assert_int_equal(
			from_parts(whole, m.size + UNUSED, left, &loaded), -1);
		assert_non_null(strstr(err.msg, "cannot be read"));
	}
	/* one string, over all of the pieces that are loaded at a time */
	memset(whole + m.size, 'x', UNUSED - 1);
	assert_int_equal(from_parts(whole, m.size + UNUSED, -1, &loaded), 0);
	strings = m.ns + 7;
	memcpy(whole + 24, &strings, 4); /* name of the first type */
	assert_int_equal(from_parts(whole, m.size + UNUSED, -1, &loaded), 0);
	check_all_kinds();
	free(whole);
}

static void the_table_is_loaded(void **state)
{
	size_t loaded;
	int left;

	(void)state;
	all_kinds();
	known_kind_sizes();
	made(0);
	assert_int_equal(from_parts(m.out, m.size, -1, &loaded), 0);
	check_all_kinds();
	for (left = 0; left < 6; left++) {
		assert_int_equal(from_parts(m.out, m.size, left, &loaded), -1);
		assert_non_null(strstr(err.msg, "cannot be read"));
	}
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
		cmocka_unit_test(strings_are_loaded_as_needed),
		cmocka_unit_test(the_table_is_loaded),
	};

	return RUN(tests);
}
