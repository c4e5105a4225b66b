/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands irqmatrix, irqaff and irqplan of crash, with their options and
 * help. */
#include <defs.h>
#include <getopt.h>

#include "analysis/select.h"
#include "base/terminal.h"
#include "extension/abi.h"
#include "extension/help.h"
#include "extension/session.h"
#include "extension/types.h"
#include "render/render.h"

/* The long options are those of the tool. Letters that both had before differ:
 * docs/README.md lists them. */
static const struct option view_options[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "cpus", required_argument, NULL, 'c' },
	{ "check", no_argument, NULL, 'k' },
	{ "devices", no_argument, NULL, 'd' },
	{ "pools", no_argument, NULL, 'p' },
	{ "irqs", no_argument, NULL, 'i' },
	{ "vectors", no_argument, NULL, 'v' },
	{ "debugfs", no_argument, NULL, 'D' },
	{ "map", no_argument, NULL, 'M' },
	{ "json", no_argument, NULL, 'j' },
	{ 0 },
};

static const struct option aff_options[] = {
	{ "device", no_argument, NULL, 'D' },
	{ "debugfs", no_argument, NULL, 'f' },
	{ "json", no_argument, NULL, 'j' },
	{ 0 },
};

static const struct option plan_options[] = {
	{ "add", required_argument, NULL, 'a' },
	{ "like", required_argument, NULL, 'l' },
	{ "remove", required_argument, NULL, 'r' },
	{ "offline", required_argument, NULL, 'o' },
	{ "suspend", no_argument, NULL, 's' },
	{ "nr-cpus", required_argument, NULL, 'n' },
	{ "max", required_argument, NULL, 'm' },
	{ "advise", no_argument, NULL, 'A' },
	{ "all", no_argument, NULL, 'v' },
	{ "json", no_argument, NULL, 'j' },
	{ 0 },
};

struct request {
	enum irqm_view view;
	const char *cpus; /* as given */
	bool all, json;
};

static void show_usage(void)
{
	cmd_usage(pc->curcmd, SYNOPSIS); /* does not return */
}

/* -h and --help are asked for, not wrong: only the usage, no error. crash's
 * getopt() would complain about them. */
static void show_usage_if_asked(void)
{
	int i;

	for (i = 1; i < argcnt && !STREQ(args[i], "--"); i++)
		if (STREQ(args[i], "-h") || STREQ(args[i], "--help"))
			show_usage();
}

static void refuse_both(int a, int b)
{
	error(INFO, "-%c and -%c are mutually exclusive\n", a, b);
	argerrs++;
}

/* Returns the option's letter, or EOF after the last one. */
static int next_option(const char *letters, const struct option *options)
{
	return getopt_long(argcnt, args, letters, options, NULL);
}

/* Returns false if the option is not a view's. */
static bool choose_view(struct request *r, int c)
{
	int i;

	for (i = 0; i < IRQM_NR_VIEWS; i++)
		if (irqm_views[i].letter && irqm_views[i].letter == c)
			break;
	if (i == IRQM_NR_VIEWS)
		return false;
	if (r->view != IRQM_VIEW_CPUS && (int)r->view != i)
		refuse_both(irqm_views[r->view].letter, c);
	r->view = (enum irqm_view)i;
	return true;
}

/* -c applies only to views that show CPUs, -a only to views that fold rows. */
static void check_request(const struct request *r)
{
	const struct irqm_view_rules *v = &irqm_views[r->view];

	if (r->json && !v->keys)
		refuse_both(v->letter, 'j');
	if (r->json)
		v = &irqm_views[IRQM_VIEW_JSON];
	if (r->cpus && !v->cpus)
		refuse_both('c', v->letter);
	if (r->all && !v->all)
		refuse_both('a', v->letter);
}

static void parse_request(struct request *r)
{
	char word[81];
	int c;

	show_usage_if_asked();
	while ((c = next_option("kdpivDjMac:", view_options)) != EOF) {
		if (c == 'a')
			r->all = true;
		else if (c == 'c')
			r->cpus = optarg;
		else if (c == 'j')
			r->json = true;
		else if (!choose_view(r, c))
			argerrs++;
	}
	if (r->json && r->view == IRQM_VIEW_CPUS)
		r->view = IRQM_VIEW_JSON;
	check_request(r);
	if (args[optind]) {
		irqm_escape(word, sizeof(word), args[optind]);
		error(INFO, "%s: not an option; irqaff shows interrupts\n",
		      word);
	}
	if (argerrs || args[optind])
		show_usage();
}

