/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The masks that the kernel gives to a device's managed interrupts:
 * irq_create_affinity_masks() and, since 6.3, group_cpus_evenly(). Present
 * CPUs are dealt out first, then those that are only possible; node by node
 * in proportion to its CPUs, and threads of a core stay together.
 */
#ifndef IRQM_PLAN_SPREAD_H
#define IRQM_PLAN_SPREAD_H

#include "snapshot/snapshot.h"

/*
 * What differs between kernels that have the same structures: their
 * generation, as far as a plan needs it. Nodes of equal
 * size keep no order of their own: sort() decides, which is a heap sort.
 */
enum irqm_spread {
	IRQM_SPREAD_EVEN_PRESENT, /* 4.15: each node gets as many masks as the
				   others, but not more than it has CPUs; fewer
				   masks than nodes are those of the first
				   nodes; only present CPUs are in a mask */
	IRQM_SPREAD_EVEN_FIRST, /* 4.17 to 4.20: and then those that are only
				   possible */
	IRQM_SPREAD_EVEN,       /* 5.0 to 5.3: the same, but fewer masks than
				   nodes have the CPUs of all nodes */
	IRQM_SPREAD_NODES,      /* from 5.4 on: in proportion to a node's
				   CPUs, the smallest node first */
	IRQM_SPREAD_NODES_POP2, /* sort() takes two out of the heap at a time:
				   6.1 does not, 6.12 does */
	IRQM_SPREAD_CLUSTERS,   /* and within a node by the CPUs that share an
				   L2 cache: 6.12 does not, 7.2 does */
	IRQM_NR_SPREADS
};

/* "even_present", "even_first", "even", "nodes", "nodes_pop2", "clusters". */
const char *irqm_spread_name(enum irqm_spread how);

/*
 * The masks of nr interrupts, in *ret: nr sets of nr_cpu_ids in the arena; one
 * is empty where the kernel leaves it so. nr
 * is from 1 to the number of possible CPUs. gone, or NULL, are CPUs that have
 * gone offline since the snapshot: those have no siblings and no cluster any
 * more (remove_siblinginfo()). Returns 0, or -1 with err: a fact that the
 * masks rest on could not be read.
 */
int irqm_spread_masks(struct irqm_arena *arena, const struct irqm_snapshot *s,
		      enum irqm_spread how, const struct irqm_bits *gone,
		      unsigned int nr, struct irqm_bits **ret,
		      struct irqm_error *err);

/* What the masks of the devices in the dump say about the kernel. */
struct irqm_spread_evidence {
	unsigned int devices;   /* that have managed masks */
	unsigned int unlike;    /* those whose masks no way leads to: CPUs have
				   gone offline since, or this kernel is none
				   that is known */
	int first_unlike;       /* index of the first of those, or -1 */
	unsigned int like[IRQM_NR_SPREADS]; /* reproduced by each */
	bool possible[IRQM_NR_SPREADS]; /* ways that reproduce all devices but
					   those; of these, the ways that are
					   known of kernels with such
					   structures, if there is one */
	bool contradict;        /* there is no such way */
};

/* 0, or -1 without memory. */
int irqm_spread_examine(const struct irqm_snapshot *s,
			struct irqm_spread_evidence *e);

#endif
