/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vectors that drivers request, and what they do without them. */
#ifndef IRQM_PLAN_DRIVERS_H
#define IRQM_PLAN_DRIVERS_H

#include "plan/machine.h"
#include "plan/plan.h"

struct irqm_plan_driver {
	const char *name;
	unsigned int pre; /* vectors besides the queues' */
	/* Fills the row's end, error and vectors. Returns 0, or -1 with err if
	 * it cannot be predicted. */
	int (*probe)(struct irqm_plan_machine *m, struct irqm_plan_row *row,
		     struct irqm_error *err);
};

/* Finds a driver by its name, in which '-' equals '_'. Never returns NULL: for
 * unknown drivers there is a default. */
const struct irqm_plan_driver *irqm_plan_find_driver(const char *name);

#endif
