/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/snapshot.h"

#include <stdlib.h>

struct irqm_snapshot *irqm_snapshot_new(void)
{
	struct irqm_snapshot *s = calloc(1, sizeof(*s));
	struct irqm_matrix *m;

	if (!s)
		return NULL;
	s->arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	if (!s->arena) {
		free(s);
		return NULL;
	}
	s->dump.crash_time = IRQM_UNKNOWN;
	m = &s->matrix;
	m->matrix_bits = m->alloc_start = m->alloc_end = IRQM_UNKNOWN;
	m->alloc_size = m->systembits_inalloc = IRQM_UNKNOWN;
	m->global_available = m->global_reserved = IRQM_UNKNOWN;
	m->total_allocated = m->online_maps = IRQM_UNKNOWN;
	return s;
}

void irqm_snapshot_free(struct irqm_snapshot *s)
{
	if (!s)
		return;
	irqm_arena_free(s->arena);
	free(s);
}

const struct irqm_irq *irqm_find_irq(const struct irqm_snapshot *s,
				     unsigned int irq)
{
	unsigned int low = 0, high = s->nr_irqs;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (s->irqs[mid].irq == irq)
			return &s->irqs[mid];
		if (s->irqs[mid].irq < irq)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct irqm_cpu *irqm_find_cpu(const struct irqm_snapshot *s,
				     unsigned int cpu)
{
	unsigned int low = 0, high = s->nr_cpus;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (s->cpus[mid].cpu == cpu)
			return &s->cpus[mid];
		if (s->cpus[mid].cpu < cpu)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}
