/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix: the views, as the extension shows them, and tables of them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "render/render.h"
#include "tool/session.h"
#include "tool/tool.h"

static int render_view(const struct irqm_session *s, char view,
		       const struct irqm_render_options *o)
{
	const struct irqm_analysis *a = s->analysis;

	switch (view) {
	case 'd':
		return irqm_render_devices(stdout, a, o);
	case 'i':
		return irqm_render_irqs(stdout, a, o);
	case 'v':
		return irqm_render_vectors(stdout, a, o);
	case 'D':
		return irqm_render_debugfs(stdout, a, o);
	case 'j':
		return irqm_render_json(stdout, a, isatty(STDOUT_FILENO));
	default:
		return irqm_render_matrix(stdout, a, o);
	}
}

static int render(const struct irqm_session *s, const struct irqm_options *o,
		  const struct irqm_render_options *ro)
{
	if (render_view(s, o->view, ro))
		return -1;
	if (o->view && strchr("Dj", o->view))
		return 0; /* another program's format, or has it inside */
	if (irqm_render_live(stdout, s->analysis))
		return -1;
	return irqm_render_unread(stdout, s->analysis);
}

static int show(const struct irqm_session *s, const struct irqm_options *o)
{
	const struct irqm_snapshot *snap = s->snapshot;
	struct irqm_render_options ro = {
		.all = o->all, .header = !o->no_header,
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
	return irqm_session_status(s);
}

int irqm_tool_view(int argc, char **argv)
{
	struct irqm_session s;
	struct irqm_options o;
	int status;

	if (!irqm_options_parse(&o, argc, argv, &status))
		return status;
	if (!irqm_session_open(&s, &o, o.nr_files,
			       o.view == 'j' ? IRQM_READ_COUNTS : 0))
		return IRQM_STATUS_TROUBLE;
	status = show(&s, &o);
	irqm_session_close(&s);
	return status;
}
