/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * APIC ids, remapping entries, IO-APIC pins, hints and threads, as memory of
 * several kernels has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/wiring.h"
#include "tests/unit/fake_generations.h"

#define FOR_LAYOUTS(i) for ((i) = 0; (i) < ARRAY_SIZE(layouts); (i)++)

/* Generations whose layout has what wires an interrupt. */
static const char *const layouts[] = { "5.10", "6.1", "6.12", "7" };

struct wired {
	struct fk_machine m;
	struct fk *fk;
	struct irqm_snapshot *s;
};

static struct irqm_machine_irq *machine_irq(struct fk_machine *m,
					    unsigned int irq)
{
	unsigned int i;

	for (i = 0; i < m->nr_irqs; i++)
		if (m->irqs[i].irq == irq)
			return &m->irqs[i];
	abort();
}

/* The standard machine, with the messages that its vectors ask for. */
static void standard(struct wired *w)
{
	unsigned int i;

	fk_standard(&w->m);
	for (i = 0; i < w->m.nr_irqs; i++)
		if (w->m.irqs[i].device >= 0 && w->m.irqs[i].vector)
			fk_message(&w->m.irqs[i], IRQM_MACHINE_PHYSICAL);
	machine_irq(&w->m, 24)->hint = "1,3";
	machine_irq(&w->m, 24)->notify = "acpi_irq";
}

static void build(struct wired *w, const struct irqm_layout *l,
		  const char *generation)
{
	w->fk = fk_new(l, &w->m, &fk_generation(generation)->gen);
}

static void build_standard(struct wired *w, const char *generation)
{
	struct irqm_layout l = fk_load(fk_generation(generation)->layout);

	standard(w);
	build(w, &l, generation);
}

static void read_it(struct wired *w, enum fk_mode mode)
{
	fk_commit(w->fk, mode);
	w->s = fk_read_all(w->fk);
}

static void done(struct wired *w)
{
	irqm_snapshot_free(w->s);
	fk_free(w->fk);
}

static const struct irqm_irq *irq_of(const struct wired *w, unsigned int irq)
{
	const struct irqm_irq *i = irqm_find_irq(w->s, irq);

	assert_non_null(i);
	return i;
}

static uint64_t remap_of(const struct wired *w, unsigned int irq)
{
	return w->fk->remaps[machine_irq((struct fk_machine *)&w->m, irq) -
			     w->m.irqs];
}

static void check_apics(const struct wired *w)
{
	unsigned int i;

	assert_string_equal(w->s->dump.apic.name, "physical flat");
	assert_int_equal(w->s->dump.apic.dest, IRQM_DEST_PHYSICAL);
	assert_int_equal(w->s->dump.apic.logical, 0);
	for (i = 0; i < w->s->nr_cpus; i++) {
		assert_int_equal(w->s->cpus[i].apicid,
				 fk_apicid(w->s->cpus[i].cpu));
		assert_int_equal(w->s->cpus[i].logical_apicid, IRQM_UNKNOWN);
	}
}

static void check_timer(const struct wired *w)
{
	const struct irqm_irq *timer = irq_of(w, 0);
	struct irqm_ioapic_fields f;

	assert_int_equal(timer->remap->index, 0);
	assert_false(timer->remap->amd);
	assert_true(timer->remap->entry.known);
	assert_true(timer->remap->table.known);
	assert_true(timer->remap->table.present);
	assert_false(timer->remap->table.posted);
	assert_true(timer->remap->table.redirect_hint);
	assert_int_equal(timer->remap->table.vector, 0x30);
	assert_int_equal(timer->remap->table.destination, 0);
	assert_int_equal(timer->ioapic->apic, 1);
	assert_int_equal(timer->ioapic->pin, 0);
	assert_int_equal(timer->ioapic->nr_pins, 1);
	irqm_ioapic_decode(timer, &f);
	assert_true(f.remapped);
	assert_int_equal(f.handle, 0);
	assert_false(f.masked);
}

static void check_nothing_disagrees(const struct wired *w)
{
	struct irqm_wiring wiring;
	unsigned int i;

	for (i = 0; i < w->s->nr_irqs; i++) {
		irqm_check_wiring(w->s, &w->s->irqs[i], &wiring);
		if (wiring.nr)
			fail_msg("IRQ %u: %s of %s", w->s->irqs[i].irq,
				 irqm_wire_fact_name(wiring.d[0].fact),
				 irqm_wire_name(wiring.d[0].level));
	}
}

