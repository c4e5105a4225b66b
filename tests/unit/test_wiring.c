/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the levels of an interrupt disagree, and the finding of it. */
#include "analysis/wiring.h"
#include "analysed.h"
#include "rendered.h"

static const char *active[] = { "IRQD_ACTIVATED", "IRQD_IRQ_STARTED" };
static const char *disabled[] = { "IRQD_ACTIVATED", "IRQD_IRQ_STARTED",
				  "IRQD_IRQ_DISABLED" };
static const char *shut_down[] = { "IRQD_MANAGED_SHUTDOWN" };

#define APIC(cpu) ((cpu)*2 + 1)

static struct irqm_snapshot *physical(unsigned int nr_cpus)
{
	struct irqm_snapshot *s = snap_new(nr_cpus);
	unsigned int i;

	s->dump.apic.dest = IRQM_DEST_PHYSICAL;
	s->dump.apic.logical = 0;
	for (i = 0; i < nr_cpus; i++)
		s->cpus[i].apicid = APIC(i);
	return s;
}

static void set_state(struct irqm_irq *irq, const char **flags, unsigned int nr)
{
	irq->state = 1;
	irq->state_flags = flags;
	irq->nr_state_flags = nr;
}

/* What the kernel would have programmed. */
static void program(struct irqm_irq *irq)
{
	irq->apic->hw_vector = irq->apic->vector;
	irq->apic->hw_dest_apicid = APIC(irq->apic->cpu);
	if (!irq->msi)
		return;
	irq->msi->has_msg = true;
	irq->msi->address = 0xfee00000 | APIC(irq->apic->cpu) << 12;
	irq->msi->data = irq->apic->vector;
}

/* An active MSI on CPU 1 of four. */
static struct irqm_irq *msi_irq(struct irqm_snapshot *s)
{
	struct irqm_irq *irq = snap_msi_irq(
		s, 24, snap_device(s, "0000:00:05.0", "nvme"), "nvme0q1");

	snap_alloc(s, 24, 1);
	set_state(irq, active, 2);
	program(irq);
	return irq;
}

static struct irqm_wiring check(const struct irqm_snapshot *s,
				const struct irqm_irq *irq)
{
	struct irqm_wiring w;

	irqm_check_wiring(s, irq, &w);
	return w;
}

static void one(const struct irqm_snapshot *s, const struct irqm_irq *irq,
		enum irqm_wire by, enum irqm_wire level,
		enum irqm_wire_fact fact, irqm_num expected, irqm_num found)
{
	struct irqm_wiring w = check(s, irq);

	assert_int_equal(w.nr, 1);
	assert_int_equal(w.faults, 1);
	assert_null(w.d[0].normal);
	assert_int_equal(w.d[0].by, by);
	assert_int_equal(w.d[0].level, level);
	assert_int_equal(w.d[0].fact, fact);
	assert_int_equal(w.d[0].expected, expected);
	assert_int_equal(w.d[0].found, found);
}

static void allocator(void **state)
{
	struct irqm_snapshot *s = physical(4);
	struct irqm_irq *irq = msi_irq(s);
	unsigned int v = irq->apic->vector;

	(void)state;
	assert_int_equal(check(s, irq).nr, 0);
	/* the message was made of hw_irq_cfg: reported once */
	irq->apic->hw_vector = 77;
	irq->msi->data = 77;
	one(s, irq, IRQM_WIRE_APIC, IRQM_WIRE_HW_CFG, IRQM_FACT_VECTOR, v, 77);
	program(irq);
	irq->apic->hw_dest_apicid = APIC(3);
	irq->msi->address = 0xfee00000 | APIC(3) << 12;
	one(s, irq, IRQM_WIRE_APIC, IRQM_WIRE_HW_CFG, IRQM_FACT_DESTINATION,
	    APIC(1), APIC(3));
	program(irq);
	irq->effective_affinity = snap_cpus(s, "2");
	one(s, irq, IRQM_WIRE_APIC, IRQM_WIRE_EFFECTIVE, IRQM_FACT_CPU, 1, 2);
	irq->effective_affinity = snap_cpus(s, "1,3");
	one(s, irq, IRQM_WIRE_APIC, IRQM_WIRE_EFFECTIVE, IRQM_FACT_CPU, 1, 3);
	irq->effective_affinity = snap_cpus(s, "");
	assert_int_equal(check(s, irq).nr, 0);
	s->cpus[1].vector_irq[v].slot = IRQM_SLOT_SHUTDOWN;
	one(s, irq, IRQM_WIRE_APIC, IRQM_WIRE_VECTOR_IRQ, IRQM_FACT_IRQ, 24,
	    IRQM_UNKNOWN);
	s->cpus[1].vector_irq[v].slot = IRQM_SLOT_UNKNOWN;
	assert_int_equal(check(s, irq).nr, 0);
	irqm_snapshot_free(s);
}

