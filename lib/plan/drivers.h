/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drivers do to get their vectors: see analysis/drivers.h. */
#ifndef IRQM_PLAN_DRIVERS_H
#define IRQM_PLAN_DRIVERS_H

#include "analysis/drivers.h"
#include "plan/machine.h"
#include "plan/plan.h"

/* Probes the next device of the row's step: fills the row's end, error and
 * vectors. Returns 0, or -1 with err if it cannot be predicted. */
int irqm_plan_probe(struct irqm_plan_machine *m, struct irqm_plan_row *row,
		    struct irqm_error *err);

#endif
