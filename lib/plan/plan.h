/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What if: devices are added or removed, CPUs go offline, the machine is
 * suspended. The kernel's own algorithms are run on a copy of the snapshot's
 * matrix. docs/plan.md says what that can know and what not.
 *
 * Nothing is done for what runs on the machine meanwhile: each step begins
 * where the one before ended.
 */
#ifndef IRQM_PLAN_H
#define IRQM_PLAN_H

#include "plan/kernel.h"

#define IRQM_NO_CPU (~0U)

/* Limits of a request. */
#define IRQM_PLAN_MAX_STEPS 64
#define IRQM_PLAN_MAX_DEVICES 10000

enum irqm_plan_kind {
	IRQM_PLAN_ADD,
	IRQM_PLAN_REMOVE,
	IRQM_PLAN_OFFLINE,
	IRQM_PLAN_SUSPEND,      /* all CPUs but 0 go offline, in the
				   order in which the kernel takes them */
};

struct irqm_plan_step {
	enum irqm_plan_kind kind;
	const char *text;       /* as it was asked for; "" for suspend */

	/* add: vectors of one device, and how many such devices */
	const char *driver;
	unsigned int pre;       /* before the queues' */
	unsigned int managed;
	unsigned int count;
	irqm_num node;          /* of the device; -1: none */
	int line;               /* IRQ of its interrupt line, or -1 */

	struct irqm_bits cpus;  /* offline */
};

/* A step before the dump is read: arg as irqm_plan_ask() takes it. */
struct irqm_plan_wish {
	enum irqm_plan_kind kind;
	const char *arg;
};

struct irqm_plan_request {
	struct irqm_plan_step steps[IRQM_PLAN_MAX_STEPS];
	unsigned int nr;
	unsigned int devices;   /* to be added, in all */
};

/*
 * One more step. arg:
 *
 *	add      DRIVER:QUEUES[,vectors=PRE+QUEUES][,node=N][,line=IRQ][xCOUNT]
 *	remove   a device or more, as irqm_device_matches() has it
 *	offline  a cpulist
 *	suspend  not looked at
 *
 * virtio_blk, virtio_scsi and nvme are known: what they ask for besides
 * their queues, and what they do without. Any other driver asks for just
 * that many managed vectors, or for those after vectors=, where it has to get
 * all. Strings live as long as the snapshot. 0, or -1 with err.
 */
int irqm_plan_ask(struct irqm_plan_request *r, struct irqm_snapshot *s,
		  enum irqm_plan_kind kind, const char *arg,
		  struct irqm_error *err);
/* The same of nr of them, up to the first that fails. */
int irqm_plan_ask_all(struct irqm_plan_request *r, struct irqm_snapshot *s,
		      const struct irqm_plan_wish *wishes, unsigned int nr,
		      struct irqm_error *err);

enum irqm_plan_end {
	IRQM_PLAN_FITS,         /* all is as it was meant to be */
	IRQM_PLAN_FEWER,        /* nvme: fewer vectors, that work */
	IRQM_PLAN_SHARED,       /* virtio: two vectors for all that it does,
				   or a few more; none is managed */
	IRQM_PLAN_LINE,         /* virtio: its interrupt line, no MSI */
	IRQM_PLAN_NO_VECTORS,   /* virtio: the line is left, which is not
				   known */
	IRQM_PLAN_FAILS,        /* the probe fails */
	IRQM_PLAN_BLOCKED,      /* the CPU stays online */
	IRQM_PLAN_STRANDED,     /* the CPU goes, and interrupts stay on it */
};

/* "fits", "fewer", "shared", "line", "no-vectors", "fails", "blocked",
 * "stranded". */
const char *irqm_plan_end_name(enum irqm_plan_end end);

/* A vector of a device that was added. */
struct irqm_plan_vector {
	bool managed;
	struct irqm_bits mask;  /* its affinity */
	unsigned int vector;    /* 0: none, for no CPU of the mask is online */
	unsigned int cpu;
};

/* What became of one device or one CPU. */
struct irqm_plan_row {
	const struct irqm_plan_step *step;
	/* Of the step's devices, from 1; of a device that was removed, its
	 * index in the snapshot's; the CPU. */
	unsigned int number;
	enum irqm_plan_end end;

	/* Where it did not fit: a negative errno, which of its vectors, from
	 * 0, and the CPU that is full; IRQM_NO_CPU: all that it could have.
	 * -EINVAL: the kernel gives this vector an empty mask. */
	int error;
	unsigned int failed_vector, failed_cpu;

	struct irqm_plan_vector *vectors; /* of an added device, what it has */
	unsigned int nr_vectors;

	/* Of a CPU: what lapic_can_unplug_cpu() compares, and what became of
	 * its interrupts. */
	unsigned int to_move, elsewhere;
	unsigned int moved, shut_down, broken, crowded, lost;
	bool old_rule_blocks;   /* it does not fit if managed vectors are
				   counted */
	bool reserved_exceed;   /* "IRQ request may fail" */

	/* afterwards */
	unsigned int global_available, global_reserved, total_allocated;
};

struct irqm_plan {
	struct irqm_arena *arena;
	struct irqm_plan_choice holds; /* the kernels it holds for */
	bool matters[IRQM_NR_PLAN_RULES]; /* the rule affected the run */
	struct irqm_plan_row *rows;
	unsigned int nr_rows;
	int first;              /* row of the first that does not fit, or -1 */
	struct irqm_snapshot *after; /* CPUs and matrix only */
};

/* At most one plan for each possible kernel. */
#define IRQM_MAX_PLANS \
	(IRQM_NR_SPREADS * IRQM_NR_MANAGED_CPUS * (1 << IRQM_NR_PLAN_RULES))

struct irqm_plans {
	const struct irqm_snapshot *snapshot;
	struct irqm_spread_evidence evidence;
	struct irqm_plan_choice possible;
	/* One, or more if nothing tells which kernel it is and they end
	 * differently. Of two orders in which all CPUs go offline for suspend,
	 * with the same counters afterwards, the plan has the first. */
	struct irqm_plan plans[IRQM_MAX_PLANS];
	unsigned int nr_plans;
};

/* NULL with err: no memory, or a fact that is needed could not be read. s and
 * r must outlive the result. */
struct irqm_plans *irqm_plan(const struct irqm_snapshot *s,
			     const struct irqm_plan_request *r,
			     struct irqm_error *err);
void irqm_plans_free(struct irqm_plans *p); /* NULL is fine */

#endif
