/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drivers ask for, and what they do if they do not get it. */
#ifndef IRQM_PLAN_DRIVERS_H
#define IRQM_PLAN_DRIVERS_H

#include "plan/machine.h"
#include "plan/plan.h"

struct irqm_plan_driver {
	const char *name;
	unsigned int pre;       /* vectors besides the queues' */
	/* Fills the row's end, error and vectors. 0, or -1 with err if that
	 * cannot be said. */
	int (*probe)(struct irqm_plan_machine *m, struct irqm_plan_row *row,
		     struct irqm_error *err);
};

/* By its name, '-' and '_' alike; never NULL. */
const struct irqm_plan_driver *irqm_plan_find_driver(const char *name);

#endif
