/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes plans. */
#include "plan/plan.h"

#include <stdlib.h>

#include "api/handle.h"
#include "render/render.h"

struct irqmatrix_plan {
	struct irqmatrix *m;
	struct irqm_plan_request request;
	struct irqm_plans *plans;
};

struct irqmatrix_plan *irqmatrix_plan_new(struct irqmatrix *m)
{
	struct irqmatrix_plan *p;

	if (!irqm_api_has_read(m))
		return NULL;
	p = calloc(1, sizeof(*p));
	if (p)
		p->m = m;
	else
		irqm_api_no_memory(m);
	return p;
}

void irqmatrix_plan_free(struct irqmatrix_plan *p)
{
	if (!p)
		return;
	irqm_plans_free(p->plans);
	free(p);
}

int irqmatrix_plan_step(struct irqmatrix_plan *p, enum irqmatrix_step step,
			const char *arg)
{
	struct irqmatrix *m = p->m;

	if ((unsigned int)step > IRQMATRIX_STEP_BOOT)
		return irqm_api_fail(m, IRQM_ERROR_USAGE, "no such step");
	if (!arg && step != IRQMATRIX_STEP_SUSPEND)
		return irqm_api_fail(m, IRQM_ERROR_USAGE,
				     "the step needs an argument");
	/* the two enumerations have the same values */
	if (irqm_plan_ask(&p->request, m->snapshot, (enum irqm_plan_kind)step,
			  arg, &m->err) == 0)
		return 0;
	irqm_error_is(&m->err, IRQM_ERROR_USAGE);
	return -1;
}

int irqmatrix_plan_run(struct irqmatrix_plan *p)
{
	irqm_plans_free(p->plans);
	p->plans = irqm_plan(p->m->snapshot, &p->request, &p->m->err);
	if (!p->plans)
		return -1;
	return irqm_plans_fit(p->plans) ? 0 : 1;
}

int irqmatrix_plan_render(struct irqmatrix_plan *p, FILE *out, bool json)
{
	struct irqm_render_options o = { .header = true };
	int rc;

	if (!p->plans)
		return irqm_api_fail(p->m, IRQM_ERROR_USAGE,
				     "call irqmatrix_plan_run() first");
	rc = json ? irqm_render_plan_json(out, p->plans, false) :
		    irqm_render_plan(out, p->plans, &o);
	return rc ? irqm_api_fail(p->m, IRQM_ERROR_FILE,
				  "cannot write the plan") :
		    0;
}
