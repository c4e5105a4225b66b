/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layer above the matrix: what arch/x86/kernel/apic/vector.c and
 * kernel/irq/ do when an interrupt is set up, requested or freed, or must leave
 * a CPU that goes offline.
 */
#ifndef IRQM_PLAN_MACHINE_H
#define IRQM_PLAN_MACHINE_H

#include "plan/kernel.h"
#include "plan/matrix.h"

struct irqm_plan_irq {
	unsigned int irq;       /* IRQ number; 0: added by the plan */
	int device;             /* index in the snapshot; -1: none, or added */
	bool managed, reserved; /* reserved: counted in global_reserved */
	bool started, per_cpu;
	unsigned int vector, cpu, prev_vector, prev_cpu; /* vector 0: none */
	irqm_num node; /* negative: NUMA_NO_NODE */
	struct irqm_bits affinity;
	struct irqm_bits pending; /* unknown: no change is pending */
};

/* The masks for a device with nr managed interrupts, made once. */
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
	struct irqm_bits online; /* CPUs with an online cpumap, without the
				     one that is going offline */
	struct irqm_bits gone;   /* CPUs that went offline in this plan */
	struct irqm_bits search, some; /* scratch */
	/* those of the vector domain, ascending, then added ones */
	struct irqm_plan_irq *irqs;
	unsigned int nr_irqs, room;
	struct irqm_plan_masks *masks;
};

/* Copies the dump's machine. Returns 0, or -1 with err. */
int irqm_plan_machine_init(struct irqm_plan_machine *m,
			   struct irqm_arena *arena,
			   const struct irqm_snapshot *s,
			   const struct irqm_plan_kernel *kernel,
			   struct irqm_error *err);

/* Returns the masks of nr managed interrupts, or NULL with err. */
const struct irqm_bits *irqm_plan_masks(struct irqm_plan_machine *m,
					unsigned int nr,
					struct irqm_error *err);

/* Adds an interrupt, zeroed. Returns it, or NULL: out of memory. Pointers into
 * irqs[] become invalid. */
struct irqm_plan_irq *irqm_plan_new_irq(struct irqm_plan_machine *m);

/*
 * x86_vector_alloc_irqs(): makes managed reservations for a managed interrupt;
 * counts any other in global_reserved. Returns 0, or -ENOSPC, with the full CPU
 * in *ret_full.
 */
int irqm_plan_set_up(struct irqm_plan_machine *m, struct irqm_plan_irq *irq,
		     unsigned int *ret_full);
/* request_irq(): allocates its vector. Returns 0 or -ENOSPC. */
int irqm_plan_request(struct irqm_plan_machine *m, struct irqm_plan_irq *irq);
/* free_irq(): frees its vector, but keeps the reservation. */
void irqm_plan_close(struct irqm_plan_machine *m, struct irqm_plan_irq *irq);
/* free_irq(), if it was requested, and x86_vector_free_irqs(). */
void irqm_plan_release(struct irqm_plan_machine *m, struct irqm_plan_irq *irq);

/* Removes a CPU from the online mask, before its interrupts move and its cpumap
 * goes offline. */
void irqm_plan_cpu_goes(struct irqm_plan_machine *m, unsigned int cpu);

/* A CPU comes online, one that is absent is plugged in first. Managed interrupts
 * that were shut down take the vectors reserved for them, which is not done
 * here: it leaves as many available. Returns 0, or -1 if out of memory. */
int irqm_plan_cpu_comes(struct irqm_plan_machine *m, unsigned int cpu);
/* irq_set_affinity(): moves an interrupt, if it must. Returns 0 or -ENOSPC. */
int irqm_plan_set_affinity(struct irqm_plan_machine *m,
			   struct irqm_plan_irq *irq,
			   const struct irqm_bits *mask);

/* migrate_one_irq(): what happens to an interrupt when a CPU goes offline. */
enum irqm_plan_move {
	IRQM_PLAN_STAYS, /* it is on another CPU */
	IRQM_PLAN_MOVED,
	IRQM_PLAN_SHUT_DOWN,    /* managed, and this was the last online CPU
				   of its mask */
	IRQM_PLAN_BROKEN,       /* moved out of its mask: no CPU of the mask is
				   online */
	IRQM_PLAN_CROWDED,      /* moved out of its mask: its CPUs are full */
	IRQM_PLAN_LOST,         /* no vector anywhere: stays on the offline
				   CPU */
	IRQM_PLAN_LOST_CROWDED, /* the same, only because the mask's CPUs are
				   full: see IRQM_LEAVES_CROWDED */
};

enum irqm_plan_move irqm_plan_leave(struct irqm_plan_machine *m,
				    struct irqm_plan_irq *irq,
				    unsigned int cpu);

#endif
