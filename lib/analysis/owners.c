/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the owner of each vector of a CPU. */
#include "analysis/internal.h"

#include <stdlib.h>

static irqm_num test_known(const struct irqm_bits *b, unsigned int n)
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

/* Returns the index of a CPU, or nr_cpus if there is no CPU with this
 * number. */
static unsigned int cpu_index_of(const struct irqm_snapshot *s,
				 unsigned int number)
{
	const struct irqm_cpu *cpu = irqm_find_cpu(s, number);

	return cpu ? cpu - s->cpus : s->nr_cpus;
}

/* Returns the CPUs on which an IRQ has a vector or a previous vector, each
 * once. */
static unsigned int cpus_of(const struct irqm_snapshot *s,
			    const struct irqm_irq *irq, unsigned int ret[2])
{
	const struct irqm_apic *apic = irq->apic;
	unsigned int nr = 0;

	if (apic && apic->vector)
		ret[nr++] = cpu_index_of(s, apic->cpu);
	if (apic && apic->prev_vector && !(nr && apic->prev_cpu == apic->cpu))
		ret[nr++] = cpu_index_of(s, apic->prev_cpu);
	return nr;
}

/*
 * A counting sort by CPU: counts the IRQs of each CPU, computes where each
 * CPU's part ends, and fills the parts from the back. IRQs stay sorted. IRQs
 * that name no CPU of the snapshot come last.
 */
int irqm_claims_init(struct irqm_claims *c, const struct irqm_snapshot *s)
{
	unsigned int i, nr, cpus[2];

	c->snapshot = s;
	c->uncertain = irqm_irqs_uncertain(s);
	c->begin = calloc((size_t)s->nr_cpus + 1, sizeof(*c->begin));
	c->irqs = calloc((size_t)s->nr_irqs + 1, 2 * sizeof(*c->irqs));
	if (!c->begin || !c->irqs) {
		irqm_claims_deinit(c);
		return -1;
	}
	for (i = 0; i < s->nr_irqs; i++)
		for (nr = cpus_of(s, &s->irqs[i], cpus); nr--;)
			c->begin[cpus[nr]]++;
	for (i = 1; i <= s->nr_cpus; i++)
		c->begin[i] += c->begin[i - 1];
	for (i = s->nr_irqs; i--;)
		for (nr = cpus_of(s, &s->irqs[i], cpus); nr--;)
			c->irqs[--c->begin[cpus[nr]]] = i;
	return 0;
}

void irqm_claims_deinit(struct irqm_claims *c)
{
	free(c->begin);
	free(c->irqs);
	*c = (struct irqm_claims){ 0 };
}

/* Sets the owners from the IRQs' own apic_chip_data. */
static void claim_vectors(const struct irqm_claims *c, unsigned int cpu_index,
			  struct irqm_vector_owner *owners)
{
	const struct irqm_snapshot *s = c->snapshot;
	unsigned int cpu = s->cpus[cpu_index].cpu, i;

	for (i = c->begin[cpu_index]; i < c->begin[cpu_index + 1]; i++) {
		const struct irqm_apic *apic = s->irqs[c->irqs[i]].apic;

		if (apic->vector && apic->vector < IRQM_NR_VECTORS &&
		    apic->cpu == cpu) {
			owners[apic->vector].owner = IRQM_OWNER_IRQ;
			owners[apic->vector].irq = c->irqs[i];
		}
		/* a vector in use takes precedence over a previous vector */
		if (apic->prev_vector && apic->prev_vector < IRQM_NR_VECTORS &&
		    apic->prev_cpu == cpu &&
		    owners[apic->prev_vector].owner != IRQM_OWNER_IRQ) {
			owners[apic->prev_vector].owner = IRQM_OWNER_PREVIOUS;
			owners[apic->prev_vector].irq = c->irqs[i];
		}
	}
}

/*
 * Returns an interrupt of the PIC: vector_irq has it on every CPU, and the
 * vector domain does not know it. If there is a PIC, the cascade, IRQ 2, is
 * always one.
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

/* ISA_IRQ_VECTOR(), arch/x86/include/asm/irq_vectors.h, for IRQs 0 to 15. */
static bool is_isa(unsigned int v)
{
	return v >= 0x30 && v < 0x40;
}

/*
 * Returns the owner of a vector that no IRQ explains, by the bitmaps.
 * uncertain: an unread IRQ might explain it. The bits of legacy interrupts are
 * in system_map.
 */
