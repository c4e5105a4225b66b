/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps crash's ways of leaving a command out of the library: a long jump
 * from error(FATAL) or from a signal handler would skip every free().
 */
#ifndef IRQM_GUARD_H
#define IRQM_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Runs fn(arg). False if crash left it by a long jump; what crash had to say
 * about it, and about anything else that went wrong, is not printed. The
 * first of it is kept in said, if there is one, without newline.
 */
bool irqm_guard(void (*fn)(void *arg), void *arg, char *said, size_t size);

/*
 * From hold to release SIGINT is only noted: crash's handler jumps at once,
 * out of malloc() too. Calls do not nest.
 */
void irqm_sigint_hold(void);
bool irqm_sigint_seen(void);
/* Gives SIGINT back to crash; returns whether one came in between. */
bool irqm_sigint_release(void);

#endif