static int render_request(struct irqm_session *s, const struct request *r)
{
	const struct irqm_snapshot *snap = s->snapshot;
	struct irqm_render_options o = { .all = r->all,
					 .header = true,
					 .json = r->json };
	struct irqm_error err;
	struct irqm_bits cpus;

	o.indent = irqm_session_interactive();
	if (o.indent) {
		o.width = irqm_session_width();
		o.utf8 = irqm_locale_is_utf8();
	}

	if (r->cpus) {
		cpus = irqm_bits_new(snap->arena, snap->dump.nr_cpu_ids);
		if (irqm_bits_parse(&cpus, r->cpus, &err)) {
			irqm_session_say(s, "-c %s: %s", r->cpus, err.msg);
			return 0;
		}
		o.cpus = &cpus;
	}
	return irqm_render_view(s->out, s->analysis, r->view, &o);
}

static void cmd_irqmatrix(void)
{
	struct irqm_session s = { 0 };
	struct request r = { 0 };

	parse_request(&r);
	s.json = r.json;
	if (!irqm_session_open(&s, s.json ? IRQM_READ_COUNTS : 0))
		return;
	irqm_session_close(&s, render_request(&s, &r));
}

/* The machine, and an empty line. */
static int render_machine(struct irqm_session *s)
{
	if (irqm_render_identity(s->out, s->analysis,
				 &(struct irqm_render_options){ .header =
									true }))
		return -1;
	fputc('\n', s->out);
	return 0;
}

static int render_debugfs(struct irqm_session *s,
			  const struct irqm_selection *sel)
{
	unsigned int i;

	for (i = 0; i < sel->nr; i++)
		if (irqm_render_debugfs_irq(s->out, s->analysis,
					    sel->indexes[i]))
			return -1;
	return 0;
}

static int render_devices(struct irqm_session *s,
			  const struct irqm_selection *sel)
{
	return irqm_render_irqaff_devices(
		s->out, s->analysis, sel->indexes, sel->nr,
		&(struct irqm_render_options){ .header = true });
}

static int render_irqs(struct irqm_session *s, const struct irqm_selection *sel)
{
	unsigned int i;

	for (i = 0; i < sel->nr; i++) {
		if (i)
			fputc('\n', s->out);
		if (irqm_render_irqaff(s->out, s->analysis, sel->indexes[i]))
			return -1;
	}
	return 0;
}

/* Which form of the interrupts irqaff prints. */
struct aff_request {
	bool by_device, as_debugfs;
};

static int render_selection(struct irqm_session *s,
			    const struct irqm_selection *sel,
			    const struct aff_request *r)
{
	if (r->as_debugfs)
		return render_debugfs(s, sel);
	if (s->json)
		return irqm_render_irqaff_json(s->out, s->analysis,
					       sel->indexes, sel->nr,
					       irqm_session_interactive());
	if (sel->nr && render_machine(s))
		return -1;
	if (r->by_device ? render_devices(s, sel) : render_irqs(s, sel))
		return -1;
	if (sel->nr && irqm_render_live(s->out, s->analysis))
		return -1;
	/* otherwise the list of interrupts would just be shorter */
	if (!s->snapshot->irqs_known)
		return irqm_render_unread(s->out, s->analysis);
	return 0;
}

static int select_and_render(struct irqm_session *s, int first_arg,
			     const struct aff_request *r)
{
	struct irqm_selection sel;
	struct irqm_error err;
	int i, rc;

	if (irqm_selection_init(&sel, s->snapshot))
		return -1;
	for (i = first_arg; args[i]; i++)
		if (r->by_device ?
			    irqm_select_devices(&sel, s->snapshot, args[i],
						&err) :
			    irqm_select(&sel, s->snapshot, args[i], &err))
			irqm_session_say(s, "%s", err.msg);
	rc = render_selection(s, &sel, r);
	irqm_selection_deinit(&sel);
	return rc;
}

static void cmd_irqaff(void)
{
	struct irqm_session s = { 0 };
	struct aff_request r = { 0 };
	int c;

	show_usage_if_asked();
	while ((c = next_option("Dfj", aff_options)) != EOF) {
		if (c == 'j')
			s.json = true;
		else if (c == 'D')
			r.by_device = true;
		else if (c == 'f')
			r.as_debugfs = true;
		else
			argerrs++;
	}
	if (r.as_debugfs && (r.by_device || s.json))
		refuse_both('f', s.json ? 'j' : 'D');
	if (argerrs || !args[optind])
		show_usage();
	if (!irqm_session_open(&s, IRQM_READ_COUNTS))
		return;
	irqm_session_close(&s, select_and_render(&s, optind, &r));
}