static enum irqm_owner by_bitmaps(const struct irqm_snapshot *s,
				  const struct irqm_cpu *cpu, unsigned int v,
				  bool uncertain)
{
	const struct irqm_matrix *m = &s->matrix;
	irqm_num allocated = test_known(&cpu->alloc_map, v);
	irqm_num managed = test_known(&cpu->managed_map, v);
	irqm_num system = test_known(&m->system_map, v);

	if (system == 1)
		return uncertain && is_isa(v) ? IRQM_OWNER_UNKNOWN :
						IRQM_OWNER_SYSTEM;
	if (allocated == 1)
		return uncertain || system == IRQM_UNKNOWN ?
			       IRQM_OWNER_UNKNOWN :
			       IRQM_OWNER_NOBODY;
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

void irqm_vector_owners(const struct irqm_claims *c, unsigned int cpu_index,
			struct irqm_vector_owner *owners)
{
	const struct irqm_snapshot *s = c->snapshot;
	const struct irqm_cpu *cpu = &s->cpus[cpu_index];
	unsigned int v;

	for (v = 0; v < IRQM_NR_VECTORS; v++)
		owners[v] = (struct irqm_vector_owner){ .irq = -1 };
	claim_vectors(c, cpu_index, owners);

	for (v = 0; v < IRQM_NR_VECTORS; v++) {
		struct irqm_vector_owner *o = &owners[v];

		o->managed = test_known(&cpu->managed_map, v);
		if (cpu->vector_irq)
			o->slot = cpu->vector_irq[v].slot;
		if (o->owner != IRQM_OWNER_UNKNOWN)
			continue;
		if (cpu->vector_irq)
			o->irq = legacy_irq(s, &cpu->vector_irq[v]);
		o->owner = o->irq >= 0 ?
				   IRQM_OWNER_LEGACY :
				   by_bitmaps(s, cpu, v,
					      c->uncertain || !cpu->vector_irq);
	}
}

enum irqm_use irqm_vector_use(const struct irqm_vector_owner *o)
{
	switch (o->owner) {
	case IRQM_OWNER_FREE:
		return IRQM_USE_FREE;
	case IRQM_OWNER_OUTSIDE:
		return IRQM_USE_OUTSIDE;
	case IRQM_OWNER_SYSTEM:
		return IRQM_USE_SYSTEM;
	case IRQM_OWNER_IRQ:
		if (o->managed == IRQM_UNKNOWN)
			return IRQM_USE_UNKNOWN;
		return o->managed ? IRQM_USE_MANAGED : IRQM_USE_UNMANAGED;
	case IRQM_OWNER_PREVIOUS:
		return IRQM_USE_PREVIOUS;
	case IRQM_OWNER_MANAGED_IDLE:
		return IRQM_USE_MANAGED_IDLE;
	case IRQM_OWNER_LEGACY:
		return IRQM_USE_LEGACY;
	case IRQM_OWNER_NOBODY:
		return IRQM_USE_NOBODY;
	default:
		return IRQM_USE_UNKNOWN;
	}
}

const char *irqm_use_name(enum irqm_use use)
{
	static const char *const names[IRQM_NR_USES] = {
		[IRQM_USE_SYSTEM] = "system",
		[IRQM_USE_LEGACY] = "legacy",
		[IRQM_USE_UNMANAGED] = "unmanaged",
		[IRQM_USE_MANAGED] = "managed_in_use",
		[IRQM_USE_PREVIOUS] = "previous",
		[IRQM_USE_MANAGED_IDLE] = "managed_idle",
		[IRQM_USE_NOBODY] = "nobody",
		[IRQM_USE_FREE] = "free",
		[IRQM_USE_OUTSIDE] = "outside",
		[IRQM_USE_UNKNOWN] = "unknown",
	};

	return names[use];
}

unsigned int irqm_managed_idle_irqs(const struct irqm_snapshot *s,
				    unsigned int cpu_index, unsigned int *irqs,
				    unsigned int max)
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

bool irqm_managed_idle_cut(const struct irqm_snapshot *s)
{
	unsigned int i;

	if (!s->irqs_known)
		return true;
	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		if (irq->managed == IRQM_UNKNOWN ||
		    (irq->managed == 1 && (!irq->affinity.words ||
					   irqm_has_apic(irq) == IRQM_UNKNOWN)))
			return true;
	}
	return false;
}
