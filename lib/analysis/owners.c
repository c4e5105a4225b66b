/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who has a vector of one CPU. */
#include "analysis/internal.h"

static irqm_num test(const struct irqm_bits *b, unsigned int n)
{
	return irqm_bits_known(b) ? irqm_bits_test(b, n) : IRQM_UNKNOWN;
}

bool irqm_irqs_uncertain(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++)
		if (irqm_has_apic(&s->irqs[i]) == IRQM_UNKNOWN)
			return true;
	return !s->irqs_known;
}

/* What the IRQs themselves say: apic_chip_data. */
static void claim(const struct irqm_snapshot *s, unsigned int cpu,
		  struct irqm_vector_owner *owners)
{
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_apic *apic = s->irqs[i].apic;

		if (!apic)
			continue;
		if (apic->vector && apic->vector < IRQM_NR_VECTORS &&
		    apic->cpu == cpu) {
			owners[apic->vector].owner = IRQM_OWNER_IRQ;
			owners[apic->vector].irq = i;
		}
		/* a vector in use wins over one that is being left */
		if (apic->prev_vector && apic->prev_vector < IRQM_NR_VECTORS &&
		    apic->prev_cpu == cpu &&
		    owners[apic->prev_vector].owner != IRQM_OWNER_IRQ) {
			owners[apic->prev_vector].owner = IRQM_OWNER_PREVIOUS;
			owners[apic->prev_vector].irq = i;
		}
	}
}

/*
 * An interrupt of the PIC: vector_irq has it on every CPU, the vector domain
 * does not know it. The cascade, IRQ 2, is always one where there is a PIC.
 */
static int legacy_irq(const struct irqm_snapshot *s,
		      const struct irqm_vector_irq *slot)
{
	const struct irqm_irq *irq;

	if (slot->slot != IRQM_SLOT_IRQ)
		return -1;
	irq = irqm_find_irq(s, slot->irq);
	return irq && irqm_has_apic(irq) == 0 ? irq - s->irqs : -1;
}

/* What the bitmaps say of a vector that no IRQ explains. */
static enum irqm_owner by_bitmaps(const struct irqm_snapshot *s,
				  const struct irqm_cpu *cpu, unsigned int v,
				  bool uncertain)
{
	const struct irqm_matrix *m = &s->matrix;
	irqm_num allocated = test(&cpu->alloc_map, v);
	irqm_num managed = test(&cpu->managed_map, v);
	irqm_num system = test(&m->system_map, v);

	if (system == 1)
		return IRQM_OWNER_SYSTEM;
	if (allocated == 1)
		return uncertain || system == IRQM_UNKNOWN
			       ? IRQM_OWNER_UNKNOWN : IRQM_OWNER_NOBODY;
	if (allocated == IRQM_UNKNOWN)
		return IRQM_OWNER_UNKNOWN;
	if (managed == 1)
		return IRQM_OWNER_MANAGED_IDLE;
	if (managed == IRQM_UNKNOWN || system == IRQM_UNKNOWN ||
	    m->alloc_start == IRQM_UNKNOWN || m->alloc_end == IRQM_UNKNOWN)
		return IRQM_OWNER_UNKNOWN;
	if (v < m->alloc_start || v >= m->alloc_end)
		return IRQM_OWNER_OUTSIDE;
	return IRQM_OWNER_FREE;
}

void irqm_vector_owners(const struct irqm_snapshot *s, unsigned int cpu_index,
			struct irqm_vector_owner *owners)
{
	const struct irqm_cpu *cpu = &s->cpus[cpu_index];
	bool uncertain = irqm_irqs_uncertain(s);
	unsigned int v;

	for (v = 0; v < IRQM_NR_VECTORS; v++)
		owners[v] = (struct irqm_vector_owner){ .irq = -1 };
	claim(s, cpu->cpu, owners);

	for (v = 0; v < IRQM_NR_VECTORS; v++) {
		struct irqm_vector_owner *o = &owners[v];

		o->managed = irqm_bits_test(&cpu->managed_map, v);
		if (cpu->vector_irq)
			o->slot = cpu->vector_irq[v].slot;
		if (o->owner != IRQM_OWNER_UNKNOWN)
			continue;
		if (cpu->vector_irq)
			o->irq = legacy_irq(s, &cpu->vector_irq[v]);
		o->owner = o->irq >= 0 ? IRQM_OWNER_LEGACY
				       : by_bitmaps(s, cpu, v, uncertain);
	}
}

unsigned int irqm_managed_idle_irqs(const struct irqm_snapshot *s,
				    unsigned int cpu_index,
				    unsigned int *irqs, unsigned int max)
{
	unsigned int cpu = s->cpus[cpu_index].cpu, i, nr = 0;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];
		const struct irqm_apic *apic = irq->apic;

		if (irq->managed != 1 || !apic ||
		    !irqm_bits_test(&irq->affinity, cpu) ||
		    (apic->vector && apic->cpu == cpu) ||
		    (apic->prev_vector && apic->prev_cpu == cpu))
			continue;
		if (nr < max)
			irqs[nr] = i;
		nr++;
	}
	return nr;
}
