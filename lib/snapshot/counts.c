/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irq_desc.kstat_irqs: one counter for each IRQ and CPU. */
#include "snapshot/reader.h"

#include <stdlib.h>
#include <string.h>

/* 512 MiB, half of what the arena has: the rest of the answer goes first. */
#define MAX_COUNTS (IRQM_ARENA_LIMIT / 2 / sizeof(uint32_t))

struct counter {
	uint64_t ptr;           /* per-CPU pointer */
	unsigned int irq;       /* index in irqs[] */
};

static int by_pointer(const void *a, const void *b)
{
	const struct counter *x = a, *y = b;

	return x->ptr < y->ptr ? -1 : x->ptr > y->ptr;
}

/* Bytes of one counter: struct irqstat since 6.10, unsigned int before. */
static uint32_t counter_size(const struct irqm_layout *l)
{
	const struct irqm_member *m = &l->irq_desc.kstat_irqs;

	if (strcmp(m->target, "irqstat") == 0)
		return l->irqstat.cnt.exists &&
				       l->irqstat.cnt.size == sizeof(uint32_t)
				       && l->irqstat.size <= 64
			       ? l->irqstat.size : 0;
	return m->target[0] ? 0 : sizeof(uint32_t);
}

/*
 * The per-CPU allocator packs counters of neighbours side by side, so runs of
 * them are read in one go: this is what makes the counts affordable.
 */
static size_t run_length(const struct counter *c, size_t nr, uint32_t size,
			 size_t max)
{
	size_t n = 1;

	while (n < nr && n < max && c[n].ptr == c[n - 1].ptr + size)
		n++;
	return n;
}

static void read_run(struct reader *r, unsigned int cpu_index,
		     const struct counter *c, size_t n, uint32_t size,
		     bool *failed)
{
	unsigned int cpu = r->s->cpus[cpu_index].cpu;
	uint32_t offset = size > 4 ? r->layout->irqstat.cnt.offset : 0;
	char buf[4096];
	uint64_t addr;
	size_t i;

	if (!reader_percpu(r, c[0].ptr, cpu, &addr) ||
	    !reader_read(r, addr, buf, n * size,
			 "counts of IRQ %u%s on CPU %u",
			 r->s->irqs[c[0].irq].irq, n > 1 ? " and others" : "",
			 cpu)) {
		for (i = 0; i < n; i++)
			failed[c[i].irq] = true;
		return;
	}
	for (i = 0; i < n; i++)
		memcpy(&r->s->irqs[c[i].irq].per_cpu_counts[cpu_index],
		       buf + i * size + offset, sizeof(uint32_t));
}

static void read_all(struct reader *r, struct counter *c, size_t nr,
		     uint32_t size, bool *failed)
{
	unsigned int cpu;
	size_t i, n;

	qsort(c, nr, sizeof(*c), by_pointer);
	for (cpu = 0; cpu < r->s->nr_cpus; cpu++) {
		for (i = 0; i < nr; i += n) {
			n = run_length(c + i, nr - i, size, 4096 / size);
			read_run(r, cpu, c + i, n, size, failed);
		}
	}
}

static void sum_counts(struct irqm_snapshot *s, struct irqm_irq *irq)
{
	unsigned int cpu;

	irq->count = 0;
	for (cpu = 0; cpu < s->nr_cpus; cpu++)
		irq->count += irq->per_cpu_counts[cpu];
}

void read_counts(struct reader *r, const uint64_t *kstat_irqs)
{
	struct irqm_snapshot *s = r->s;
	uint32_t size = counter_size(r->layout);
	struct counter *c;
	size_t nr = 0;
	unsigned int i;
	bool *failed;

	if (!(r->flags & IRQM_READ_COUNTS) || !s->nr_cpus)
		return;
	if (!size) {
		reader_note(r, IRQM_INVALID, 0, "counts: the type of kstat_irqs");
		return;
	}
	if ((uint64_t)s->nr_irqs * s->nr_cpus > MAX_COUNTS) {
		reader_note(r, IRQM_INVALID, 0, "counts: of %u IRQs on %u CPUs",
			    s->nr_irqs, s->nr_cpus);
		return;
	}
	c = malloc((s->nr_irqs + 1) * sizeof(*c));
	failed = calloc(s->nr_irqs + 1, sizeof(*failed));
	if (!c || !failed)
		r->no_memory = true;
	for (i = 0; i < s->nr_irqs && !r->no_memory; i++) {
		if (!kstat_irqs[i])
			continue;
		s->irqs[i].per_cpu_counts =
			reader_alloc(r, s->nr_cpus, sizeof(uint32_t));
		c[nr++] = (struct counter){ kstat_irqs[i], i };
	}
	if (!r->no_memory) {
		read_all(r, c, nr, size, failed);
		for (i = 0; i < s->nr_irqs; i++) {
			if (failed[i])
				s->irqs[i].per_cpu_counts = NULL;
			if (s->irqs[i].per_cpu_counts)
				sum_counts(s, &s->irqs[i]);
		}
	}
	free(c);
	free(failed);
}
