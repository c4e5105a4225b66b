/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix aff: all about single interrupts, as the extension's irqaff. */
#include <stdio.h>
#include <unistd.h>

#include "analysis/select.h"
#include "base/terminal.h"
#include "render/render.h"
#include "tool/session.h"
#include "tool/tool.h"

static int render_irqs(const struct irqm_session *s,
		       const struct irqm_selection *sel,
		       const struct irqm_options *o)
{
	unsigned int i;

	for (i = 0; i < sel->nr; i++) {
		if (o->as_debugfs) {
			if (irqm_render_debugfs_irq(stdout, s->analysis,
						    sel->indexes[i]))
				return -1;
			continue;
		}
		if (i)
			fputc('\n', stdout);
		if (irqm_render_irqaff(stdout, s->analysis, sel->indexes[i]))
			return -1;
	}
	return 0;
}

static int render_devices(const struct irqm_session *s,
			  const struct irqm_selection *sel,
			  const struct irqm_options *o)
{
	return irqm_render_spread(stdout, s->analysis, sel->indexes, sel->nr,
				  &(struct irqm_render_options){
		.header = !o->no_header,
		.color = irqm_want_color(o->color),
		.width = irqm_terminal_width(),
	});
}

static int render_text(const struct irqm_session *s,
		       const struct irqm_selection *sel,
		       const struct irqm_options *o)
{
	if (o->by_device ? render_devices(s, sel, o) : render_irqs(s, sel, o))
		return -1;
	if (o->as_debugfs)
		return 0; /* another program's format */
	if (sel->nr && irqm_render_live(stdout, s->analysis))
		return -1;
	/* or else the list of interrupts would just be shorter */
	if (!s->snapshot->irqs_known)
		return irqm_render_unread(stdout, s->analysis);
	return 0;
}

static int render(const struct irqm_session *s,
		  const struct irqm_selection *sel,
		  const struct irqm_options *o)
{
	if (o->view != 'j')
		return render_text(s, sel, o);
	return irqm_render_irqaff_json(stdout, s->analysis, sel->indexes,
				       sel->nr, isatty(STDOUT_FILENO));
}

static int select_irqs(struct irqm_selection *sel,
		       const struct irqm_snapshot *s, const char *arg,
		       bool by_device, struct irqm_error *err)
{
	return by_device ? irqm_select_devices(sel, s, arg, err)
			 : irqm_select(sel, s, arg, err);
}

static int show(const struct irqm_session *s, const struct irqm_options *o)
{
	int status = irqm_session_status(s);
	struct irqm_selection sel;
	struct irqm_error err;
	unsigned int i;

	if (irqm_selection_init(&sel, s->snapshot)) {
		irqm_say("%s: not enough memory", s->name);
		return IRQM_STATUS_TROUBLE;
	}
	for (i = o->nr_dumps; i < o->nr_files; i++) {
		if (select_irqs(&sel, s->snapshot, o->files[i], o->by_device,
				&err)) {
			irqm_say("%s: %s", s->name, err.msg);
			status = IRQM_STATUS_TROUBLE;
		}
	}
	if (render(s, &sel, o))
		status = irqm_render_failed(s->name);
	irqm_selection_free(&sel);
	return status;
}

int irqm_tool_aff(int argc, char **argv)
{
	struct irqm_session s;
	struct irqm_options o;
	int status;

	if (!irqm_options_parse_aff(&o, argc, argv, &status))
		return status;
	if (!irqm_session_open(&s, &o, o.nr_dumps, IRQM_READ_COUNTS))
		return IRQM_STATUS_TROUBLE;
	status = show(&s, &o);
	irqm_session_close(&s);
	return status;
}
