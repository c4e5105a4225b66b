/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose each vector of a CPU is. */
#include "unit.h"
#include "snap.h"

static void test_owners(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	struct irqm_vector_owner o[IRQM_NR_VECTORS];
	unsigned int v, prev, idle;

	(void)state;
	snap_irq(s, 2, NULL); /* the cascade */
	for (unsigned int cpu = 0; cpu < 2; cpu++)
		s->cpus[cpu].vector_irq[50] =
			(struct irqm_vector_irq){ IRQM_SLOT_IRQ, 2,
						  SNAP_DESC(2) };
	snap_ioapic_irq(s, 9, "acpi");
	prev = snap_alloc(s, 9, 0);
	snap_move(s, 9, 1);
	snap_ioapic_irq(s, 24, "q");
	snap_managed(s, 24, "0-1");
	v = snap_start(s, 24, 1);
	idle = irqm_bits_next(&s->cpus[0].managed_map, 0);
	s->cpus[0].vector_irq[200].slot = IRQM_SLOT_SHUTDOWN;

	snap_owners(s, 0, o);
	assert_int_equal(o[0].owner, IRQM_OWNER_SYSTEM);
	assert_int_equal(o[255].owner, IRQM_OWNER_SYSTEM);
	assert_int_equal(o[32].owner, IRQM_OWNER_SYSTEM);
	assert_int_equal(o[31].owner, IRQM_OWNER_OUTSIDE);
	assert_int_equal(o[33].owner, IRQM_OWNER_PREVIOUS);
	assert_int_equal(prev, 33);
	assert_int_equal(o[33].irq, 1);
	assert_int_equal(idle, 34);
	assert_int_equal(o[34].owner, IRQM_OWNER_MANAGED_IDLE);
	assert_int_equal(o[34].managed, 1);
	assert_int_equal(o[34].irq, -1);
	assert_int_equal(o[50].owner, IRQM_OWNER_LEGACY);
	assert_int_equal(o[50].irq, 0);
	assert_int_equal(o[200].owner, IRQM_OWNER_FREE);
	assert_int_equal(o[200].slot, IRQM_SLOT_SHUTDOWN);
	assert_int_equal(o[235].owner, IRQM_OWNER_FREE);

	snap_owners(s, 1, o);
	assert_int_equal(v, 34);
	assert_int_equal(o[33].owner, IRQM_OWNER_IRQ);
	assert_int_equal(o[34].owner, IRQM_OWNER_IRQ);
	assert_int_equal(o[34].irq, 2);
	assert_int_equal(o[34].managed, 1);
	assert_int_equal(o[33].managed, 0);

	/* one is there, another claims to be leaving: the first has it */
	snap_get(s, 24)->apic->prev_vector = 33;
	snap_get(s, 24)->apic->prev_cpu = 1;
	snap_owners(s, 1, o);
	assert_int_equal(o[33].owner, IRQM_OWNER_IRQ);
	assert_int_equal(o[33].irq, 1);
	irqm_snapshot_free(s);
}

static void test_owners_unknown(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	struct irqm_vector_owner o[IRQM_NR_VECTORS];

	(void)state;
	snap_ioapic_irq(s, 9, "acpi");
	snap_alloc(s, 9, 0);
	s->cpus[0].managed_map.words = NULL;
	s->cpus[0].vector_irq = NULL;
	snap_owners(s, 0, o);
	assert_int_equal(o[33].owner, IRQM_OWNER_IRQ);
	assert_int_equal(o[34].owner, IRQM_OWNER_UNKNOWN);
	assert_int_equal(o[236].owner, IRQM_OWNER_SYSTEM);
	assert_int_equal(o[34].slot, IRQM_SLOT_UNKNOWN);
	assert_true(o[33].managed == IRQM_UNKNOWN);
	assert_int_equal(irqm_vector_use(&o[33]), IRQM_USE_UNKNOWN);
	s->cpus[0].alloc_map.words = NULL;
	s->matrix.system_map.words = NULL;
	snap_owners(s, 0, o);
	assert_int_equal(o[33].owner, IRQM_OWNER_IRQ);
	assert_int_equal(o[236].owner, IRQM_OWNER_UNKNOWN);
	irqm_snapshot_free(s);
}

