/* SPDX-License-Identifier: GPL-3.0-or-later */
/* counter-drift: the allocator's counters against its bitmaps. */
#include "findings/finding.h"

#include <inttypes.h>

/* CPUs that a text names one by one; data has the count of all. */
#define MAX_NAMED 4

/* Counter less what the bitmaps say, over all CPUs. */
struct drift {
	unsigned int cpus;
	irqm_num first_cpu;
	bool counts;            /* some of it changes what can be had now */
	struct irqm_counter sum[IRQM_NR_COUNTERS];
};

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
			sum->counter = irqm_add(sum->counter,
						counters[k].counter);
			sum->expected = irqm_add(sum->expected,
						 counters[k].expected);
			/* 0 is available, which an offline CPU may get wrong */
			d->counts |= k != 0 || s->cpus[i].online != 0;
		}
		if (!a->cpus[i].drift)
			continue;
		if (d->cpus++ == 0)
			d->first_cpu = s->cpus[i].cpu;
		if (d->cpus <= MAX_NAMED)
			say_cpu_drift(t, &s->cpus[i], counters);
	}
	if (d->cpus > MAX_NAMED)
		irqm_text_add(t, "; and %u more CPUs", d->cpus - MAX_NAMED);
}

/*
 * The kernel lets counters drift by itself: irq_matrix_reserve_managed()
 * leaves available alone while a CPU is offline, and irq_matrix_online()
 * computes it only the first time. Until the CPU is back nobody is misled.
 */
bool irqm_find_counter_drift(struct irqm_analysis *a)
{
	struct irqm_counter global = {
		"global_available", a->snapshot->matrix.global_available,
		a->totals.available
	};
	struct irqm_finding *f;
	struct drift d = { 0 };
	struct irqm_text t = { 0 };

	cpu_drift(a, &d, &t);
	if (irqm_drifted(&global))
		irqm_text_add(&t, "%sglobal_available is %" PRId64 ", but the online "
		    "CPUs' available add up to %" PRId64, t.used ? "; " : "",
		    global.counter, global.expected);
	if (!t.used)
		return true;

	f = irqm_finding_add(a, IRQM_COUNTER_DRIFT,
			d.counts || irqm_drifted(&global) ? IRQM_WARNING
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
	return true;
}
