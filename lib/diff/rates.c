/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diff/rates.h"

#include <stdlib.h>

const char *irqm_vector_change_name(enum irqm_vector_change change)
{
	static const char *const names[] = {
		[IRQM_VECTOR_KEPT] = "kept",
		[IRQM_VECTOR_ALLOCATED] = "allocated",
		[IRQM_VECTOR_FREED] = "freed",
		[IRQM_VECTOR_MOVED] = "moved",
	};

	return names[change];
}

static bool has_vector(const struct irqm_irq *irq)
{
	return irq && irq->apic && irq->apic->vector;
}

/* An interrupt of the vector domain whose chip_data could not be read. */
static bool is_unknown(const struct irqm_irq *irq)
{
	return irq && !irq->apic && irq->in_vector_domain;
}

static enum irqm_vector_change change_of(const struct irqm_irq *before,
					 const struct irqm_irq *now)
{
	bool had = has_vector(before), has = has_vector(now);

	if (is_unknown(before) || is_unknown(now) || (!had && !has))
		return IRQM_VECTOR_KEPT;
	if (had != has)
		return has ? IRQM_VECTOR_ALLOCATED : IRQM_VECTOR_FREED;
	return before->apic->vector == now->apic->vector &&
			       before->apic->cpu == now->apic->cpu ?
		       IRQM_VECTOR_KEPT :
		       IRQM_VECTOR_MOVED;
}

static uint32_t count_at(const struct irqm_irq *irq, uint32_t index)
{
	unsigned int i;

	for (i = 0; irq && i < irq->nr_cpu_counts; i++)
		if (irq->cpu_counts[i].index == index)
			return irq->cpu_counts[i].count;
	return 0;
}

/* The kernel's counters have 32 bits. */
static uint32_t fired_at(const struct irqm_irq *before,
			 const struct irqm_irq *now, unsigned int i)
{
	return now->cpu_counts[i].count -
	       count_at(before, now->cpu_counts[i].index);
}

/* Returns false if a count went back: a descriptor that was made anew. */
static bool is_same(const struct irqm_irq *before, const struct irqm_irq *now)
{
	unsigned int i;

	if (before->desc != now->desc)
		return false;
	for (i = 0; i < before->nr_cpu_counts; i++)
		if (count_at(now, before->cpu_counts[i].index) -
			    before->cpu_counts[i].count >
		    INT32_MAX)
			return false;
	return true;
}

static bool has_counts(const struct irqm_irq *irq)
{
	return !irq || irq->count != IRQM_UNKNOWN;
}

static void add_rate(struct irqm_rates *r, const struct irqm_irq *before,
		     const struct irqm_irq *now)
{
	struct irqm_rate *rate = &r->irqs[r->nr_irqs++];
	uint32_t fired;
	unsigned int i;

	*rate = (struct irqm_rate){
		.before = before,
		.now = now,
		.change = change_of(before, now),
		.fired = now && has_counts(before) && has_counts(now) ?
				 0 :
				 IRQM_UNKNOWN,
		.cpu = IRQM_UNKNOWN,
	};
	r->changes[rate->change]++;
	if (rate->fired == IRQM_UNKNOWN)
		return;
	for (i = 0; i < now->nr_cpu_counts; i++) {
		fired = fired_at(before, now, i);
		rate->fired += fired;
		if (fired > rate->fired_there) {
			rate->fired_there = fired;
			rate->cpu = r->now->cpus[now->cpu_counts[i].index].cpu;
		}
	}
	r->fired += rate->fired;
}

/* Both lists are in the order of their numbers. */
static void add_rates(struct irqm_rates *r)
{
	const struct irqm_snapshot *b = r->before, *n = r->now;
	unsigned int i = 0, k = 0;

	while (i < b->nr_irqs || k < n->nr_irqs) {
		const struct irqm_irq *before = i < b->nr_irqs ? &b->irqs[i] :
								 NULL;
		const struct irqm_irq *now = k < n->nr_irqs ? &n->irqs[k] :
							      NULL;

		if (before && (!now || before->irq < now->irq)) {
			add_rate(r, before, NULL);
			i++;
		} else if (now && (!before || now->irq < before->irq)) {
			add_rate(r, NULL, now);
			k++;
		} else {
			if (is_same(before, now)) {
				add_rate(r, before, now);
			} else {
				add_rate(r, before, NULL);
				add_rate(r, NULL, now);
			}
			i++;
			k++;
		}
	}
}

