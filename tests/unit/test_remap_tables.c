/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the tables for interrupt remapping are and how full, as memory of
 * several kernels has them, and where it is damaged or left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/mkdump/memory_target.h"
#include "tests/unit/fake_generations.h"

/* As tests/mkdump/wiring.c has it. */
#define AMD_DEVID 0x10

static struct fk_machine machine;
static struct fk *fk;
static struct irqm_snapshot *s;

/* The standard machine, all of whose remapped interrupts are Intel's. */
static void build_intel(const char *generation)
{
	struct irqm_layout l = fk_load(fk_generation(generation)->layout);

	fk_standard(&machine);
	fk = fk_new(&l, &machine, &fk_generation(generation)->gen);
}

/* The same with AMD's; entries as the text of a machine has them. */
static void build_amd(const char *generation, unsigned int entries,
		      unsigned int used, bool is_short)
{
	struct irqm_layout l = fk_load(fk_generation(generation)->layout);
	unsigned int i, k;

	fk_standard(&machine);
	for (i = 0; i < machine.nr_irqs; i++)
		for (k = 0; machine.irqs[i].chain[k] != IRQM_LEVEL_END; k++)
			if (machine.irqs[i].chain[k] == IRQM_LEVEL_IR)
				machine.irqs[i].chain[k] = IRQM_LEVEL_AMD_IR;
	machine.table_entries = entries;
	machine.table_used = used;
	machine.amd_short = is_short;
	fk = fk_new(&l, &machine, &fk_generation(generation)->gen);
}

/* What the memory has now, as a snapshot. */
static void read_memory(bool left_out)
{
	struct irqm_target target = irqm_memory_target(fk->memory);
	struct irqm_error err = { 0 };

	target.left_out.remap_tables = left_out;
	assert_int_equal(irqm_snapshot_read(&target, &fk->layout, 0, &s, &err),
			 0);
	assert_int_equal(s->remap_tables_left_out, left_out);
}

static void read_it(bool left_out)
{
	fk_commit(fk, FK_PACKED);
	read_memory(left_out);
}

static void read_again(void)
{
	irqm_snapshot_free(s);
	read_it(false);
}

static void done(void)
{
	irqm_snapshot_free(s);
	fk_free(fk);
}

static unsigned int count_remapped(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < s->nr_irqs; i++)
		nr += s->irqs[i].remap != NULL;
	return nr;
}

static const struct irqm_remap_table *only_table(void)
{
	unsigned int i;

	assert_int_equal(s->nr_remap_tables, 1);
	for (i = 0; i < s->nr_irqs; i++)
		if (s->irqs[i].remap)
			assert_ptr_equal(s->irqs[i].remap->in,
					 s->remap_tables[0]);
	assert_int_equal(s->remap_tables[0]->irqs, count_remapped());
	return s->remap_tables[0];
}

static void intel(void **state)
{
	static const char *const generations[] = { "5.10", "6.1", "6.12", "7" };
	const struct irqm_remap_table *t;
	uint64_t bitmap;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(generations); i++) {
		build_intel(generations[i]);
		read_it(false);
		t = only_table();
		assert_false(t->amd);
		assert_int_equal(s->nr_unread, 0);
		assert_string_equal(t->name, "dmar0");
		assert_int_equal(t->devid, IRQM_UNKNOWN);
		assert_int_equal(t->entries, 65536);
		assert_int_equal(t->used, t->irqs);
		assert_int_equal(t->addr, fk->irtes);
		done();
	}

	/* the last entry is one of them; then the bitmap is not there */
	build_intel("6.1");
	read_it(false);
	bitmap = 0;
	memcpy(&bitmap, fk_at(fk, fk->iommu + 296), 8);
	memcpy(&bitmap, fk_at(fk, bitmap + 8), 8);
	memset(fk_at(fk, bitmap + 65536 / 8 - 1), 0x80, 1);
	read_again();
	t = only_table();
	assert_int_equal(t->used, t->irqs + 1);
	fk_commit(fk, FK_PACKED);
	irqm_memory_deny(fk->memory, bitmap, 1, IRQM_EXCLUDED);
	irqm_snapshot_free(s);
	read_memory(false);
	assert_int_equal(only_table()->entries, 65536);
	assert_int_equal(only_table()->used, IRQM_UNKNOWN);
	assert_int_equal(s->nr_unread, 1);
	assert_string_equal(s->unread[0].what, "ir_table.bitmap");
	irqm_snapshot_free(s);
	/* distilled before these were kept: no mistake */
	read_memory(true);
	assert_int_equal(only_table()->entries, IRQM_UNKNOWN);
	assert_int_equal(only_table()->used, IRQM_UNKNOWN);
	assert_int_equal(s->nr_unread, 0);
	done();
}

