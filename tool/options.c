/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/options.h"

#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "irqmatrix.h"
#include "tool/help.h"
#include "tool/tool.h"

/* Options without a letter. */
enum {
	OPT_CSV = UCHAR_MAX + 1,
	OPT_TOP,
	OPT_NO_HEADER,
	OPT_COLOR,
	OPT_VMLINUX,
	OPT_NO_CACHE,
	OPT_TMP_LIMIT,
	OPT_LIST_COLUMNS,
	OPT_WITH_LOG,
	OPT_LIST,
	OPT_LOG,
	OPT_ADD,
	OPT_REMOVE,
	OPT_OFFLINE,
	OPT_SUSPEND,
};

/* What several commands have. */
#define TABLE_OPTIONS                                                         \
	{ "no-header", no_argument, NULL, OPT_NO_HEADER },                    \
	{ "color", optional_argument, NULL, OPT_COLOR }
#define DUMP_OPTIONS                                                          \
	{ "vmlinux", required_argument, NULL, OPT_VMLINUX },                  \
	{ "no-cache", no_argument, NULL, OPT_NO_CACHE },                      \
	{ "tmp-limit", required_argument, NULL, OPT_TMP_LIMIT },              \
	{ "help", no_argument, NULL, 'h' },                                   \
	{ "version", no_argument, NULL, 'V' }

static const struct option view_options[] = {
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
	TABLE_OPTIONS,
	DUMP_OPTIONS,
	{ 0 },
};

static const struct option aff_options[] = {
	{ "debugfs", no_argument, NULL, 'f' },
	{ "device", no_argument, NULL, 'D' },
	{ "json", no_argument, NULL, 'j' },
	TABLE_OPTIONS,
	DUMP_OPTIONS,
	{ 0 },
};

static const struct option diff_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "all", no_argument, NULL, 'a' },
	TABLE_OPTIONS,
	DUMP_OPTIONS,
	{ 0 },
};

static const struct option distill_options[] = {
	{ "list", no_argument, NULL, OPT_LIST },
	{ "with-log", no_argument, NULL, OPT_WITH_LOG },
	{ "vmlinux", required_argument, NULL, OPT_VMLINUX },
	{ "tmp-limit", required_argument, NULL, OPT_TMP_LIMIT },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static const struct option plan_options[] = {
	{ "add", required_argument, NULL, OPT_ADD },
	{ "remove", required_argument, NULL, OPT_REMOVE },
	{ "offline", required_argument, NULL, OPT_OFFLINE },
	{ "suspend", no_argument, NULL, OPT_SUSPEND },
	{ "all", no_argument, NULL, 'a' },
	{ "json", no_argument, NULL, 'j' },
	TABLE_OPTIONS,
	DUMP_OPTIONS,
	{ 0 },
};

/* The letters of the views, and what each of them can be combined with. */
static const struct view {
	char letter;
	const char *name;
	bool cpus, all, table;
} views[] = {
	{ 0, "", true, true, true },
	{ 'k', "--check", false, false, false },
	{ 'd', "--devices", false, true, true },
	{ 'p', "--pools", true, true, true },
	{ 'i', "--irqs", true, false, true },
	{ 'v', "--vectors", true, true, true },
	{ 'D', "--debugfs", true, false, false },
	{ 'j', "--json", false, false, false },
	{ 'L', "--log", false, false, false },
	{ 'M', "--map", true, true, false },
};

static const struct view *find_view(char letter)
{
	size_t i;

	for (i = 0; i < sizeof(views) / sizeof(*views); i++) {
		if (views[i].letter == letter)
			break;
	}
	return &views[i];
}

bool irqm_is_view(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(views) / sizeof(*views); i++)
		if (views[i].letter && strcmp(views[i].name + 2, word) == 0)
			return true;
	return false;
}

static int exclusive(const char *a, const char *b)
{
	return irqm_bad_usage("%s and %s are mutually exclusive", a, b);
}

static int choose_view(struct irqm_options *o, char letter)
{
	if (o->view && o->view != letter)
		return exclusive(find_view(o->view)->name,
				 find_view(letter)->name);
	o->view = letter;
	return 0;
}

static int parse_top(struct irqm_options *o, const char *arg)
{
	size_t digits = strspn(arg, "0123456789");
	unsigned long n = strtoul(arg, NULL, 10);

	if (!digits || arg[digits] || n == 0 || n > UINT_MAX)
		return irqm_bad_usage("--top %s: not a number from 1 on", arg);
	o->top = n;
	return 0;
}

