/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the dump's kernel behaves where kernels differ and a plan depends on it.
 * This follows from the structures in the dump, or from the masks and vectors
 * of its devices; never from the release, because distributions backport
 * changes.
 */
#ifndef IRQM_PLAN_KERNEL_H
#define IRQM_PLAN_KERNEL_H

#include "plan/spread.h"

/* The CPU of its mask that a managed interrupt gets. */
enum irqm_managed_cpu {
	IRQM_MANAGED_FIRST,     /* 4.15 to 4.19: the first that is online */
	IRQM_MANAGED_AVAILABLE, /* 4.20: with the most vectors available
				   (76f99ae5b54d) */
	/* since 5.0: with the fewest managed interrupts (e8da8794a7fd) */
	IRQM_MANAGED_FEWEST,
	IRQM_NR_MANAGED_CPUS
};

/* Returns "first", "most_available" or "fewest_managed". */
const char *irqm_managed_cpu_name(enum irqm_managed_cpu how);

/* What a kernel does, or does not do, when CPUs go offline. */
enum irqm_plan_rule {
	/* Before 6.7 and stable kernels (a0b0bad10587) a CPU that goes offline
	 * needs room elsewhere for its managed vectors, too. */
	IRQM_COUNTS_MANAGED,
	/* Before 6.10 (88d724e2301a) an interrupt whose affinity has no free
	 * vector stays on the CPU that goes offline. */
	IRQM_LEAVES_CROWDED,
	/* Since 6.11 (fde78e4673af) freeze_secondary_cpus() begins with the
	 * last CPU, not with the first. */
	IRQM_LAST_CPU_FIRST,
	IRQM_NR_PLAN_RULES
};

/* Returns "counts_managed", "leaves_crowded" or "last_cpu_first". */
const char *irqm_plan_rule_name(enum irqm_plan_rule rule);

struct irqm_plan_kernel {
	enum irqm_spread spread;
	enum irqm_managed_cpu managed_cpu;
	/* Before 5.0 (c410abbbacb9) the vectors before a device's queues are
	 * managed, too. */
	bool manages_pre;
	bool rule[IRQM_NR_PLAN_RULES];
};

/* The possible values of each of these; index 1 of a rule is true. */
struct irqm_plan_choice {
	bool spread[IRQM_NR_SPREADS];
	bool managed_cpu[IRQM_NR_MANAGED_CPUS];
	bool rule[IRQM_NR_PLAN_RULES][2];
};

/* Returns all possibilities for the dump's kernel. */
struct irqm_plan_choice irqm_plan_choices(const struct irqm_snapshot *s,
					  const struct irqm_spread_evidence *e);

#endif
