/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix: the views, as the extension shows them, and tables of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/terminal.h"
#include "render/render.h"
#include "tool/session.h"
#include "tool/tool.h"

static int render_view(const struct irqm_session *s, char view,
		       const struct irqm_render_options *o)
{
	const struct irqm_analysis *a = s->analysis;

	switch (view) {
	case 'k':
		return irqm_render_findings(stdout, a, o);
	case 'd':
		return irqm_render_devices(stdout, a, o);
	case 'p':
		return irqm_render_pools(stdout, a, o);
	case 'i':
		return irqm_render_irqs(stdout, a, o);
	case 'v':
		return irqm_render_vectors(stdout, a, o);
	case 'D':
		return irqm_render_debugfs(stdout, a, o);
	case 'M':
		return irqm_render_map(stdout, a, o);
	case 'L':
		return irqm_render_log(stdout, a);
	case 'j':
		return irqm_render_json(stdout, a, isatty(STDOUT_FILENO));
	default:
		return irqm_render_matrix(stdout, a, o);
	}
}

static enum irqm_view table_of(char view)
{
	switch (view) {
	case 'd':
		return IRQM_VIEW_DEVICES;
	case 'i':
		return IRQM_VIEW_IRQS;
	case 'v':
		return IRQM_VIEW_VECTORS;
	case 'p':
		return IRQM_VIEW_POOLS;
	default:
		return IRQM_VIEW_CPUS;
	}
}

bool irqm_want_color(enum irqm_color color)
{
	const char *no_color = getenv("NO_COLOR");

	if (color != IRQM_COLOR_AUTO)
		return color == IRQM_COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color);
}

/* Of what stands below a text, what must not stand in a table alone. */
static void say_unread(const struct irqm_session *s)
{
	const struct irqm_snapshot *snap = s->snapshot;

	if (snap->nr_unread || snap->unread_dropped)
		irqm_say("%s: %u parts could not be read, --json lists them",
			 s->name, snap->nr_unread + snap->unread_dropped);
}

static int render(const struct irqm_session *s, const struct irqm_options *o,
		  const struct irqm_render_options *ro)
{
	if (render_view(s, o->view, ro))
		return -1;
	if (o->view && strchr("DLj", o->view))
		return 0; /* another program's format, or has it inside */
	if (ro->csv || ro->columns) {
		say_unread(s);
		return 0;
	}
	if (irqm_render_live(stdout, s->analysis))
		return -1;
	if (o->view == 'k')
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

static int show(const struct irqm_session *s, const struct irqm_options *o)
{
	const struct irqm_snapshot *snap = s->snapshot;
	struct irqm_render_options ro = {
		.all = o->all, .header = !o->no_header,
		.columns = o->columns, .csv = o->csv, .top = o->top,
		.color = irqm_want_color(o->color),
		.width = irqm_terminal_width(), .utf8 = irqm_locale_is_utf8(),
	};
	struct irqm_error err;
	struct irqm_bits cpus;

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
	if (o->view == 'L')
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
static bool files_are_there(const struct irqm_options *o)
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

static unsigned int read_flags(const struct irqm_options *o)
{
	if (o->view == 'j')
		return IRQM_READ_COUNTS;
	if (o->view == 'i' && o->columns &&
	    irqm_columns_have(IRQM_VIEW_IRQS, o->columns, "COUNT"))
		return IRQM_READ_COUNTS;
	return 0;
}

int irqm_tool_view(int argc, char **argv)
{
	struct irqm_session s;
	struct irqm_options o;
	struct irqm_error err;
	int status;

	if (!irqm_options_parse(&o, argc, argv, &status))
		return status;
	if (o.list_columns)
		return list_columns(table_of(o.view));
	if (o.columns &&
	    irqm_columns_check(table_of(o.view), o.columns, &err))
		return irqm_bad_usage("--output: %s", err.msg);
	if (!files_are_there(&o) ||
	    !irqm_session_open(&s, &o, o.nr_files, read_flags(&o)))
		return IRQM_STATUS_TROUBLE;
	status = show(&s, &o);
	irqm_session_close(&s);
	return status;
}
