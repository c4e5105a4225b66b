/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel's two kinds of files below debugfs have in common. */
#ifndef IRQM_RENDER_DEBUGFS_H
#define IRQM_RENDER_DEBUGFS_H

#include "render/render.h"

/* "%*pbl": unlike elsewhere, an empty set is nothing. */
void irqm_put_debugfs_list(FILE *out, const struct irqm_bits *bits);
/* Of irq/domains/VECTOR what is above the matrix: irqdomain.c's lines. */
void irqm_put_debugfs_domain(FILE *out, const struct irqm_snapshot *s);

#endif
