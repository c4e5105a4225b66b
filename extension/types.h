/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layout of the kernel that crash has open. */
#ifndef IRQM_TYPES_H
#define IRQM_TYPES_H

#include "layout/layout.h"
#include "memory/target.h"

/*
 * Returns the layout, and sets t->types: "dwarf", from the file that crash has
 * its types from, or "btf", from the kernel's memory, if libdw cannot read
 * that file. NULL with err.
 *
 * Kept until irqm_types_drop(): a session of crash has one kernel, so there
 * is nothing that could make it wrong.
 */
const struct irqm_layout *irqm_types_get(struct irqm_target *t,
					 struct irqm_error *err);
void irqm_types_drop(void);

#endif
