/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the arguments of a command, and the options that several commands have.
 * Options of a single command are in its own file.
 */
#ifndef IRQM_COMMAND_OPTIONS_H
#define IRQM_COMMAND_OPTIONS_H

#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "command/latest.h"
#include "plan/plan.h"
#include "render/render.h"

/* Options without a short form. */
enum {
	IRQM_OPT_VMLINUX = UCHAR_MAX + 1,
	IRQM_OPT_KERNELS,
	IRQM_OPT_NO_CACHE,
	IRQM_OPT_LATEST,
	IRQM_OPT_LIVE,
	IRQM_OPT_TMP_LIMIT,
	IRQM_OPT_TIMEOUT,
	IRQM_OPT_MAX_MEMORY,
	IRQM_OPT_NO_HEADER,
	IRQM_OPT_COLOR,
	IRQM_OPT_CSV,
	IRQM_OPT_CSV_RAW,
	IRQM_OPT_ADD,
	IRQM_OPT_LIKE,
	IRQM_OPT_REMOVE,
	IRQM_OPT_OFFLINE,
	IRQM_OPT_SUSPEND,
	IRQM_OPT_NR_CPUS,
	IRQM_OPT_MAX,
	IRQM_OPT_OWN, /* the first of a command's own */
};

/* Rows for the table of getopt_long(). */
/* clang-format off */
#define IRQM_OPTION_VMLINUX                                                   \
	{ "vmlinux", required_argument, NULL, IRQM_OPT_VMLINUX }
#define IRQM_OPTION_KERNELS                                                   \
	{ "kernels", required_argument, NULL, IRQM_OPT_KERNELS }
#define IRQM_OPTION_NO_CACHE                                                  \
	{ "no-cache", no_argument, NULL, IRQM_OPT_NO_CACHE }
/* For commands that read the running machine if no dump is named. */
#define IRQM_OPTIONS_SOURCE                                                   \
	{ "latest", no_argument, NULL, IRQM_OPT_LATEST },                     \
	{ "live", no_argument, NULL, IRQM_OPT_LIVE }
#define IRQM_OPTION_TMP_LIMIT                                                 \
	{ "tmp-limit", required_argument, NULL, IRQM_OPT_TMP_LIMIT }
#define IRQM_OPTIONS_LIMITS                                                   \
	{ "timeout", required_argument, NULL, IRQM_OPT_TIMEOUT },             \
	{ "max-memory", required_argument, NULL, IRQM_OPT_MAX_MEMORY },       \
	IRQM_OPTION_TMP_LIMIT
#define IRQM_OPTION_NO_HEADER                                                 \
	{ "no-header", no_argument, NULL, IRQM_OPT_NO_HEADER }
#define IRQM_OPTION_COLOR                                                     \
	{ "color", optional_argument, NULL, IRQM_OPT_COLOR }
/* For irqm_take_csv_option(). */
#define IRQM_OPTIONS_CSV                                                      \
	{ "csv", no_argument, NULL, IRQM_OPT_CSV },                           \
	{ "csv-raw", no_argument, NULL, IRQM_OPT_CSV_RAW }
/* For irqm_take_dump_option(). */
#define IRQM_OPTIONS_DUMP                                                     \
	IRQM_OPTION_VMLINUX, IRQM_OPTION_KERNELS, IRQM_OPTION_NO_CACHE,       \
	IRQM_OPTIONS_LIMITS
/* For irqm_take_table_option(). */
#define IRQM_OPTIONS_TABLE IRQM_OPTION_NO_HEADER, IRQM_OPTION_COLOR
/* For irqm_take_plan_option(). */
#define IRQM_OPTIONS_STEPS                                                    \
	{ "add", required_argument, NULL, IRQM_OPT_ADD },                     \
	{ "like", required_argument, NULL, IRQM_OPT_LIKE },                   \
	{ "remove", required_argument, NULL, IRQM_OPT_REMOVE },               \
	{ "offline", required_argument, NULL, IRQM_OPT_OFFLINE },             \
	{ "suspend", no_argument, NULL, IRQM_OPT_SUSPEND },                  \
	{ "nr-cpus", required_argument, NULL, IRQM_OPT_NR_CPUS },            \
	{ "max", required_argument, NULL, IRQM_OPT_MAX }
#define IRQM_OPTIONS_END                                                      \
	{ "help", no_argument, NULL, 'h' },                                   \
	{ "version", no_argument, NULL, 'V' },                                \
	{ 0 }
/* clang-format on */

