/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that were met, whatever they are called. Private to fleet/find. */
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

/* 1 if it is new, 0 if not, -1 without memory. *s begins zeroed. */
int irqm_seen_add(struct irqm_seen *s, dev_t dev, ino_t ino);
void irqm_seen_deinit(struct irqm_seen *s);

#endif