static enum irqm_plan_kind plan_kind(int c)
{
	switch (c) {
	case 'a':
		return IRQM_PLAN_ADD;
	case 'l':
		return IRQM_PLAN_LIKE;
	case 'r':
		return IRQM_PLAN_REMOVE;
	case 'o':
		return IRQM_PLAN_OFFLINE;
	case 'n':
		return IRQM_PLAN_BOOT;
	case 'm':
		return IRQM_PLAN_MAX;
	default:
		return IRQM_PLAN_SUSPEND;
	}
}

/* The foot of plans and of advice. */
static int render_rest(const struct irqm_session *s)
{
	if (irqm_render_live(s->out, s->analysis))
		return -1;
	return irqm_render_unread(s->out, s->analysis);
}

static int render_advice(struct irqm_session *s,
			 const struct irqm_plan_wish *steps, unsigned int nr)
{
	struct irqm_render_options o = { .width = irqm_session_width() };
	struct irqm_advices *a;
	struct irqm_error err;
	int rc;

	a = irqm_advise(s->analysis, s->snapshot, steps, nr, NULL, &err);
	if (!a) {
		irqm_session_say(s, "%s", err.msg);
		return 0;
	}
	if (s->json)
		rc = irqm_render_advice_json(s->out, a, &s->snapshot->dump,
					     irqm_session_interactive());
	else
		rc = render_machine(s) || irqm_render_advice(s->out, a, &o) ?
			     -1 :
			     0;
	irqm_advices_free(a);
	return rc || s->json ? rc : render_rest(s);
}

static int render_plan(struct irqm_session *s,
		       const struct irqm_plan_wish *steps, unsigned int nr,
		       bool all)
{
	struct irqm_render_options o = { .all = all, .header = true };
	struct irqm_plan_request r = { .nr = 0 };
	struct irqm_plans *p = NULL;
	struct irqm_error err;
	int rc;

	if (irqm_plan_ask_all(&r, s->snapshot, steps, nr, &err) == 0)
		p = irqm_plan(s->snapshot, &r, &err);
	if (!p) {
		irqm_session_say(s, "%s", err.msg);
		return 0;
	}
	if (s->json)
		rc = irqm_render_plan_json(s->out, p,
					   irqm_session_interactive());
	else
		rc = render_machine(s) || irqm_render_plan(s->out, p, &o) ? -1 :
									    0;
	irqm_plans_free(p);
	return rc || s->json ? rc : render_rest(s);
}

static void cmd_irqplan(void)
{
	struct irqm_plan_wish steps[IRQM_PLAN_MAX_STEPS];
	struct irqm_session s = { 0 };
	unsigned int nr = 0;
	bool all = false, advise = false, other = false;
	int c;

	show_usage_if_asked();
	while ((c = next_option("a:l:r:o:sn:m:Ajv", plan_options)) != EOF) {
		if (c == 'j')
			s.json = true;
		else if (c == 'A')
			advise = true;
		else if (c == 'v')
			all = true;
		else if (c != '?' && nr < IRQM_PLAN_MAX_STEPS)
			steps[nr++] =
				(struct irqm_plan_wish){ plan_kind(c), optarg };
		else
			argerrs++;
		other |= c != 'a' && c != 'l' && c != 'A' && c != 'j';
	}
	if (argerrs || (!nr && !advise) || (advise && other) || args[optind])
		show_usage();
	if (!irqm_session_open(&s, advise ? IRQM_READ_LOG : 0))
		return;
	irqm_session_close(&s, advise ? render_advice(&s, steps, nr) :
					render_plan(&s, steps, nr, all));
}

static struct command_table_entry commands[] = {
	{ "irqmatrix", cmd_irqmatrix, irqm_help_irqmatrix, 0 },
	{ "irqaff", cmd_irqaff, irqm_help_irqaff, 0 },
	{ "irqplan", cmd_irqplan, irqm_help_irqplan, 0 },
	{ .name = NULL },
};

static void __attribute__((constructor)) irqmatrix_load(void)
{
	if (irqm_abi_matches())
		register_extension(commands);
}

static void __attribute__((destructor)) irqmatrix_unload(void)
{
	irqm_types_drop();
}
