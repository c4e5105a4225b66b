/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of this folder. */
#ifndef IRQM_ADVISE_INTERNAL_H
#define IRQM_ADVISE_INTERNAL_H

#include "advise/advise.h"
#include "plan/boot.h"

/* Devices of one driver: those of the machine, and those that are to fit. */
struct target {
	const struct irqm_plan_group *group; /* NULL: none in the machine */
	struct irqm_plan_step step;          /* what one of them takes */
	struct irqm_plan_step again;  /* what it asks for when it is probed
					again: more, if it got less */
	unsigned int present, wanted; /* numbers of devices */
	/* devices of the driver that use INTx, and ask again after a reboot */
	unsigned int on_lines;
};

/* A change to a target's devices. */
struct change {
	bool reboot; /* all devices are probed again */
	unsigned int target;
	/* number of devices that change; those of the machine begin with the
	 * last one */
	unsigned int nr;
	bool present_first; /* else the wanted ones are the first to change */
	bool gone;          /* they are removed, else they take to */
	struct irqm_plan_step to;
	bool has_extra;
	struct irqm_plan_step extra; /* a device that is added for it */
	bool wide;                   /* all online CPUs are the default
					affinity */
};

struct search {
	const struct irqm_analysis *a;
	struct irqm_snapshot *s, wide; /* wide: for change.wide */
	struct irqm_advices *out;
	struct target *targets;
	unsigned int nr_targets, room_targets;
	const struct irqm_advise_progress *progress;
	struct irqm_error *err;
	bool failed; /* err is set */
};

/* The kinds of changes, by what the target's driver is. They add to s->out. */
void irqm_advise_try_knobs(struct search *s);

/* evaluate.c: runs the plan with the change, or without one if NULL. Returns
 * true if everything fits; *ret_available is then global_available. On errors
 * sets s->failed and returns false. */
bool irqm_advise_fits(struct search *s, const struct change *c,
		      irqm_num *ret_available);
/* The plan with the change, or NULL with s->failed. */
struct irqm_plans *irqm_advise_run(struct search *s, const struct change *c);

/* commands.c: fills what, commands and cost. amount: the number that the knob
 * is set to. */
bool irqm_advise_describe(struct search *s, const struct change *c,
			  unsigned int amount, struct irqm_advice *ret);

#endif
