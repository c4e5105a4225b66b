/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix: the views, as the extension shows them, and tables of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/terminal.h"
#include "tool/help.h"
#include "tool/session.h"
#include "tool/tool.h"

enum { OPT_LOG = IRQM_OPT_OWN, OPT_CSV, OPT_TOP, OPT_LIST_COLUMNS };

static int render_log(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *o)
{
	(void)o;
	return irqm_render_log(out, a);
}

static int render_json(FILE *out, const struct irqm_analysis *a,
		       const struct irqm_render_options *o)
{
	(void)o;
	return irqm_render_json(out, a, isatty(STDOUT_FILENO));
}

/* The views, the first of them without an option. */
static const struct view {
	int option;
	const char *name;
	int (*render)(FILE *out, const struct irqm_analysis *a,
		      const struct irqm_render_options *o);
	bool cpus, all;         /* goes with --cpus, with --all */
	bool table;             /* with --csv, --output, --top ... */
	enum irqm_view columns; /* of the table */
	bool complete;          /* another program's format, or it has inside
				   what others have below */
} views[] = {
	{ 0, "", irqm_render_matrix, .cpus = true, .all = true, .table = true,
	  .columns = IRQM_VIEW_CPUS },
	{ 'k', "--check", irqm_render_findings, .table = false },
	{ 'd', "--devices", irqm_render_devices, .all = true, .table = true,
	  .columns = IRQM_VIEW_DEVICES },
	{ 'p', "--pools", irqm_render_pools, .cpus = true, .all = true,
	  .table = true, .columns = IRQM_VIEW_POOLS },
	{ 'i', "--irqs", irqm_render_irqs, .cpus = true, .table = true,
	  .columns = IRQM_VIEW_IRQS },
	{ 'v', "--vectors", irqm_render_vectors, .cpus = true, .all = true,
	  .table = true, .columns = IRQM_VIEW_VECTORS },
	{ 'D', "--debugfs", irqm_render_debugfs, .cpus = true,
	  .complete = true },
	{ 'j', "--json", render_json, .complete = true },
	{ OPT_LOG, "--log", render_log, .complete = true },
	{ 'M', "--map", irqm_render_map, .cpus = true, .all = true },
};

struct view_options {
	const struct view *view;
	const char *cpus;       /* as given */
	const char *columns;    /* as given to -o */
	bool list_columns, csv, all;
	unsigned int top;       /* 0: all */
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
	{ "csv", no_argument, NULL, OPT_CSV },
	{ "cpus", required_argument, NULL, 'c' },
	{ "all", no_argument, NULL, 'a' },
	{ "top", required_argument, NULL, OPT_TOP },
	{ "output", required_argument, NULL, 'o' },
	{ "list-columns", no_argument, NULL, OPT_LIST_COLUMNS },
	IRQM_OPTION_NO_HEADER,
	IRQM_OPTION_COLOR,
	IRQM_OPTION_VMLINUX,
	IRQM_OPTION_NO_CACHE,
	IRQM_OPTION_TMP_LIMIT,
	IRQM_OPTIONS_END,
};

/* NULL if the option is not a view's. */
static const struct view *find_view(int option)
{
	size_t i;

	for (i = 0; i < sizeof(views) / sizeof(*views); i++)
		if (views[i].option == option)
			return &views[i];
	return NULL;
}

bool irqm_is_view(const char *word)
{
	size_t i;

	for (i = 1; i < sizeof(views) / sizeof(*views); i++)
		if (strcmp(views[i].name + 2, word) == 0)
			return true;
	return false;
}

static int choose_view(struct view_options *o, const struct view *v)
{
	if (o->view->option && o->view != v)
		return irqm_exclusive(o->view->name, v->name);
	o->view = v;
	return 0;
}

static int parse_top(struct view_options *o, const char *arg)
{
	size_t digits = strspn(arg, "0123456789");
	unsigned long n = strtoul(arg, NULL, 10);

	if (!digits || arg[digits] || n == 0 || n > UINT_MAX)
		return irqm_bad_usage("--top %s: not a number from 1 on", arg);
	o->top = n;
	return 0;
}