/* Only vector_irq tells the PIC's interrupts from the system's vectors. */
static void test_without_vector_irq(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	struct irqm_vector_owner o[IRQM_NR_VECTORS];

	(void)state;
	snap_irq(s, 2, NULL);
	irqm_bits_set(&s->matrix.system_map, 50);
	irqm_bits_set(&s->cpus[0].alloc_map, 60);
	s->cpus[0].vector_irq[50] =
		(struct irqm_vector_irq){ IRQM_SLOT_IRQ, 2, SNAP_DESC(2) };
	snap_owners(s, 0, o);
	assert_int_equal(o[50].owner, IRQM_OWNER_LEGACY);
	assert_int_equal(o[60].owner, IRQM_OWNER_NOBODY);
	s->cpus[0].vector_irq = NULL;
	/* ISA_IRQ_VECTOR(15) is the last one */
	irqm_bits_set(&s->matrix.system_map, 0x3f);
	irqm_bits_set(&s->matrix.system_map, 0x40);
	/* alloc_end, as if nobody had it */
	s->matrix.system_map.words[236 / 64] &= ~(1ULL << (236 % 64));
	snap_owners(s, 0, o);
	assert_int_equal(o[0x3f].owner, IRQM_OWNER_UNKNOWN);
	assert_int_equal(o[0x40].owner, IRQM_OWNER_SYSTEM);
	assert_int_equal(o[235].owner, IRQM_OWNER_FREE);
	assert_int_equal(o[236].owner, IRQM_OWNER_OUTSIDE);
	assert_int_equal(o[50].owner, IRQM_OWNER_UNKNOWN);
	assert_int_equal(o[60].owner, IRQM_OWNER_UNKNOWN);
	assert_int_equal(o[34].owner, IRQM_OWNER_FREE);
	assert_int_equal(o[128].owner,
			 irqm_bits_test(&s->matrix.system_map, 128) ?
				 IRQM_OWNER_SYSTEM :
				 IRQM_OWNER_FREE);
	assert_int_equal(o[237].owner, IRQM_OWNER_SYSTEM);
	irqm_snapshot_free(s);
}

/* Each CPU has its own IRQs' claims, and none that names a CPU that is not. */
static void test_claims(void **state)
{
	struct irqm_snapshot *s = snap_new(3);
	struct irqm_vector_owner o[IRQM_NR_VECTORS];
	struct irqm_claims c;
	unsigned int v;

	(void)state;
	for (unsigned int irq = 24; irq < 30; irq++) {
		snap_ioapic_irq(s, irq, "q");
		snap_alloc(s, irq, irq % 3);
	}
	snap_move(s, 25, 2);
	snap_get(s, 27)->apic->cpu = 3; /* there is none */
	snap_get(s, 29)->apic->prev_cpu = ~0U;
	snap_get(s, 29)->apic->prev_vector = 40;
	snap_get(s, 26)->apic->prev_cpu = 2; /* the CPU that it is on */
	snap_get(s, 26)->apic->prev_vector = 41;
	snap_get(s, 28)->apic->vector = 1000;
	assert_int_equal(irqm_claims_init(&c, s), 0);
	irqm_vector_owners(&c, 0, o);
	assert_int_equal(o[33].irq, 0);
	assert_int_equal(o[34].owner, IRQM_OWNER_NOBODY); /* 27's bit */
	for (v = 35; v < 50; v++)
		assert_int_equal(o[v].owner, IRQM_OWNER_FREE);
	irqm_vector_owners(&c, 1, o);
	assert_int_equal(o[33].owner, IRQM_OWNER_PREVIOUS);
	assert_int_equal(o[33].irq, 1);
	assert_int_equal(o[34].owner, IRQM_OWNER_NOBODY); /* 28's */
	irqm_vector_owners(&c, 2, o);
	assert_int_equal(o[33].irq, 2);
	assert_int_equal(o[34].irq, 5);
	assert_int_equal(o[35].irq, 1);
	assert_int_equal(o[41].owner, IRQM_OWNER_PREVIOUS);
	assert_int_equal(o[41].irq, 2);
	assert_int_equal(o[40].owner, IRQM_OWNER_FREE);
	irqm_claims_deinit(&c);
	irqm_snapshot_free(s);
}

static void test_use(void **state)
{
	struct irqm_vector_owner o = { .owner = IRQM_OWNER_IRQ };

	(void)state;
	assert_string_equal(irqm_use_name(irqm_vector_use(&o)), "unmanaged");
	o.managed = true;
	assert_string_equal(irqm_use_name(irqm_vector_use(&o)),
			    "managed_in_use");
	o.owner = IRQM_OWNER_PREVIOUS;
	assert_string_equal(irqm_use_name(irqm_vector_use(&o)), "previous");
	o.owner = IRQM_OWNER_NOBODY;
	assert_string_equal(irqm_use_name(irqm_vector_use(&o)), "nobody");
	o.owner = IRQM_OWNER_UNKNOWN;
	assert_string_equal(irqm_use_name(irqm_vector_use(&o)), "unknown");
}

static void test_managed_idle_irqs(void **state)
{
	struct irqm_snapshot *s = snap_new(3);
	unsigned int irqs[2];

	(void)state;
	for (unsigned int irq = 24; irq < 28; irq++) {
		snap_ioapic_irq(s, irq, "q");
		snap_managed(s, irq, irq == 27 ? "0-1" : "0-2");
	}
	snap_start(s, 24, 0);
	snap_start(s, 25, 1);
	snap_move(s, 25, 2);
	/* CPU 1: 24, 26, 27; not 25, which is just leaving it */
	assert_int_equal(irqm_managed_idle_irqs(s, 1, irqs, 2), 3);
	assert_int_equal(irqs[0], 0);
	assert_int_equal(irqs[1], 2);
	assert_int_equal(irqm_managed_idle_irqs(s, 2, irqs, 2), 2);
	assert_int_equal(irqm_managed_idle_irqs(s, 0, irqs, 0), 3);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_owners_unknown),
		cmocka_unit_test(test_without_vector_irq),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_use),
		cmocka_unit_test(test_managed_idle_irqs),
	};

	return RUN(tests);
}
