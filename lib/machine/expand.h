/* SPDX-License-Identifier: GPL-3.0-or-later */
/* {i*2+1}, {i%4:2x}, {i:a}: values that change with each "repeat". */
#ifndef IRQM_MACHINE_EXPAND_H
#define IRQM_MACHINE_EXPAND_H

#include "base/base.h"

#define IRQM_MAX_NESTED 3 /* i, j, k */

/*
 * Copies a line of len characters to ret, expressions replaced by their values.
 * Returns the length, or -1 with err: an expression is wrong, or the result has
 * size or more characters.
 */
int irqm_expand(const char *line, size_t len,
		const unsigned long counters[IRQM_MAX_NESTED], char *ret,
		size_t ret_size, struct irqm_error *err);

#endif
