/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "command/help.h"
#include "command/options.h"
#include "command/say.h"
#include "fleet/batch/batch.h"

#define TIMEOUT 300
#define MAX_MEMORY (1024ULL << 20)
#define INTERVAL 60

enum {
	OPT_DB = IRQM_OPT_OWN,
	OPT_NDJSON,
	OPT_VMLINUX_DIR,
	OPT_REDO,
	OPT_WATCH,
	OPT_INTERVAL,
	OPT_TEXTFILE,
};

static const struct option long_options[] = {
	{ "jobs", required_argument, NULL, 'j' },
	{ "db", required_argument, NULL, OPT_DB },
	{ "ndjson", required_argument, NULL, OPT_NDJSON },
	{ "vmlinux-dir", required_argument, NULL, OPT_VMLINUX_DIR },
	IRQM_OPTION_KERNELS,
	IRQM_OPTIONS_LIMITS,
	{ "redo", optional_argument, NULL, OPT_REDO },
	IRQM_OPTION_NO_CACHE,
	{ "quiet", no_argument, NULL, 'q' },
	{ "watch", required_argument, NULL, OPT_WATCH },
	{ "interval", required_argument, NULL, OPT_INTERVAL },
	{ "textfile", required_argument, NULL, OPT_TEXTFILE },
	IRQM_OPTIONS_END,
};

static int parse_unsigned(const char *option, const char *arg,
			  unsigned int most, unsigned int *ret)
{
	uint64_t n;
	int status = irqm_parse_number(option, arg, 1, most, &n);

	*ret = n;
	return status;
}

static int parse_redo(struct irqm_batch_options *o, const char *arg)
{
	if (!arg || strcmp(arg, "all") == 0)
		o->redo = IRQM_REDO_ALL;
	else if (strcmp(arg, "failed") == 0)
		o->redo = IRQM_REDO_FAILED;
	else
		return irqm_bad_usage("--redo=%s: use all or failed", arg);
	return 0;
}

static int take_option(void *options, int c)
{
	struct irqm_batch_options *o = options;

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
	case IRQM_OPT_KERNELS:
		o->kernels = optarg;
		return 0;
	case IRQM_OPT_TIMEOUT:
		o->own_timeout = true;
		return irqm_parse_timeout(optarg, &o->timeout);
	case IRQM_OPT_MAX_MEMORY:
		o->own_memory = true;
		return irqm_parse_memory(optarg, &o->max_memory);
	case IRQM_OPT_TMP_LIMIT:
		return irqm_parse_size("--tmp-limit", optarg, &o->tmp_limit);
	case OPT_REDO:
		return parse_redo(o, optarg);
	case IRQM_OPT_NO_CACHE:
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
	default: /* irqm_read_options() printed the error */
		return irqm_try_help();
	}
}

static unsigned int count_cpus(void)
{
	cpu_set_t set;
	int nr = sched_getaffinity(0, sizeof(set), &set) == 0 ?
			 CPU_COUNT(&set) :
			 1;

	return nr < IRQM_BATCH_JOBS_MAX ? nr : IRQM_BATCH_JOBS_MAX;
}

static int check_options(const struct irqm_batch_options *o)
{
	if (!o->nr_paths)
		return irqm_bad_usage("no dumps: name a file or directory");
	if (o->interval && !o->watch)
		return irqm_bad_usage("--interval needs --watch");
	return 0;
}

bool irqm_batch_options_parse(struct irqm_batch_options *o, int argc,
			      char **argv, int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"j:qhV",
		long_options,
		irqm_help_batch,
		take_option,
	};
	struct irqm_arguments rest;
	unsigned int i;

	*o = (struct irqm_batch_options){
		.jobs = count_cpus(),
		.timeout = TIMEOUT,
		.max_memory = MAX_MEMORY,
		/* at most one path per argument */
		.paths = calloc(argc + 1, sizeof(*o->paths)),
	};
	if (!o->paths) {
		irqm_say("out of memory");
		*ret_status = IRQM_STATUS_TROUBLE;
		return false;
	}
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	for (i = 0; i < rest.nr; i++)
		o->paths[o->nr_paths++] = rest.arg[i];
	*ret_status = check_options(o);
	if (!o->interval)
		o->interval = INTERVAL;
	return !*ret_status;
}
