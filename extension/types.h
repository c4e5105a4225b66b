/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layout of the kernel that crash has open. */
#ifndef IRQM_TYPES_H
#define IRQM_TYPES_H

#include "layout/layout.h"
#include "memory/target.h"

/*
 * Returns the layout, and sets t->types: to "dwarf" if it comes from the file
 * from which crash has its types, or to "btf" if libdw cannot read that file
 * and it comes from the kernel's memory. Returns NULL with err.
 *
 * The layout is cached until irqm_types_drop(): a session of crash has one
 * kernel, so it never becomes wrong.
 */
const struct irqm_layout *irqm_types_get(struct irqm_target *t,
					 struct irqm_error *err);
void irqm_types_drop(void);

#endif
