/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What standard output can show: for the tool and the extension, who tell the
 * renderers. No stage looks by itself.
 */
#ifndef IRQM_TERMINAL_H
#define IRQM_TERMINAL_H

#include <stdbool.h>

/* Columns: $COLUMNS, else the terminal's; 0 if neither is to be had. */
unsigned int irqm_terminal_width(void);

/* Of the terminal that a file descriptor is; 0: it is none. */
unsigned int irqm_terminal_columns(int fd);

/* Does the locale of the environment have UTF-8? The program's own is left
 * alone: crash never sets one. */
bool irqm_locale_is_utf8(void);

/* By $TERM: one that shows escape sequences as they are, or none is named. */
bool irqm_terminal_is_dumb(void);

#endif
