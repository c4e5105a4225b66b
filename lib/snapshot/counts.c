/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads irq_desc.kstat_irqs: a counter for each IRQ and CPU. */
#include "snapshot/stages.h"

#include <stdlib.h>
#include <string.h>

/* Limit on counters: 65,536 IRQs on 8,192 CPUs, which are 4 GiB. */
#define MAX_COUNTERS (1U << 29)
/* The counts that are not 0 may take a quarter of the arena. */
#define MAX_COUNTS (IRQM_ARENA_LIMIT / 4 / sizeof(struct irqm_cpu_count))

struct counter {
	uint64_t ptr;     /* per-CPU pointer */
	unsigned int irq; /* index in irqs[] */
};

struct counts {
	struct reader *r;
	struct counter *c; /* sorted by pointer */
	size_t nr;
	uint32_t size; /* bytes of a counter */
	bool *failed;  /* by index in irqs[] */
	/* the counts that are not 0, CPU by CPU */
	struct found {
		unsigned int irq;
		struct irqm_cpu_count count;
	} * found;
	size_t nr_found, room;
	bool too_many;
};

static int by_pointer(const void *a, const void *b)
{
	const struct counter *x = a, *y = b;

	return x->ptr < y->ptr ? -1 : x->ptr > y->ptr;
}

/* Returns the size of a counter: struct irqstat since 6.10, before that
 * unsigned int. */
static uint32_t counter_size(const struct irqm_layout *l)
{
	const struct irqm_member *m = &l->irq_desc.kstat_irqs;

	if (!m->target[0])
		return sizeof(uint32_t);
	if (strcmp(m->target, "irqstat") == 0 && l->irqstat.cnt.exists &&
	    l->irqstat.cnt.size == sizeof(uint32_t) && l->irqstat.size <= 64)
		return l->irqstat.size;
	return 0;
}

/* The per-CPU allocator puts the counters of neighbouring IRQs next to each
 * other. Reading runs of them at once makes reading the counts affordable. */
static size_t run_length(const struct counter *c, size_t nr, uint32_t size,
			 size_t max)
{
	size_t n = 1;

	while (n < nr && n < max && c[n].ptr == c[n - 1].ptr + size)
		n++;
	return n;
}

static void add_count(struct counts *t, unsigned int irq, unsigned int index,
		      uint32_t count)
{
	size_t room = t->room ? 2 * t->room : 4096;
	struct found *more;

	if (t->nr_found == MAX_COUNTS) {
		t->too_many = true;
		return;
	}
	if (t->nr_found == t->room) {
		more = realloc(t->found, room * sizeof(*more));
		if (!more) {
			t->r->no_memory = true;
			return;
		}
		t->found = more;
		t->room = room;
	}
	t->found[t->nr_found++] = (struct found){ irq, { index, count } };
}

static void read_run(struct counts *t, unsigned int cpu_index,
		     const struct counter *c, size_t n)
{
	struct reader *r = t->r;
	unsigned int cpu = r->s->cpus[cpu_index].cpu;
	uint32_t offset = t->size > 4 ? r->layout->irqstat.cnt.offset : 0;
	uint32_t count;
	char buf[4096];
	uint64_t addr;
	size_t i;

	if (!irqm_reader_percpu(r, c[0].ptr, cpu, &addr) ||
	    !irqm_reader_read(r, addr, buf, n * t->size,
			      "counts of IRQ %u%s on CPU %u",
			      r->s->irqs[c[0].irq].irq,
			      n > 1 ? " and others" : "", cpu)) {
		for (i = 0; i < n; i++)
			t->failed[c[i].irq] = true;
		return;
	}
	for (i = 0; i < n; i++) {
		memcpy(&count, buf + i * t->size + offset, sizeof(count));
		if (count)
			add_count(t, c[i].irq, cpu_index, count);
	}
}

/* Returns the length of the run that begins at c[i] and is read at once. */
static size_t run_at(const struct counts *t, size_t i)
{
	return run_length(t->c + i, t->nr - i, t->size, 4096 / t->size);
}

/* Ranges to tell the target at a time. */
#define EXPECTED_MAX 512