static int take(void *options, int c)
{
	struct view_options *o = options;
	const struct view *v = find_view(c);

	if (v)
		return choose_view(o, v);
	switch (c) {
	case 'c':
		o->cpus = optarg;
		return 0;
	case 'a':
		o->all = true;
		return 0;
	case 'o':
		o->columns = optarg;
		return 0;
	case OPT_CSV:
		o->csv = true;
		return 0;
	case OPT_TOP:
		return parse_top(o, optarg);
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

/* Options that say nothing about the chosen view. */
static int check_view(const struct view_options *o)
{
	const struct view *v = o->view;

	if (o->cpus && !v->cpus)
		return irqm_exclusive("--cpus", v->name);
	if (o->all && !v->all)
		return irqm_exclusive("--all", v->name);
	if (v->table)
		return 0;
	if (o->csv)
		return irqm_exclusive("--csv", v->name);
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

/* True if there is something to do. */
static bool parse(struct view_options *o, int argc, char **argv,
		  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"kdpivDjMc:ao:hV", long_options, irqm_help_view, take,
	};
	struct irqm_arguments rest;

	*o = (struct view_options){ .view = views };
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	o->dump.files = (const char *const *)rest.arg;
	o->dump.nr_files = rest.nr;
	*ret_status = check_view(o);
	if (!*ret_status && !rest.nr && !o->list_columns)
		*ret_status = irqm_no_dump();
	return !*ret_status;
}

/* Of what stands below a text, what must not stand in a table alone. */
static void say_unread(const struct irqm_session *s)
{
	const struct irqm_snapshot *snap = s->snapshot;

	if (snap->nr_unread || snap->unread_dropped)
		irqm_say("%s: %u parts could not be read, --json lists them",
			 s->name, snap->nr_unread + snap->unread_dropped);
}

static int render(const struct irqm_session *s, const struct view_options *o,
		  const struct irqm_render_options *ro)
{
	if (o->view->render(stdout, s->analysis, ro))
		return -1;
	if (o->view->complete)
		return 0;
	if (ro->csv || ro->columns) {
		say_unread(s);
		return 0;
	}
	if (irqm_render_live(stdout, s->analysis))
		return -1;
	if (o->view->option == 'k')
		return 0; /* unread-pages is one of them */
	return irqm_render_unread(stdout, s->analysis);
}

/* The log is all that was asked for: findings are another question. */
static int log_status(const struct irqm_session *s)
{
	const struct irqm_log *log = &s->snapshot->log;

	if (log->left_out)
		irqm_say("%s: distilled without the kernel log", s->name);
	else if (!log->known)
		irqm_say("%s: the kernel log cannot be read, --json says why",
			 s->name);
	else if (log->cut)
		irqm_say("%s: older lines of the log were overwritten, or "
			 "some could not be read", s->name);
	return log->known ? IRQM_STATUS_NOTHING : IRQM_STATUS_TROUBLE;
}

static int show(const struct irqm_session *s, const struct view_options *o,
		bool utf8)
{
	const struct irqm_snapshot *snap = s->snapshot;
	struct irqm_render_options ro = irqm_render_options_of(&o->table);
	struct irqm_error err;
	struct irqm_bits cpus;

	ro.all = o->all;
	ro.columns = o->columns;
	ro.csv = o->csv;
	ro.top = o->top;
	ro.utf8 = utf8;
	if (o->cpus) {
		cpus = irqm_bits_new(snap->arena, snap->dump.nr_cpu_ids);
		if (irqm_bits_parse(&cpus, o->cpus, &err)) {
			irqm_say("%s: --cpus %s: %s", s->name, o->cpus,
				 err.msg);
			return IRQM_STATUS_TROUBLE;
		}
		ro.cpus = &cpus;
	}
	if (render(s, o, &ro))
		return irqm_render_failed(s->name);
	if (o->view->option == OPT_LOG)
		return log_status(s);
	return irqm_session_status(s);
}

static int list_columns(enum irqm_view view)
{
	if (irqm_render_columns(stdout, view))
		return irqm_render_failed("--list-columns");
	return IRQM_STATUS_NOTHING;
}

/* Behind a dump may be what another command takes, or another dump. */
static bool files_are_there(const struct irqm_dump_options *o)
{
	unsigned int i;

	for (i = 1; i < o->nr_files; i++) {
		if (access(o->files[i], F_OK) == 0 || errno != ENOENT)
			continue;
		irqm_bad_usage("%s: no such file; an interrupt is shown by "
			       "irqmatrix aff %s %s", o->files[i],
			       o->files[0], o->files[i]);
		return false;
	}
	return true;
}

static unsigned int read_flags(const struct view_options *o)
{
	if (o->view->option == 'j')
		return IRQM_READ_COUNTS;
	if (o->view->option == 'i' && o->columns &&
	    irqm_columns_have(IRQM_VIEW_IRQS, o->columns, "COUNT"))
		return IRQM_READ_COUNTS;
	return 0;
}

int irqm_tool_view(int argc, char **argv)
{
	/* of files that cannot be opened any more when a dump is open */
	bool utf8 = irqm_locale_is_utf8();
	struct irqm_session s;
	struct view_options o;
	struct irqm_error err;
	int status;

	if (!parse(&o, argc, argv, &status))
		return status;
	if (o.list_columns)
		return list_columns(o.view->columns);
	if (o.columns && irqm_columns_check(o.view->columns, o.columns, &err))
		return irqm_bad_usage("--output: %s", err.msg);
	if (!files_are_there(&o.dump) ||
	    !irqm_session_open(&s, &o.dump, read_flags(&o)))
		return IRQM_STATUS_TROUBLE;
	status = show(&s, &o, utf8);
	irqm_session_close(&s);
	return status;
}
