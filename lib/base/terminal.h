/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the terminal can show. The tool and the extension pass this to the
 * renderers, which do not look themselves.
 */
#ifndef IRQM_TERMINAL_H
#define IRQM_TERMINAL_H

#include <stdbool.h>

/* Returns $COLUMNS, otherwise the width of the terminal, or 0 if neither is
 * known. */
unsigned int irqm_terminal_width(void);

/* Returns the width of the terminal that fd is open on, or 0 if it is not a
 * terminal. */
unsigned int irqm_terminal_columns(int fd);

/* Returns true if the locale in the environment uses UTF-8. Does not change the
 * program's locale, which crash never sets. */
bool irqm_locale_is_utf8(void);

/* Returns true if $TERM is unset, or names a terminal without escape
 * sequences. */
bool irqm_terminal_is_dumb(void);

#endif