static void message(void **state)
{
	struct irqm_snapshot *s = physical(4);
	struct irqm_irq *irq = msi_irq(s);
	unsigned int v = irq->apic->vector;

	(void)state;
	irq->msi->data = v + 1;
	one(s, irq, IRQM_WIRE_HW_CFG, IRQM_WIRE_MESSAGE, IRQM_FACT_VECTOR, v,
	    v + 1);
	program(irq);
	irq->msi->address = 0xfee00000 | APIC(2) << 12;
	one(s, irq, IRQM_WIRE_HW_CFG, IRQM_WIRE_MESSAGE, IRQM_FACT_DESTINATION,
	    APIC(1), APIC(2));
	irq->msi->address = irq->msi->data = 0;
	one(s, irq, IRQM_WIRE_HW_CFG, IRQM_WIRE_MESSAGE, IRQM_FACT_VECTOR, v,
	    0);
	/* what is not sent to an APIC is shown as just that */
	irq->msi->address = 0x12345000;
	irq->msi->data = 1;
	assert_int_equal(check(s, irq).nr, 0);
	/* nobody keeps the message of another bus there */
	irq->chain[0].chip = "IMS-0000:00:05.0";
	irq->msi->address = irq->msi->data = 0;
	assert_int_equal(check(s, irq).nr, 0);
	/* and Hyper-V's host composes its own */
	irq->chain[0].chip = "Hyper-V PCIe MSI";
	irq->msi->address = 0xfee00000;
	assert_int_equal(check(s, irq).nr, 0);
	irqm_snapshot_free(s);
}

static void what_is_normal(void **state)
{
	struct irqm_snapshot *s = physical(4);
	struct irqm_irq *irq = msi_irq(s);
	struct irqm_wiring w;

	(void)state;
	irq->msi->data = 239; /* MANAGED_IRQ_SHUTDOWN_VECTOR */
	set_state(irq, active + 1, 1);
	w = check(s, irq);
	assert_int_equal(w.nr, 1);
	assert_int_equal(w.faults, 0);
	assert_string_equal(w.d[0].normal, "not activated");
	set_state(irq, shut_down, 1);
	assert_string_equal(check(s, irq).d[0].normal, "shut down");
	set_state(irq, NULL, 0);
	assert_string_equal(check(s, irq).d[0].normal, "state unknown");
	set_state(irq, active, 2);
	assert_int_equal(check(s, irq).faults, 1);
	/* a vector that it does not have cannot be programmed */
	irq->apic->vector = 0;
	assert_int_equal(check(s, irq).nr, 0);
	irqm_snapshot_free(s);
}

/* Between the allocator's step and the write: still at the old place. */
static void moving(void **state)
{
	struct irqm_snapshot *s = physical(4);
	struct irqm_irq *irq = msi_irq(s);
	struct irqm_wiring w;

	(void)state;
	snap_move(s, 24, 3);
	irq->apic->prev_vector = irq->apic->vector + 7;
	irq->effective_affinity = snap_cpus(s, "3");
	irq->apic->hw_vector = irq->apic->vector;
	irq->apic->hw_dest_apicid = APIC(3);
	irq->msi->address = 0xfee00000 | APIC(1) << 12;
	irq->msi->data = irq->apic->prev_vector;
	w = check(s, irq);
	assert_int_not_equal(w.nr, 0);
	assert_int_equal(w.faults, 0);
	assert_string_equal(w.d[0].normal, "being moved");
	irq->msi->address = 0xfee00000 | APIC(2) << 12;
	assert_int_equal(check(s, irq).faults, 1);
	irq->msi->address = 0xfee00000 | APIC(1) << 12;
	irq->apic->move_in_progress = false;
	assert_int_not_equal(check(s, irq).faults, 0);
	irqm_snapshot_free(s);
}

