/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A progress line on the terminal, after a second. */
#ifndef IRQM_COMMAND_PROGRESS_H
#define IRQM_COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Returns true if standard error is a terminal that can overwrite a line. */
bool irqm_progress_possible(void);
/* Overwrites the previous line. Cuts it to the width of the terminal, because a
 * second line could not be erased. */
void irqm_progress_line(const char *line);
void irqm_progress_wipe(void);

struct irqm_progress {
	bool on;       /* irqm_progress_possible() */
	bool shown;    /* a line must be erased */
	uint64_t next; /* when to write the next line, in milliseconds */
};

void irqm_progress_start(struct irqm_progress *p);
/* For struct irqm_dumpfile_options; ctx is the struct irqm_progress. */
void irqm_progress_show(void *ctx, const char *what, unsigned int percent);
void irqm_progress_end(struct irqm_progress *p);

#endif
