/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plans: devices are added or removed, CPUs go offline, the machine is
 * suspended, or boots with fewer CPUs. Runs the kernel's own algorithms on a copy of the snapshot's
 * matrix. docs/plan.md describes what a plan can and cannot know.
 *
 * Each step starts from the result of the previous one, as if nothing else
 * happened on the machine.
 */
#ifndef IRQM_PLAN_H
#define IRQM_PLAN_H

#include "machine/machine.h"
#include "plan/kernel.h"
#include "plan/profile.h"

#define IRQM_NO_CPU (~0U)

/* Limits of a request. */
#define IRQM_PLAN_MAX_STEPS 64
#define IRQM_PLAN_MAX_DEVICES 10000

struct irqm_driver;

enum irqm_plan_kind {
	IRQM_PLAN_ADD,
	IRQM_PLAN_REMOVE,
	IRQM_PLAN_OFFLINE,
	IRQM_PLAN_SUSPEND, /* all CPUs but 0 go offline, in the kernel's
				   order */
	IRQM_PLAN_LIKE,    /* becomes an IRQM_PLAN_ADD */
	IRQM_PLAN_MAX,     /* becomes IRQM_PLAN_ADDs with max set */
	IRQM_PLAN_BOOT,    /* with fewer CPUs; steps that add the dump's devices
			      follow */
	/* only for steps that are not typed: irqm_plan_add_step() */
	IRQM_PLAN_ONLINE, /* CPUs come online; if absent, they are plugged in */
	IRQM_PLAN_MOVE,   /* interrupts get another affinity */
};

struct irqm_plan_step {
	enum irqm_plan_kind kind;
	const char *text; /* as the user typed it; "" for suspend; the driver's
			     name for a device of the dump after a boot */

	/* add: the vectors of one device, and the number of such devices */
	const char *driver;
	const struct irqm_driver *known; /* NULL: nothing is known of it */
	unsigned int pre; /* unmanaged vectors, before the queues' */
	unsigned int managed;
	/* of the managed vectors, if they are two sets, each spread over all
	 * CPUs; 0: one set */
	unsigned int first_set;
	int like; /* index of the device in the snapshot whose vectors these
		     are, or -1 */
	unsigned int count;
	bool max;      /* as many as fit: irqm_plan() finds count */
	irqm_num node; /* of the device; -1: none */
	int line;      /* IRQ of its INTx, or -1 */

	struct irqm_bits cpus;    /* offline, online; move: the affinity */
	struct irqm_bits irqs;    /* move: these, by index in the snapshot */
	struct irqm_bits devices; /* remove: these, by index; unknown: those
				     that text names */
	unsigned int nr_cpus;     /* boot */
};

/* A step requested before the dump is read; arg as for irqm_plan_ask(). */
struct irqm_plan_wish {
	enum irqm_plan_kind kind;
	const char *arg;
};

struct irqm_plan_request {
	struct irqm_plan_step *steps;
	unsigned int nr, room;
	unsigned int asked;   /* by the user: at most IRQM_PLAN_MAX_STEPS */
	const char *max;      /* the argument of the max step, or NULL */
	unsigned int nr_cpus; /* with which the machine boots; 0: it goes on as
				 it is in the dump */
	/* number of devices that all steps together add */
	unsigned int devices;
};

/*
 * Adds a step. arg:
 *
 *	add      DRIVER:QUEUES[+QUEUES][,vectors=PRE+QUEUES[+QUEUES]][,node=N]
 *		 [,line=IRQ][xCOUNT]
 *	like     DEVICE[,node=N][,line=IRQ][,xCOUNT]
 *	remove   a driver's name, or see irqm_device_matches()
 *	offline  a cpulist
 *	suspend  ignored
 *	max      arguments of add, without xCOUNT, with blanks between them: the
 *		 plan has as many devices of each as fit
 *	boot     a number of CPUs: the machine boots with nr_cpus= that many,
 *		 the devices that earlier steps did not remove are probed again
 *
 * analysis/drivers.def has the drivers of which it is known which vectors they
 * request and what they do without them. Another driver's vectors are as those
 * of its first device in the dump, or as vectors= says: PRE are not managed. It
 * is then assumed to fail without all of them. The step's strings live as long
 * as the snapshot. Returns 0, or -1 with err.
 */
int irqm_plan_ask(struct irqm_plan_request *r, struct irqm_snapshot *s,
		  enum irqm_plan_kind kind, const char *arg,
		  struct irqm_error *err);
/* Adds a step as it is. Returns 0, or -1 with err. */
int irqm_plan_add_step(struct irqm_plan_request *r, struct irqm_snapshot *s,
		       const struct irqm_plan_step *step,
		       struct irqm_error *err);
/* Adds nr steps, up to the first that fails. */
int irqm_plan_ask_all(struct irqm_plan_request *r, struct irqm_snapshot *s,
		      const struct irqm_plan_wish *wishes, unsigned int nr,
		      struct irqm_error *err);

/* Returns true if it could not be read what vector the interrupt has, or
 * whether it is managed. */
bool irqm_plan_is_unread(const struct irqm_irq *irq);

/* Returns true if arg of a remove or like step means this device. */
bool irqm_plan_names(const struct irqm_device *d, const char *arg);

