/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix plan: what would happen if. */
#include <stdio.h>
#include <unistd.h>

#include "base/terminal.h"
#include "plan/plan.h"
#include "render/render.h"
#include "tool/session.h"
#include "tool/tool.h"

static int ask(struct irqm_plan_request *r, const struct irqm_session *s,
	       const struct irqm_options *o)
{
	struct irqm_error err;
	unsigned int i;

	for (i = 0; i < o->nr_steps; i++) {
		if (irqm_plan_ask(r, s->snapshot, o->steps[i].kind,
				  o->steps[i].arg, &err)) {
			irqm_say("%s: %s", s->name, err.msg);
			return -1;
		}
	}
	return 0;
}

static bool fits(const struct irqm_plans *p)
{
	unsigned int i;

	for (i = 0; i < p->nr_plans; i++) {
		if (p->plans[i].first >= 0)
			return false;
	}
	return true;
}

static int render(const struct irqm_session *s, const struct irqm_options *o,
		  const struct irqm_plans *p)
{
	if (o->view == 'j')
		return irqm_render_plan_json(stdout, p, isatty(STDOUT_FILENO));
	if (irqm_render_plan(stdout, p, &(struct irqm_render_options){
			.all = o->all, .header = !o->no_header,
			.color = irqm_want_color(o->color),
			.width = irqm_terminal_width() }))
		return -1;
	if (irqm_render_live(stdout, s->analysis))
		return -1;
	return irqm_render_unread(stdout, s->analysis);
}

static int plan_status(const struct irqm_session *s,
		       const struct irqm_plans *p)
{
	/* what could not be read might have changed the answer */
	if (irqm_session_status(s) == IRQM_STATUS_TROUBLE)
		return IRQM_STATUS_TROUBLE;
	return fits(p) ? IRQM_STATUS_NOTHING : IRQM_STATUS_FINDING;
}

static int show(const struct irqm_session *s, const struct irqm_options *o)
{
	struct irqm_plan_request r = { 0 };
	struct irqm_error err;
	struct irqm_plans *p;
	int rc, status;

	if (ask(&r, s, o))
		return IRQM_STATUS_TROUBLE;
	p = irqm_plan(s->snapshot, &r, &err);
	if (!p) {
		irqm_say("%s: %s", s->name, err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	rc = render(s, o, p);
	status = plan_status(s, p);
	irqm_plans_free(p);
	return rc ? irqm_render_failed(s->name) : status;
}

int irqm_tool_plan(int argc, char **argv)
{
	struct irqm_session s;
	struct irqm_options o;
	int status;

	if (!irqm_options_parse_plan(&o, argc, argv, &status))
		return status;
	if (!irqm_session_open(&s, &o, o.nr_files, 0))
		return IRQM_STATUS_TROUBLE;
	status = show(&s, &o);
	irqm_session_close(&s);
	return status;
}
