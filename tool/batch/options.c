/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "irqmatrix.h"
#include "tool/batch/batch.h"
#include "tool/help.h"
#include "tool/options.h"
#include "tool/tool.h"

#define TIMEOUT 300
#define MAX_MEMORY (1024ULL << 20)
#define LEAST_MEMORY (32ULL << 20)
#define INTERVAL 60

enum {
	OPT_DB = UCHAR_MAX + 1,
	OPT_NDJSON,
	OPT_VMLINUX_DIR,
	OPT_TIMEOUT,
	OPT_MAX_MEMORY,
	OPT_TMP_LIMIT,
	OPT_REDO,
	OPT_NO_CACHE,
	OPT_WATCH,
	OPT_INTERVAL,
	OPT_TEXTFILE,
};

static const struct option options[] = {
	{ "jobs", required_argument, NULL, 'j' },
	{ "db", required_argument, NULL, OPT_DB },
	{ "ndjson", required_argument, NULL, OPT_NDJSON },
	{ "vmlinux-dir", required_argument, NULL, OPT_VMLINUX_DIR },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "max-memory", required_argument, NULL, OPT_MAX_MEMORY },
	{ "tmp-limit", required_argument, NULL, OPT_TMP_LIMIT },
	{ "redo", optional_argument, NULL, OPT_REDO },
	{ "no-cache", no_argument, NULL, OPT_NO_CACHE },
	{ "quiet", no_argument, NULL, 'q' },
	{ "watch", required_argument, NULL, OPT_WATCH },
	{ "interval", required_argument, NULL, OPT_INTERVAL },
	{ "textfile", required_argument, NULL, OPT_TEXTFILE },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

/* A number from least to most. */
static int parse_number(const char *option, const char *arg, uint64_t least,
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

static int parse_unsigned(const char *option, const char *arg,
			  unsigned int most, unsigned int *ret)
{
	uint64_t n;
	int status = parse_number(option, arg, 1, most, &n);

	*ret = n;
	return status;
}

static int parse_memory(struct irqm_batch_options *o, const char *arg)
{
	uint64_t mb;
	int status = parse_number("--max-memory", arg, LEAST_MEMORY >> 20,
				  UINT32_MAX >> 20, &mb);

	o->max_memory = mb << 20;
	return status;
}

static int parse_redo(struct irqm_batch_options *o, const char *arg)
{
	if (!arg || strcmp(arg, "all") == 0)
		o->redo = IRQM_REDO_ALL;
	else if (strcmp(arg, "failed") == 0)
		o->redo = IRQM_REDO_FAILED;
	else
		return irqm_bad_usage("--redo=%s: one of all, failed", arg);
	return 0;
}

static int take(struct irqm_batch_options *o, int c)
{
	switch (c) {
	case 'j':
		return parse_unsigned("-j", optarg, IRQM_BATCH_JOBS_MAX,
				      &o->jobs);
	case 'q':
		o->quiet = true;
		return 0;
	case OPT_DB:
		o->db = optarg;
		return 0;
	case OPT_NDJSON:
		o->ndjson = optarg;
		return 0;
	case OPT_VMLINUX_DIR:
		o->vmlinux_dir = optarg;
		return 0;
	case OPT_TIMEOUT:
		return parse_unsigned("--timeout", optarg, 7 * 24 * 3600,
				      &o->timeout);
	case OPT_MAX_MEMORY:
		return parse_memory(o, optarg);
	case OPT_TMP_LIMIT:
		return irqm_parse_size("--tmp-limit", optarg, &o->tmp_limit);
	case OPT_REDO:
		return parse_redo(o, optarg);
	case OPT_NO_CACHE:
		o->no_cache = true;
		return 0;
	case OPT_WATCH:
		o->watch = true;
		o->paths[o->nr_paths++] = optarg;
		return 0;
	case OPT_INTERVAL:
		return parse_unsigned("--interval", optarg, 24 * 3600,
				      &o->interval);
	case OPT_TEXTFILE:
		o->textfile = optarg;
		return 0;
	default: /* getopt_long() has said what is wrong */
		return irqm_try_help();
	}
}

static unsigned int count_cpus(void)
{
	cpu_set_t set;
	int nr = sched_getaffinity(0, sizeof(set), &set) == 0 ?
		 CPU_COUNT(&set) : 1;

	return nr < IRQM_BATCH_JOBS_MAX ? nr : IRQM_BATCH_JOBS_MAX;
}

static int check(const struct irqm_batch_options *o)
{
	if (!o->nr_paths)
		return irqm_bad_usage("which dumps? No file and no directory "
				      "was given");
	if (o->interval && !o->watch)
		return irqm_bad_usage("--interval is for --watch");
	return 0;
}

/* True if there is something to do. */
static bool read_options(struct irqm_batch_options *o, int argc, char **argv,
			 int *ret_status)
{
	int c;

	while ((c = getopt_long(argc, argv, "j:qhV", options, NULL)) != -1) {
		if (c == 'h') {
			irqm_help_batch(stdout);
			return false;
		}
		if (c == 'V') {
			puts("irqmatrix " IRQMATRIX_VERSION);
			return false;
		}
		*ret_status = take(o, c);
		if (*ret_status)
			return false;
	}
	while (optind < argc)
		o->paths[o->nr_paths++] = argv[optind++];
	*ret_status = check(o);
	return !*ret_status;
}

bool irqm_batch_options_parse(struct irqm_batch_options *o, int argc,
			      char **argv, int *ret_status)
{
	char name[] = "irqmatrix", *program = argv[0];
	bool ok;

	*o = (struct irqm_batch_options){
		.jobs = count_cpus(),
		.timeout = TIMEOUT,
		.max_memory = MAX_MEMORY,
		/* each argument may be one */
		.paths = calloc(argc + 1, sizeof(*o->paths)),
	};
	*ret_status = IRQM_STATUS_NOTHING;
	if (!o->paths) {
		irqm_say("not enough memory");
		*ret_status = IRQM_STATUS_TROUBLE;
		return false;
	}
	argv[0] = name; /* how getopt_long() shall say it */
	ok = read_options(o, argc, argv, ret_status);
	argv[0] = program;
	if (!o->interval)
		o->interval = INTERVAL;
	return ok;
}