static void check_amd(const char *generation, unsigned int entries,
		      unsigned int used, bool is_short)
{
	const struct irqm_remap_table *t;

	build_amd(generation, entries, used, is_short);
	read_it(false);
	t = only_table();
	assert_true(t->amd);
	assert_int_equal(s->nr_unread, 0);
	assert_null(t->name);
	assert_int_equal(t->devid, AMD_DEVID);
	assert_int_equal(t->entries, entries);
	assert_int_equal(t->used, used ? used : t->irqs);
	done();
}

/* 5.10 has variables, 6.1 a segment. Interrupts have entries below 256. */
static void amd(void **state)
{
	(void)state;
	check_amd("5.10", 256, 256, true);
	check_amd("5.10", 512, 0, false);
	check_amd("6.1", 512, 0, false);
	check_amd("6.1", 512, 0, true);
	check_amd("6.1", 512, 512, true);
	check_amd("6.1", 2048, 2047, false);

	/* reserved bits next to the vector do not count */
	build_amd("6.1", 512, 0, false);
	memset(fk_at(fk, fk->amd_irtes + 16 * 511 + 9), 1, 1);
	read_it(false);
	assert_int_equal(only_table()->used, only_table()->irqs);
	done();
}

/* The third word of the device's entry, which has the length. */
static uint64_t device_word(void)
{
	uint64_t segment, devices;

	memcpy(&segment, fk_at(fk, fk->amd_iommu + 96), 8);
	memcpy(&devices, fk_at(fk, segment + 40), 8);
	return devices + 32 * AMD_DEVID + 16;
}

static void check_bad_word(uint64_t word)
{
	fk_put64(fk, device_word(), word);
	read_again();
	assert_int_equal(only_table()->entries, IRQM_UNKNOWN);
	assert_int_equal(only_table()->used, IRQM_UNKNOWN);
	assert_int_equal(s->nr_unread, 1);
	assert_string_equal(s->unread[0].what, "AMD device table entry");
}

static void amd_damaged(void **state)
{
	(void)state;
	build_amd("6.1", 512, 0, false);
	read_it(false);
	check_bad_word(0);           /* as where a dump has zeroes */
	check_bad_word(9 << 1);      /* no table is in use */
	check_bad_word(12 << 1 | 1); /* longer than the hardware's longest */
	check_bad_word(15 << 1 | 1);
	done();
}

/* The last entries of a long table are not in the dump. */
static void amd_cut(void **state)
{
	(void)state;
	build_amd("6.1", 2048, 0, false);
	read_it(false);
	irqm_memory_deny(fk->memory, only_table()->addr + 16 * 2047, 16,
			 IRQM_EXCLUDED);
	irqm_snapshot_free(s);
	read_memory(false);
	assert_int_equal(only_table()->entries, 2048);
	assert_int_equal(only_table()->used, IRQM_UNKNOWN);
	assert_int_equal(s->nr_unread, 1);
	assert_string_equal(s->unread[0].what, "remapping table");
	irqm_snapshot_free(s);
	read_memory(true);
	assert_int_equal(only_table()->entries, IRQM_UNKNOWN);
	assert_int_equal(s->nr_unread, 0);
	done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intel),
		cmocka_unit_test(amd),
		cmocka_unit_test(amd_damaged),
		cmocka_unit_test(amd_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
