/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user asked for. */
#ifndef IRQM_TOOL_OPTIONS_H
#define IRQM_TOOL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"

enum irqm_color { IRQM_COLOR_AUTO, IRQM_COLOR_ALWAYS, IRQM_COLOR_NEVER };

struct irqm_options {
	char view;              /* 0, or the letter of its option: k d p i v D j M;
				   L log */
	const char *cpus;       /* as given */
	const char *columns;    /* as given to -o */
	bool list_columns;
	bool csv;
	bool all;
	bool no_header;
	unsigned int top;       /* 0: all */
	enum irqm_color color;

	const char *vmlinux;
	const char *vmlinux_before; /* the one given before that, or NULL */
	bool no_cache;
	uint64_t tmp_limit;     /* bytes; 0: none but the file system's */

	bool aff;               /* these are those of aff, and of it only */
	bool as_debugfs;        /* as the kernel's files irq/irqs/N */
	bool by_device;         /* the spread of each device, as a table */

	bool with_log, list;    /* of distill */
	char *output_dir;       /* where a file will be made; NULL: nowhere */

	/* of plan, in the order given */
	struct irqm_plan_wish steps[IRQM_PLAN_MAX_STEPS];
	unsigned int nr_steps;

	/* the rest of argv */
	char **files;
	unsigned int nr_files;
	unsigned int nr_dumps;  /* of aff: the files before the IRQs; of
				   diff: those of the first dump */
};

/*
 * Reads argv. True if there is something to do; else *ret_status is the exit
 * status: the user was helped, or told what is wrong.
 */
bool irqm_options_parse(struct irqm_options *o, int argc, char **argv,
			int *ret_status);

/* The same for `irqmatrix aff`: files[] is the dump's, then the IRQs. */
bool irqm_options_parse_aff(struct irqm_options *o, int argc, char **argv,
			    int *ret_status);

/* Bytes, or with a suffix of 1024: 500M, 20G, also 20GiB. 0, or the status of bad usage. */
int irqm_parse_size(const char *option, const char *arg, uint64_t *ret);

/* With "auto": on a terminal, unless NO_COLOR is set. */
bool irqm_want_color(enum irqm_color color);

/* For `irqmatrix diff`: files[] is the first dump's, then the second's. */
bool irqm_options_parse_diff(struct irqm_options *o, int argc, char **argv,
			     int *ret_status);

/* For `irqmatrix distill`: files[] is the dump's, then what to write. */
bool irqm_options_parse_distill(struct irqm_options *o, int argc, char **argv,
				int *ret_status);

/* For `irqmatrix plan`: files[] are one dump's. */
bool irqm_options_parse_plan(struct irqm_options *o, int argc, char **argv,
			     int *ret_status);

/* A view's long name, without its dashes? */
bool irqm_is_view(const char *word);

#endif
