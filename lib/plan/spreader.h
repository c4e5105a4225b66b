/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the spreads; their users include spread.h. */
#ifndef IRQM_PLAN_SPREADER_H
#define IRQM_PLAN_SPREADER_H

#include "plan/spread.h"

/* A node or a cluster. n is first the number of its CPUs and later the number
 * of masks that it gets, as in the kernel's union. */
struct share {
	unsigned int id;
	unsigned int n; /* UINT_MAX: none of its CPUs is in the mask */
};

struct spreader {
	struct irqm_arena *arena;
	const struct irqm_snapshot *s;
	enum irqm_spread how;
	const struct irqm_bits *gone;
	struct irqm_bits *masks;
	unsigned int nr;
	struct irqm_bits *nodes; /* CPUs of each node */
	unsigned int nr_nodes;
	struct irqm_bits left; /* CPUs of a node or cluster to distribute */
	/* none of them is below this, or at or above end */
	unsigned int lowest;
	unsigned int end;
	struct irqm_bits seen; /* for walks over clusters */
	struct share *shares;  /* room for nodes, then for clusters */
	struct irqm_error *err;
};

/* Sets how many masks each share gets: in proportion to its CPUs, at least one,
 * the smallest share first. pop2: see IRQM_SPREAD_NODES_POP2. */
void irqm_spread_apportion(struct share *shares, unsigned int nr,
			   unsigned int masks, unsigned int cpus, bool pop2);

/* Call this after setting left, before distributing its CPUs. */
void irqm_spread_begin(struct spreader *sp);

/* Moves nr_cpus CPUs from left to the mask: the lowest one, then the other
 * threads of its core, and so on. Returns -1 with err. */
int irqm_spread_deal(struct spreader *sp, struct irqm_bits *mask,
		     unsigned int nr_cpus);

/* Makes all masks as kernels before 5.4 do; others are the possible CPUs that
 * are not present. Returns 0, or -1 with err. */
int irqm_spread_evenly(struct spreader *sp, const struct irqm_bits *others);

#endif
