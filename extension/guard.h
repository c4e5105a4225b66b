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
 * Runs fn(arg). Returns false if crash left fn by a long jump. Crash's messages
 * are not printed meanwhile; said, if not NULL, gets the first one, without
 * newline.
 */
bool irqm_guard(void (*fn)(void *arg), void *arg, char *said, size_t size);

/* Between hold and release, SIGINT is only recorded: crash's handler would jump
 * at once, even out of malloc(). Calls do not nest. */
void irqm_sigint_hold(void);
bool irqm_sigint_seen(void);
/* Restores crash's handler. Returns true if SIGINT arrived since hold. */
bool irqm_sigint_release(void);

#endif
