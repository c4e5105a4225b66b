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

/* No target: the change is to the machine. */
#define NO_TARGET (~0U)

/* A change. It can be made more or less strongly. */
struct change {
	enum irqm_knob knob;
	bool reboot; /* all devices are probed again */

	/* Sets what follows for a strength from 1 to most. NULL: the change
	 * has only one strength. */
	void (*set)(struct change *c, unsigned int strength);
	unsigned int most, strength;
	unsigned int amount; /* that the knob is set to, for a person */

	unsigned int target; /* its devices change */
	/* number of devices that change; those of the machine begin with the
	 * last one */
	unsigned int nr;
	bool present_first; /* else the wanted ones are the first to change */
	bool gone;          /* they are removed, else they take to */
	struct irqm_plan_step to;
	bool has_extra;
	struct irqm_plan_step extra; /* a device that is added for it */

	bool wide;           /* all online CPUs are the default affinity */
	unsigned int moved;  /* that many of search.moves change their CPU */
	unsigned int online; /* that many of search.offline come online */
	unsigned int boot;   /* number of CPUs it boots with; 0: all */

	/* what the plan says if it is made as strongly as possible */
	bool tried;
	unsigned int missing; /* devices that do not fit */
	irqm_num available;

	const struct change *also; /* the next part of a combination, or NULL */
};

#define IRQM_MOVES_PER_COMMAND 100

/* Single interrupts that can leave full CPUs, by index in the snapshot, in the
 * order in which they do. */
struct moves {
	unsigned int *irqs, nr;
	struct irqm_bits to; /* CPUs with room */
};

struct search {
	const struct irqm_analysis *a;
	struct irqm_snapshot *s, wide; /* wide: for change.wide */
	struct irqm_advices *out;
	struct target *targets;
	unsigned int nr_targets, room_targets;
	struct change *changes; /* all that apply */
	unsigned int nr_changes, room_changes;
	struct moves moves;
	unsigned int *offline, nr_offline; /* CPUs that can come online */
	/* irqm_plan.work of all plans so far, and its limit */
	uint64_t work, limit;
	const struct irqm_advise_progress *progress;
	struct irqm_error *err;
	bool failed; /* err is set */
};

/* knobs.c: fills s->changes with those that apply, as strong as possible. */
void irqm_advise_list_changes(struct search *s);
/* moves.c, cpus.c: so do these. */
void irqm_advise_list_moves(struct search *s);
void irqm_advise_list_cpus(struct search *s);
/* Returns false with s->failed if there are too many. */
bool irqm_advise_add_change(struct search *s, const struct change *c);

/* evaluate.c: runs the plan with the change, or without one if NULL. Returns
 * true if everything fits; sets *ret_available to global_available then, and
 * *ret_missing, if not NULL, to the number of devices that do not fit. On errors
 * sets s->failed and returns false. */
bool irqm_advise_fits(struct search *s, const struct change *c,
		      irqm_num *ret_available, unsigned int *ret_missing);
/* The number of devices that do not fit. */
unsigned int irqm_advise_missing(const struct irqm_plans *p);
/* The plan with the change, or NULL with s->failed. */
struct irqm_plans *irqm_advise_run(struct search *s, const struct change *c);

/* combine.c: tries changes together. Adds to s->out. */
void irqm_advise_combine(struct search *s);

/* known.c: without advice, says what is known of the machine, and what to type
 * next. */
void irqm_advise_say_known(struct search *s);

/* commands.c: the parameters that turn MSI off for all devices of a driver, or
 * NULL. */
const char *irqm_advise_parameter(const char *driver);
/* Says what the change is, what to type, and what it costs. */
bool irqm_advise_describe(struct search *s, const struct change *c,
			  struct irqm_advice_part *ret);
/* search.c: adds the change, which fits, to s->out. */
bool irqm_advise_add(struct search *s, const struct change *c,
		     irqm_num available);
/* Finds the smallest strength with which everything fits. c fits as it is. all
 * is c, or the first part of the combination that c is a part of. */
void irqm_advise_narrow(struct search *s, struct change *all, struct change *c,
			irqm_num *available);
/* Returns false if s->limit is reached, or after an error; notes the limit. */
bool irqm_advise_may_go_on(struct search *s);

#endif
