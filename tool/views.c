/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix without a command: prints the views. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/terminal.h"
#include "command/confine.h"
#include "command/help.h"
#include "command/pager.h"
#include "command/say.h"
#include "command/session.h"
#include "tool/output.h"
#include "tool/tool.h"
#include "tool/watch.h"

enum {
	OPT_LOG = IRQM_OPT_OWN,
	OPT_TEXTFILE,
	OPT_TOP,
	OPT_INTERVAL,
	OPT_COUNT,
	OPT_COLUMNS,
	OPT_LIST_COLUMNS
};

/* A day. */
#define INTERVAL_MOST (24 * 3600)

struct view_options {
	enum irqm_view view;
	const char *cpus;    /* as the user gave them */
	const char *columns; /* the argument of -o */
	const char *textfile;
	bool list_columns, all, json;
	enum irqm_csv csv;
	unsigned int top; /* 0: all */
	struct irqm_watch watch;
	struct irqm_table_options table;
	struct irqm_dump_options dump;
};

static const struct option long_options[] = {
	{ "check", no_argument, NULL, 'k' },
	{ "devices", no_argument, NULL, 'd' },
	{ "pools", no_argument, NULL, 'p' },
	{ "irqs", no_argument, NULL, 'i' },
	{ "vectors", no_argument, NULL, 'v' },
	{ "debugfs", no_argument, NULL, 'D' },
	{ "json", no_argument, NULL, 'j' },
	{ "log", no_argument, NULL, OPT_LOG },
	{ "map", no_argument, NULL, 'M' },
	{ "textfile", required_argument, NULL, OPT_TEXTFILE },
	IRQM_OPTIONS_CSV,
	{ "cpus", required_argument, NULL, 'c' },
	{ "all", no_argument, NULL, 'a' },
	{ "top", required_argument, NULL, OPT_TOP },
	{ "interval", required_argument, NULL, OPT_INTERVAL },
	{ "count", required_argument, NULL, OPT_COUNT },
	{ "output", required_argument, NULL, 'o' },
	{ "columns", required_argument, NULL, OPT_COLUMNS },
	{ "list-columns", no_argument, NULL, OPT_LIST_COLUMNS },
	IRQM_OPTIONS_TABLE,
	IRQM_OPTIONS_SOURCE,
	IRQM_OPTIONS_DUMP,
	IRQM_OPTIONS_END,
};

/* Returns -1 if the option is not a view's. */
static int find_view(int option)
{
	int i;

	for (i = 0; i < IRQM_NR_VIEWS; i++)
		if (irqm_views[i].letter && irqm_views[i].letter == option)
			return i;
	return option == OPT_LOG ? IRQM_VIEW_LOG : -1;
}

bool irqm_is_view(const char *word)
{
	int i;

	for (i = 0; i < IRQM_NR_VIEWS; i++)
		if (irqm_views[i].name[0] &&
		    strcmp(irqm_views[i].name + 2, word) == 0)
			return true;
	return false;
}

static int choose_view(struct view_options *o, enum irqm_view view)
{
	if (o->view != IRQM_VIEW_CPUS && o->view != view)
		return irqm_exclusive(irqm_views[o->view].name,
				      irqm_views[view].name);
	o->view = view;
	return 0;
}

static int parse_top(struct view_options *o, const char *arg)
{
	size_t digits = strspn(arg, "0123456789");
	unsigned long n = strtoul(arg, NULL, 10);

	if (!digits || arg[digits] || n == 0 || n > UINT_MAX)
		return irqm_bad_usage("--top %s: not a number, 1 or more", arg);
	o->top = n;
	return 0;
}

static int parse_interval(struct irqm_watch *w, const char *arg)
{
	uint64_t seconds;
	int status = irqm_parse_number("--interval", arg, 1, INTERVAL_MOST,
				       &seconds);

	w->interval = seconds;
	return status;
}

static int take_option(void *options, int c)
{
	struct view_options *o = options;
	int view = find_view(c);

	if (c == 'j') {
		o->json = true;
		return 0;
	}
	if (view >= 0)
		return choose_view(o, (enum irqm_view)view);
	switch (c) {
	case 'c':
		o->cpus = optarg;
		return 0;
	case 'a':
		o->all = true;
		return 0;
	case 'o':
	case OPT_COLUMNS:
		o->columns = optarg;
		return 0;
	case IRQM_OPT_CSV:
	case IRQM_OPT_CSV_RAW:
		return irqm_take_csv_option(&o->csv, c);
	case OPT_TEXTFILE:
		o->textfile = optarg;
		return choose_view(o, IRQM_VIEW_METRICS);
	case OPT_TOP:
		return parse_top(o, optarg);
	case OPT_INTERVAL:
		return parse_interval(&o->watch, optarg);
	case OPT_COUNT:
		return irqm_parse_number("--count", optarg, 1, UINT32_MAX,
					 &o->watch.count);
	case OPT_LIST_COLUMNS:
		o->list_columns = true;
		return 0;
	case IRQM_OPT_NO_HEADER:
	case IRQM_OPT_COLOR:
		return irqm_take_table_option(&o->table, c);
	default:
		return irqm_take_dump_option(&o->dump, c);
	}
}

