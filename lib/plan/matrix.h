/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernel/irq/matrix.c on a copy of the dump's matrix: the same choice of CPU
 * and vector, the same counters. As in the kernel, the counters decide where
 * they differ from the bitmaps, and they wrap around.
 */
#ifndef IRQM_PLAN_MATRIX_H
#define IRQM_PLAN_MATRIX_H

#include "plan/kernel.h"

struct irqm_plan_cpu {
	unsigned int cpu;
	bool online; /* cpumap.online */
	uint32_t available, allocated, managed, managed_allocated;
	struct irqm_bits alloc_map, managed_map;
};

struct irqm_plan_matrix {
	unsigned int start, end;
	uint32_t global_available, global_reserved, total_allocated;
	uint32_t online_maps;
	struct irqm_bits system_map;
	struct irqm_plan_cpu *cpus; /* in the snapshot's order */
	unsigned int nr_cpus;
	/* a measure of the time that the plan took: CPUs that were looked at */
	uint64_t work;
};

/* Copies the dump's matrix into the arena. Returns 0, or -1 with err if a part
 * of it is unknown. */
int irqm_plan_matrix_copy(struct irqm_plan_matrix *m, struct irqm_arena *arena,
			  const struct irqm_snapshot *s,
			  struct irqm_error *err);

/* Returns the CPU, or NULL if it is not a possible CPU. */
struct irqm_plan_cpu *irqm_plan_find_cpu(const struct irqm_plan_matrix *m,
					 unsigned int cpu);

/*
 * The following functions are named as in the kernel. They return the vector,
 * or -ENOSPC.
 */

/* Makes a managed reservation on each CPU of the mask, online or not. Returns
 * 0; or -ENOSPC with the full CPU in *ret_full, and nothing stays reserved. */
int irqm_plan_reserve_managed(struct irqm_plan_matrix *m,
			      const struct irqm_bits *mask,
			      unsigned int *ret_full);
void irqm_plan_remove_managed(struct irqm_plan_matrix *m,
			      const struct irqm_bits *mask);

/* Allocates on the online CPU of the mask with the most vectors available.
 * reserved: the interrupt was counted in global_reserved. */
int irqm_plan_alloc(struct irqm_plan_matrix *m, const struct irqm_bits *mask,
		    bool reserved, unsigned int *ret_cpu);
/* Allocates on the online CPU of the mask that this kernel would choose. */
int irqm_plan_alloc_managed(struct irqm_plan_matrix *m,
			    const struct irqm_bits *mask,
			    enum irqm_managed_cpu how, unsigned int *ret_cpu);
void irqm_plan_free(struct irqm_plan_matrix *m, unsigned int cpu,
		    unsigned int vector, bool managed);

/* irq_matrix_online(). all: the vectors of a CPU that was never online; 0: it
 * was. */
void irqm_plan_online(struct irqm_plan_matrix *m, unsigned int cpu,
		      uint32_t all);
/* irq_matrix_offline() */
void irqm_plan_offline(struct irqm_plan_matrix *m, unsigned int cpu);

#endif