/* A dump, or the files to learn from, and how to open them. Do not move it. */
struct irqm_dump_options {
	const char *const *files;
	unsigned int nr_files;
	const char *vmlinux; /* may be NULL */
	const char *kernels; /* learned kernels; may be NULL */
	bool no_cache;
	bool latest; /* use the newest dump in place of files */
	bool live;   /* read the running machine in place of files */
	bool lasts;  /* reads it over and over: no limit on processor time, and
			the process may wait for keys and the time */
	struct irqm_latest found;
	const char *found_path; /* a list of one, for files */
	uint64_t tmp_limit;     /* bytes; 0: only the file system's */
	unsigned int timeout;   /* seconds of processor time; 0: see limits.h */
	uint64_t max_memory;    /* bytes; 0: see limits.h */
	char *output_dir;       /* where the command will create a file; the
				   command frees it. NULL: nowhere */
};

struct irqm_table_options {
	bool no_header;
	enum {
		IRQM_COLOR_AUTO,
		IRQM_COLOR_ALWAYS,
		IRQM_COLOR_NEVER
	} color;
};

/* The steps of a plan, in the order given. */
struct irqm_steps {
	struct irqm_plan_wish wishes[IRQM_PLAN_MAX_STEPS];
	unsigned int nr;
};

/* Each handles one option: c as getopt_long() returned it, and optarg. They
 * return 0, or the exit status for wrong usage, also for an unknown option. */
int irqm_take_dump_option(struct irqm_dump_options *o, int c);
int irqm_take_table_option(struct irqm_table_options *o, int c);
int irqm_take_csv_option(enum irqm_csv *csv, int c);
/* One of IRQM_OPTIONS_STEPS or IRQM_OPTIONS_DUMP. */
int irqm_take_plan_option(struct irqm_steps *steps, struct irqm_dump_options *o,
			  int c);

/* Plans the steps, and fills r, which must outlive the plans. Returns the plans,
 * or NULL with err. */
struct irqm_plans *irqm_plan_steps(const struct irqm_steps *steps,
				   struct irqm_snapshot *s,
				   struct irqm_plan_request *r,
				   struct irqm_error *err);

/* Sets header, color and width. "auto" is colour on a terminal unless NO_COLOR
 * is set. */
struct irqm_render_options
irqm_render_options_of(const struct irqm_table_options *o);

/* Parses a number from least to most. Returns 0, or the exit status for wrong
 * usage, like the following functions. */
int irqm_parse_number(const char *option, const char *arg, uint64_t least,
		      uint64_t most, uint64_t *ret);
/* Parse the arguments of --timeout (seconds) and --max-memory (to bytes). */
int irqm_parse_timeout(const char *arg, unsigned int *ret);
int irqm_parse_memory(const char *arg, uint64_t *ret);

/* Parses bytes, with or without a suffix of powers of 1024: 500M, 20G, 20GiB. */
int irqm_parse_size(const char *option, const char *arg, uint64_t *ret);

/* Returns the name of the option; csv must not be IRQM_CSV_NONE. */
const char *irqm_csv_option(enum irqm_csv csv);

/* Prints that two options exclude each other. Returns the exit status. */
int irqm_exclusive(const char *a, const char *b);
/* Checks that no more than one of a name, --latest and --live was given. Without
 * any, the running machine is meant. Returns 0, or the exit status after
 * printing an error. */
int irqm_choose_dump(struct irqm_dump_options *o);
/* With --latest, sets the files, and says which one it is; with live, checks
 * that the running machine can be read. Call it when all arguments are right.
 * Returns 0, or the exit status after printing an error. */
int irqm_find_dump(struct irqm_dump_options *o);

/* The options of a command and its --help text. */
struct irqm_syntax {
	const char *letters;          /* with "hV" */
	const struct option *options; /* with IRQM_OPTIONS_END */
	const char *help;
	int (*take)(void *options, int c); /* see irqm_take_dump_option() */
};

/* The arguments that are not options. */
struct irqm_arguments {
	char **arg;
	unsigned int nr;
	unsigned int nr_before; /* number of them before a "--"; 0 without "--",
				   or if it comes first */
};

/* Uses all arguments as the files of a dump. */
void irqm_take_files(struct irqm_dump_options *o,
		     const struct irqm_arguments *rest);

/* Reads argv. Returns false if the command must exit with *ret_status, because
 * --help or an error was printed. */
bool irqm_read_options(const struct irqm_syntax *syntax, void *options,
		       int argc, char **argv, struct irqm_arguments *ret,
		       int *ret_status);

#endif
