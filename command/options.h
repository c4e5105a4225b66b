/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How each command reads its arguments, and the options that several of them
 * have. Those of one command alone are in its own file.
 */
#ifndef IRQM_COMMAND_OPTIONS_H
#define IRQM_COMMAND_OPTIONS_H

#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"
#include "render/render.h"

/* Options without a letter. */
enum {
	IRQM_OPT_VMLINUX = UCHAR_MAX + 1,
	IRQM_OPT_KERNELS,
	IRQM_OPT_NO_CACHE,
	IRQM_OPT_TMP_LIMIT,
	IRQM_OPT_TIMEOUT,
	IRQM_OPT_MAX_MEMORY,
	IRQM_OPT_NO_HEADER,
	IRQM_OPT_COLOR,
	IRQM_OPT_CSV,
	IRQM_OPT_CSV_RAW,
	IRQM_OPT_ADD,
	IRQM_OPT_REMOVE,
	IRQM_OPT_OFFLINE,
	IRQM_OPT_SUSPEND,
	IRQM_OPT_OWN,           /* the first of a command's own */
};

/* Rows of getopt_long()'s table. */
#define IRQM_OPTION_VMLINUX                                                   \
	{ "vmlinux", required_argument, NULL, IRQM_OPT_VMLINUX }
#define IRQM_OPTION_KERNELS                                                   \
	{ "kernels", required_argument, NULL, IRQM_OPT_KERNELS }
#define IRQM_OPTION_NO_CACHE                                                  \
	{ "no-cache", no_argument, NULL, IRQM_OPT_NO_CACHE }
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
#define IRQM_OPTIONS_STEPS                                                    \
	{ "add", required_argument, NULL, IRQM_OPT_ADD },                     \
	{ "remove", required_argument, NULL, IRQM_OPT_REMOVE },               \
	{ "offline", required_argument, NULL, IRQM_OPT_OFFLINE },             \
	{ "suspend", no_argument, NULL, IRQM_OPT_SUSPEND }
#define IRQM_OPTIONS_END                                                      \
	{ "help", no_argument, NULL, 'h' },                                   \
	{ "version", no_argument, NULL, 'V' },                                \
	{ 0 }

/* A dump, or the files to learn from, and how they are opened. */
struct irqm_dump_options {
	const char *const *files;
	unsigned int nr_files;
	const char *vmlinux;    /* or NULL */
	const char *kernels;    /* learned ones, or NULL */
	bool no_cache;
	uint64_t tmp_limit;     /* bytes; 0: none but the file system's */
	unsigned int timeout;   /* seconds of processor time; 0: limits.h's */
	uint64_t max_memory;    /* bytes; 0: limits.h's */
	char *output_dir;       /* where the command will make a file, which
				   frees it; NULL: nowhere */
};

struct irqm_table_options {
	bool no_header;
	enum { IRQM_COLOR_AUTO, IRQM_COLOR_ALWAYS, IRQM_COLOR_NEVER } color;
};

/* The steps of a plan, in the order given. */
struct irqm_steps {
	struct irqm_plan_wish wishes[IRQM_PLAN_MAX_STEPS];
	unsigned int nr;
};

/*
 * Each takes one option, c as getopt_long() returned it, with optarg. 0, or
 * the status of bad usage; what it does not know is bad usage.
 */
int irqm_take_dump_option(struct irqm_dump_options *o, int c);
int irqm_take_table_option(struct irqm_table_options *o, int c);
int irqm_take_csv_option(enum irqm_csv *csv, int c);
int irqm_take_step(struct irqm_steps *steps, int c);

/* Header, colour and width; colour with "auto" on a terminal, unless NO_COLOR
 * is set. */
struct irqm_render_options
irqm_render_options_of(const struct irqm_table_options *o);

/* A number from least to most. 0, or the status of bad usage. */
int irqm_parse_number(const char *option, const char *arg, uint64_t least,
		      uint64_t most, uint64_t *ret);
/* The arguments of --timeout and --max-memory; the latter in bytes. */
int irqm_parse_timeout(const char *arg, unsigned int *ret);
int irqm_parse_memory(const char *arg, uint64_t *ret);

/* Bytes, or with a suffix of 1024: 500M, 20G, also 20GiB. 0, or the status of
 * bad usage. */
int irqm_parse_size(const char *option, const char *arg, uint64_t *ret);

/* The option that asks for it; not for IRQM_CSV_NONE. */
const char *irqm_csv_option(enum irqm_csv csv);

/* Bad usage of two options; its status. */
int irqm_exclusive(const char *a, const char *b);
/* Bad usage: there is no file; its status. */
int irqm_no_dump(void);

/* What getopt_long() takes, for whom, and the text for --help. */
struct irqm_syntax {
	const char *letters;    /* with "hV" */
	const struct option *options; /* with IRQM_OPTIONS_END */
	const char *help;
	int (*take)(void *options, int c); /* as irqm_take_dump_option() */
};

/* What is left of argv. */
struct irqm_arguments {
	char **arg;
	unsigned int nr;
	unsigned int nr_before; /* of arg: those before a "--"; without one, or
				   where it comes first, 0 */
};

/*
 * Reads argv. False: *ret_status is the exit status, the user was helped or
 * told what is wrong.
 */
bool irqm_read_options(const struct irqm_syntax *syntax, void *options,
		       int argc, char **argv, struct irqm_arguments *ret,
		       int *ret_status);

#endif
