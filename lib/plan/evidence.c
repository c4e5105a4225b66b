/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds out which kernel's spread made the masks in the dump. */
#include "plan/spread.h"

#include <stdlib.h>
#include <string.h>

/* The masks of one spread take at most the square of the possible CPUs. */
#define ROOM (64U << 20)
/* The most vectors that a driver has before those of its queues. */
#define MAX_PRE 16

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

/*
 * The masks that each spread made last. A machine has many devices with equally
 * many queues, and a spread takes time with the square of the CPUs: each CPU has
 * a mask of its siblings.
 */
struct spreads {
	const struct irqm_snapshot *s;
	struct made {
		struct irqm_arena *arena;
		unsigned int nr;         /* masks */
		struct irqm_bits *masks; /* NULL: the spread makes none */
	} made[IRQM_NR_SPREADS];
};

static void forget_spread(struct made *m)
{
	irqm_arena_free(m->arena);
	*m = (struct made){ 0 };
}

/* Sets m->masks. Returns false if out of memory. */
static bool make_masks(const struct irqm_snapshot *s, enum irqm_spread how,
		       unsigned int nr, struct made *m)
{
	struct irqm_error err;

	if (m->arena && m->nr == nr)
		return true;
	forget_spread(m);
	m->arena = irqm_arena_new(ROOM);
	m->nr = nr;
	if (!m->arena)
		return false;
	if (nr > s->nr_cpus ||
	    !irqm_spread_masks(m->arena, s, how, NULL, nr, &m->masks, &err))
		return true;
	m->masks = NULL;
	if (!irqm_arena_exhausted(m->arena))
		return true;
	forget_spread(m);
	return false;
}

/* Tries one set of queues. Returns 1 or 0, or -1 if out of memory, which is no
 * evidence. */
static int test_queues(struct spreads *spreads, const struct queues *q,
		       enum irqm_spread how)
{
	struct made *m = &spreads->made[how];

	if (!make_masks(spreads->s, how, q->nr, m))
		return -1;
	return m->masks && same_masks(q, m->masks);
}

/* Returns the size of the first set of queues, which ends when its masks cover
 * all possible CPUs. Returns -1 if out of memory. */
static int first_set(const struct irqm_snapshot *s, const struct queues *q)
{
	struct irqm_arena *arena = irqm_arena_new(ROOM);
	unsigned int all = irqm_bits_weight(&s->dump.possible), i;
	struct irqm_bits seen = { 0 };

	if (arena)
		seen = irqm_bits_new(arena, s->dump.nr_cpu_ids);
	for (i = 0; seen.words && i < q->nr; i++) {
		irqm_bits_or(&seen, &q->irqs[i]->msi->affinity);
		if (irqm_bits_weight_and(&seen, &s->dump.possible) == all)
			break;
	}
	irqm_arena_free(arena);
	if (!seen.words)
		return -1;
	return (int)(i < q->nr ? i + 1 : q->nr);
}

int irqm_spread_first_set(const struct irqm_snapshot *s, int device,
			  unsigned int *ret)
{
	struct queues q = { .irqs = malloc((s->nr_irqs + (size_t)1) *
					   sizeof(*q.irqs)) };
	int first = -1;

	if (q.irqs) {
		find_queues(s, device, &q);
		first = first_set(s, &q);
	}
	free(q.irqs);
	*ret = first > 0 && (unsigned int)first < q.nr ? first : 0;
	return first < 0 ? -1 : 0;
}

/* Each set of a driver's queues is spread over all CPUs: with
 * nvme.write_queues, nvme has one set for writing and one for reading. */
static int reproduces_sets(struct spreads *spreads, struct queues q,
			   enum irqm_spread how)
{
	struct queues set = q;
	int rc = 1;

	while (q.nr && rc == 1) {
		rc = first_set(spreads->s, &q);
		if (rc < 0)
			return -1;
		set.irqs = q.irqs;
		set.nr = (unsigned int)rc;
		q.irqs += set.nr;
		q.nr -= set.nr;
		rc = test_queues(spreads, &set, how);
	}
	return rc;
}

