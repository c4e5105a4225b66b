/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/options.h"
#include "command/pager.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/terminal.h"
#include "command/live.h"
#include "command/say.h"
#include "irqmatrix.h"

#define TIMEOUT_MOST (7 * 24 * 3600)
/* The program does not start with less. */
#define MEMORY_LEAST (32ULL << 20)

int irqm_exclusive(const char *a, const char *b)
{
	return irqm_bad_usage("%s and %s are mutually exclusive", a, b);
}

int irqm_choose_dump(struct irqm_dump_options *o)
{
	const char *option = o->latest ? "--latest" : "--live";

	if (o->latest && o->live)
		return irqm_exclusive("--latest", "--live");
	if ((o->latest || o->live) && o->nr_files)
		return irqm_bad_usage("%s takes the place of the dump's name: "
				      "leave out %s or %s",
				      option, o->files[0], option);
	if (!o->latest && !o->nr_files)
		o->live = true;
	if (o->nr_files == 1 && irqm_live_is_file(o->files[0]))
		o->live = true;
	return 0;
}

static void use_file(struct irqm_dump_options *o, const char *path)
{
	o->found_path = path;
	o->files = &o->found_path;
	o->nr_files = 1;
}

static int find_latest(struct irqm_dump_options *o)
{
	struct irqm_error err;
	char when[32] = "";
	struct tm tm;

	if (irqm_latest_find("", &o->found, &err)) {
		irqm_say("--latest: %s", err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	if (gmtime_r(&o->found.modified, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm);
	irqm_say("--latest: %s (%s)", o->found.path, when);
	use_file(o, o->found.path);
	return 0;
}

int irqm_find_dump(struct irqm_dump_options *o)
{
	struct irqm_error err;

	if (o->latest)
		return find_latest(o);
	if (!o->live)
		return 0;
	if (irqm_live_check(&err)) {
		irqm_say("%s", err.msg);
		return IRQM_STATUS_TROUBLE;
	}
	use_file(o, IRQM_LIVE_FILE);
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
		return irqm_bad_usage("%s %s: not a size like 500M or 20G",
				      option, arg);
	*ret = n << shift;
	return 0;
}

int irqm_parse_number(const char *option, const char *arg, uint64_t least,
		      uint64_t most, uint64_t *ret)
{
	size_t digits = strspn(arg, "0123456789");

	*ret = strtoull(arg, NULL, 10);
	if (!digits || digits > 18 || arg[digits] || *ret < least ||
	    *ret > most)
		return irqm_bad_usage("%s %s: not a number from %llu to %llu",
				      option, arg, (unsigned long long)least,
				      (unsigned long long)most);
	return 0;
}

int irqm_parse_timeout(const char *arg, unsigned int *ret)
{
	uint64_t n;
	int status = irqm_parse_number("--timeout", arg, 1, TIMEOUT_MOST, &n);

	*ret = n;
	return status;
}

int irqm_parse_memory(const char *arg, uint64_t *ret)
{
	uint64_t mb;
	int status = irqm_parse_number("--max-memory", arg, MEMORY_LEAST >> 20,
				       UINT32_MAX >> 20, &mb);

	*ret = mb << 20;
	return status;
}

int irqm_take_dump_option(struct irqm_dump_options *o, int c)
{
	switch (c) {
	case IRQM_OPT_VMLINUX:
		o->vmlinux = optarg;
		return 0;
	case IRQM_OPT_KERNELS:
		o->kernels = optarg;
		return 0;
	case IRQM_OPT_NO_CACHE:
		o->no_cache = true;
		return 0;
	case IRQM_OPT_LATEST:
		o->latest = true;
		return 0;
	case IRQM_OPT_LIVE:
		o->live = true;
		return 0;
	case IRQM_OPT_TMP_LIMIT:
		return irqm_parse_size("--tmp-limit", optarg, &o->tmp_limit);
	case IRQM_OPT_TIMEOUT:
		return irqm_parse_timeout(optarg, &o->timeout);
	case IRQM_OPT_MAX_MEMORY:
		return irqm_parse_memory(optarg, &o->max_memory);
	default: /* irqm_read_options() printed the error */
		return irqm_try_help();
	}
}

static int parse_color(struct irqm_table_options *o, const char *arg)
{
	if (!arg || strcmp(arg, "always") == 0)
		o->color = IRQM_COLOR_ALWAYS;
	else if (strcmp(arg, "never") == 0)
		o->color = IRQM_COLOR_NEVER;
	else if (strcmp(arg, "auto") == 0)
		o->color = IRQM_COLOR_AUTO;
	else
		return irqm_bad_usage("--color=%s: use auto, always or never",
				      arg);
	return 0;
}

int irqm_take_table_option(struct irqm_table_options *o, int c)
{
	switch (c) {
	case IRQM_OPT_NO_HEADER:
		o->no_header = true;
		return 0;
	case IRQM_OPT_COLOR:
		return parse_color(o, optarg);
	default:
		return irqm_try_help();
	}
}

int irqm_take_csv_option(enum irqm_csv *csv, int c)
{
	*csv = c == IRQM_OPT_CSV_RAW ? IRQM_CSV_RAW : IRQM_CSV_DEFUSED;
	return 0;
}

const char *irqm_csv_option(enum irqm_csv csv)
{
	return csv == IRQM_CSV_RAW ? "--csv-raw" : "--csv";
}

static int add_step(struct irqm_steps *steps, enum irqm_plan_kind kind)
{
	if (steps->nr == IRQM_PLAN_MAX_STEPS)
		return irqm_bad_usage("too many steps: at most %u",
				      IRQM_PLAN_MAX_STEPS);
	steps->wishes[steps->nr++] = (struct irqm_plan_wish){ kind, optarg };
	return 0;
}

int irqm_take_plan_option(struct irqm_steps *steps, struct irqm_dump_options *o,
			  int c)
{
	switch (c) {
	case IRQM_OPT_ADD:
		return add_step(steps, IRQM_PLAN_ADD);
	case IRQM_OPT_LIKE:
		return add_step(steps, IRQM_PLAN_LIKE);
	case IRQM_OPT_REMOVE:
		return add_step(steps, IRQM_PLAN_REMOVE);
	case IRQM_OPT_OFFLINE:
		return add_step(steps, IRQM_PLAN_OFFLINE);
	case IRQM_OPT_SUSPEND:
		return add_step(steps, IRQM_PLAN_SUSPEND);
	case IRQM_OPT_NR_CPUS:
		return add_step(steps, IRQM_PLAN_BOOT);
	case IRQM_OPT_MAX:
		return add_step(steps, IRQM_PLAN_MAX);
	default:
		return irqm_take_dump_option(o, c);
	}
}

struct irqm_plans *irqm_plan_steps(const struct irqm_steps *steps,
				   struct irqm_snapshot *s,
				   struct irqm_plan_request *r,
				   struct irqm_error *err)
{
	*r = (struct irqm_plan_request){ 0 };
	if (irqm_plan_ask_all(r, s, steps->wishes, steps->nr, err))
		return NULL;
	return irqm_plan(s, r, err);
}

static bool want_color(const struct irqm_table_options *o)
{
	const char *no_color = getenv("NO_COLOR");

	if (o->color != IRQM_COLOR_AUTO)
		return o->color == IRQM_COLOR_ALWAYS;
	return irqm_output_is_terminal() && !irqm_terminal_is_dumb() &&
	       !(no_color && *no_color);
}

/* Not through a pager: older ones print the sequences. The Linux console does,
 * too. */
static bool want_links(const struct irqm_table_options *o)
{
	return isatty(STDOUT_FILENO) && want_color(o) &&
	       !irqm_terminal_is_dumb() && strcmp(getenv("TERM"), "linux") != 0;
}

struct irqm_render_options
irqm_render_options_of(const struct irqm_table_options *o)
{
	return (struct irqm_render_options){
		.header = !o->no_header,
		.color = want_color(o),
		.links = want_links(o),
		.width = irqm_terminal_width(),
	};
}

/* Returns the number of arguments after "--", or 0 without one. */
static unsigned int count_behind(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return argc - i - 1;
	return 0;
}

/* Returns the first long option from o on that an abbreviation matches, or the
 * end of the list. */
static const struct option *next_like(const struct option *o, const char *word)
{
	size_t len = strcspn(word, "=");

	while (o->name && strncmp(o->name, word, len) != 0)
		o++;
	return o;
}

static void refuse_unknown(const struct option *options, const char *arg)
{
	char hint[IRQM_NEAREST_HINT];
	struct irqm_nearest n;

	irqm_nearest_begin(&n, arg + 2, strcspn(arg + 2, "="));
	for (; options->name; options++)
		irqm_nearest_offer(&n, options->name);
	irqm_nearest_hint(&n, "--", "", hint);
	irqm_say("unrecognized option '%s'%s%s", arg, *hint ? "; " : "", hint);
}

/* Prints the error for an argument that begins with "--" and is no option. */
static void refuse_long(const struct option *options, const char *arg)
{
	const struct option *o = next_like(options, arg + 2);
	char list[512] = "";
	size_t len = 0;

	if (!o->name || !next_like(o + 1, arg + 2)->name) {
		refuse_unknown(options, arg);
		return;
	}
	for (; o->name && len < sizeof(list); o = next_like(o + 1, arg + 2))
		len += snprintf(list + len, sizeof(list) - len, " '--%s'",
				o->name);
	irqm_say("option '%s' is ambiguous; possibilities:%s", arg, list);
}

/* Prints what getopt_long() would print after returning '?', but escaped. arg
 * is the argument before optind. */
static void refuse_option(const struct irqm_syntax *syntax, const char *arg)
{
	const struct option *o = syntax->options;

	if (!optopt) {
		refuse_long(o, arg);
		return;
	}
	while (o->name && o->val != optopt)
		o++;
	if (!o->name && !strchr(syntax->letters, optopt))
		irqm_say("invalid option -- '%c'", optopt);
	else if (o->name && o->has_arg != required_argument)
		irqm_say("option '--%s' doesn't allow an argument", o->name);
	else if (o->name && strncmp(arg, "--", 2) == 0)
		irqm_say("option '--%s' requires an argument", o->name);
	else
		irqm_say("option requires an argument -- '%c'", optopt);
}

/* Returns true if all options are valid. */
static bool take_all(const struct irqm_syntax *syntax, void *options, int argc,
		     char **argv, int *ret_status)
{
	int c;

	*ret_status = IRQM_STATUS_NOTHING;
	while ((c = getopt_long(argc, argv, syntax->letters, syntax->options,
				NULL)) != -1) {
		if (c == 'h') {
			if (fputs(syntax->help, stdout) == EOF)
				*ret_status = irqm_render_failed("--help");
			return false;
		}
		if (c == 'V') {
			puts("irqmatrix " IRQMATRIX_VERSION);
			return false;
		}
		if (c == '?')
			refuse_option(syntax, argv[optind - 1]);
		*ret_status = syntax->take(options, c);
		if (*ret_status)
			return false;
	}
	return true;
}

void irqm_take_files(struct irqm_dump_options *o,
		     const struct irqm_arguments *rest)
{
	o->files = (const char *const *)rest->arg;
	o->nr_files = rest->nr;
}

bool irqm_read_options(const struct irqm_syntax *syntax, void *options,
		       int argc, char **argv, struct irqm_arguments *ret,
		       int *ret_status)
{
	/* before getopt_long() moves arguments */
	unsigned int behind = count_behind(argc, argv);

	opterr = 0; /* getopt_long() would print arguments unescaped */
	if (!take_all(syntax, options, argc, argv, ret_status))
		return false;
	ret->arg = argv + optind;
	ret->nr = argc - optind;
	ret->nr_before = behind && behind < ret->nr ? ret->nr - behind : 0;
	return true;
}
