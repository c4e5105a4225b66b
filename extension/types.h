/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layout of the kernel that crash has open. */
#ifndef IRQM_TYPES_H
#define IRQM_TYPES_H

#include "layout/layout.h"

/*
 * From the DWARF of the file that crash has its types from, or else from
 * crash itself. NULL with err.
 *
 * Kept until irqm_types_drop(): a session of crash has one kernel, so there
 * is nothing that could make it wrong.
 */
const struct irqm_layout *irqm_types_get(struct irqm_error *err);
void irqm_types_drop(void);

#endif
