/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Interrupts above the matrix: what arch/x86/kernel/apic/vector.c and
 * kernel/irq/ do when one is set up, requested, freed, or has to leave a CPU.
 */
#ifndef IRQM_PLAN_MACHINE_H
#define IRQM_PLAN_MACHINE_H

#include "plan/kernel.h"
#include "plan/matrix.h"

struct irqm_plan_irq {
	unsigned int irq;        /* its number; 0: added */
	int device;              /* of the snapshot; -1: none, or added */
	bool managed, reserved;  /* reserved: counted in global_reserved */
	bool started, per_cpu;
	unsigned int vector, cpu, prev_vector, prev_cpu; /* vector 0: none */
	irqm_num node;           /* negative: NUMA_NO_NODE */
	struct irqm_bits affinity;
	struct irqm_bits pending; /* unknown: no change is pending */
};

/* Masks of so many interrupts, made once. */
struct irqm_plan_masks {
	unsigned int nr;
	struct irqm_bits *masks;
	struct irqm_plan_masks *next;
};

struct irqm_plan_machine {
	struct irqm_arena *arena;
	const struct irqm_snapshot *s;
	struct irqm_plan_kernel kernel;
	struct irqm_plan_matrix matrix;
	struct irqm_bits online;  /* CPUs whose maps are; not the one that is
				     going */
	struct irqm_bits gone;    /* CPUs that went offline meanwhile */
	struct irqm_bits search, some; /* sets to work in */
	struct irqm_plan_irq *irqs; /* of the vector domain, ascending; then
				       those that were added */
	unsigned int nr_irqs, room;
	struct irqm_plan_masks *masks;
};

/* The dump's machine. -1 with err. */
int irqm_plan_machine_init(struct irqm_plan_machine *m,
			   struct irqm_arena *arena,
			   const struct irqm_snapshot *s,
			   const struct irqm_plan_kernel *kernel,
			   struct irqm_error *err);

/* Masks of nr managed interrupts; NULL with err. */
const struct irqm_bits *irqm_plan_masks(struct irqm_plan_machine *m,
					unsigned int nr,
					struct irqm_error *err);

/* One more, zeroed; NULL without memory. Pointers into irqs[] become stale. */
struct irqm_plan_irq *irqm_plan_new_irq(struct irqm_plan_machine *m);

/*
 * Sets an interrupt up (x86_vector_alloc_irqs): slots for a managed one, a
 * promise for another. 0, or -ENOSPC, and *failed is the CPU.
 */
int irqm_plan_set_up(struct irqm_plan_machine *m, struct irqm_plan_irq *irq,
		     unsigned int *failed);
/* request_irq(): it gets its vector. 0, or -ENOSPC. */
int irqm_plan_request(struct irqm_plan_machine *m, struct irqm_plan_irq *irq);
/* free_irq(), if it was requested, and x86_vector_free_irqs(). */
void irqm_plan_release(struct irqm_plan_machine *m, struct irqm_plan_irq *irq);

/* A CPU leaves the online mask; its interrupts and its map have not yet. */
void irqm_plan_cpu_goes(struct irqm_plan_machine *m, unsigned int cpu);

/* migrate_one_irq(): what became of an interrupt when a CPU went. */
enum irqm_plan_move {
	IRQM_PLAN_STAYS,        /* it was not there */
	IRQM_PLAN_MOVED,
	IRQM_PLAN_SHUT_DOWN,    /* managed, and the last CPU of its mask */
	IRQM_PLAN_BROKEN,       /* to a CPU outside of its mask: none of the
				   mask is online */
	IRQM_PLAN_CROWDED,      /* the same, because the mask's CPUs are full */
	IRQM_PLAN_LOST,         /* nowhere to go: stays on the dead CPU */
	IRQM_PLAN_LOST_CROWDED, /* the same, only for the mask's CPUs are full:
				   see IRQM_LEAVES_CROWDED */
};

enum irqm_plan_move irqm_plan_leave(struct irqm_plan_machine *m,
				    struct irqm_plan_irq *irq,
				    unsigned int cpu);

#endif