static struct irqm_remap remap_of(const struct irqm_irq *irq)
{
	struct irqm_irte e = {
		.known = true,
		.present = true,
		.vector = irq->apic->vector,
		.destination = APIC(irq->apic->cpu),
	};

	return (struct irqm_remap){
		.index = 17,
		.devid = IRQM_UNKNOWN,
		.entry = e,
		.table = e,
	};
}

static void put_behind_iommu(struct irqm_snapshot *s, struct irqm_irq *irq,
			     struct irqm_remap *remap)
{
	struct irqm_level *chain =
		irqm_arena_alloc(s->arena, 3, sizeof(*chain));

	assert_non_null(chain);
	chain[0] = irq->chain[0];
	chain[1].domain = "INTEL-IR-0";
	chain[1].chip = "INTEL-IR";
	chain[2] = irq->chain[1];
	irq->chain = chain;
	irq->nr_levels = 3;
	*remap = remap_of(irq);
	irq->remap = remap;
	if (irq->msi) {
		irq->msi->address = 0xfee00018 | 17 << 5;
		irq->msi->data = 0;
	}
}

static void remapped(void **state)
{
	struct irqm_snapshot *s = physical(4);
	struct irqm_irq *irq = msi_irq(s);
	unsigned int v = irq->apic->vector;
	struct irqm_remap remap;

	(void)state;
	put_behind_iommu(s, irq, &remap);
	assert_int_equal(check(s, irq).nr, 0);
	remap.table.vector = 99;
	one(s, irq, IRQM_WIRE_REMAP, IRQM_WIRE_TABLE, IRQM_FACT_VECTOR, v, 99);
	/* the table follows the entry: that is where the error is */
	remap.entry.vector = 99;
	one(s, irq, IRQM_WIRE_HW_CFG, IRQM_WIRE_REMAP, IRQM_FACT_VECTOR, v, 99);
	remap = remap_of(irq);
	remap.table.destination = APIC(0);
	one(s, irq, IRQM_WIRE_REMAP, IRQM_WIRE_TABLE, IRQM_FACT_DESTINATION,
	    APIC(1), APIC(0));
	remap.table = (struct irqm_irte){ .known = true };
	one(s, irq, IRQM_WIRE_REMAP, IRQM_WIRE_TABLE, IRQM_FACT_PRESENT, 1, 0);
	/* posted to a vCPU: the guest's vector */
	remap.table = (struct irqm_irte){ .known = true,
					  .present = true,
					  .posted = true,
					  .vector = 200,
					  .destination = IRQM_UNKNOWN };
	assert_int_equal(check(s, irq).nr, 0);
	remap = remap_of(irq);
	irq->msi->address = 0xfee00018 | 18 << 5;
	one(s, irq, IRQM_WIRE_REMAP, IRQM_WIRE_MESSAGE, IRQM_FACT_HANDLE, 17,
	    18);
	irqm_snapshot_free(s);
}