static size_t count_runs(const struct counts *t)
{
	size_t i, nr = 0;

	for (i = 0; i < t->nr; i += run_at(t, i))
		nr++;
	return nr;
}

/* Tells the target what will be read of nr CPUs from this one on. */
static void expect_counts(const struct counts *t, unsigned int cpu,
			  unsigned int nr)
{
	const struct irqm_snapshot *s = t->r->s;
	struct irqm_extent e[EXPECTED_MAX];
	unsigned int end = nr < s->nr_cpus - cpu ? cpu + nr : s->nr_cpus;
	size_t used = 0, i, n;

	for (; cpu < end; cpu++)
		for (i = 0; i < t->nr && used < EXPECTED_MAX; i += n) {
			n = run_at(t, i);
			e[used].len = n * t->size;
			if (irqm_reader_percpu(t->r, t->c[i].ptr,
					       s->cpus[cpu].cpu, &e[used].addr))
				used++;
		}
	irqm_reader_expect(t->r, e, used);
}

static void read_all(struct counts *t)
{
	size_t runs, i, n;
	unsigned int cpu, at_once;

	qsort(t->c, t->nr, sizeof(*t->c), by_pointer);
	runs = count_runs(t);
	at_once = runs && runs < EXPECTED_MAX ? EXPECTED_MAX / runs : 1;
	for (cpu = 0; cpu < t->r->s->nr_cpus; cpu++) {
		if (t->r->target->expect && cpu % at_once == 0)
			expect_counts(t, cpu, at_once);
		for (i = 0; i < t->nr; i += n) {
			n = run_at(t, i);
			read_run(t, cpu, t->c + i, n);
			if (t->too_many || t->r->no_memory)
				return;
		}
	}
}

/* Distributes the counts to the IRQs. */
static void deal_out(struct counts *t)
{
	struct irqm_irq *irqs = t->r->s->irqs, *irq;
	size_t i;

	for (i = 0; i < t->nr_found; i++)
		irqs[t->found[i].irq].nr_cpu_counts++;
	for (i = 0; i < t->nr; i++) {
		irq = &irqs[t->c[i].irq];
		if (!t->failed[t->c[i].irq]) {
			irq->cpu_counts =
				irqm_reader_alloc(t->r, irq->nr_cpu_counts + 1,
						  sizeof(*irq->cpu_counts));
			irq->count = 0;
		}
		irq->nr_cpu_counts = 0;
	}
	for (i = 0; i < t->nr_found && !t->r->no_memory; i++) {
		irq = &irqs[t->found[i].irq];
		if (!irq->cpu_counts)
			continue;
		irq->cpu_counts[irq->nr_cpu_counts++] = t->found[i].count;
		irq->count += t->found[i].count.count;
	}
}

static void note_too_many(struct reader *r)
{
	irqm_reader_note(r, IRQM_INVALID, 0,
			 "counts: too many, %u IRQs on %u CPUs", r->s->nr_irqs,
			 r->s->nr_cpus);
}

void irqm_read_counts(struct reader *r, const uint64_t *kstat_irqs)
{
	struct irqm_snapshot *s = r->s;
	struct counts t = { .r = r, .size = counter_size(r->layout) };
	unsigned int i;

	if (!(r->flags & IRQM_READ_COUNTS) || !s->nr_cpus)
		return;
	if (!t.size) {
		irqm_reader_note(r, IRQM_INVALID, 0,
				 "counts: type of kstat_irqs");
		return;
	}
	if ((uint64_t)s->nr_irqs * s->nr_cpus > MAX_COUNTERS) {
		note_too_many(r);
		return;
	}
	t.c = malloc((s->nr_irqs + 1) * sizeof(*t.c));
	t.failed = calloc(s->nr_irqs + 1, sizeof(*t.failed));
	if (!t.c || !t.failed)
		r->no_memory = true;
	for (i = 0; i < s->nr_irqs && !r->no_memory; i++) {
		if (kstat_irqs[i])
			t.c[t.nr++] = (struct counter){ kstat_irqs[i], i };
	}
	if (!r->no_memory)
		read_all(&t);
	if (t.too_many)
		note_too_many(r);
	else if (!r->no_memory)
		deal_out(&t);
	free(t.found);
	free(t.c);
	free(t.failed);
}
