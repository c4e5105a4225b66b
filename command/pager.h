/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends output through a pager if standard output is a terminal. */
#ifndef IRQM_COMMAND_PAGER_H
#define IRQM_COMMAND_PAGER_H

#include <stdbool.h>

/*
 * Removes "--no-pager" from argv, where it is before "--"; returns whether it
 * was there.
 */
bool irqm_pager_unwanted(int *argc, char **argv);

/*
 * Call it before anything else is opened. If standard output is a terminal and
 * a pager is wanted, this function returns in a second process, whose standard
 * output is a pipe. The first process starts $PAGER, else less -FRX, when
 * something is written to the pipe, and ends with the second one's status. It
 * reads nothing of a dump, so the second process can give up its rights.
 *
 * With an empty $PAGER or "cat", on a dumb terminal, or if starting one fails,
 * there is no pager.
 */
void irqm_pager_start(void);

/* Whether a person reads standard output, perhaps through the pager. */
bool irqm_output_is_terminal(void);

#endif