/* If the vectors before the queues' are managed too, they all have the same
 * mask, and nothing tells how many there are. So tries each number. */
static int reproduces_behind_pre(struct spreads *spreads, struct queues q,
				 enum irqm_spread how)
{
	const struct irqm_bits *pre = &q.irqs[0]->msi->affinity;
	unsigned int n;
	int rc = 0;

	for (n = 0; rc == 0 && q.nr && n <= MAX_PRE; n++, q.irqs++, q.nr--) {
		rc = test_queues(spreads, &q, how);
		if (!irqm_bits_equal(&q.irqs[0]->msi->affinity, pre))
			break;
	}
	return rc;
}

/* Returns 0, or -1 if out of memory. */
static int examine_device(struct spreads *spreads, int device,
			  const struct queues *q,
			  struct irqm_spread_evidence *e)
{
	bool like[IRQM_NR_SPREADS], any = false;
	unsigned int how;
	int same;

	e->devices++;
	for (how = 0; how < IRQM_NR_SPREADS; how++) {
		same = spreads->s->dump.generation.affinity_desc ?
			       reproduces_sets(spreads, *q, how) :
			       reproduces_behind_pre(spreads, *q, how);
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

/* Before 5.16 the kernel had no cluster masks. */
static bool has_clusters(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		if (irqm_bits_known(&s->cpus[i].cluster))
			return true;
	}
	return false;
}

/* Returns true if a known kernel has the dump's structures and this spread. */
static bool is_known(const struct irqm_snapshot *s, enum irqm_spread how)
{
	const struct irqm_generation *g = &s->dump.generation;

	switch (how) {
	case IRQM_SPREAD_EVEN_PRESENT:
	case IRQM_SPREAD_EVEN_FIRST:
		return !g->affinity_desc;
	case IRQM_SPREAD_EVEN:
		return !g->printk_ringbuffer;
	case IRQM_SPREAD_NODES:
		return g->affinity_desc;
	case IRQM_SPREAD_NODES_POP2:
		return g->map_pointers;
	default:
		return g->map_pointers && has_clusters(s);
	}
}

/* Keeps only the possible spreads that known kernels of this kind have. */
static void prefer_known(const struct irqm_snapshot *s,
			 struct irqm_spread_evidence *e)
{
	bool known[IRQM_NR_SPREADS], any = false;
	unsigned int i;

	e->contradict = true;
	for (i = 0; i < IRQM_NR_SPREADS; i++) {
		e->contradict &= !e->possible[i];
		known[i] = e->possible[i] && is_known(s, i);
		any |= known[i];
	}
	/* CPUs went offline since then; if not, check_evidence() refuses */
	if (e->contradict) {
		for (i = 0; i < IRQM_NR_SPREADS; i++)
			e->possible[i] = is_known(s, i);
	} else if (any) {
		memcpy(e->possible, known, sizeof(known));
	}
}

int irqm_spread_examine(const struct irqm_snapshot *s,
			struct irqm_spread_evidence *e)
{
	struct queues q = { .irqs = malloc((s->nr_irqs + (size_t)1) *
					   sizeof(*q.irqs)) };
	struct spreads spreads = { .s = s };
	unsigned int i;
	int rc = 0;

	*e = (struct irqm_spread_evidence){ .first_unlike = -1 };
	for (i = 0; i < IRQM_NR_SPREADS; i++)
		e->possible[i] = i != IRQM_SPREAD_CLUSTERS || has_clusters(s);
	if (!q.irqs)
		return -1;
	for (i = 0; i < s->nr_devices && rc == 0; i++) {
		find_queues(s, (int)i, &q);
		if (q.nr)
			rc = examine_device(&spreads, (int)i, &q, e);
	}
	for (i = 0; i < IRQM_NR_SPREADS; i++)
		forget_spread(&spreads.made[i]);
	free(q.irqs);
	if (rc)
		return -1;
	prefer_known(s, e);
	return 0;
}
