/* SPDX-License-Identifier: GPL-3.0-or-later */
/* counter-drift: compares the allocator's counters with its bitmaps. */
#include "analysis/findings/finding.h"

#include <inttypes.h>

/*
 * available of an online CPU is a warning if it is off by this share of its
 * vectors, unless counter and bitmap both have ROOMY_PERCENT free: then
 * allocations succeed anyway.
 */
#define MISLEADING_PERCENT 5
#define ROOMY_PERCENT 25

/* Sums over the CPUs with drift. */
struct drift {
	unsigned int cpus;
	irqm_num first_cpu;
	bool misleads;  /* one of them misleads the kernel */
	bool underflow; /* allocated of one is below 0 */
	struct irqm_counter sum[IRQM_NR_COUNTERS];
};

/*
 * Returns the unsigned counter as a signed number: irq_matrix_reserve_managed()
 * takes one that has drifted below 0, and -1 must not become 4 billion.
 */
static irqm_num signed_count(irqm_num available)
{
	return (int32_t)(uint32_t)available;
}

/* What global_available should be. It is an unsigned int, too. */
static irqm_num sum_available(const struct irqm_analysis *a)
{
	irqm_num sum = a->totals.available;

	return sum == IRQM_UNKNOWN ? sum : (irqm_num)(uint32_t)sum;
}

/* Begins another counter in the list. */
static void next_counter(struct irqm_text *t)
{
	irqm_text_add(t, "%s",
		      t->used ? "; " :
				"Allocator counters are "
				"wrong: ");
}

static void say_cpu_drift(struct irqm_text *t, const struct irqm_cpu *cpu,
			  const struct irqm_counter *counters)
{
	const char *comma = " ";
	unsigned int k;

	next_counter(t);
	irqm_text_add(t, "CPU %u%s", cpu->cpu,
		      cpu->online == 0 ? " (offline)" : "");
	for (k = 0; k < IRQM_NR_COUNTERS; k++) {
		if (!irqm_drifted(&counters[k]))
			continue;
		irqm_text_add(t, "%s%s is %" PRId64 ", should be %" PRId64,
			      comma, counters[k].name,
			      signed_count(counters[k].counter),
			      counters[k].expected);
		comma = ", ";
	}
}

/*
 * Drift of available is a known kernel bug: irq_matrix_reserve_managed() and
 * irq_matrix_remove_managed() do not update it while a CPU is offline, and
 * irq_matrix_online() computes it only the first time. A few vectors do no
 * harm, unless the kernel takes a full CPU for one with room, so that
 * allocations fail there, or the other way round. The other counters are
 * right in every up-to-date kernel.
 */
static bool is_misleading(const struct irqm_analysis *a,
			  const struct irqm_cpu *cpu, unsigned int k,
			  const struct irqm_counter *c)
{
	irqm_num each = a->totals.each;
	irqm_num counter = signed_count(c->counter);
	irqm_num off = irqm_sub(counter, c->expected);
	irqm_num least = counter < c->expected ? counter : c->expected;

	if (k != 0)
		return true;
	if (cpu->online == 0)
		return false; /* not used while the CPU is offline */
	return (c->expected <= 0) != (counter <= 0) || each == IRQM_UNKNOWN ||
	       off == IRQM_UNKNOWN ||
	       (irqm_at_least(off < 0 ? -off : off, MISLEADING_PERCENT, each) &&
		!irqm_at_least(least, ROOMY_PERCENT, each));
}

static void cpu_drift(const struct irqm_analysis *a, struct drift *d,
		      struct irqm_text *t)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_counter counters[IRQM_NR_COUNTERS];
	unsigned int i, k;

	d->first_cpu = IRQM_UNKNOWN;
	for (i = 0; i < s->nr_cpus; i++) {
		irqm_cpu_counters(a, i, counters);
		for (k = 0; k < IRQM_NR_COUNTERS; k++) {
			struct irqm_counter *sum = &d->sum[k];

			if (!irqm_drifted(&counters[k]))
				continue;
			d->underflow |= k == 1 &&
					irqm_underflowed(counters[k].counter);
			sum->counter = irqm_add(
				sum->counter,
				k == 0 ? signed_count(counters[k].counter) :
					 counters[k].counter);
			sum->expected =
				irqm_add(sum->expected, counters[k].expected);
			d->misleads |=
				is_misleading(a, &s->cpus[i], k, &counters[k]);
		}
		if (!a->cpus[i].drift)
			continue;
		if (d->cpus++ == 0)
			d->first_cpu = s->cpus[i].cpu;
		if (d->cpus <= IRQM_MAX_NAMED)
			say_cpu_drift(t, &s->cpus[i], counters);
	}
	if (d->cpus > IRQM_MAX_NAMED)
		irqm_text_add(t, "; and %u more %s", d->cpus - IRQM_MAX_NAMED,
			      irqm_plural(d->cpus - IRQM_MAX_NAMED, "CPU",
					  "CPUs"));
}

/*
 * Only info: irq_matrix_free() does not decrement total_allocated for an
 * offline CPU, and nothing but debugfs reads it.
 */
static void total_drift(const struct irqm_analysis *a, struct irqm_text *t)
{
	irqm_num total = a->snapshot->matrix.total_allocated;

	if (irqm_differ(total, a->totals.bitmaps_allocated)) {
		next_counter(t);
		irqm_text_add(t,
			      "total_allocated is %" PRId64
			      ", should be %" PRId64
			      " (allocated on online CPUs)",
			      total, a->totals.bitmaps_allocated);
	}
}

bool irqm_find_counter_drift(struct irqm_analysis *a)
{
	struct irqm_counter global = { "global_available",
				       a->snapshot->matrix.global_available,
				       sum_available(a) };
	struct irqm_finding *f;
	struct drift d = { 0 };
	struct irqm_text t = { 0 };

	cpu_drift(a, &d, &t);
	if (irqm_drifted(&global)) {
		next_counter(&t);
		irqm_text_add(&t,
			      "global_available is %" PRId64 ", should be "
			      "%" PRId64 " (sum of available over online CPUs)",
			      global.counter, global.expected);
	}
	total_drift(a, &t);
	if (!t.used)
		return true;
	if (d.underflow)
		irqm_text_add(&t, ". A counter below 0 is an error of the "
				  "kernel (" IRQM_UNDERFLOW_FIX "): it "
				  "refuses to take that CPU offline, although "
				  "nothing has to move");
	f = irqm_finding_add(a, IRQM_COUNTER_DRIFT,
			     d.misleads || irqm_drifted(&global) ?
				     irqm_if_still(a, IRQM_WARNING) :
				     IRQM_INFO,
			     &t);
	if (!f)
		return false;
	irqm_finding_num(f, "cpus", d.cpus);
	irqm_finding_num(f, "first_cpu", d.first_cpu);
	irqm_finding_num(f, "available_drift",
			 irqm_sub(d.sum[0].counter, d.sum[0].expected));
	irqm_finding_num(f, "allocated_drift",
			 irqm_sub(d.sum[1].counter, d.sum[1].expected));
	irqm_finding_num(f, "managed_drift",
			 irqm_sub(d.sum[2].counter, d.sum[2].expected));
	irqm_finding_num(f, "managed_allocated_drift",
			 irqm_sub(d.sum[3].counter, d.sum[3].expected));
	irqm_finding_num(f, "sum_available", global.expected);
	irqm_finding_num(f, "global_available", global.counter);
	irqm_finding_num(f, "total_allocated",
			 a->snapshot->matrix.total_allocated);
	irqm_finding_num(f, "sum_allocated", a->totals.bitmaps_allocated);
	return true;
}
