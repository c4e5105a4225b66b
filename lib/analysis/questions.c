/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions about one CPU or interrupt that several analyses ask. */
#include "analysis/internal.h"

irqm_num irqm_has_apic(const struct irqm_irq *irq)
{
	unsigned int i;

	if (irq->apic)
		return 1;
	/* Only the level of the vector domain has apic_chip_data: Xen's and
	 * VMD's interrupts end in other domains, with other data. */
	for (i = 0; i < irq->nr_levels; i++)
		if (irq->chain[i].vector_domain)
			return irq->chain[i].chip_data ? IRQM_UNKNOWN : 0;
	/* the irq_desc embeds the first level, so one without levels is
	 * broken */
	if (irq->chain_cut || irq->vector_domain_unknown ||
	    irq->nr_levels == 0 || irq->in_vector_domain)
		return IRQM_UNKNOWN;
	return 0;
}

bool irqm_online_init(struct irqm_online *o, struct irqm_arena *arena,
		      const struct irqm_snapshot *s)
{
	unsigned int i, nbits = 0;

	for (i = 0; i < s->nr_cpus; i++)
		if (s->cpus[i].cpu >= nbits && s->cpus[i].cpu != UINT32_MAX)
			nbits = s->cpus[i].cpu + 1;
	o->any_cpu = s->nr_cpus != 0;
	o->yes = irqm_bits_new(arena, nbits);
	o->unknown = irqm_bits_new(arena, nbits);
	if (!irqm_bits_known(&o->yes) || !irqm_bits_known(&o->unknown))
		return false;
	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].online == 1)
			irqm_bits_set(&o->yes, s->cpus[i].cpu);
		else if (s->cpus[i].online == IRQM_UNKNOWN)
			irqm_bits_set(&o->unknown, s->cpus[i].cpu);
	}
	return true;
}

irqm_num irqm_is_online(const struct irqm_online *o, unsigned int cpu)
{
	if (!o->any_cpu || irqm_bits_test(&o->unknown, cpu))
		return IRQM_UNKNOWN;
	return irqm_bits_test(&o->yes, cpu);
}
