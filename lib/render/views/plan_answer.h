/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paragraph before a plan: the first step that does not fit. */
#ifndef IRQM_RENDER_PLAN_ANSWER_H
#define IRQM_RENDER_PLAN_ANSWER_H

#include "render/render.h"

static inline bool irqm_plan_is_cpu(const struct irqm_plan_row *r)
{
	return r->step->kind == IRQM_PLAN_OFFLINE ||
	       r->step->kind == IRQM_PLAN_SUSPEND;
}

/* Returns the paragraph as one line, to free(); NULL if out of memory. */
char *irqm_plan_answer(const struct irqm_plans *p,
		       const struct irqm_plan *plan);
/* Prints it in lines. Returns -1 if out of memory. */
int irqm_put_plan_answer(FILE *out, const struct irqm_plans *p,
			 const struct irqm_plan *plan);

#endif
