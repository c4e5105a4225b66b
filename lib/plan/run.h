/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IRQM_PLAN_RUN_H
#define IRQM_PLAN_RUN_H

#include "plan/plan.h"

/* Runs the request as this kernel would. Returns 0, or -1 with err. */
int irqm_plan_run(struct irqm_plan *plan, struct irqm_arena *arena,
		  const struct irqm_snapshot *s,
		  const struct irqm_plan_request *q,
		  const struct irqm_plan_kernel *kernel,
		  struct irqm_error *err);

#endif
