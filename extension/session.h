/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands do around their own work. */
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
	bool json; /* no error text in the middle of it */
};

/*
 * Reads and analyses what crash has open. False if that cannot be: the user
 * has been told, and there is nothing to close.
 *
 * The snapshot is read anew for each command. That is a matter of
 * milliseconds, and a kept one would have to be told of every "set" that
 * changes what crash reads.
 */
bool irqm_session_open(struct irqm_session *s, unsigned int flags);

/*
 * Frees all; says so if output failed (failed is what the renderer returned)
 * or the user interrupted. In that case it leaves the command as crash does,
 * by a long jump: nothing must be left to do.
 */
void irqm_session_close(struct irqm_session *s, int failed);

/* A line to the user, as error(INFO, ...). */
__attribute__((format(printf, 2, 3))) void
irqm_session_say(const struct irqm_session *s, const char *fmt, ...);

/* For people, or for a program? JSON is indented only for the former. */
bool irqm_session_interactive(void);

/* Columns for people; 0 if it is not known. */
unsigned int irqm_session_width(void);

#endif
