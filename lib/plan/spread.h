/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The masks that the kernel gives to a device's managed interrupts:
 * irq_create_affinity_masks() and, since 6.3, group_cpus_evenly(). They
 * distribute the present CPUs first, then those that are only possible: node
 * by node, in proportion to the node's CPUs, keeping the threads of a core
 * together.
 */
#ifndef IRQM_PLAN_SPREAD_H
#define IRQM_PLAN_SPREAD_H

#include "snapshot/snapshot.h"

/*
 * The ways of spreading, oldest first. The order of nodes with equally many
 * CPUs comes from sort(), an unstable heap sort.
 */
enum irqm_spread {
	IRQM_SPREAD_EVEN_PRESENT, /* 4.15: every node gets the same number of
				   masks, at most one for each CPU; with fewer
				   masks than nodes, only the first nodes get
				   one; absent CPUs are in no mask */
	IRQM_SPREAD_EVEN_FIRST,   /* 4.17 to 4.20: absent CPUs are distributed
				   after the present ones */
	IRQM_SPREAD_EVEN,         /* 5.0 to 5.3: with fewer masks than nodes, a
				   mask covers several nodes */
	IRQM_SPREAD_NODES,        /* since 5.4: in proportion to a node's CPUs,
				   the smallest node first */
	IRQM_SPREAD_NODES_POP2,   /* sort() takes two elements out of the heap
				   at a time: not in 6.1, but in 6.12 */
	IRQM_SPREAD_CLUSTERS, /* within a node by cluster, CPUs that share an
				   L2 cache: not in 6.12, but in 7.2 */
	IRQM_NR_SPREADS
};

/* Returns "even_present", "even_first", "even", "nodes", "nodes_pop2" or
 * "clusters". */
const char *irqm_spread_name(enum irqm_spread how);

/*
 * Makes the masks of nr interrupts, 1 to the number of possible CPUs: *ret is
 * nr sets of nr_cpu_ids bits in the arena; a set is empty if the kernel leaves
 * it empty. gone are CPUs that went offline after the snapshot, or NULL: they
 * no longer have siblings or a cluster (remove_siblinginfo()). Returns 0, or -1
 * with err: out of memory, or a fact that the masks depend on could not be
 * read.
 */
int irqm_spread_masks(struct irqm_arena *arena, const struct irqm_snapshot *s,
		      enum irqm_spread how, const struct irqm_bits *gone,
		      unsigned int nr, struct irqm_bits **ret,
		      struct irqm_error *err);

/* Sets *ret to the size of the first set of a device's managed interrupts, if
 * it has several, each spread over all CPUs, else to 0. Returns 0, or -1 if out
 * of memory. */
int irqm_spread_first_set(const struct irqm_snapshot *s, int device,
			  unsigned int *ret);

/* What the masks of the devices in the dump say about the kernel. */
struct irqm_spread_evidence {
	unsigned int devices; /* number of devices with managed masks */
	/* devices whose masks no known spread gives: CPUs went offline since
	 * then, or the kernel is not known */
	unsigned int unlike;
	int first_unlike; /* index of the first of these, or -1 */
	/* devices that each spread explains */
	unsigned int like[IRQM_NR_SPREADS];
	/* spreads that explain all other devices; if some of them belong to
	 * kernels with the dump's structures, only those */
	bool possible[IRQM_NR_SPREADS];
	bool contradict; /* no spread explains all other devices */
};

/* Returns 0, or -1 if out of memory. */
int irqm_spread_examine(const struct irqm_snapshot *s,
			struct irqm_spread_evidence *e);

#endif
