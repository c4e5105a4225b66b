/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ways of spreading share; spread.h is for their users. */
#ifndef IRQM_PLAN_SPREADER_H
#define IRQM_PLAN_SPREADER_H

#include "plan/spread.h"

/* A node or a cluster: first its CPUs are counted, then the number is that of
 * the masks it gets, as in the kernel's union. */
struct share {
	unsigned int id;
	unsigned int n;         /* UINT_MAX: no CPU of the mask is there */
};

struct spreader {
	struct irqm_arena *arena;
	const struct irqm_snapshot *s;
	enum irqm_spread how;
	const struct irqm_bits *gone;
	struct irqm_bits *masks;
	unsigned int nr;
	struct irqm_bits *nodes; /* CPUs of each */
	unsigned int nr_nodes;
	struct irqm_bits left;   /* CPUs of a node or cluster to deal out */
	unsigned int lowest;     /* none of them is below, or from end on */
	unsigned int end;
	struct irqm_bits seen;   /* for walks over clusters */
	struct share *shares;    /* room for nodes, then for clusters */
	struct irqm_error *err;
};

/* How many masks each share gets: in proportion to its CPUs, at least one,
 * the smallest first. pop2: see IRQM_SPREAD_NODES_POP2. */
void irqm_spread_apportion(struct share *shares, unsigned int nr,
			   unsigned int masks, unsigned int cpus, bool pop2);

/* To be called before CPUs of a new set left are dealt out. */
void irqm_spread_begin(struct spreader *sp);

/* Moves nr_cpus CPUs from left to the mask: the lowest, then the other threads
 * of its core, and so on. -1 with err. */
int irqm_spread_deal(struct spreader *sp, struct irqm_bits *mask,
		     unsigned int nr_cpus);

/* All masks as kernels before 5.4 make them; others are the possible CPUs that
 * are not present. -1 with err. */
int irqm_spread_evenly(struct spreader *sp, const struct irqm_bits *others);

#endif