enum irqm_plan_end {
	IRQM_PLAN_FITS,          /* the device gets all vectors, or the CPU
				   goes offline, or the machine boots */
	IRQM_PLAN_OUTSIDE,       /* it does, but some are on CPUs outside of
				   the interrupt's affinity */
	IRQM_PLAN_FEWER,         /* works with fewer vectors */
	IRQM_PLAN_SHARED,        /* shares one or a few unmanaged vectors among
				   all queues */
	IRQM_PLAN_LINE,          /* INTx, no MSI */
	IRQM_PLAN_NO_VECTORS,    /* INTx, but its IRQ is not known */
	IRQM_PLAN_FAILS_AT_OPEN, /* the probe succeeds, but a network
				   interface cannot be brought up, or a root
				   port's services fail */
	IRQM_PLAN_FAILS,         /* the probe fails */
	IRQM_PLAN_BLOCKED,       /* the CPU stays online */
	IRQM_PLAN_STRANDED,      /* the CPU goes offline, but interrupts stay
				   on it */
};

/* Returns "fits", "outside-affinity", "fewer", "shared", "line", "no-vectors",
 * "fails-at-open", "fails", "blocked" or "stranded". */
const char *irqm_plan_end_name(enum irqm_plan_end end);

/* A vector of a device that was added. */
struct irqm_plan_vector {
	bool managed;
	struct irqm_bits mask; /* its affinity */
	unsigned int vector;   /* 0: none, because no CPU of the mask is
				   online */
	unsigned int cpu;
};

/* The result for one device or one CPU. */
struct irqm_plan_row {
	const struct irqm_plan_step *step;
	/* add: number of the device within the step, from 1; remove: the
	 * device's index in the snapshot; boot: the number of CPUs; otherwise
	 * the CPU. */
	unsigned int number;
	enum irqm_plan_end end;

	/*
	 * If it did not fit: a negative errno, the number of the device's
	 * vector that failed, from 0, and the CPU that is full; IRQM_NO_CPU:
	 * all possible CPUs are full. -EINVAL: the kernel gives this vector an
	 * empty mask.
	 */
	int error;
	unsigned int failed_vector, failed_cpu;

	struct irqm_plan_vector *vectors; /* vectors of an added device */
	unsigned int nr_vectors;
	/* of these, unmanaged ones on a CPU outside of irq_default_affinity */
	unsigned int outside;

	/* For a CPU: what lapic_can_unplug_cpu() compares, and how many of its
	 * interrupts had which result (enum irqm_plan_move). */
	unsigned int to_move, elsewhere;
	unsigned int moved, shut_down, broken, crowded, lost;
	bool old_rule_blocks; /* blocked if managed vectors count, see
				   IRQM_COUNTS_MANAGED */
	bool reserved_exceed; /* the kernel warns "IRQ request may fail" */

	/* values afterwards */
	unsigned int global_available, global_reserved, total_allocated;
};

struct irqm_plan {
	struct irqm_arena *arena;
	/* the kernels for which the plan is valid */
	struct irqm_plan_choice holds;
	bool matters[IRQM_NR_PLAN_RULES]; /* the rule affected the run */
	struct irqm_plan_row *rows;
	unsigned int nr_rows;
	int first; /* the first row that does not fit, or -1 */
	struct irqm_snapshot *after; /* CPUs and matrix only */
	uint64_t work; /* a measure of the time it took, as on any machine */
};

/* At most one plan for each possible kernel. */
#define IRQM_MAX_PLANS                                                         \
	(IRQM_NR_SPREADS * IRQM_NR_MANAGED_CPUS * (1 << IRQM_NR_PLAN_RULES))

/* How many devices fit of what a max step names: of each as many. */
struct irqm_plan_max {
	const char *asked; /* NULL: there was no max step */
	unsigned int fits; /* 0: not one, or the rest does not fit either */
	bool limited;      /* more were not tried: IRQM_PLAN_MAX_DEVICES */
	struct irqm_plans *more; /* the plans with one more of each; NULL if
				    limited */
};

struct irqm_plans {
	const struct irqm_snapshot *snapshot;
	struct irqm_plan_max max; /* the plans are for max.fits devices */
	/* of a machine without a dump, otherwise NULL */
	const struct irqm_profile *profile;
	enum irqm_plan_match {
		IRQM_MATCH_EXACT, /* there is a profile of the kernel */
		IRQM_MATCH_AGREE, /* it may be like two profiles, which end in
				     the same way; the plans are those that
				     leave fewer vectors */
		IRQM_MATCH_DIFFER,
	} match;
	struct irqm_plans *other; /* the other profile's, if they differ */
	struct irqm_snapshot *described; /* belongs to the plans */
	struct irqm_plan_step *steps;    /* so do these; NULL: the request's */
	struct irqm_spread_evidence evidence;
	struct irqm_plan_choice possible;
	/* One, or more if the kernel cannot be identified and the results
	 * differ. If all CPUs go offline for suspend in either order and leave
	 * the same counters, the plan has the ascending order. */
	struct irqm_plan plans[IRQM_MAX_PLANS];
	unsigned int nr_plans;
};

/* Returns the plans, or NULL with err: out of memory, or a fact that is needed
 * could not be read. s and r must outlive the result. For a machine that is
 * only described, both kernels that it may have are planned. */
struct irqm_plans *irqm_plan(const struct irqm_snapshot *s,
			     const struct irqm_plan_request *r,
			     struct irqm_error *err);
/*
 * Plans for a machine that is only described. m must outlive the result.
 * Returns NULL with err, also if the machine's kernel is not known.
 */
struct irqm_plans *irqm_plan_described(const struct irqm_machine *m,
				       const struct irqm_plan_wish *wishes,
				       unsigned int nr, struct irqm_error *err);
/* Returns true if every step of every plan fits, also of the other profile's. */
bool irqm_plans_fit(const struct irqm_plans *p);
void irqm_plans_free(struct irqm_plans *p); /* NULL is fine */

#endif