int irqm_parse_size(const char *option, const char *arg, uint64_t *ret)
{
	static const char suffixes[] = "KMGT";
	size_t digits = strspn(arg, "0123456789");
	unsigned long long n = strtoull(arg, NULL, 10);
	const char *end = arg + digits, *suffix;
	unsigned int shift = 0;

	suffix = *end ? strchr(suffixes, *end) : NULL;
	if (suffix) {
		shift = 10 * (suffix - suffixes + 1);
		end++;
		if (strcmp(end, "iB") == 0)
			end += 2;
	}
	if (!digits || *end || n == 0 || n > UINT64_MAX >> shift)
		return irqm_bad_usage("%s %s: not a size as in 500M or 20G",
				      option, arg);
	*ret = n << shift;
	return 0;
}

static int parse_color(struct irqm_options *o, const char *arg)
{
	if (!arg || strcmp(arg, "always") == 0)
		o->color = IRQM_COLOR_ALWAYS;
	else if (strcmp(arg, "never") == 0)
		o->color = IRQM_COLOR_NEVER;
	else if (strcmp(arg, "auto") == 0)
		o->color = IRQM_COLOR_AUTO;
	else
		return irqm_bad_usage("--color=%s: one of auto, always, never",
				      arg);
	return 0;
}

static int want(struct irqm_options *o, enum irqm_plan_kind kind,
		const char *arg)
{
	if (o->nr_steps == IRQM_PLAN_MAX_STEPS)
		return irqm_bad_usage("more than %u steps",
				      IRQM_PLAN_MAX_STEPS);
	o->steps[o->nr_steps++] = (struct irqm_plan_wish){ kind, arg };
	return 0;
}

/* 0, or the status of bad usage. */
static int take(struct irqm_options *o, int c)
{
	switch (c) {
	case 'D':
		if (o->aff) {
			o->by_device = true;
			return 0;
		}
		return choose_view(o, c);
	case 'f':
		o->as_debugfs = true;
		return 0;
	case 'k':
	case 'd':
	case 'p':
	case 'i':
	case 'v':
	case 'j':
	case 'M':
		return choose_view(o, c);
	case OPT_LOG:
		return choose_view(o, 'L');
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
	case OPT_NO_HEADER:
		o->no_header = true;
		return 0;
	case OPT_COLOR:
		return parse_color(o, optarg);
	case OPT_VMLINUX:
		o->vmlinux_before = o->vmlinux;
		o->vmlinux = optarg;
		return 0;
	case OPT_NO_CACHE:
		o->no_cache = true;
		return 0;
	case OPT_TMP_LIMIT:
		return irqm_parse_size("--tmp-limit", optarg, &o->tmp_limit);
	case OPT_LIST_COLUMNS:
		o->list_columns = true;
		return 0;
	case OPT_WITH_LOG:
		o->with_log = true;
		return 0;
	case OPT_LIST:
		o->list = true;
		return 0;
	case OPT_ADD:
		return want(o, IRQM_PLAN_ADD, optarg);
	case OPT_REMOVE:
		return want(o, IRQM_PLAN_REMOVE, optarg);
	case OPT_OFFLINE:
		return want(o, IRQM_PLAN_OFFLINE, optarg);
	case OPT_SUSPEND:
		return want(o, IRQM_PLAN_SUSPEND, NULL);
	default: /* getopt_long() has said what is wrong */
		return irqm_try_help();
	}
}

/* Options that say nothing about the chosen view. */
static int check_view(const struct irqm_options *o)
{
	const struct view *v = find_view(o->view);

	if (o->cpus && !v->cpus)
		return exclusive("--cpus", v->name);
	if (o->all && !v->all)
		return exclusive("--all", v->name);
	if (v->table)
		return 0;
	if (o->csv)
		return exclusive("--csv", v->name);
	if (o->columns)
		return exclusive("--output", v->name);
	if (o->list_columns)
		return exclusive("--list-columns", v->name);
	if (o->top)
		return exclusive("--top", v->name);
	if (o->no_header)
		return exclusive("--no-header", v->name);
	return 0;
}