/* Refuses options that do not apply to the chosen view. JSON always has all
 * rows and columns of it. */
static int check_view(const struct view_options *o)
{
	const struct irqm_view_rules *v = &irqm_views[o->view];

	if (o->json && !v->keys)
		return irqm_exclusive(v->name, "--json");
	if (o->json)
		v = &irqm_views[IRQM_VIEW_JSON];
	if (o->cpus && !v->cpus)
		return irqm_exclusive("--cpus", v->name);
	if (o->all && !v->all)
		return irqm_exclusive("--all", v->name);
	if (v->table)
		return 0;
	if (o->csv)
		return irqm_exclusive(irqm_csv_option(o->csv), v->name);
	if (o->columns)
		return irqm_exclusive("--output", v->name);
	if (o->list_columns)
		return irqm_exclusive("--list-columns", v->name);
	if (o->top)
		return irqm_exclusive("--top", v->name);
	if (o->table.no_header)
		return irqm_exclusive("--no-header", v->name);
	return 0;
}

/* Refuses what does not apply to a machine over time. */
static int check_watch(const struct view_options *o)
{
	const char *option = NULL;

	if (!o->watch.interval)
		return o->watch.count ?
			       irqm_bad_usage("--count needs --interval") :
			       0;
	if (o->dump.nr_files && !o->dump.live)
		return irqm_bad_usage("--interval reads the running machine, "
				      "and a dump does not change: leave out "
				      "%s, or compare two dumps with irqmatrix "
				      "diff",
				      o->dump.files[0]);
	if (o->dump.latest)
		option = "--latest";
	else if (o->view != IRQM_VIEW_CPUS && o->view != IRQM_VIEW_JSON)
		option = irqm_views[o->view].name;
	else if (o->cpus)
		option = "--cpus";
	else if (o->all)
		option = "--all";
	else if (o->columns)
		option = "--output";
	else if (o->list_columns)
		option = "--list-columns";
	else if (o->csv)
		option = irqm_csv_option(o->csv);
	return option ? irqm_exclusive("--interval", option) : 0;
}

/* Returns true if there is something to do. */
static bool parse_options(struct view_options *o, int argc, char **argv,
			  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"kdpivDjMc:ao:hV",
		long_options,
		irqm_help_view,
		take_option,
	};
	struct irqm_arguments rest;

	*o = (struct view_options){ .view = IRQM_VIEW_CPUS };
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	irqm_take_files(&o->dump, &rest);
	if (o->json && o->view == IRQM_VIEW_CPUS)
		o->view = IRQM_VIEW_JSON;
	*ret_status = check_view(o);
	if (!*ret_status && !o->list_columns)
		*ret_status = irqm_choose_dump(&o->dump);
	if (!*ret_status)
		*ret_status = check_watch(o);
	return !*ret_status;
}

/* Prints the unread parts, which CSV does not contain, on standard error. */
static void say_unread(const struct irqm_session *s)
{
	const struct irqm_snapshot *snap = s->snapshot;
	unsigned int nr = snap->nr_unread + snap->unread_dropped;

	if (nr)
		irqm_say("%s: %u %s could not be read, --json lists what",
			 s->name, nr, irqm_plural(nr, "part", "parts"));
}

/* Findings do not change the status: the user only asked for the log. */
static int log_status(const struct irqm_session *s)
{
	const struct irqm_log *log = &s->snapshot->log;

	if (log->left_out)
		irqm_say("%s: distilled without the kernel log", s->name);
	else if (!log->known)
		irqm_say("%s: the kernel log cannot be read, --json gives the "
			 "reason",
			 s->name);
	else if (log->cut)
		irqm_say("%s: older lines of the log were overwritten, or "
			 "some could not be read",
			 s->name);
	return log->known ? IRQM_STATUS_NOTHING : IRQM_STATUS_TROUBLE;
}

