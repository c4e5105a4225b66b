/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line on the terminal for one who has waited longer than a second. */
#ifndef IRQM_TOOL_PROGRESS_H
#define IRQM_TOOL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct irqm_progress {
	bool on;                /* standard error is a terminal */
	bool shown;             /* there is a line to be wiped away */
	uint64_t next;          /* do not write before, in milliseconds */
};

void irqm_progress_start(struct irqm_progress *p);
/* For struct irqm_dumpfile_options; ctx is the struct irqm_progress. */
void irqm_progress_show(void *ctx, const char *what, unsigned int percent);
void irqm_progress_end(struct irqm_progress *p);

#endif
