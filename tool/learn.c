/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix learn: saves what the other commands need to know about a
 * kernel. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "command/confine.h"
#include "command/help.h"
#include "command/limits.h"
#include "command/options.h"
#include "command/progress.h"
#include "command/say.h"
#include "learn/kernels.h"
#include "learn/source.h"
#include "tool/learn_list.h"
#include "tool/tool.h"

struct learn_options {
	const char *output;
	bool list, no_header;
	enum irqm_csv csv;
	struct irqm_dump_options input; /* only its files and limits are used */
};

/* The state while kernels are learned. */
struct run {
	const struct learn_options *o;
	struct irqm_kernels *kernels;
	struct irqm_learn learn;
	struct irqm_progress progress;
	int *fds; /* file descriptors; -1: could not be opened */
	unsigned int nr_learned;
};

enum {
	OPT_LIST = IRQM_OPT_OWN
};

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "list", no_argument, NULL, OPT_LIST },
	IRQM_OPTIONS_CSV,
	IRQM_OPTION_NO_HEADER,
	IRQM_OPTIONS_LIMITS,
	IRQM_OPTIONS_END,
};

static int take_option(void *options, int c)
{
	struct learn_options *o = options;

	switch (c) {
	case 'o':
		o->output = optarg;
		return 0;
	case OPT_LIST:
		o->list = true;
		return 0;
	case IRQM_OPT_CSV:
	case IRQM_OPT_CSV_RAW:
		return irqm_take_csv_option(&o->csv, c);
	case IRQM_OPT_NO_HEADER:
		o->no_header = true;
		return 0;
	default:
		return irqm_take_dump_option(&o->input, c);
	}
}

static int check_options(const struct learn_options *o)
{
	if (o->list && o->output)
		return irqm_exclusive("--list", "--output");
	if (!o->list && o->csv)
		return irqm_bad_usage("%s needs --list",
				      irqm_csv_option(o->csv));
	if (!o->list && o->no_header)
		return irqm_bad_usage("--no-header needs --list");
	if (!o->input.nr_files)
		return irqm_bad_usage(
			o->list ? "--list needs a file or a "
				  "directory of learned kernels" :
				  "no vmlinux or package to learn from");
	if (!o->list && !o->output)
		return irqm_bad_usage("no output file: name one with -o");
	return 0;
}

/* Returns true if there is something to do. */
static bool parse_options(struct learn_options *o, int argc, char **argv,
			  int *ret_status)
{
	static const struct irqm_syntax syntax = {
		"o:hV",
		long_options,
		irqm_help_learn,
		take_option,
	};
	struct irqm_arguments rest;

	memset(o, 0, sizeof(*o));
	if (!irqm_read_options(&syntax, o, argc, argv, &rest, ret_status))
		return false;
	irqm_take_files(&o->input, &rest);
	*ret_status = check_options(o);
	return !*ret_status;
}

/* Returns the current time, or SOURCE_DATE_EPOCH, for tests and packagers. */
static int64_t time_now(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	return epoch && epoch[0] ? strtoll(epoch, NULL, 10) : time(NULL);
}

/* Raises the limit: all files are opened before the first is read
 * (sandbox.h). */
static void allow_many_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* The file to remove on SIGINT, or "". */
static const char *temporary;

static void remove_temporary(void)
{
	if (temporary[0])
		unlink(temporary);
}

static void end_early(int signal_nr)
{
	remove_temporary();
	signal(signal_nr, SIG_DFL);
	raise(signal_nr);
}

static void catch_signals(const char *path)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction a = { .sa_handler = end_early };
	size_t i;

	temporary = path;
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &a, NULL);
	irqm_limits_at_end(remove_temporary);
}