/* Nothing is read outside of an object. */
static void all_is_read(void **state)
{
	struct wired w;
	size_t i;

	(void)state;
	FOR_LAYOUTS(i)
	{
		build_standard(&w, layouts[i]);
		read_it(&w, FK_STRICT);
		assert_int_equal(w.s->nr_unread, 0);
		check_apics(&w);
		check_timer(&w);
		check_nothing_disagrees(&w);
		/* third of four that share a descriptor */
		assert_int_equal(irq_of(&w, 29)->remap->index, 29);
		assert_int_equal(irq_of(&w, 29)->remap->table.destination, 4);
		assert_false(irq_of(&w, 40)->remap->table.present);
		assert_null(irq_of(&w, 24)->remap);
		assert_null(irq_of(&w, 24)->ioapic);
		assert_int_equal(irq_of(&w, 24)->has_hint, 1);
		assert_int_equal(irq_of(&w, 24)->affinity_hint.words[0], 0xa);
		assert_string_equal(irq_of(&w, 24)->notify, "acpi_irq");
		assert_int_equal(irq_of(&w, 25)->has_hint, 0);
		assert_string_equal(irq_of(&w, 100)->actions[0].comm,
				    "irq/100-thread");
		assert_int_equal(irq_of(&w, 100)->actions[0].pid, 1100);
		assert_null(irq_of(&w, 25)->actions[0].comm);
		done(&w);
	}
}

/* Each read fails in turn: what is known is what it was. */
static void each_read_fails(void **state)
{
	struct irqm_wiring wiring;
	uint64_t reads, k;
	struct wired w;
	unsigned int i;

	(void)state;
	build_standard(&w, "6.1");
	read_it(&w, FK_PACKED);
	reads = irqm_memory_reads(w.fk->memory);
	for (k = 1; k <= reads; k++) {
		irqm_snapshot_free(w.s);
		irqm_memory_fail_at(w.fk->memory, k);
		w.s = fk_read_all(w.fk);
		assert_int_not_equal(w.s->nr_unread, 0);
		for (i = 0; i < w.s->nr_irqs; i++) {
			irqm_check_wiring(w.s, &w.s->irqs[i], &wiring);
			assert_int_equal(wiring.nr, 0);
		}
	}
	done(&w);
}

/* The words of IRQ 28's entry: vector 0x41, CPU 1. */
static void table_says(uint64_t low, irqm_num eim, struct irqm_irte *e)
{
	struct wired w;

	build_standard(&w, "6.12");
	fk_put64(w.fk, w.fk->irtes + 28 * 16, low);
	memcpy(fk_at(w.fk, fk_symbol_value(w.fk, "eim_mode")), &eim, 4);
	read_it(&w, FK_STRICT);
	*e = irq_of(&w, 28)->remap->table;
	done(&w);
}

/* VT-d specification, 9.10 */
static void intel_entries(void **state)
{
	struct irqm_irte e;

	(void)state;
	table_says(0x0000020000410009, 0, &e);
	assert_true(e.present && e.redirect_hint && !e.logical);
	assert_int_equal(e.vector, 0x41);
	assert_int_equal(e.destination, 2);
	table_says(0x1234567800ef0065, 1, &e);
	assert_true(e.present && e.logical && !e.redirect_hint);
	assert_int_equal(e.delivery_mode, 3);
	assert_int_equal(e.vector, 0xef);
	assert_int_equal(e.destination, 0x12345678);
	table_says(0x0000020000418001, 0, &e);
	assert_true(e.present && e.posted);
	assert_int_equal(e.destination, IRQM_UNKNOWN);
	table_says(0, 0, &e);
	assert_true(e.known && !e.present);
}

static struct irqm_member number(uint32_t offset, uint32_t size)
{
	return (struct irqm_member){
		.exists = true,
		.kind = IRQM_KIND_INT,
		.offset = offset,
		.size = size,
	};
}

/* As in Linux 6.12's drivers/iommu/amd; none of the layouts has it. */
static struct irqm_layout amd_layout(void)
{
	struct irqm_layout l = fk_load("debian-6.12");

	l.amd_ir_data.exists = true;
	l.amd_ir_data.size = 72;
	l.amd_ir_data.iommu = number(8, 8);
	l.amd_iommu.size = l.amd_iommu_pci_seg.size = 64;
	l.irq_remap_table.size = 16;
	l.amd_iommu.pci_seg = number(16, 8);
	l.amd_iommu_pci_seg.irq_lookup_table = number(24, 8);
	l.irq_remap_table.table = number(8, 8);
	l.amd_ir_data.devid = number(4, 2);
	l.amd_ir_data.index = number(6, 2);
	l.amd_ir_data.entry = number(24, 8);
	l.amd_ir_data.entry.kind = IRQM_KIND_POINTER;
	return l;
}

static void build_amd(struct wired *w)
{
	struct irqm_layout l = amd_layout();
	struct irqm_machine_irq *irq;

	standard(w);
	irq = machine_irq(&w->m, 100);
	irq->chain[1] = IRQM_LEVEL_AMD_IR;
	irq->chain[2] = IRQM_LEVEL_VECTOR;
	irq->chain[3] = IRQM_LEVEL_END;
	irq->address = 0xfee00000;
	irq->data = fk_handle(irq);
	build(w, &l, "6.12");
}