static void pin(void **state)
{
	struct irqm_snapshot *s = physical(4);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, "acpi");
	struct irqm_ioapic io = { .pin = 9, .nr_pins = 1 };
	struct irqm_ioapic_fields f;
	struct irqm_remap remap;
	uint64_t v;

	(void)state;
	snap_alloc(s, 9, 2);
	set_state(irq, active, 2);
	program(irq);
	v = irq->apic->vector;
	irq->ioapic = &io;
	io.entry = v | (uint64_t)APIC(2) << 56 | 1 << 15;
	irqm_ioapic_decode(irq, &f);
	assert_true(f.level && !f.masked && !f.active_low && !f.remapped);
	assert_int_equal(f.destination, APIC(2));
	assert_int_equal(check(s, irq).nr, 0);
	io.entry = (v + 2) | (uint64_t)APIC(2) << 56;
	one(s, irq, IRQM_WIRE_HW_CFG, IRQM_WIRE_IOAPIC, IRQM_FACT_VECTOR, v,
	    v + 2);
	io.entry = v | 1ULL << 49 | (uint64_t)APIC(2) << 56;
	one(s, irq, IRQM_WIRE_HW_CFG, IRQM_WIRE_IOAPIC, IRQM_FACT_DESTINATION,
	    APIC(2), 0x100 + APIC(2));
	put_behind_iommu(s, irq, &remap);
	io.entry = 9 | 1ULL << 48 | 17ULL << 49;
	assert_int_equal(check(s, irq).nr, 0);
	io.entry |= 1 << 11; /* bit 15 of the handle */
	one(s, irq, IRQM_WIRE_REMAP, IRQM_WIRE_IOAPIC, IRQM_FACT_HANDLE, 17,
	    17 + 0x8000);
	irqm_snapshot_free(s);
}

static void destinations(void **state)
{
	struct irqm_snapshot *s = physical(4);

	(void)state;
	assert_int_equal(irqm_cpu_destination(s, 3), 7);
	assert_int_equal(irqm_destination_cpu(s, 7, false), 3);
	assert_int_equal(irqm_destination_cpu(s, 6, false), IRQM_UNKNOWN);
	assert_int_equal(irqm_destination_cpu(s, 7, true), IRQM_UNKNOWN);
	s->dump.apic.dest = IRQM_DEST_FLAT;
	assert_int_equal(irqm_cpu_destination(s, 3), 8);
	assert_int_equal(irqm_destination_cpu(s, 8, true), 3);
	assert_int_equal(irqm_destination_cpu(s, 12, true), IRQM_UNKNOWN);
	assert_int_equal(irqm_destination_cpu(s, 7, false), 3);
	/* x2APIC: cluster 1, second of its 16 */
	s->dump.apic.dest = IRQM_DEST_CLUSTER;
	s->cpus[2].logical_apicid = 0x00010002;
	assert_int_equal(irqm_cpu_destination(s, 2), 0x10002);
	assert_int_equal(irqm_destination_cpu(s, 0x10002, true), 2);
	s->dump.apic.dest = IRQM_DEST_UNKNOWN;
	assert_int_equal(irqm_cpu_destination(s, 2), IRQM_UNKNOWN);
	/* two CPUs of one number: neither */
	s->cpus[0].apicid = 7;
	assert_int_equal(irqm_destination_cpu(s, 7, false), IRQM_UNKNOWN);
	irqm_snapshot_free(s);
}

static void pending(void **state)
{
	struct irqm_snapshot *s = physical(4);
	struct irqm_irq *irq = msi_irq(s);

	(void)state;
	irq->setaffinity_pending = 1;
	irq->pending_mask = snap_cpus(s, "2-3");
	assert_int_equal(irqm_pending_when(s, irq), IRQM_PENDING_NEXT);
	set_state(irq, disabled, 3);
	assert_int_equal(irqm_pending_when(s, irq), IRQM_PENDING_ENABLED);
	set_state(irq, active, 1);
	assert_int_equal(irqm_pending_when(s, irq), IRQM_PENDING_START);
	set_state(irq, active, 2);
	irq->apic->cleanup_pending = 1;
	assert_int_equal(irqm_pending_when(s, irq), IRQM_PENDING_MOVE);
	/* it is there already: nothing has to move */
	irq->pending_mask = snap_cpus(s, "1-3");
	assert_int_equal(irqm_pending_when(s, irq), IRQM_PENDING_NEXT);
	irq->pending_mask = snap_cpus(s, "3");
	s->cpus[3].online = IRQM_UNKNOWN;
	assert_int_equal(irqm_pending_when(s, irq), IRQM_PENDING_UNKNOWN);
	s->cpus[3].online = 0;
	assert_int_equal(irqm_pending_when(s, irq), IRQM_PENDING_DROPPED);
	irqm_snapshot_free(s);
}

