/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line on the terminal for one who has waited longer than a second. */
#ifndef IRQM_COMMAND_PROGRESS_H
#define IRQM_COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Is standard error a terminal that can write a line over? */
bool irqm_progress_possible(void);
/* Writes it over the last one: no more of it than fits, as what has gone to the
 * next line could not be wiped away. */
void irqm_progress_line(const char *line);
void irqm_progress_wipe(void);

struct irqm_progress {
	bool on;                /* it is possible */
	bool shown;             /* there is a line to be wiped away */
	uint64_t next;          /* do not write before, in milliseconds */
};

void irqm_progress_start(struct irqm_progress *p);
/* For struct irqm_dumpfile_options; ctx is the struct irqm_progress. */
void irqm_progress_show(void *ctx, const char *what, unsigned int percent);
void irqm_progress_end(struct irqm_progress *p);

#endif
