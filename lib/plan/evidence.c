/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which kernel's spread made the masks that are in the dump already. */
#include "plan/spread.h"

#include <stdlib.h>

/* Masks of one way are at most a square of the possible CPUs. */
#define ROOM (64U << 20)

/* A device's managed interrupts in the order of their messages. */
struct queues {
	const struct irqm_irq **irqs;
	unsigned int nr;
};

static int by_index(const void *a, const void *b)
{
	const struct irqm_irq *x = *(const struct irqm_irq *const *)a;
	const struct irqm_irq *y = *(const struct irqm_irq *const *)b;

	if (x->msi->index != y->msi->index)
		return x->msi->index < y->msi->index ? -1 : 1;
	return x->irq < y->irq ? -1 : 1;
}

static bool has_mask(const struct irqm_irq *irq)
{
	return irq->msi && irq->msi->has_affinity && irq->managed == 1 &&
	       irqm_bits_known(&irq->msi->affinity);
}

static void find_queues(const struct irqm_snapshot *s, int device,
			struct queues *q)
{
	unsigned int i;

	q->nr = 0;
	for (i = 0; i < s->nr_irqs; i++) {
		if (s->irqs[i].device == device && has_mask(&s->irqs[i]))
			q->irqs[q->nr++] = &s->irqs[i];
	}
	qsort(q->irqs, q->nr, sizeof(*q->irqs), by_index);
}

static bool same_masks(const struct queues *q, const struct irqm_bits *masks)
{
	unsigned int i;

	for (i = 0; i < q->nr; i++) {
		if (!irqm_bits_equal(&q->irqs[i]->msi->affinity, &masks[i]))
			return false;
	}
	return true;
}

/* 1 or 0, or -1 without memory: that is no evidence of anything. */
static int reproduces(const struct irqm_snapshot *s, const struct queues *q,
		      enum irqm_spread how)
{
	struct irqm_arena *arena = irqm_arena_new(ROOM);
	struct irqm_bits *masks;
	struct irqm_error err;
	int same = 0;

	if (!arena)
		return -1;
	if (q->nr <= s->nr_cpus &&
	    !irqm_spread_masks(arena, s, how, NULL, q->nr, &masks, &err))
		same = same_masks(q, masks);
	else if (irqm_arena_exhausted(arena))
		same = -1;
	irqm_arena_free(arena);
	return same;
}

/* 0, or -1 without memory. */
static int examine_device(const struct irqm_snapshot *s, int device,
			  const struct queues *q,
			  struct irqm_spread_evidence *e)
{
	bool like[IRQM_NR_SPREADS], any = false;
	unsigned int how;
	int same;

	e->devices++;
	for (how = 0; how < IRQM_NR_SPREADS; how++) {
		same = reproduces(s, q, how);
		if (same < 0)
			return -1;
		like[how] = same;
		e->like[how] += like[how];
		any |= like[how];
	}
	if (!any && !e->unlike++)
		e->first_unlike = device;
	for (how = 0; any && how < IRQM_NR_SPREADS; how++)
		e->possible[how] &= like[how];
	return 0;
}

/* Before 5.16 the kernel had no such masks. */
static bool has_clusters(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		if (irqm_bits_known(&s->cpus[i].cluster))
			return true;
	}
	return false;
}

static void admit_all(const struct irqm_snapshot *s,
		      struct irqm_spread_evidence *e)
{
	unsigned int i;

	for (i = 0; i < IRQM_NR_SPREADS; i++)
		e->possible[i] = i != IRQM_SPREAD_CLUSTERS || has_clusters(s);
}

int irqm_spread_examine(const struct irqm_snapshot *s,
			struct irqm_spread_evidence *e)
{
	struct queues q = { .irqs = malloc((s->nr_irqs + (size_t)1) *
					   sizeof(*q.irqs)) };
	unsigned int i;
	int rc = 0;

	*e = (struct irqm_spread_evidence){ .first_unlike = -1 };
	admit_all(s, e);
	if (!q.irqs)
		return -1;
	for (i = 0; i < s->nr_devices && rc == 0; i++) {
		find_queues(s, (int)i, &q);
		if (q.nr)
			rc = examine_device(s, (int)i, &q, e);
	}
	free(q.irqs);
	if (rc)
		return -1;
	/* devices contradict each other: it cannot be told */
	for (i = 0; i < IRQM_NR_SPREADS && !e->possible[i]; i++)
		;
	if (i == IRQM_NR_SPREADS)
		admit_all(s, e);
	return 0;
}
