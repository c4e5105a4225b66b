/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix diff: compares two dumps of one machine. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command/help.h"
#include "command/limits.h"
#include "command/pager.h"
#include "command/say.h"
#include "command/session.h"
#include "render/diff/diff.h"
#include "render/text.h"
#include "tool/saved.h"
#include "tool/tool.h"

struct diff_options {
	bool all, json;
	struct irqm_table_options table;
	struct irqm_dump_options before, after;
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "all", no_argument, NULL, 'a' },
	IRQM_OPTIONS_TABLE,
	{ "live", no_argument, NULL, IRQM_OPT_LIVE },
	IRQM_OPTIONS_DUMP,
	IRQM_OPTIONS_END,
};

static int take_option(void *options, int c)
{
	struct diff_options *o = options;
	int status;

	switch (c) {
	case 'j':
		o->json = true;
		return 0;
	case 'a':
		o->all = true;
		return 0;
	case IRQM_OPT_NO_HEADER:
	case IRQM_OPT_COLOR:
		return irqm_take_table_option(&o->table, c);
	case IRQM_OPT_LIVE:
		return irqm_take_dump_option(&o->after, c);
	case IRQM_OPT_VMLINUX:
		/* for both dumps; given twice: first dump's, then second's */
		o->before.vmlinux = o->after.vmlinux ? o->after.vmlinux :
						       optarg;
		o->after.vmlinux = optarg;
		return 0;
	default:
		status = irqm_take_dump_option(&o->before, c);
		return status ? status : irqm_take_dump_option(&o->after, c);
	}
}

static void set_files(struct diff_options *o, const struct irqm_arguments *rest)
{
	o->before.files = (const char *const *)rest->arg;
	o->before.nr_files = rest->nr_before ? rest->nr_before : 1;
	if (o->after.live)
		o->before.nr_files = rest->nr;
	o->after.files = o->before.files + o->before.nr_files;
	o->after.nr_files = rest->nr - o->before.nr_files;
}

/* Returns true if there is something to do. */
static bool parse_options(struct diff_options *o, int argc, char **argv,
			  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"jahV",
		long_options,
		irqm_help_diff,
		take_option,
	};
	struct irqm_arguments rest;

	memset(o, 0, sizeof(*o));
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	set_files(o, &rest);
	if (!rest.nr || (rest.nr < 2 && !o->after.live))
		*ret_status = irqm_bad_usage("diff needs two dumps: %s",
					     rest.nr ? "only one was given" :
						       "none was given");
	else if (rest.nr > 2 && !rest.nr_before && !o->after.live)
		*ret_status = irqm_bad_usage("more than two files: put -- "
					     "between the files of the two "
					     "dumps");
	else if (o->json && o->all)
		*ret_status = irqm_exclusive("--all", "--json");
	else if (o->json && o->table.no_header)
		*ret_status = irqm_exclusive("--no-header", "--json");
	if (!*ret_status)
		*ret_status = irqm_choose_dump(&o->before);
	if (!*ret_status)
		*ret_status = irqm_choose_dump(&o->after);
	return !*ret_status;
}

/* Prints what could not be read in one of the two dumps. */
static int render_unread(const char *which, const struct irqm_session *s)
{
	if (s->snapshot->nr_unread) {
		printf("\n%s, ", which);
		irqm_put_name(stdout, s->name);
		putchar(':');
	}
	return irqm_render_unread(stdout, s->analysis);
}

static int render_text(const struct irqm_session *before,
		       const struct irqm_session *after,
		       const struct irqm_diff *d, const struct diff_options *o)
{
	struct irqm_render_options ro = irqm_render_options_of(&o->table);

	ro.all = o->all;
	if (irqm_render_diff(stdout, d, &ro) ||
	    irqm_render_live(stdout, d->before) ||
	    irqm_render_live(stdout, d->after) ||
	    render_unread("before", before))
		return -1;
	return render_unread("after", after);
}

static int status_of(const struct irqm_session *before,
		     const struct irqm_session *after,
		     const struct irqm_diff *d)
{
	if (irqm_session_status(before) == IRQM_STATUS_TROUBLE ||
	    irqm_session_status(after) == IRQM_STATUS_TROUBLE)
		return IRQM_STATUS_TROUBLE;
	return d->differs ? IRQM_STATUS_FINDING : IRQM_STATUS_NOTHING;
}

static int show_diff(const struct irqm_session *before,
		     const struct irqm_session *after,
		     const struct diff_options *o)
{
	struct irqm_diff *d = irqm_diff(before->analysis, after->analysis);
	int rc, status;

	if (!d) {
		irqm_say("%s: out of memory", after->name);
		return IRQM_STATUS_TROUBLE;
	}
	if (o->json)
		rc = irqm_render_diff_json(stdout, d,
					   irqm_output_is_terminal());
	else
		rc = render_text(before, after, d, o);
	status = rc ? irqm_render_failed(after->name) :
		      status_of(before, after, d);
	irqm_diff_free(d);
	return status;
}

/* Reads a saved document, or a dump. */
static bool read_side(struct irqm_session *s)
{
	int saved = irqm_saved_open(s);

	if (saved)
		return saved > 0;
	return irqm_session_open_file(s) && irqm_session_analyse(s, 0);
}

int irqm_tool_diff(int argc, char **argv)
{
	struct irqm_session before, after;
	struct diff_options o;
	int status;

	if (!parse_options(&o, argc, argv, &status))
		return status;
	status = irqm_find_dump(&o.before);
	if (!status)
		status = irqm_find_dump(&o.after);
	if (status)
		return status;
	irqm_limits_set_two(&o.before, &o.after);
	status = IRQM_STATUS_TROUBLE;
	if (!irqm_session_prepare(&before, &o.before))
		return status;
	if (irqm_session_prepare(&after, &o.after) &&
	    irqm_session_confine(&before, &after) && read_side(&before) &&
	    read_side(&after))
		status = show_diff(&before, &after, &o);
	irqm_session_close(&after);
	irqm_session_close(&before);
	return status;
}
