/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds of every machine that was described, in whatever language. */
#ifndef FUZZ_MACHINES_H
#define FUZZ_MACHINES_H

#include "machine/machine.h"
#include "plan/plan.h"

/* Aborts unless the machine is as machine.h says. */
void fuzz_check_machine(const struct irqm_machine *m);

/* Makes a snapshot, and plans if that does not take long. Aborts if the
 * counters contradict each other, or if there is an error without words. */
void fuzz_plan_machine(const struct irqm_machine *m,
		       const struct irqm_plan_wish *wishes, unsigned int nr);

#endif
