/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says what will be read of interrupts before it is read.
 *
 * irqs.c and its helpers follow one pointer after the other, interrupt by
 * interrupt. A target that gets its pages from a packed or distant file can get
 * many pages in the time of a few. So ahead.c first follows the pointers of many
 * interrupts together, and at each step tells the target (target.h, expect) all
 * that comes next: first the irq_descs, then all that they point to, and so on.
 * It only looks: nothing is recorded, and what it misses is read later, one by
 * one.
 */
#ifndef IRQM_SNAPSHOT_AHEAD_H
#define IRQM_SNAPSHOT_AHEAD_H

#include "snapshot/reader.h"

/* Interrupts at a time: so many that threads have something to do, so few that
 * a target still has all of their pages when they are read. */
#define AHEAD_IRQS 128

/* Follows nr irq_descs, of which there are at most AHEAD_IRQS. */
void irqm_read_ahead(struct reader *r, const uint64_t descs[], size_t nr);

#endif
