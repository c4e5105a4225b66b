/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a distilled dump does not have although the machine had it. */
#ifndef IRQM_MEMORY_LEFT_OUT_H
#define IRQM_MEMORY_LEFT_OUT_H

#include <stdbool.h>

struct irqm_left_out {
	bool log;      /* the kernel log */
	bool host;     /* the host name */
	bool identity; /* host name, hardware, memory, uptime: it was distilled
			  by a version that did not keep them */
	bool remap_tables; /* size and use of the remapping tables: so too */
};

#endif
