/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IRQM_TOOL_DISTILL_LIST_H
#define IRQM_TOOL_DISTILL_LIST_H

#include "distill/distill.h"

/* Prints a table of what was read of the dump to standard output. */
void irqm_distill_print_list(const struct irqm_distill *d);

#endif