static int show_views(const struct irqm_session *s,
		      const struct view_options *o, bool utf8)
{
	const struct irqm_snapshot *snap = s->snapshot;
	struct irqm_render_options ro = irqm_render_options_of(&o->table);
	struct irqm_error err;
	struct irqm_bits cpus;

	ro.all = o->all;
	ro.json = o->json;
	ro.columns = o->columns;
	ro.csv = o->csv;
	ro.top = o->top;
	ro.dump = irqm_dump_in_commands(&snap->dump, o->dump.files[0]);
	ro.utf8 = utf8;
	ro.indent = irqm_output_is_terminal();
	if (o->cpus) {
		cpus = irqm_bits_new(snap->arena, snap->dump.nr_cpu_ids);
		if (irqm_bits_parse(&cpus, o->cpus, &err)) {
			irqm_say("%s: --cpus %s: %s", s->name, o->cpus,
				 err.msg);
			return IRQM_STATUS_TROUBLE;
		}
		ro.cpus = &cpus;
	}
	if (irqm_render_view(stdout, s->analysis, o->view, &ro))
		return irqm_render_failed(s->name);
	if (ro.csv || ro.columns)
		say_unread(s);
	if (o->view == IRQM_VIEW_LOG)
		return log_status(s);
	return irqm_session_status(s);
}

static int list_columns(enum irqm_view view)
{
	if (irqm_render_columns(stdout, view))
		return irqm_render_failed("--list-columns");
	return IRQM_STATUS_NOTHING;
}

/* Checks the files after the first. A name that does not exist may be an
 * interrupt meant for irqmatrix aff, so suggest that. */
static bool files_are_there(const struct irqm_dump_options *o)
{
	unsigned int i;

	for (i = 1; i < o->nr_files; i++) {
		if (access(o->files[i], F_OK) == 0 || errno != ENOENT)
			continue;
		irqm_bad_usage("%s: no such file; to show an interrupt, use "
			       "irqmatrix aff %s %s",
			       o->files[i], o->files[0], o->files[i]);
		return false;
	}
	return true;
}

static unsigned int read_flags(const struct view_options *o)
{
	/* for every view, so that unread[] is that of the whole document */
	if (o->json)
		return IRQM_READ_COUNTS;
	if (o->view == IRQM_VIEW_IRQS && o->columns &&
	    irqm_columns_have(IRQM_VIEW_IRQS, o->columns, "COUNT"))
		return IRQM_READ_COUNTS;
	return 0;
}

/* Findings do not change the status: the metrics have them. */
static int write_metrics(FILE *out, void *options)
{
	const struct view_options *o = options;
	struct irqm_render_options ro = { .now = time(NULL) };
	struct irqm_session s;
	int status = -1;

	if (!irqm_session_open(&s, &o->dump, 0))
		return -1;
	if (irqm_render_view(out, s.analysis, IRQM_VIEW_METRICS, &ro))
		irqm_render_failed(s.name);
	else
		status = irqm_session_status(&s) == IRQM_STATUS_TROUBLE ?
				 IRQM_STATUS_TROUBLE :
				 IRQM_STATUS_NOTHING;
	irqm_session_close(&s);
	return status;
}

static int write_textfile(struct view_options *o)
{
	int status;

	if (strcmp(o->textfile, "-") == 0) {
		status = write_metrics(stdout, o);
	} else {
		o->dump.output_dir = irqm_directory_of(o->textfile);
		umask(022); /* the collector runs as another user */
		status = irqm_write_to(o->textfile, 0644, write_metrics, o);
		free(o->dump.output_dir);
	}
	return status < 0 ? IRQM_STATUS_TROUBLE : status;
}

int irqm_tool_view(int argc, char **argv)
{
	/* compute this now: the locale's files cannot be opened after the dump
	 * is */
	bool utf8 = irqm_locale_is_utf8();
	struct irqm_session s;
	struct view_options o;
	struct irqm_error err;
	int status;

	if (!parse_options(&o, argc, argv, &status))
		return status;
	if (o.list_columns)
		return list_columns(o.view);
	if (o.watch.interval) {
		o.watch.top = o.top;
		o.watch.json = o.json;
		o.watch.table = o.table;
		return irqm_tool_watch(&o.watch, &o.dump);
	}
	if (o.columns && irqm_columns_check(o.view, o.columns, &err))
		return irqm_bad_usage("--output: %s", err.msg);
	status = irqm_find_dump(&o.dump);
	if (status)
		return status;
	if (!files_are_there(&o.dump))
		return IRQM_STATUS_TROUBLE;
	if (o.textfile)
		return write_textfile(&o);
	if (!irqm_session_open(&s, &o.dump, read_flags(&o)))
		return IRQM_STATUS_TROUBLE;
	status = show_views(&s, &o, utf8);
	irqm_session_close(&s);
	return status;
}
