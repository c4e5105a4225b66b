/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix diff: what differs between two dumps of a machine. */
#include <stdio.h>
#include <unistd.h>

#include "base/terminal.h"
#include "render/diff/diff.h"
#include "render/text.h"
#include "tool/session.h"
#include "tool/tool.h"

/* What could not be read of one of the two. */
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
		       const struct irqm_diff *d, const struct irqm_options *o)
{
	struct irqm_render_options ro = {
		.all = o->all, .header = !o->no_header,
		.color = irqm_want_color(o->color),
		.width = irqm_terminal_width(),
	};

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

static int show(const struct irqm_session *before,
		const struct irqm_session *after, const struct irqm_options *o)
{
	struct irqm_diff *d = irqm_diff(before->analysis, after->analysis);
	int rc, status;

	if (!d) {
		irqm_say("%s: not enough memory", after->name);
		return IRQM_STATUS_TROUBLE;
	}
	if (o->view == 'j')
		rc = irqm_render_diff_json(stdout, d, isatty(STDOUT_FILENO));
	else
		rc = render_text(before, after, d, o);
	status = rc ? irqm_render_failed(after->name)
		    : status_of(before, after, d);
	irqm_diff_free(d);
	return status;
}

/* The options as the first dump has them, and as the second. */
static struct irqm_options of_first(const struct irqm_options *o)
{
	struct irqm_options first = *o;

	if (o->vmlinux_before)
		first.vmlinux = o->vmlinux_before;
	return first;
}

static struct irqm_options of_second(const struct irqm_options *o)
{
	struct irqm_options second = *o;

	second.files += o->nr_dumps;
	second.nr_files -= o->nr_dumps;
	return second;
}

int irqm_tool_diff(int argc, char **argv)
{
	struct irqm_session before, after;
	struct irqm_options o, first, second;
	int status;

	if (!irqm_options_parse_diff(&o, argc, argv, &status))
		return status;
	first = of_first(&o);
	second = of_second(&o);
	if (!irqm_session_open_file(&before, &first, o.nr_dumps))
		return IRQM_STATUS_TROUBLE;
	status = IRQM_STATUS_TROUBLE;
	if (irqm_session_open_file(&after, &second, second.nr_files) &&
	    irqm_session_analyse(&before, 0) && irqm_session_analyse(&after, 0))
		status = show(&before, &after, &o);
	irqm_session_close(&after);
	irqm_session_close(&before);
	return status;
}
