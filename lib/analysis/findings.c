/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checked statements: one function per code, in the table at the end. It
 * adds as many findings as it has to say, and returns false without memory.
 */
#include "analysis/internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* CPUs that a text names one by one; data has the count of all. */
#define MAX_NAMED 4

/* The text of a finding while it grows. */
struct text {
	char s[1024];
	size_t used;
};

__attribute__((format(printf, 2, 3)))
static void say(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->s + t->used, sizeof(t->s) - t->used, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	t->used += n;
	if (t->used >= sizeof(t->s))
		t->used = sizeof(t->s) - 1;
}

/* The list doubles when its length is a power of two. */
static bool make_room(struct irqm_analysis *a)
{
	unsigned int nr = a->nr_findings;
	struct irqm_finding *f;

	if (nr & (nr - 1))
		return true;
	f = irqm_arena_alloc(a->arena, nr ? 2 * (size_t)nr : 1, sizeof(*f));
	if (!f)
		return false;
	if (nr)
		memcpy(f, a->findings, nr * sizeof(*f));
	a->findings = f;
	return true;
}

/*
 * Valid until the next one is added; NULL without memory. Findings of one
 * severity stay in the order in which they come.
 */
static struct irqm_finding *add_finding(struct irqm_analysis *a,
					const char *code,
					enum irqm_severity severity,
					const struct text *t)
{
	const char *text = irqm_arena_strdup(a->arena, t->s);
	unsigned int i;

	if (!text || !make_room(a))
		return NULL;
	for (i = a->nr_findings++; i > 0; i--) {
		if (a->findings[i - 1].severity >= severity)
			break;
		a->findings[i] = a->findings[i - 1];
	}
	a->findings[i] = (struct irqm_finding){
		.code = code, .severity = severity, .text = text
	};
	return &a->findings[i];
}

static void add_datum(struct irqm_finding *f, const char *key, irqm_num value)
{
	if (f->nr_data < sizeof(f->data) / sizeof(f->data[0]))
		f->data[f->nr_data++] = (struct irqm_datum){ key, value };
}

/* Counter less what the bitmaps say, over all CPUs. */
struct drift {
	unsigned int cpus;
	irqm_num first_cpu;
	bool counts;            /* some of it changes what can be had now */
	struct irqm_counter sum[IRQM_NR_COUNTERS];
};

static void say_cpu_drift(struct text *t, const struct irqm_cpu *cpu,
			  const struct irqm_counter *counters)
{
	const char *comma = " ";
	unsigned int k;

	say(t, "%sCPU %u%s", t->used ? "; " : "", cpu->cpu,
	    cpu->online == 0 ? " (offline)" : "");
	for (k = 0; k < IRQM_NR_COUNTERS; k++) {
		if (!irqm_drifted(&counters[k]))
			continue;
		say(t, "%s%s %" PRId64 " instead of %" PRId64, comma,
		    counters[k].name, counters[k].counter,
		    counters[k].expected);
		comma = ", ";
	}
}

static void cpu_drift(const struct irqm_analysis *a, struct drift *d,
		      struct text *t)
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
		say(t, "; and %u more CPUs", d->cpus - MAX_NAMED);
}

/*
 * The kernel lets counters drift by itself: irq_matrix_reserve_managed()
 * leaves available alone while a CPU is offline, and irq_matrix_online()
 * computes it only the first time. Until the CPU is back nobody is misled.
 */
static bool counter_drift(struct irqm_analysis *a)
{
	struct irqm_counter global = {
		"global_available", a->snapshot->matrix.global_available,
		a->totals.available
	};
	struct irqm_finding *f;
	struct drift d = { 0 };
	struct text t = { 0 };

	cpu_drift(a, &d, &t);
	if (irqm_drifted(&global))
		say(&t, "%sglobal_available is %" PRId64 ", but the online "
		    "CPUs' available add up to %" PRId64, t.used ? "; " : "",
		    global.counter, global.expected);
	if (!t.used)
		return true;

	f = add_finding(a, "counter-drift",
			d.counts || irqm_drifted(&global) ? IRQM_WARNING
							  : IRQM_INFO, &t);
	if (!f)
		return false;
	add_datum(f, "cpus", d.cpus);
	add_datum(f, "first_cpu", d.first_cpu);
	add_datum(f, "available_drift",
		  irqm_sub(d.sum[0].counter, d.sum[0].expected));
	add_datum(f, "allocated_drift",
		  irqm_sub(d.sum[1].counter, d.sum[1].expected));
	add_datum(f, "managed_drift",
		  irqm_sub(d.sum[2].counter, d.sum[2].expected));
	add_datum(f, "managed_allocated_drift",
		  irqm_sub(d.sum[3].counter, d.sum[3].expected));
	add_datum(f, "sum_available", global.expected);
	add_datum(f, "global_available", global.counter);
	return true;
}

static bool (*const rules[])(struct irqm_analysis *a) = {
	counter_drift,
};

bool irqm_find(struct irqm_analysis *a)
{
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!rules[i](a))
			return false;
	return true;
}
