/* SPDX-License-Identifier: GPL-3.0-or-later */
/* counter-drift: the allocator's counters against its bitmaps. */
#include "findings/finding.h"

#include <inttypes.h>

/* A CPU that is so many vectors off is wrong enough to be looked at. */
#define MISLEADING_PERCENT 5
/* One that has so many free gives them, by its counter as by its bitmap. */
#define ROOMY_PERCENT 25

/* Counter less what the bitmaps say, over all CPUs. */
struct drift {
	unsigned int cpus;
	irqm_num first_cpu;
	bool misleads;          /* some of it, see misleads() */
	struct irqm_counter sum[IRQM_NR_COUNTERS];
};

/*
 * available as the kernel counts, so that -1 is not 4 billion: once it has
 * drifted, irq_matrix_reserve_managed() takes it below 0.
 */
static irqm_num signed_count(irqm_num available)
{
	return (int32_t)(uint32_t)available;
}

/* global_available if it were right: it is an unsigned int, too. */
static irqm_num sum_available(const struct irqm_analysis *a)
{
	irqm_num sum = a->totals.available;

	return sum == IRQM_UNKNOWN ? sum : (irqm_num)(uint32_t)sum;
}

static void say_cpu_drift(struct irqm_text *t, const struct irqm_cpu *cpu,
			  const struct irqm_counter *counters)
{
	const char *comma = " ";
	unsigned int k;

	irqm_text_add(t, "%sCPU %u%s", t->used ? "; " : "", cpu->cpu,
	    cpu->online == 0 ? " (offline)" : "");
	for (k = 0; k < IRQM_NR_COUNTERS; k++) {
		if (!irqm_drifted(&counters[k]))
			continue;
		irqm_text_add(t, "%s%s %" PRId64 " instead of %" PRId64, comma,
		    counters[k].name, counters[k].counter,
		    counters[k].expected);
		comma = ", ";
	}
}

/*
 * The kernel lets available drift by itself: irq_matrix_reserve_managed() and
 * irq_matrix_remove_managed() leave it alone while a CPU is offline, and
 * irq_matrix_online() computes it only the first time. A few vectors do no
 * harm, unless the kernel takes a full CPU for one with room, whose
 * allocations then fail, or the other way round. Of the other counters no
 * kernel that is up to date should be wrong.
 */
static bool misleads(const struct irqm_analysis *a, const struct irqm_cpu *cpu,
		     unsigned int k, const struct irqm_counter *c)
{
	irqm_num each = a->totals.each;
	irqm_num counter = signed_count(c->counter);
	irqm_num off = irqm_sub(counter, c->expected);
	irqm_num least = counter < c->expected ? counter : c->expected;

	if (k != 0)
		return true;
	if (cpu->online == 0)
		return false; /* nobody asks before it is back */
	return (c->expected <= 0) != (counter <= 0) ||
	       each == IRQM_UNKNOWN || off == IRQM_UNKNOWN ||
	       (irqm_at_least(off < 0 ? -off : off, MISLEADING_PERCENT,
			      each) &&
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
			sum->counter = irqm_add(sum->counter, k == 0 ?
					signed_count(counters[k].counter) :
					counters[k].counter);
			sum->expected = irqm_add(sum->expected,
						 counters[k].expected);
			d->misleads |= misleads(a, &s->cpus[i], k,
						&counters[k]);
		}
		if (!a->cpus[i].drift)
			continue;
		if (d->cpus++ == 0)
			d->first_cpu = s->cpus[i].cpu;
		if (d->cpus <= IRQM_MAX_NAMED)
			say_cpu_drift(t, &s->cpus[i], counters);
	}
	if (d->cpus > IRQM_MAX_NAMED)
		irqm_text_add(t, "; and %u more CPUs",
			      d->cpus - IRQM_MAX_NAMED);
}

/*
 * irq_matrix_free() does not count down total_allocated for a CPU that is
 * offline, so what it says after a CPU was is no more than a note; nothing
 * but debugfs reads it.
 */
static void total_drift(const struct irqm_analysis *a, struct irqm_text *t)
{
	irqm_num total = a->snapshot->matrix.total_allocated;

	if (irqm_differ(total, a->totals.bitmaps_allocated))
		irqm_text_add(t, "%stotal_allocated is %" PRId64 ", but the "
			      "online CPUs have %" PRId64,
			      t->used ? "; " : "", total,
			      a->totals.bitmaps_allocated);
}

bool irqm_find_counter_drift(struct irqm_analysis *a)
{
	struct irqm_counter global = {
		"global_available", a->snapshot->matrix.global_available,
		sum_available(a)
	};
	struct irqm_finding *f;
	struct drift d = { 0 };
	struct irqm_text t = { 0 };

	cpu_drift(a, &d, &t);
	if (irqm_drifted(&global))
		irqm_text_add(&t, "%sglobal_available is %" PRId64 ", but the online "
		    "CPUs' available add up to %" PRId64, t.used ? "; " : "",
		    global.counter, global.expected);
	total_drift(a, &t);
	if (!t.used)
		return true;

	f = irqm_finding_add(a, IRQM_COUNTER_DRIFT,
			     d.misleads || irqm_drifted(&global)
				     ? irqm_if_still(a, IRQM_WARNING)
				     : IRQM_INFO, &t);
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
