/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans on machines that are written down in a test. */
#ifndef PLANNED_H
#define PLANNED_H

#include "analysis/analysis.h"
#include "plan/plan.h"
#include "snap.h"

/* The outcomes of one step; fails the test if there are none. */
struct irqm_plans *planned(struct irqm_snapshot *s, enum irqm_plan_kind kind,
			   const char *arg);

/* There is no plan of that, and the error has this part. */
void refuses(struct irqm_snapshot *s, enum irqm_plan_kind kind, const char *arg,
	     const char *why);

/* IRQs from *irq on, each with a vector of the CPU. */
void fill_cpu(struct irqm_snapshot *s, unsigned int cpu, unsigned int vectors,
	      unsigned int *irq);
/* CPU full has only so many vectors left. */
struct irqm_snapshot *
machine_with_full_cpu(unsigned int cpus, unsigned int full, unsigned int left);

/* No kernel would give the devices' masks: they are no evidence. */
void forget_masks(struct irqm_snapshot *s);

/* All interrupts are started. */
void start_all(struct irqm_snapshot *s);

#endif
