/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the vectors of a running machine that changed while the rest was
 * read. */
#include "snapshot/stages.h"

#include <string.h>

static bool same_matrix(const struct irqm_matrix *a,
			const struct irqm_matrix *b)
{
	return a->addr == b->addr &&
	       a->global_available == b->global_available &&
	       a->global_reserved == b->global_reserved &&
	       a->total_allocated == b->total_allocated &&
	       a->online_maps == b->online_maps;
}

static bool same_slots(const struct irqm_cpu *a, const struct irqm_cpu *b)
{
	unsigned int v;

	if (!a->vector_irq || !b->vector_irq)
		return a->vector_irq == b->vector_irq;
	for (v = 0; v < IRQM_NR_VECTORS; v++)
		if (a->vector_irq[v].value != b->vector_irq[v].value)
			return false;
	return true;
}

static bool same_cpu(const struct irqm_cpu *a, const struct irqm_cpu *b)
{
	return a->online == b->online && a->initialized == b->initialized &&
	       a->available == b->available && a->allocated == b->allocated &&
	       a->managed == b->managed &&
	       a->managed_allocated == b->managed_allocated &&
	       irqm_bits_equal(&a->alloc_map, &b->alloc_map) &&
	       irqm_bits_equal(&a->managed_map, &b->managed_map) &&
	       same_slots(a, b);
}

/* The matrix changes with each vector that is allocated, freed or moved, and
 * with each CPU that comes or goes. */
unsigned int irqm_read_changes(struct reader *r)
{
	struct irqm_snapshot *s = r->s, again = *s;
	struct reader second = *r;
	unsigned int i, nr = 0;

	again.unread = NULL;
	again.nr_unread = again.unread_dropped = 0;
	again.matrix = (struct irqm_matrix){ 0 };
	second.s = &again;
	irqm_list_cpus(&second);
	irqm_read_cpumaps(&second);
	irqm_read_vector_irqs(&second);
	r->no_memory |= second.no_memory;
	if (r->no_memory)
		return 0;
	if (!same_matrix(&s->matrix, &again.matrix)) {
		irqm_reader_note(r, IRQM_UNSTABLE, s->matrix.addr,
				 "irq_matrix at vector_matrix");
		nr++;
	}
	for (i = 0; i < s->nr_cpus; i++) {
		if (same_cpu(&s->cpus[i], &again.cpus[i]))
			continue;
		irqm_reader_note(r, IRQM_UNSTABLE, 0, "vectors of CPU %u",
				 s->cpus[i].cpu);
		nr++;
	}
	return nr;
}
