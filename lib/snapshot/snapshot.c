/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/snapshot.h"

#include <stdlib.h>
#include <string.h>

struct irqm_snapshot *irqm_snapshot_new(void)
{
	struct irqm_arena *arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	struct irqm_snapshot *s;

	if (!arena)
		return NULL;
	s = irqm_arena_alloc(arena, 1, sizeof(*s));
	if (!s) {
		irqm_arena_free(arena);
		return NULL;
	}
	s->arena = arena;
	s->dump.crash_time = IRQM_UNKNOWN;
	s->dump.uptime = IRQM_UNKNOWN;
	s->dump.memory = IRQM_UNKNOWN;
	s->dump.apic.logical = IRQM_UNKNOWN;
	s->dump.pic_irqs = IRQM_UNKNOWN;
	s->vector_domain.revmap_size = IRQM_UNKNOWN;
	s->vector_domain.mapcount = IRQM_UNKNOWN;
	s->vector_domain.flags = IRQM_UNKNOWN;
	s->matrix.matrix_bits = IRQM_UNKNOWN;
	s->matrix.alloc_start = IRQM_UNKNOWN;
	s->matrix.alloc_end = IRQM_UNKNOWN;
	s->matrix.alloc_size = IRQM_UNKNOWN;
	s->matrix.global_available = IRQM_UNKNOWN;
	s->matrix.global_reserved = IRQM_UNKNOWN;
	s->matrix.systembits_inalloc = IRQM_UNKNOWN;
	s->matrix.total_allocated = IRQM_UNKNOWN;
	s->matrix.online_maps = IRQM_UNKNOWN;
	return s;
}

void irqm_snapshot_free(struct irqm_snapshot *s)
{
	if (!s)
		return;
	irqm_snapshot_free(s->other);
	irqm_arena_free(s->arena);
}

static int compare_irq(const void *key, const void *element)
{
	unsigned int irq = *(const unsigned int *)key;
	const struct irqm_irq *i = element;

	return irq < i->irq ? -1 : irq > i->irq;
}

const struct irqm_irq *irqm_find_irq(const struct irqm_snapshot *s,
				     unsigned int irq)
{
	if (!s->nr_irqs)
		return NULL;
	return bsearch(&irq, s->irqs, s->nr_irqs, sizeof(*s->irqs),
		       compare_irq);
}

static int compare_cpu(const void *key, const void *element)
{
	unsigned int cpu = *(const unsigned int *)key;
	const struct irqm_cpu *c = element;

	return cpu < c->cpu ? -1 : cpu > c->cpu;
}

const struct irqm_cpu *irqm_find_cpu(const struct irqm_snapshot *s,
				     unsigned int cpu)
{
	if (!s->nr_cpus)
		return NULL;
	return bsearch(&cpu, s->cpus, s->nr_cpus, sizeof(*s->cpus),
		       compare_cpu);
}

bool irqm_has_state(const struct irqm_irq *irq, const char *name)
{
	unsigned int i;

	for (i = 0; i < irq->nr_state_flags; i++) {
		if (strcmp(irq->state_flags[i], name) == 0)
			return true;
	}
	return false;
}