static const struct irqm_finding *found(const struct irqm_analysis *a)
{
	unsigned int i;

	for (i = 0; i < a->nr_findings; i++)
		if (strcmp(a->findings[i].kind->code, "msi-message-stale") == 0)
			return &a->findings[i];
	return NULL;
}

static void finding(void **state)
{
	struct irqm_snapshot *s = physical(4);
	const struct irqm_finding *f;
	struct irqm_analysis *a;
	struct irqm_irq *irq;
	unsigned int i;

	(void)state;
	msi_irq(s);
	for (i = 25; i < 29; i++) {
		irq = snap_msi_irq(s, i, 0, "nvme0q2");
		snap_alloc(s, i, 2);
		set_state(irq, active, 2);
		program(irq);
	}
	a = analyse(s);
	assert_null(found(a));
	irqm_analysis_free(a);

	/* the mask alone is another finding's, and so is vector_irq */
	snap_get(s, 24)->effective_affinity = snap_cpus(s, "3");
	s->cpus[1].vector_irq[snap_get(s, 24)->apic->vector].slot =
		IRQM_SLOT_UNUSED;
	set_state(snap_get(s, 25), shut_down, 1);
	snap_get(s, 25)->msi->data = 0;
	a = analyse(s);
	assert_null(found(a));
	irqm_analysis_free(a);

	snap_get(s, 26)->msi->data = 99;
	snap_get(s, 28)->msi->data = 98;
	a = analyse(s);
	f = found(a);
	assert_non_null(f);
	assert_int_equal(f->severity, IRQM_WARNING);
	assert_string_equal(f->text, "2 interrupts are not programmed as the "
				     "kernel computed: IRQ 26 has vector 99 in "
				     "msi_msg, but hw_irq_cfg says 34");
	assert_int_equal(f->data[0].num, 2);
	assert_int_equal(f->data[1].num, 26);
	irqm_analysis_free(a);
	s->dump.live = true;
	a = analyse(s);
	assert_int_equal(found(a)->severity, IRQM_INFO);
	finish(a, s);
}

static void assert_irqaff(const struct irqm_snapshot *s, const char *part)
{
	char *text = rendered_irqaff(s, 24);

	assert_contains(text, part);
	free(text);
}

static void lines(void **state)
{
	struct irqm_snapshot *s = physical(4);
	struct irqm_irq *irq = msi_irq(s);
	struct irqm_remap remap;

	(void)state;
	irq->has_hint = 1;
	irq->affinity_hint = snap_cpus(s, "1-2");
	irq->notify = "irq_cpu_rmap_notify";
	assert_irqaff(
		s,
		"       HINT: 1-2, the driver's hint to irqbalance\n"
		"     NOTIFY: irq_cpu_rmap_notify is called when the affinity changes\n");
	irq->msi->data = 99;
	assert_irqaff(s, "    message: to APIC 3 (CPU 1), vector 99, fixed, "
			 "edge, but hw_irq_cfg has\n"
			 "             vector 33\n");
	put_behind_iommu(s, irq, &remap);
	assert_irqaff(s,
		      "     parent: INTEL-IR-0, chip INTEL-IR, hwirq 0\n"
		      "      entry: 17: to APIC 3 (CPU 1), vector 33, fixed\n"
		      "     parent: VECTOR");
	remap.table.destination = APIC(2);
	assert_irqaff(s,
		      "      entry: 17: to APIC 5 (CPU 2), vector 33, fixed, "
		      "but irte_entry has\n"
		      "             destination 0x3\n"
		      "   composed: to APIC 3 (CPU 1), vector 33, fixed\n");
	remap.table = (struct irqm_irte){ .known = true };
	assert_irqaff(s,
		      "      entry: 17: not present, but should be present\n");
	set_state(irq, shut_down, 1);
	assert_irqaff(s, "      entry: 17: not present, but should be present "
			 "(shut down)\n");
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allocator),      cmocka_unit_test(message),
		cmocka_unit_test(what_is_normal), cmocka_unit_test(moving),
		cmocka_unit_test(remapped),       cmocka_unit_test(pin),
		cmocka_unit_test(destinations),   cmocka_unit_test(pending),
		cmocka_unit_test(finding),        cmocka_unit_test(lines),
	};

	return RUN(tests);
}
