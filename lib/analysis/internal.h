/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the analyses share; not for other stages. */
#ifndef IRQM_ANALYSIS_INTERNAL_H
#define IRQM_ANALYSIS_INTERNAL_H

#include "analysis/analysis.h"

/* Unknown if one of them is, or if the result does not fit. */
irqm_num irqm_add(irqm_num a, irqm_num b);
irqm_num irqm_sub(irqm_num a, irqm_num b);

/* Does the IRQ have apic_chip_data? IRQM_UNKNOWN if that could not be read. */
irqm_num irqm_has_apic(const struct irqm_irq *irq);

/* The CPUs by cpumap.online; empty sets where there are no CPUs at all. */
struct irqm_online {
	struct irqm_bits yes, unknown;
	bool any_cpu;           /* the snapshot has CPUs */
};

/* False without memory. */
bool irqm_online_init(struct irqm_online *o, struct irqm_arena *arena,
		      const struct irqm_snapshot *s);
/* 0, 1 or unknown. */
irqm_num irqm_is_online(const struct irqm_online *o, unsigned int cpu);

/* The parts of irqm_analyse(), in this order. False without memory. */
bool irqm_account(struct irqm_analysis *a, const struct irqm_online *online);
bool irqm_check_cpus(struct irqm_analysis *a);
bool irqm_find(struct irqm_analysis *a);

/* What the counters of a CPU should be; see struct irqm_cpu_check. */
struct irqm_counter {
	const char *name;
	irqm_num counter, expected; /* as read; from the bitmaps */
};

#define IRQM_NR_COUNTERS 4

/*
 * The counters of cpus[cpu_index] beside their expected values, unknown
 * where they are not to be compared.
 */
void irqm_cpu_counters(const struct irqm_analysis *a, unsigned int cpu_index,
		       struct irqm_counter counters[IRQM_NR_COUNTERS]);

/* Both known, and not the same. */
static inline bool irqm_drifted(const struct irqm_counter *c)
{
	return c->counter != IRQM_UNKNOWN && c->expected != IRQM_UNKNOWN &&
	       c->counter != c->expected;
}

#endif
