/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the analyses; private to lib/analysis. */
#ifndef IRQM_ANALYSIS_INTERNAL_H
#define IRQM_ANALYSIS_INTERNAL_H

#include "analysis/analysis.h"

/* Returns false if out of memory. */
bool irqm_online_init(struct irqm_online *o, struct irqm_arena *arena,
		      const struct irqm_snapshot *s);
/* Returns 0, 1 or unknown. */
irqm_num irqm_is_online(const struct irqm_online *o, unsigned int cpu);

/* Returns true if an IRQ that could not be read may have a vector. */
bool irqm_irqs_uncertain(const struct irqm_snapshot *s);
/* Returns true if an IRQ is missing from the snapshot, or its device unknown. */
bool irqm_irqs_missing(const struct irqm_snapshot *s);

/* The parts of irqm_analyse(), in this order. They return false if out of
 * memory. */
bool irqm_check_cpus(struct irqm_analysis *a);
void irqm_add_up(struct irqm_analysis *a);
bool irqm_account(struct irqm_analysis *a);
bool irqm_make_pools(struct irqm_analysis *a);
bool irqm_identify_machine(struct irqm_analysis *a);

/* The expected counters of a CPU; see struct irqm_cpu_check. */
struct irqm_counter {
	const char *name;
	irqm_num counter, expected; /* as read; from the bitmaps */
};

#define IRQM_NR_COUNTERS 4

/*
 * Sets counters[] to the counters of cpus[cpu_index] and their expected values,
 * which are unknown if they cannot be compared.
 */
void irqm_cpu_counters(const struct irqm_analysis *a, unsigned int cpu_index,
		       struct irqm_counter counters[IRQM_NR_COUNTERS]);

static inline bool irqm_drifted(const struct irqm_counter *c)
{
	return irqm_differ(c->counter, c->expected);
}

#endif
