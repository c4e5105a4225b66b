/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IRQM_TOOL_LEARN_LIST_H
#define IRQM_TOOL_LEARN_LIST_H

#include <stdbool.h>

#include "render/csv.h"

/* Prints a table of the learned kernels in files and directories. Returns the
 * exit status. */
struct irqm_files;
int irqm_learn_list(const char *const paths[], unsigned int nr,
		    const struct irqm_files *files, enum irqm_csv csv,
		    bool header);

#endif
