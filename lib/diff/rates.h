/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares two readings of one running machine, a moment apart: how often each
 * interrupt fired, which vectors were allocated, freed and moved, and what that
 * left available. A function of two snapshots, which must have counts
 * (IRQM_READ_COUNTS).
 */
#ifndef IRQM_DIFF_RATES_H
#define IRQM_DIFF_RATES_H

#include "snapshot/snapshot.h"

enum irqm_vector_change {
	IRQM_VECTOR_KEPT, /* also if it is unknown, or has none */
	IRQM_VECTOR_ALLOCATED,
	IRQM_VECTOR_FREED,
	IRQM_VECTOR_MOVED, /* to another CPU, or another vector */
	IRQM_NR_VECTOR_CHANGES,
};

/* Returns "kept", "allocated", "freed" or "moved". */
const char *irqm_vector_change_name(enum irqm_vector_change change);

/*
 * An interrupt. If its descriptor was freed and another one made with the same
 * number, there are two: one freed, one allocated.
 */
struct irqm_rate {
	const struct irqm_irq *before, *now; /* NULL: not there */
	enum irqm_vector_change change;
	/* how often it fired meanwhile; unknown if one of the readings lacks
	 * its counts */
	irqm_num fired;
	/* the CPU on which it fired most; unknown if it fired on none */
	irqm_num cpu;
	irqm_num fired_there;
};

struct irqm_cpu_rate {
	const struct irqm_cpu *before, *now;
	irqm_num available; /* now minus before */
	irqm_num fired;     /* device interrupts */
};

struct irqm_rates {
	struct irqm_arena *arena;
	const struct irqm_snapshot *before, *now; /* outlive the rates */
	/*
	 * Those that changed or fired come first: by change (moved, allocated,
	 * freed, kept), then the one that fired most.
	 */
	struct irqm_rate *irqs;
	unsigned int nr_irqs;
	unsigned int nr_changed; /* of irqs[]: not kept */
	unsigned int nr_active;  /* changed or fired */
	unsigned int changes[IRQM_NR_VECTOR_CHANGES];
	/* by how much the available vectors changed, then by number */
	struct irqm_cpu_rate *cpus;
	unsigned int nr_cpus;
	irqm_num fired; /* all interrupts */
};

/* Returns NULL if out of memory. */
struct irqm_rates *irqm_rates(const struct irqm_snapshot *before,
			      const struct irqm_snapshot *now);
void irqm_rates_free(struct irqm_rates *r); /* NULL is fine */

#endif