/* True if all of argv was read, into *o, and nothing was wrong with it. */
static bool read_options(struct irqm_options *o, int argc, char **argv,
			 const char *letters, const struct option *options,
			 void (*print_help)(FILE *out), int *ret_status)
{
	char name[] = "irqmatrix"; /* how getopt_long() shall say it */
	char *program = argv[0];
	int c;

	*ret_status = IRQM_STATUS_NOTHING;
	argv[0] = name;
	while ((c = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (c == 'h') {
			print_help(stdout);
			break;
		}
		if (c == 'V') {
			puts("irqmatrix " IRQMATRIX_VERSION);
			break;
		}
		*ret_status = take(o, c);
		if (*ret_status)
			break;
	}
	argv[0] = program;
	if (c != -1)
		return false;
	o->files = argv + optind;
	o->nr_files = argc - optind;
	return true;
}

bool irqm_options_parse(struct irqm_options *o, int argc, char **argv,
			int *ret_status)
{
	memset(o, 0, sizeof(*o));
	if (!read_options(o, argc, argv, "kdpivDjMc:ao:hV", view_options,
			  irqm_help_view, ret_status))
		return false;
	*ret_status = check_view(o);
	if (*ret_status)
		return false;
	if (!o->nr_files && !o->list_columns)
		*ret_status = irqm_bad_usage("which dump? No file was given");
	return !*ret_status;
}

/* How many arguments stand behind "--"; none if it is not there. */
static unsigned int count_behind(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return argc - i - 1;
	return 0;
}

bool irqm_options_parse_aff(struct irqm_options *o, int argc, char **argv,
			    int *ret_status)
{
	unsigned int behind = count_behind(argc, argv);

	*o = (struct irqm_options){ .aff = true };
	if (!read_options(o, argc, argv, "DfjhV", aff_options, irqm_help_aff,
			  ret_status))
		return false;
	/* before any file "--" just ends the options, as everywhere */
	o->nr_dumps = behind && behind < o->nr_files ? o->nr_files - behind : 1;
	if (!o->nr_files)
		*ret_status = irqm_bad_usage("which dump? No file was given");
	else if (o->nr_files == 1)
		*ret_status = irqm_bad_usage("which interrupts of %s? None "
					     "was given; irqmatrix -i lists "
					     "them", o->files[0]);
	else if (o->as_debugfs && (o->by_device || o->view == 'j'))
		*ret_status = exclusive("--debugfs", o->by_device ? "--device"
								  : "--json");
	else if (o->no_header && o->view == 'j')
		*ret_status = exclusive("--no-header", "--json");
	else if (o->no_header && !o->by_device)
		*ret_status = irqm_bad_usage("--no-header is for the tables "
					     "of --device");
	return !*ret_status;
}

bool irqm_options_parse_diff(struct irqm_options *o, int argc, char **argv,
			     int *ret_status)
{
	unsigned int behind = count_behind(argc, argv);

	memset(o, 0, sizeof(*o));
	if (!read_options(o, argc, argv, "jahV", diff_options, irqm_help_diff,
			  ret_status))
		return false;
	o->nr_dumps = behind && behind < o->nr_files ? o->nr_files - behind : 1;
	if (o->nr_files < 2)
		*ret_status = irqm_bad_usage("which two dumps? %s", o->nr_files
					     ? "Only one was given"
					     : "None was given");
	else if (o->nr_files > 2 && !(behind && behind < o->nr_files))
		*ret_status = irqm_bad_usage("files of two dumps are to be set "
					     "apart by --");
	else if (o->view == 'j' && o->all)
		*ret_status = exclusive("--all", "--json");
	else if (o->view == 'j' && o->no_header)
		*ret_status = exclusive("--no-header", "--json");
	return !*ret_status;
}

bool irqm_options_parse_distill(struct irqm_options *o, int argc, char **argv,
				int *ret_status)
{
	memset(o, 0, sizeof(*o));
	if (!read_options(o, argc, argv, "hV", distill_options,
			  irqm_help_distill, ret_status))
		return false;
	/* what the kernel's cache knows would not be read from the dump */
	o->no_cache = true;
	if (!o->nr_files)
		*ret_status = irqm_bad_usage("which dump? No file was given");
	else if (o->nr_files == 1 && !o->list)
		*ret_status = irqm_bad_usage("%s is to be distilled into "
					     "which file? None was given",
					     o->files[0]);
	return !*ret_status;
}

bool irqm_options_parse_plan(struct irqm_options *o, int argc, char **argv,
			     int *ret_status)
{
	memset(o, 0, sizeof(*o));
	if (!read_options(o, argc, argv, "ajhV", plan_options, irqm_help_plan,
			  ret_status))
		return false;
	if (!o->nr_files)
		*ret_status = irqm_bad_usage("which dump? No file was given");
	else if (!o->nr_steps)
		*ret_status = irqm_bad_usage("what is planned? One of --add, "
					     "--remove, --offline, --suspend");
	else if (o->no_header && o->view == 'j')
		*ret_status = exclusive("--no-header", "--json");
	return !*ret_status;
}