static void open_files(struct run *r)
{
	unsigned int i;

	for (i = 0; i < r->o->input.nr_files; i++) {
		/* O_NONBLOCK: do not block on a FIFO */
		r->fds[i] = open(r->o->input.files[i],
				 O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (r->fds[i] < 0)
			irqm_say("%s: %s", r->o->input.files[i],
				 strerror(errno));
	}
}

static bool open_all(struct run *r)
{
	struct irqm_error err;

	r->kernels = irqm_kernels_open(r->o->output, &err);
	if (!r->kernels ||
	    irqm_learn_open(&r->learn, r->o->input.tmp_limit, &err)) {
		irqm_say("%s", err.msg);
		return false;
	}
	catch_signals(irqm_kernels_temporary(r->kernels));
	open_files(r);
	return true;
}

static void tell_learned(const char *name, const struct irqm_learned *k,
			 size_t size, bool replaced)
{
	char id[IRQM_BUILD_ID_HEX] = "none";

	if (k->build.id_size)
		irqm_hex(k->build.note + IRQM_BUILD_ID_HEADER, k->build.id_size,
			 id);
	irqm_print("%s: %s, build-id %s, %.1f kB%s", name,
		   k->release[0] ? k->release : "unknown release", id,
		   size / 1e3, replaced ? ", replaced" : "");
	fflush(stdout);
}

static int learn_file(struct run *r, unsigned int i, struct irqm_learned *k)
{
	struct irqm_error err;
	bool replaced;
	size_t size;
	int rc;

	irqm_progress_start(&r->progress);
	rc = irqm_learn_file(&r->learn, r->fds[i], r->o->input.files[i], k,
			     &err);
	irqm_progress_end(&r->progress);
	k->time = time_now();
	if (rc == 0)
		rc = irqm_kernels_put(r->kernels, k, &replaced, &size, &err);
	if (rc < 0) {
		irqm_limits_explain(&err);
		irqm_say("%s: %s", r->o->input.files[i], err.msg);
		return -1;
	}
	r->nr_learned++;
	tell_learned(r->o->input.files[i], k, size, replaced);
	return 0;
}

static int write_kernels(struct run *r)
{
	struct irqm_error err;
	unsigned int nr;
	uint64_t size;

	if (irqm_kernels_write(r->kernels, &err) < 0) {
		irqm_say("%s", err.msg);
		return -1;
	}
	nr = irqm_kernels_count(r->kernels, &size);
	irqm_print("%s: %u %s, %.1f kB", r->o->output, nr,
		   irqm_plural(nr, "kernel", "kernels"), size / 1e3);
	return 0;
}

static int learn_all(struct run *r)
{
	struct irqm_learned *k = malloc(sizeof(*k));
	int status = IRQM_STATUS_NOTHING;
	unsigned int i;

	if (!k) {
		irqm_say("out of memory");
		return IRQM_STATUS_TROUBLE;
	}
	/* continue with the other files if one cannot be read */
	for (i = 0; i < r->o->input.nr_files; i++)
		if (r->fds[i] < 0 || learn_file(r, i, k) < 0)
			status = IRQM_STATUS_TROUBLE;
	free(k);
	if (r->nr_learned && write_kernels(r) < 0)
		status = IRQM_STATUS_TROUBLE;
	return status;
}

static void close_all(struct run *r)
{
	unsigned int i;

	for (i = 0; i < r->o->input.nr_files; i++)
		if (r->fds[i] >= 0)
			close(r->fds[i]);
	irqm_learn_close(&r->learn);
	temporary = "";
	irqm_kernels_close(r->kernels);
	free(r->fds);
}

static int learn_kernels(const struct learn_options *o)
{
	char *dir = irqm_directory_of(o->output);
	struct run r = {
		.o = o,
		.learn = { .unpacked.fd = -1,
			   .extracted.fd = -1,
			   .progress = irqm_progress_show,
			   .progress_ctx = &r.progress },
		.fds = malloc(o->input.nr_files * sizeof(*r.fds)),
	};
	int status = IRQM_STATUS_TROUBLE;

	if (!r.fds || !dir) {
		irqm_say("out of memory");
		free(r.fds);
		free(dir);
		return status;
	}
	memset(r.fds, 0xff, o->input.nr_files * sizeof(*r.fds));
	allow_many_files();
	irqm_limits_set(&o->input);
	if (irqm_confine_learning(dir) && open_all(&r) &&
	    irqm_confine_reading(dir, 0, 0))
		status = learn_all(&r);
	close_all(&r);
	free(dir);
	return status;
}

/* Another process opens the files: see sandbox.h. */
static int list_kernels(const struct learn_options *o)
{
	const char **paths = calloc(o->input.nr_files + 1, sizeof(*paths));
	struct irqm_files_local local = { .kernel_places = paths };
	int status = IRQM_STATUS_TROUBLE;
	struct irqm_broker broker;
	unsigned int i;

	if (!paths) {
		irqm_say("out of memory");
		return status;
	}
	for (i = 0; i < o->input.nr_files; i++)
		paths[i] = o->input.files[i];
	irqm_limits_set(&o->input);
	if (irqm_confine_broker(&broker, &local) == 0 &&
	    irqm_confine_reading(NULL, broker.fd, 0))
		status = irqm_learn_list(paths, o->input.nr_files,
					 &broker.files, o->csv, !o->no_header);
	irqm_broker_stop(&broker);
	free(paths);
	return status;
}

int irqm_tool_learn(int argc, char **argv)
{
	struct learn_options o;
	int status;

	if (!parse_options(&o, argc, argv, &status))
		return status;
	return o.list ? list_kernels(&o) : learn_kernels(&o);
}
