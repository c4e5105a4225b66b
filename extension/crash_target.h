/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The target over crash's API: the dump or live system that crash has open. */
#ifndef IRQM_CRASH_TARGET_H
#define IRQM_CRASH_TARGET_H

#include "memory/target.h"

/* 0, or -1 without memory. One at a time: crash has one memory source. */
int irqm_crash_target_open(struct irqm_target *t);
void irqm_crash_target_close(struct irqm_target *t); /* if open */

#endif
