/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout from crash's own type information: where libdw cannot read the
 * file that crash was started with, and crash can.
 */
#ifndef IRQM_CRASH_TYPES_H
#define IRQM_CRASH_TYPES_H

#include "layout/layout.h"

/*
 * 0, or -1 with err if crash has no type information at all. Where gdb knows
 * several structures by one tag, it is gdb that chooses. Never jumps out of
 * the call with an error; ^C does, as it does from any command.
 */
int irqm_layout_from_crash(struct irqm_layout *l, struct irqm_error *err);

#endif
