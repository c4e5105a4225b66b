/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix --interval: the running machine over time. */
#ifndef IRQM_TOOL_WATCH_H
#define IRQM_TOOL_WATCH_H

#include "command/options.h"

struct irqm_watch {
	unsigned int interval; /* seconds; 0: no watch */
	uint64_t count;        /* readings to show; 0: no limit */
	unsigned int top;      /* interrupts; 0: all */
	bool json;             /* a line of JSON for each reading */
	struct irqm_table_options table;
};

/* Returns the exit status. */
int irqm_tool_watch(const struct irqm_watch *w, struct irqm_dump_options *o);

#endif