/* The order of the changes: what moved is the rarest. */
static unsigned int rank_of(const struct irqm_rate *r)
{
	static const unsigned char ranks[] = {
		[IRQM_VECTOR_MOVED] = 0,
		[IRQM_VECTOR_ALLOCATED] = 1,
		[IRQM_VECTOR_FREED] = 2,
		[IRQM_VECTOR_KEPT] = 3,
	};

	return ranks[r->change];
}

static unsigned int number_of(const struct irqm_rate *r)
{
	return r->now ? r->now->irq : r->before->irq;
}

static int compare_rates(const void *a, const void *b)
{
	const struct irqm_rate *x = a, *y = b;

	if (rank_of(x) != rank_of(y))
		return rank_of(x) < rank_of(y) ? -1 : 1;
	if (x->fired != y->fired)
		return x->fired > y->fired ? -1 : 1;
	if (number_of(x) != number_of(y))
		return number_of(x) < number_of(y) ? -1 : 1;
	return x->before ? -1 : 1;
}

static void count_active(struct irqm_rates *r)
{
	qsort(r->irqs, r->nr_irqs, sizeof(*r->irqs), compare_rates);
	while (r->nr_changed < r->nr_irqs &&
	       r->irqs[r->nr_changed].change != IRQM_VECTOR_KEPT)
		r->nr_changed++;
	r->nr_active = r->nr_changed;
	while (r->nr_active < r->nr_irqs && r->irqs[r->nr_active].fired > 0)
		r->nr_active++;
}

static irqm_num size_of(irqm_num n)
{
	return n == IRQM_UNKNOWN ? 0 : n < 0 ? -n : n;
}

static int compare_cpus(const void *a, const void *b)
{
	const struct irqm_cpu_rate *x = a, *y = b;

	if (size_of(x->available) != size_of(y->available))
		return size_of(x->available) > size_of(y->available) ? -1 : 1;
	return x->now->cpu < y->now->cpu ? -1 : 1;
}

/* The CPUs are still in the order of now->cpus[]. */
static void add_cpus(struct irqm_rates *r)
{
	const struct irqm_rate *rate;
	unsigned int i, k;

	for (i = 0; i < r->now->nr_cpus; i++) {
		const struct irqm_cpu *now = &r->now->cpus[i];
		const struct irqm_cpu *before =
			irqm_find_cpu(r->before, now->cpu);

		r->cpus[i] = (struct irqm_cpu_rate){
			.before = before,
			.now = now,
			.available = before ? irqm_sub(now->available,
						       before->available) :
					      IRQM_UNKNOWN,
		};
	}
	r->nr_cpus = r->now->nr_cpus;
	for (i = 0; i < r->nr_irqs; i++) {
		rate = &r->irqs[i];
		for (k = 0; rate->fired > 0 && k < rate->now->nr_cpu_counts;
		     k++)
			r->cpus[rate->now->cpu_counts[k].index].fired +=
				fired_at(rate->before, rate->now, k);
	}
	qsort(r->cpus, r->nr_cpus, sizeof(*r->cpus), compare_cpus);
}

struct irqm_rates *irqm_rates(const struct irqm_snapshot *before,
			      const struct irqm_snapshot *now)
{
	struct irqm_arena *arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	struct irqm_rates *r = arena ? irqm_arena_alloc(arena, 1, sizeof(*r)) :
				       NULL;

	if (r) {
		r->arena = arena;
		r->before = before;
		r->now = now;
		r->irqs = irqm_arena_alloc(
			arena, (size_t)before->nr_irqs + now->nr_irqs,
			sizeof(*r->irqs));
		r->cpus =
			irqm_arena_alloc(arena, now->nr_cpus, sizeof(*r->cpus));
	}
	if (!r || irqm_arena_exhausted(arena)) {
		irqm_arena_free(arena);
		return NULL;
	}
	add_rates(r);
	count_active(r);
	add_cpus(r);
	return r;
}

void irqm_rates_free(struct irqm_rates *r)
{
	if (r)
		irqm_arena_free(r->arena);
}
