/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A target that reads the dump or live system that crash has open. */
#ifndef IRQM_CRASH_TARGET_H
#define IRQM_CRASH_TARGET_H

#include "memory/target.h"

/* Returns 0, or -1 if out of memory. Only one can be open: crash has one memory
 * source. */
int irqm_crash_target_open(struct irqm_target *t);
/* does nothing if it is not open */
void irqm_crash_target_close(struct irqm_target *t);

#endif
