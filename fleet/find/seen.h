/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set of files that the search already met, by inode. Private to
 * fleet/find. */
#ifndef IRQM_FLEET_FIND_SEEN_H
#define IRQM_FLEET_FIND_SEEN_H

#include <sys/types.h>

#include "base/base.h"

struct irqm_seen {
	struct irqm_seen_file {
		dev_t dev;
		ino_t ino;
		bool used;
	} * files;
	size_t nr, size;
};

/* Returns 1 if the file is new, 0 if not, -1 if out of memory. Zero *s before
 * the first call. */
int irqm_seen_add(struct irqm_seen *s, dev_t dev, ino_t ino);
void irqm_seen_deinit(struct irqm_seen *s);

#endif
