/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix report: writes an HTML file about a dump or a store. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/new_file.h"
#include "command/confine.h"
#include "command/help.h"
#include "command/limits.h"
#include "command/pager.h"
#include "command/say.h"
#include "command/session.h"
#include "fleet/fleet.h"
#include "render/json/json.h"
#include "render/json/parsed.h"
#include "report/dump.h"
#include "tool/output.h"
#include "tool/tool.h"

struct report_options {
	const char *output; /* NULL: standard output */
	bool all;
	bool advise;
	struct irqm_steps steps;
	struct irqm_dump_options dump; /* may also be a store */
};

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "all", no_argument, NULL, 'a' },
	{ "advise", no_argument, NULL, 'A' },
	IRQM_OPTIONS_STEPS,
	IRQM_OPTIONS_SOURCE,
	IRQM_OPTIONS_DUMP,
	IRQM_OPTIONS_END,
};

static int take_option(void *options, int c)
{
	struct report_options *o = options;

	switch (c) {
	case 'o':
		o->output = optarg;
		return 0;
	case 'a':
		o->all = true;
		return 0;
	case 'A':
		o->advise = true;
		return 0;
	default:
		return irqm_take_plan_option(&o->steps, &o->dump, c);
	}
}

/* Returns true if there is something to do. */
static bool parse_options(struct report_options *o, int argc, char **argv,
			  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"o:aAhV",
		long_options,
		irqm_help_report,
		take_option,
	};
	struct irqm_arguments rest;

	memset(o, 0, sizeof(*o));
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	irqm_take_files(&o->dump, &rest);
	*ret_status = irqm_choose_dump(&o->dump);
	if (!*ret_status && !o->output && irqm_output_is_terminal())
		*ret_status = irqm_bad_usage("standard output is a terminal: "
					     "write the HTML to a file with -o "
					     "report.html");
	return !*ret_status;
}

static json_t *plan_of(const struct irqm_session *s,
		       const struct irqm_steps *steps, struct irqm_error *err)
{
	struct irqm_plan_request r;
	struct irqm_plans *p = irqm_plan_steps(steps, s->snapshot, &r, err);
	json_t *document;

	if (!p)
		return NULL;
	irqm_error_memory(err);
	document = irqm_json_parsed(irqm_json_plans(p));
	irqm_plans_free(p);
	return document;
}

/* Interrupts times CPUs, a measure of the time of a plan: with fewer, advice takes
 * less than 0.2 s. */
#define SMALL_MACHINE 1000000UL

/* With devices that failed, it is given without being asked for. */
static bool wants_advice(const struct report_options *o,
			 const struct irqm_session *s)
{
	unsigned long irqs = s->snapshot->nr_irqs;

	return o->advise || (s->analysis->nr_failed &&
			     irqs * s->snapshot->nr_cpus < SMALL_MACHINE);
}

static json_t *advice_of(const struct irqm_session *s, struct irqm_error *err)
{
	struct irqm_advices *a;
	json_t *document;

	a = irqm_advise(s->analysis, s->snapshot, NULL, 0, NULL, err);
	if (!a)
		return NULL;
	irqm_error_memory(err);
	document = irqm_json_parsed(irqm_json_advice(a, &s->snapshot->dump));
	irqm_advices_free(a);
	return document;
}

/* Returns 0, 2 if parts could not be read, or -1 after printing an error. */
static int report_dump(FILE *out, const struct report_options *o)
{
	json_t *document = NULL, *plan = NULL, *advice = NULL;
	struct irqm_error err = { .msg = "out of memory" };
	struct irqm_session s;
	int status = -1;

	/* no report shows counts per CPU, so do not read them */
	if (!irqm_session_open(&s, &o->dump, 0))
		return -1;
	document = irqm_json_document(s.analysis);
	if (document && o->steps.nr)
		plan = plan_of(&s, &o->steps, &err);
	/* unless it was asked for, a report does without; err stays the plan's */
	if (document && (plan || !o->steps.nr) && wants_advice(o, &s))
		advice = advice_of(&s, &err);
	if (!document || (o->steps.nr && !plan) || (o->advise && !advice)) {
		irqm_limits_explain(&err);
		irqm_say("%s: %s", s.name, err.msg);
	} else if (irqm_report_dump(out, document, plan, advice)) {
		irqm_say("%s: %s", s.name, strerror(errno));
	} else {
		status = irqm_session_status(&s) == IRQM_STATUS_TROUBLE ?
				 IRQM_STATUS_TROUBLE :
				 IRQM_STATUS_NOTHING;
	}
	json_decref(document);
	json_decref(plan);
	json_decref(advice);
	irqm_session_close(&s);
	return status;
}

static int report_store(FILE *out, const struct report_options *o)
{
	const char *path = o->dump.files[0];

	if (o->dump.nr_files > 1 || o->steps.nr || o->advise) {
		irqm_bad_usage("%s is a store: name no other file and give no "
			       "plan steps or --advise",
			       path);
		return -1;
	}
	return irqm_fleet_report(out, path, o->all, o->output);
}

static int write_report(FILE *out, void *options)
{
	const struct report_options *o = options;

	return irqm_fleet_is_store(o->dump.files[0]) ? report_store(out, o) :
						       report_dump(out, o);
}

int irqm_tool_report(int argc, char **argv)
{
	struct report_options o;
	mode_t mode;
	int status;

	if (!parse_options(&o, argc, argv, &status))
		return status;
	status = irqm_find_dump(&o.dump);
	if (status)
		return status;
	o.dump.output_dir = o.output ? irqm_directory_of(o.output) : NULL;
	mode = irqm_mode_from(o.dump.files, o.dump.nr_files);
	status = o.output ? irqm_write_to(o.output, mode, write_report, &o) :
			    write_report(stdout, &o);
	free(o.dump.output_dir);
	return status < 0 ? IRQM_STATUS_TROUBLE : status;
}
