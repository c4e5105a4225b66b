/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests/mkdump writes, read back by the library. */
#include "tests/unit/unit.h"

#include "layout/btf.h"
#include "machine/line.h"
#include "tests/mkdump/mkdump.h"

#include <stdlib.h>
#include <string.h>

static const char *const layouts[] = {
	"rhel8-4.18.0-305", "alibaba-4.19.24", "alibaba-4.19.91", "debian-5.10",
	"debian-6.1",       "debian-6.12",     "debian-7",
};

static void same_member(const char *layout, const char *path,
			const struct irqm_member *a,
			const struct irqm_member *b)
{
	/* the text does not say what this one is: BTF cannot either */
	if (a->exists && a->kind == IRQM_KIND_STRUCT && !a->size)
		return;
	if (a->exists != b->exists || a->offset != b->offset ||
	    a->bit_offset != b->bit_offset || a->bit_size != b->bit_size ||
	    a->kind != b->kind || a->count != b->count)
		fail_msg("%s, %s: exists %d %d, offset %u %u, bit %u %u, "
			 "bits %u %u, kind %u %u, count %u %u",
			 layout, path, a->exists, b->exists, a->offset,
			 b->offset, a->bit_offset, b->bit_offset, a->bit_size,
			 b->bit_size, a->kind, b->kind, a->count, b->count);
}

static void same_enum(const struct irqm_enum *a, const struct irqm_enum *b)
{
	unsigned int i;

	assert_int_equal(a->nr, b->nr);
	for (i = 0; i < a->nr; i++) {
		assert_string_equal(a->e[i].name, b->e[i].name);
		assert_int_equal(a->e[i].value, b->e[i].value);
	}
}

static void same_layout(const char *name, struct irqm_layout *a,
			struct irqm_layout *b)
{
	unsigned int i;

	for (i = 0; i < irqm_nr_struct_rows; i++) {
		const struct irqm_struct_row *r = &irqm_struct_rows[i];

		assert_int_equal(*irqm_row_exists(a, r),
				 *irqm_row_exists(b, r));
		assert_int_equal(*irqm_row_size(a, r), *irqm_row_size(b, r));
	}
	for (i = 0; i < irqm_nr_member_rows; i++) {
		const struct irqm_member_row *r = &irqm_member_rows[i];

		same_member(name, r->path, irqm_row_member(a, r),
			    irqm_row_member(b, r));
	}
	for (i = 0; i < irqm_nr_enum_rows; i++)
		same_enum(irqm_row_enum(a, &irqm_enum_rows[i]),
			  irqm_row_enum(b, &irqm_enum_rows[i]));
}

static void test_btf(void **state)
{
	struct irqm_error err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(layouts); i++) {
		struct irqm_layout from_text, from_btf;
		struct mk_buf btf = { 0 };
		struct text types;
		char path[128];

		snprintf(path, sizeof(path), "tests/data/layouts/%s.txt",
			 layouts[i]);
		assert_int_equal(layout_text_load(&from_text, path, &err), 0);
		assert_int_equal(text_read(&types, path, &err), 0);
		mk_btf(&types, &btf);
		text_free(&types);
		if (irqm_layout_from_btf(&from_btf, btf.data, btf.len, &err))
			fail_msg("%s: %s", layouts[i], err.msg);
		free(btf.data);
		same_layout(layouts[i], &from_text, &from_btf);
	}
}

/* Two CPUs, of which the first has one vector less for each. */
static void test_derive(void **state)
{
	struct irqm_error err = { 0 };
	struct fk_machine m;
	unsigned int i;

	(void)state;
	fk_machine_init(&m);
	m.nr_cpu_ids = 2;
	m.cpus[0].online = m.cpus[1].online = true;
	for (i = 0; i < 3; i++)
		m.irqs[m.nr_irqs++] = (struct irqm_machine_irq){
			.irq = i, .affinity = "0-1", .vector = IRQM_MACHINE_AUTO
		};
	m.irqs[0].managed = true;
	m.irqs[1].vector = 33;
	m.irqs[2].cpu = 1;
	assert_int_equal(fk_derive(&m, &err), 0);
	assert_int_equal(m.irqs[0].vector, 34); /* 32 is the system's */
	assert_int_equal(m.irqs[2].vector, 34); /* 33 is kept for IRQ 0 */
	assert_int_equal(m.systembits_inalloc, 3);
	assert_int_equal(m.cpus[0].allocated, 2);
	assert_int_equal(m.cpus[0].managed, 1);
	assert_int_equal(m.cpus[0].managed_allocated, 1);
	assert_int_equal(m.cpus[0].available, 199);
	assert_int_equal(m.cpus[1].available, 199);
	assert_int_equal(m.cpus[1].managed_allocated, 0);
	assert_int_equal(m.total_allocated, 3);
	assert_int_equal(m.global_available, 398);

	m.irqs[2].cpu = 0;
	m.irqs[2].vector = 33;
	assert_int_equal(fk_derive(&m, &err), -1);
	assert_string_equal(err.msg, "IRQ 2: vector 33 of CPU 0 is taken");
}

/* Each key that the library leaves to mkdump is known to it. */
static void test_dump_keys(void **state)
{
	struct irqm_error err = { 0 };
	struct mk mk = { 0 };
	unsigned int i;

	(void)state;
	mk.arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	irqm_machine_init(&mk.text, mk.arena);
	for (i = 0; irqm_machine_dump_keys[i]; i++) {
		err.msg[0] = '\0';
		mk_line(&mk, irqm_machine_dump_keys[i], &err);
		if (strstr(err.msg, "does not know"))
			fail_msg("%s", err.msg);
	}
	irqm_arena_free(mk.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_btf),
		cmocka_unit_test(test_derive),
		cmocka_unit_test(test_dump_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
