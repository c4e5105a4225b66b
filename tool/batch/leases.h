/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which dump which batch has, where several share a store. */
#ifndef IRQM_TOOL_BATCH_LEASES_H
#define IRQM_TOOL_BATCH_LEASES_H

#include "store/store.h"

/* A descriptor, or -1 if there can be no such file: then nobody waits. */
int irqm_leases_open(const char *store);
/* False: another batch has this dump now. *fd may become another one. */
bool irqm_leases_take(int *fd, const char *store,
		      const struct irqm_dump_id *id);
void irqm_leases_give(int fd, const struct irqm_dump_id *id);
void irqm_leases_close(int fd, const char *store);

#endif
