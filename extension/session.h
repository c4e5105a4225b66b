/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the three commands share: opening, output, and errors. */
#ifndef IRQM_SESSION_H
#define IRQM_SESSION_H

#include <stdio.h>

#include "analysis/analysis.h"
#include "memory/target.h"

struct irqm_session {
	struct irqm_target target;
	struct irqm_snapshot *snapshot;
	struct irqm_analysis *analysis;
	FILE *out; /* crash's fp; fails after SIGINT */
	bool json; /* print no error text in the middle of it */
};

/*
 * Reads and analyses what crash has open. If that fails, prints an error and
 * returns false; there is nothing to close then.
 *
 * Each command reads the snapshot anew. That takes milliseconds, and a cached
 * one would have to be dropped on every "set" that changes what crash reads.
 */
bool irqm_session_open(struct irqm_session *s, unsigned int flags);

/*
 * Frees everything. failed is what the renderer returned. If output failed or
 * the user interrupted the command, says so and leaves by a long jump, as
 * crash's own commands do: the caller must have nothing left to free.
 */
void irqm_session_close(struct irqm_session *s, int failed);

/* Prints a line as error(INFO, ...) does. */
__attribute__((format(printf, 2, 3))) void
irqm_session_say(const struct irqm_session *s, const char *fmt, ...);

/* True if a person reads the output, false for a program (a pipe or a file).
 * JSON is indented only for a person. */
bool irqm_session_interactive(void);

/* Columns of the terminal, or 0 if unknown. */
unsigned int irqm_session_width(void);

#endif
