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
	IRQM_OPTIONS_SOURCE,
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

static bool is_missing(const char *path)
{
	return access(path, F_OK) && errno == ENOENT;
}

/* Returns true for a number, a list, an address or a pattern that is no file.
 * Other words may be misspelled names of dumps. */
static bool is_irq(const char *word)
{
	if (!is_missing(word) || strchr(word, '/'))
		return false;
	return strpbrk(word, "*?[") ||
	       (strpbrk(word, "0123456789") &&
		!word[strspn(word, "0123456789abcdefABCDEF:.,-")]);
}

/* A file among the interrupts is a dump in the wrong place. */
static bool are_irqs(const struct irqm_arguments *rest)
{
	unsigned int i;

	for (i = 1; i < rest->nr; i++)
		if (!is_missing(rest->arg[i]))
			return false;
	return rest->nr && is_irq(rest->arg[0]);
}

static void set_files(struct aff_options *o, const struct irqm_arguments *rest)
{
	/* a "--" before the first file only ends the options */
	unsigned int nr_files = rest->nr_before ? rest->nr_before : 1;

	if (rest->nr == 0 ||
	    (!rest->nr_before &&
	     (o->dump.latest || o->dump.live || are_irqs(rest))))
		nr_files = 0;
	o->dump.files = (const char *const *)rest->arg;
	o->dump.nr_files = nr_files;
	o->irqs = o->dump.files + nr_files;
	o->nr_irqs = rest->nr - nr_files;
}

/* Prints an error for the arguments in the wrong order. */
static int check_order(const struct aff_options *o)
{
	const char *file = o->dump.nr_files ? o->dump.files[0] : NULL;
	unsigned int i;

	for (i = 0; file && is_missing(file) && i < o->nr_irqs; i++)
		if (!is_missing(o->irqs[i]))
			return irqm_bad_usage("%s: no such file; name the dump "
					      "first: irqmatrix aff %s %s",
					      file, o->irqs[i], file);
	return 0;
}

static const char *dump_words(const struct aff_options *o)
{
	if (o->dump.nr_files)
		return o->dump.files[0];
	return o->dump.latest ? "--latest" : "--live";
}

/* Returns 0, or the status for wrong usage. */
static int check_options(struct aff_options *o)
{
	int status = irqm_choose_dump(&o->dump);

	if (!status)
		status = check_order(o);
	if (status)
		return status;
	if (!o->nr_irqs)
		return irqm_bad_usage("no interrupt: name one or more after "
				      "%s; irqmatrix -i %s lists them",
				      dump_words(o), dump_words(o));
	if (o->as_debugfs && (o->by_device || o->json))
		return irqm_exclusive("--debugfs",
				      o->by_device ? "--device" : "--json");
	if (o->table.no_header && o->json)
		return irqm_exclusive("--no-header", "--json");
	if (o->table.no_header && !o->by_device)
		return irqm_bad_usage("--no-header needs --device");
	if (o->dump.nr_files && is_missing(o->dump.files[0]) &&
	    !strchr(o->dump.files[0], '/'))
		return irqm_bad_usage("%s: no such file; for an interrupt of "
				      "the running machine, use irqmatrix aff "
				      "--live %s",
				      o->dump.files[0], o->dump.files[0]);
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
	status = irqm_find_dump(&o.dump);
	if (status)
		return status;
	if (!irqm_session_open(&s, &o.dump, IRQM_READ_COUNTS))
		return IRQM_STATUS_TROUBLE;
	status = show_irqs(&s, &o);
	irqm_session_close(&s);
	return status;
}
