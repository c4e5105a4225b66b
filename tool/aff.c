/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix aff: shows single interrupts in full, as irqaff does in crash. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analysis/select.h"
#include "command/help.h"
#include "command/pager.h"
#include "command/say.h"
#include "command/session.h"
#include "tool/tool.h"

struct aff_options {
	bool as_debugfs; /* like the kernel's files irq/irqs/N */
	bool by_device;  /* the spread of each device, as a table */
	bool json;
	struct irqm_table_options table;
	struct irqm_dump_options dump;
	const char *const *irqs; /* as the user gave them */
	unsigned int nr_irqs;
};

static const struct option long_options[] = {
	{ "debugfs", no_argument, NULL, 'f' },
	{ "device", no_argument, NULL, 'D' },
	{ "json", no_argument, NULL, 'j' },
	IRQM_OPTIONS_TABLE,
	IRQM_OPTION_LATEST,
	IRQM_OPTIONS_DUMP,
	IRQM_OPTIONS_END,
};

static int take_option(void *options, int c)
{
	struct aff_options *o = options;

	switch (c) {
	case 'D':
		o->by_device = true;
		return 0;
	case 'f':
		o->as_debugfs = true;
		return 0;
	case 'j':
		o->json = true;
		return 0;
	case IRQM_OPT_NO_HEADER:
	case IRQM_OPT_COLOR:
		return irqm_take_table_option(&o->table, c);
	default:
		return irqm_take_dump_option(&o->dump, c);
	}
}

static void set_files(struct aff_options *o, const struct irqm_arguments *rest)
{
	/* a "--" before the first file only ends the options */
	unsigned int nr_files = rest->nr_before ? rest->nr_before : 1;

	if (rest->nr == 0 || (o->dump.latest && !rest->nr_before))
		nr_files = 0;
	o->dump.files = (const char *const *)rest->arg;
	o->dump.nr_files = nr_files;
	o->irqs = o->dump.files + nr_files;
	o->nr_irqs = rest->nr - nr_files;
}

static bool is_missing(const char *path)
{
	return access(path, F_OK) && errno == ENOENT;
}

/* Prints an error for the arguments in the wrong order. */
static int check_order(const struct aff_options *o)
{
	const char *file = o->dump.files[0];
	unsigned int i;

	if (o->dump.latest)
		return 0;
	for (i = 0; i < o->nr_irqs && is_missing(file); i++)
		if (!is_missing(o->irqs[i]))
			return irqm_bad_usage("%s: no such file; name the dump "
					      "first: irqmatrix aff %s %s",
					      file, o->irqs[i], file);
	return 0;
}

/* Returns 0, or the status for wrong usage. */
static int check_options(const struct aff_options *o)
{
	int status = irqm_need_dump(&o->dump);

	if (!status)
		status = check_order(o);
	if (status)
		return status;
	if (!o->nr_irqs)
		return irqm_bad_usage(
			"no interrupt: name one or more after "
			"%s; irqmatrix -i %s lists them",
			o->dump.latest ? "--latest" : o->dump.files[0],
			o->dump.latest ? "--latest" : o->dump.files[0]);
	if (o->as_debugfs && (o->by_device || o->json))
		return irqm_exclusive("--debugfs",
				      o->by_device ? "--device" : "--json");
	if (o->table.no_header && o->json)
		return irqm_exclusive("--no-header", "--json");
	if (o->table.no_header && !o->by_device)
		return irqm_bad_usage("--no-header needs --device");
	return 0;
}

/* Returns true if there is something to do. */
static bool parse_options(struct aff_options *o, int argc, char **argv,
			  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"DfjhV",
		long_options,
		irqm_help_aff,
		take_option,
	};
	struct irqm_arguments rest;

	memset(o, 0, sizeof(*o));
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	set_files(o, &rest);
	*ret_status = check_options(o);
	return !*ret_status;
}

static int render_irqs(const struct irqm_session *s,
		       const struct irqm_selection *sel,
		       const struct aff_options *o)
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
			  const struct aff_options *o)
{
	struct irqm_render_options ro = irqm_render_options_of(&o->table);

	return irqm_render_irqaff_devices(stdout, s->analysis, sel->indexes,
					  sel->nr, &ro);
}

static int render_text(const struct irqm_session *s,
		       const struct irqm_selection *sel,
		       const struct aff_options *o)
{
	struct irqm_render_options ro = irqm_render_options_of(&o->table);

	if (sel->nr && ro.header && !o->as_debugfs) {
		if (irqm_render_identity(stdout, s->analysis, &ro))
			return -1;
		fputc('\n', stdout);
	}
	if (o->by_device ? render_devices(s, sel, o) : render_irqs(s, sel, o))
		return -1;
	if (o->as_debugfs)
		return 0; /* --debugfs prints the kernel's format */
	if (sel->nr && irqm_render_live(stdout, s->analysis))
		return -1;
	/* otherwise the list of interrupts would just be shorter */
	if (!s->snapshot->irqs_known)
		return irqm_render_unread(stdout, s->analysis);
	return 0;
}

static int render_chosen(const struct irqm_session *s,
			 const struct irqm_selection *sel,
			 const struct aff_options *o)
{
	if (!o->json)
		return render_text(s, sel, o);
	return irqm_render_irqaff_json(stdout, s->analysis, sel->indexes,
				       sel->nr, irqm_output_is_terminal());
}

static int select_irqs(struct irqm_selection *sel,
		       const struct irqm_snapshot *s, const char *arg,
		       bool by_device, struct irqm_error *err)
{
	return by_device ? irqm_select_devices(sel, s, arg, err) :
			   irqm_select(sel, s, arg, err);
}

static int show_irqs(const struct irqm_session *s, const struct aff_options *o)
{
	int status = irqm_session_status(s);
	struct irqm_selection sel;
	struct irqm_error err;
	unsigned int i;

	if (irqm_selection_init(&sel, s->snapshot)) {
		irqm_say("%s: out of memory", s->name);
		return IRQM_STATUS_TROUBLE;
	}
	for (i = 0; i < o->nr_irqs; i++) {
		if (select_irqs(&sel, s->snapshot, o->irqs[i], o->by_device,
				&err)) {
			irqm_say("%s: %s", s->name, err.msg);
			status = IRQM_STATUS_TROUBLE;
		}
	}
	if (render_chosen(s, &sel, o))
		status = irqm_render_failed(s->name);
	irqm_selection_deinit(&sel);
	return status;
}

int irqm_tool_aff(int argc, char **argv)
{
	struct irqm_session s;
	struct aff_options o;
	int status;

	if (!parse_options(&o, argc, argv, &status))
		return status;
	status = irqm_use_latest(&o.dump);
	if (status)
		return status;
	if (!irqm_session_open(&s, &o.dump, IRQM_READ_COUNTS))
		return IRQM_STATUS_TROUBLE;
	status = show_irqs(&s, &o);
	irqm_session_close(&s);
	return status;
}
