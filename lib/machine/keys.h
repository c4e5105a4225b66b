/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine in a few words: "cpus=16,threads=2,nodes=2,kernel=6.12". */
#ifndef IRQM_MACHINE_KEYS_H
#define IRQM_MACHINE_KEYS_H

#include "machine/machine.h"

struct irqm_machine_keys {
	/* 0: not given */
	unsigned int cpus, possible, sockets, cores, threads, nodes, cluster;
	bool split;         /* the threads of a core are not adjacent */
	const char *kernel; /* NULL: not given */
	const char *affinity, *isolated, *online; /* lists, or NULL */
	enum irqm_machine_level remapping;
	struct irqm_arena *arena; /* of the strings */
};

/*
 * Takes KEY=VALUE[,KEY=VALUE]... :
 *
 *	cpus=N              present CPUs, 0 to N - 1
 *	possible=N          possible CPUs; default: as many as cpus=
 *	online=LIST         default: all present CPUs
 *	sockets=N, cores=N, threads=N
 *	                    their product is cpus=; what is missing follows
 *	thread-order=adjacent|split
 *			    the threads of a core have numbers in a row, as in
 *			    QEMU (default), or first threads come first, as
 *			    firmware usually numbers them
 *	nodes=N             NUMA nodes of equally many CPUs
 *	cluster=N           CPUs in a row that share an L2 cache; default: those
 *			    of a core
 *	kernel=VERSION
 *	default-affinity=LIST   irqaffinity=
 *	isolated=LIST       isolcpus=managed_irq,LIST
 *	remapping=none|intel|amd
 *
 * In a LIST, '+' takes the place of ',': 0-3+5. A key that was given before is
 * replaced. Returns 0, or -1 with err.
 */
int irqm_machine_take_keys(struct irqm_machine_keys *k, const char *text,
			   struct irqm_error *err);

/* Makes the machine, in k's arena. Returns 0, or -1 with err if keys contradict
 * each other or one is missing. */
int irqm_machine_of_keys(const struct irqm_machine_keys *k,
			 struct irqm_machine *ret, struct irqm_error *err);

/*
 * Changes a machine that a file describes: kernel=, default-affinity= and
 * isolated= replace the file's lines. Returns 0, or -1 with err: other keys were
 * given, or no version of the kernel.
 */
int irqm_machine_change(const struct irqm_machine_keys *k,
			struct irqm_machine *m, struct irqm_error *err);

#endif
