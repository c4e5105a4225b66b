/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lets several batches that share a store reserve dumps. */
#ifndef IRQM_FLEET_BATCH_LEASES_H
#define IRQM_FLEET_BATCH_LEASES_H

#include "fleet/store/store.h"

/* Returns a descriptor, or -1 if there can be no such file; batches then do not
 * wait for each other. */
int irqm_leases_open(const char *store);
/* Returns false if another batch has this dump. May replace *fd. */
bool irqm_leases_take(int *fd, const char *store,
		      const struct irqm_dump_id *id);
void irqm_leases_give(int fd, const struct irqm_dump_id *id);
void irqm_leases_close(int fd, const char *store);

#endif