static void amd_entries(void **state)
{
	const struct irqm_remap *remap;
	struct wired w;
	uint64_t entry;

	(void)state;
	build_amd(&w);
	read_it(&w, FK_STRICT);
	assert_int_equal(w.s->nr_unread, 0);
	check_nothing_disagrees(&w);
	remap = irq_of(&w, 100)->remap;
	assert_true(remap->amd && remap->entry.known && remap->table.known);
	assert_true(remap->table.present);
	assert_int_equal(remap->table.vector, 0x50);
	assert_int_equal(remap->table.destination, fk_apicid(3));
	assert_int_equal(remap->index, 100);
	assert_int_equal(remap->devid, 0x10);
	assert_int_equal(remap->entry.vector, 0x50);
	assert_int_equal(remap->entry.destination, fk_apicid(3));
	irqm_snapshot_free(w.s);

	/* 24 bits of the destination and 8, guest mode, then the old format */
	entry = irqm_get(fk_at(w.fk, remap_of(&w, 100)),
			 &w.fk->layout.amd_ir_data.entry);
	fk_put64(w.fk, entry, 0x1 | 1 << 6 | 0x345678ULL << 8);
	fk_put64(w.fk, entry + 8, 0x51 | 0x12ULL << 56);
	read_it(&w, FK_STRICT);
	remap = irq_of(&w, 100)->remap;
	assert_true(remap->entry.logical);
	assert_int_equal(remap->entry.destination, 0x12345678);
	irqm_snapshot_free(w.s);
	fk_put64(w.fk, entry, 0x81);
	read_it(&w, FK_STRICT);
	assert_true(irq_of(&w, 100)->remap->entry.posted);
	irqm_snapshot_free(w.s);
	memset(fk_at(w.fk, fk_symbol_value(w.fk, "amd_iommu_guest_ir")), 0, 4);
	fk_put64(w.fk, entry, 0x00520781);
	read_it(&w, FK_STRICT);
	remap = irq_of(&w, 100)->remap;
	assert_true(remap->entry.present && !remap->entry.posted);
	assert_int_equal(remap->entry.vector, 0x52);
	assert_int_equal(remap->entry.destination, 7);
	done(&w);
}

/* A table that is not there, and one that is nowhere. */
static void table_is_unread(void **state)
{
	struct wired w;

	(void)state;
	build_standard(&w, "6.1");
	fk_put(w.fk, w.fk->iommu, &w.fk->layout.intel_iommu.ir_table, 0x10);
	read_it(&w, FK_PACKED);
	assert_true(irq_of(&w, 28)->remap->entry.known);
	assert_false(irq_of(&w, 28)->remap->table.known);
	/* noted once, and not for each interrupt behind it */
	assert_int_equal(w.s->nr_unread, 1);
	done(&w);
}

/* Zeroes, as where a distilled dump kept something else of the page. */
static void zeroes(void **state)
{
	struct wired w;
	uint64_t pin;

	(void)state;
	build_standard(&w, "6.1");
	pin = w.fk->ioapics[machine_irq(&w.m, 9) - w.m.irqs];
	memset(fk_at(w.fk, remap_of(&w, 28)), 0,
	       w.fk->layout.intel_ir_data.size);
	memset(fk_at(w.fk, pin), 0, w.fk->layout.mp_chip_data.size);
	read_it(&w, FK_STRICT);
	assert_null(irq_of(&w, 28)->remap);
	assert_null(irq_of(&w, 9)->ioapic);
	assert_int_equal(w.s->nr_unread, 2);
	check_nothing_disagrees(&w);
	done(&w);
}

/* The list of pins never comes back to its head. */
static void endless_pins(void **state)
{
	uint64_t pin, head;
	struct wired w;

	(void)state;
	build_standard(&w, "6.1");
	head = w.fk->ioapics[machine_irq(&w.m, 9) - w.m.irqs];
	memcpy(&pin, fk_at(w.fk, head), 8);
	fk_put64(w.fk, pin, pin);
	read_it(&w, FK_PACKED);
	assert_true(irq_of(&w, 9)->ioapic->nr_pins == IRQM_UNKNOWN);
	assert_int_equal(w.s->nr_unread, 1);
	assert_string_equal(w.s->unread[0].what, "pins of IRQ 9: too many");
	done(&w);
}

/* BAD_APICID is 0xffff or, of 32 bits, also -1: no CPU has that one. */
static void absent_cpu(void **state)
{
	struct wired w;
	uint64_t ids;
	size_t i;

	(void)state;
	FOR_LAYOUTS(i)
	{
		build_standard(&w, layouts[i]);
		ids = fk_symbol_value(w.fk, "x86_cpu_to_apicid");
		memset(fk_at(w.fk, fk_percpu(w.fk, ids, 5)), 0xff,
		       i < 2 ? 2 : 4); /* u16 in 5.10 and 6.1 */
		read_it(&w, FK_STRICT);
		assert_int_equal(w.s->cpus[4].apicid, 8);
		assert_int_equal(w.s->cpus[5].apicid, IRQM_UNKNOWN);
		done(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_read),
		cmocka_unit_test(each_read_fails),
		cmocka_unit_test(intel_entries),
		cmocka_unit_test(amd_entries),
		cmocka_unit_test(table_is_unread),
		cmocka_unit_test(zeroes),
		cmocka_unit_test(endless_pins),
		cmocka_unit_test(absent_cpu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
