/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix advise: the smallest changes after which everything fits. */
#include <stdio.h>
#include <string.h>

#include "advise/advise.h"
#include "command/help.h"
#include "command/pager.h"
#include "command/progress.h"
#include "command/say.h"
#include "command/session.h"
#include "plan/described.h"
#include "tool/paper.h"
#include "tool/tool.h"

struct advise_options {
	bool json;
	struct irqm_steps steps;
	struct irqm_paper paper;
	struct irqm_table_options table;
	struct irqm_dump_options dump;
};

static const struct option long_options[] = {
	{ "add", required_argument, NULL, IRQM_OPT_ADD },
	{ "like", required_argument, NULL, IRQM_OPT_LIKE },
	IRQM_OPTIONS_PAPER,
	{ "json", no_argument, NULL, 'j' },
	IRQM_OPTION_COLOR,
	IRQM_OPTIONS_SOURCE,
	IRQM_OPTIONS_DUMP,
	IRQM_OPTIONS_END,
};

static int take_option(void *options, int c)
{
	struct advise_options *o = options;

	switch (c) {
	case 'j':
		o->json = true;
		return 0;
	case IRQM_OPT_COLOR:
		return irqm_take_table_option(&o->table, c);
	default:
		return irqm_paper_take_option(&o->paper, &o->steps, &o->dump,
					      c);
	}
}

/* Returns true if there is something to do. */
static bool parse_options(struct advise_options *o, int argc, char **argv,
			  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"jhV",
		long_options,
		irqm_help_advise,
		take_option,
	};
	struct irqm_arguments rest;

	memset(o, 0, sizeof(*o));
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	irqm_take_files(&o->dump, &rest);
	*ret_status = irqm_paper_check(&o->paper, &o->dump);
	return !*ret_status;
}

static void show_tried(void *ctx, unsigned int plans)
{
	char what[40];

	snprintf(what, sizeof(what), "%u plans tried", plans);
	irqm_progress_show(ctx, what, 0);
}

static int render_advices(const struct advise_options *o, const char *name,
			  const struct irqm_advices *a,
			  const struct irqm_snapshot *s)
{
	struct irqm_render_options ro = irqm_render_options_of(&o->table);

	if (o->json)
		return irqm_render_advice_json(stdout, a, &s->dump,
					       irqm_output_is_terminal());
	ro.dump = irqm_dump_in_commands(&s->dump, name);
	return irqm_render_advice(stdout, a, &ro);
}

static int give_advice(const struct advise_options *o, const char *name,
		       const struct irqm_steps *steps,
		       const struct irqm_analysis *a, struct irqm_snapshot *s,
		       bool identify)
{
	struct irqm_render_options ro = irqm_render_options_of(&o->table);
	struct irqm_progress bar;
	struct irqm_advise_progress progress = { show_tried, &bar };
	struct irqm_advices *advices;
	struct irqm_error err;
	int rc, status;

	irqm_progress_start(&bar);
	advices = irqm_advise(a, s, steps->wishes, steps->nr, &progress, &err);
	irqm_progress_end(&bar);
	if (!advices) {
		irqm_say("%s: %s", name, err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	if (identify && !o->json) {
		irqm_render_identity(stdout, a, &ro);
		fputc('\n', stdout);
	}
	rc = render_advices(o, name, advices, s);
	status = advices->end == IRQM_ADVISE_NO_GOAL ||
				 advices->end == IRQM_ADVISE_FITS ?
			 IRQM_STATUS_NOTHING :
			 IRQM_STATUS_FINDING;
	irqm_advices_free(advices);
	return rc ? irqm_render_failed(name) : status;
}

static int advise_machine(const struct advise_options *o,
			  const struct irqm_paper_machine *m)
{
	struct irqm_analysis *a = NULL;
	int status = IRQM_STATUS_TROUBLE;
	struct irqm_snapshot *s;
	struct irqm_error err;

	s = irqm_describe_machine(&m->m, &err);
	if (s)
		a = irqm_analyse(s);
	if (a)
		status = give_advice(o, "--machine", &m->steps, a, s, false);
	else
		irqm_say("%s", s ? "out of memory" : err.msg);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
	return status;
}

static int advise_paper(struct advise_options *o)
{
	int status = IRQM_STATUS_TROUBLE;
	struct irqm_paper_machine m;

	if (irqm_paper_open(&o->paper, &o->dump, &o->steps, &m))
		status = advise_machine(o, &m);
	irqm_paper_close(&o->paper);
	return status;
}

int irqm_tool_advise(int argc, char **argv)
{
	struct advise_options o;
	struct irqm_session s;
	int status;

	if (!parse_options(&o, argc, argv, &status))
		return status;
	if (irqm_paper_given(&o.paper))
		return advise_paper(&o);
	status = irqm_find_dump(&o.dump);
	if (status)
		return status;
	if (!irqm_session_open(&s, &o.dump, IRQM_READ_LOG))
		return IRQM_STATUS_TROUBLE;
	status =
		give_advice(&o, s.name, &o.steps, s.analysis, s.snapshot, true);
	if (status != IRQM_STATUS_TROUBLE &&
	    irqm_session_status(&s) == IRQM_STATUS_TROUBLE)
		status = IRQM_STATUS_TROUBLE;
	irqm_session_close(&s);
	return status;
}
