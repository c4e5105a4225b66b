/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the two kinds of the kernel's debugfs files. */
#ifndef IRQM_RENDER_DEBUGFS_H
#define IRQM_RENDER_DEBUGFS_H

#include "render/render.h"

/* Prints a set like the kernel's "%*pbl"; unlike elsewhere, an empty set prints
 * nothing. */
void irqm_put_debugfs_list(FILE *out, const struct irqm_bits *bits);
/* Prints the part of irq/domains/VECTOR above the matrix: irqdomain.c's
 * lines. */
void irqm_put_debugfs_domain(FILE *out, const struct irqm_snapshot *s);

#endif
