/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix plan: predicts the effect of changes. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command/help.h"
#include "command/pager.h"
#include "command/say.h"
#include "command/session.h"
#include "tool/paper.h"
#include "tool/tool.h"

enum {
	OPT_LIST_DRIVERS = 300,
};

struct plan_options {
	bool all, json, list_drivers;
	struct irqm_steps steps;
	struct irqm_paper paper;
	struct irqm_table_options table;
	struct irqm_dump_options dump;
};

static const struct option long_options[] = {
	IRQM_OPTIONS_STEPS,
	IRQM_OPTIONS_PAPER,
	{ "all", no_argument, NULL, 'a' },
	{ "json", no_argument, NULL, 'j' },
	{ "list-drivers", no_argument, NULL, OPT_LIST_DRIVERS },
	IRQM_OPTIONS_TABLE,
	IRQM_OPTIONS_SOURCE,
	IRQM_OPTIONS_DUMP,
	IRQM_OPTIONS_END,
};

static int take_option(void *options, int c)
{
	struct plan_options *o = options;

	switch (c) {
	case 'a':
		o->all = true;
		return 0;
	case 'j':
		o->json = true;
		return 0;
	case OPT_LIST_DRIVERS:
		o->list_drivers = true;
		return 0;
	case IRQM_OPT_NO_HEADER:
	case IRQM_OPT_COLOR:
		return irqm_take_table_option(&o->table, c);
	default:
		return irqm_paper_take_option(&o->paper, &o->steps, &o->dump,
					      c);
	}
}

/* Returns true if there is something to do. */
static bool parse_options(struct plan_options *o, int argc, char **argv,
			  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"ajhV",
		long_options,
		irqm_help_plan,
		take_option,
	};
	struct irqm_arguments rest;

	memset(o, 0, sizeof(*o));
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	irqm_take_files(&o->dump, &rest);
	if (o->list_drivers)
		return true;
	*ret_status = irqm_paper_check(&o->paper, &o->dump);
	if (*ret_status)
		return false;
	if (!o->steps.nr && !o->paper.is_domain)
		*ret_status = irqm_bad_usage("no step: give at least one of "
					     "--add, --like, --remove, "
					     "--offline, --suspend, --nr-cpus, "
					     "--max");
	else if (o->table.no_header && o->json)
		*ret_status = irqm_exclusive("--no-header", "--json");
	return !*ret_status;
}

static int render_plans(const struct irqm_session *s,
			const struct plan_options *o,
			const struct irqm_plans *p)
{
	struct irqm_render_options ro = irqm_render_options_of(&o->table);

	if (o->json)
		return irqm_render_plan_json(stdout, p,
					     irqm_output_is_terminal());
	ro.all = o->all;
	if (ro.header) {
		if (irqm_render_identity(stdout, s->analysis, &ro))
			return -1;
		fputc('\n', stdout);
	}
	if (irqm_render_plan(stdout, p, &ro))
		return -1;
	if (irqm_render_live(stdout, s->analysis))
		return -1;
	return irqm_render_unread(stdout, s->analysis);
}

static int plan_status(const struct irqm_session *s, const struct irqm_plans *p)
{
	/* the part that could not be read might change the answer */
	if (irqm_session_status(s) == IRQM_STATUS_TROUBLE)
		return IRQM_STATUS_TROUBLE;
	return irqm_plans_fit(p) ? IRQM_STATUS_NOTHING : IRQM_STATUS_FINDING;
}

static int show_plans(const struct irqm_session *s,
		      const struct plan_options *o)
{
	struct irqm_plan_request r;
	struct irqm_plans *p;
	struct irqm_error err;
	int rc, status;

	p = irqm_plan_steps(&o->steps, s->snapshot, &r, &err);
	if (!p) {
		irqm_say("%s: %s", s->name, err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	rc = render_plans(s, o, p);
	status = plan_status(s, p);
	irqm_plans_free(p);
	return rc ? irqm_render_failed(s->name) : status;
}

static int render_described(const struct plan_options *o,
			    const struct irqm_paper_machine *m,
			    const struct irqm_plans *p)
{
	struct irqm_render_options ro = irqm_render_options_of(&o->table);

	if (o->json)
		return irqm_render_plan_json(stdout, p,
					     irqm_output_is_terminal());
	ro.all = o->all;
	if (ro.header) {
		if (irqm_render_described(stdout, p))
			return -1;
		irqm_paper_print_left_out(m, stdout);
		fputc('\n', stdout);
	}
	return irqm_render_plan(stdout, p, &ro);
}

static int plan_paper(const struct plan_options *o,
		      const struct irqm_paper_machine *m)
{
	struct irqm_error err;
	struct irqm_plans *p;
	int rc, status;

	p = irqm_plan_described(&m->m, m->steps.wishes, m->steps.nr, &err);
	if (!p) {
		irqm_say("%s", err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	rc = render_described(o, m, p);
	status = irqm_plans_fit(p) ? IRQM_STATUS_NOTHING : IRQM_STATUS_FINDING;
	irqm_plans_free(p);
	return rc ? irqm_render_failed("--machine") : status;
}

static int show_paper(struct plan_options *o)
{
	int status = IRQM_STATUS_TROUBLE;
	struct irqm_paper_machine m;

	if (irqm_paper_open(&o->paper, &o->dump, &o->steps, &m))
		status = plan_paper(o, &m);
	irqm_paper_close(&o->paper);
	return status;
}

static int list_drivers(const struct plan_options *o)
{
	struct irqm_render_options ro = irqm_render_options_of(&o->table);

	if (irqm_render_plan_drivers(stdout, &ro))
		return irqm_render_failed("--list-drivers");
	return IRQM_STATUS_NOTHING;
}

int irqm_tool_plan(int argc, char **argv)
{
	struct irqm_session s;
	struct plan_options o;
	int status;

	if (!parse_options(&o, argc, argv, &status))
		return status;
	if (o.list_drivers)
		return list_drivers(&o);
	if (irqm_paper_given(&o.paper))
		return show_paper(&o);
	status = irqm_find_dump(&o.dump);
	if (status)
		return status;
	if (!irqm_session_open(&s, &o.dump, 0))
		return IRQM_STATUS_TROUBLE;
	status = show_plans(&s, &o);
	irqm_session_close(&s);
	return status;
}
