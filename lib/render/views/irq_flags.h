/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The letters of the column FLAGS of `irqmatrix -i`. */
#ifndef IRQM_RENDER_IRQ_FLAGS_H
#define IRQM_RENDER_IRQ_FLAGS_H

#include <stdio.h>

#include "snapshot/snapshot.h"

/* Returns the letters of an IRQ, as bits. */
unsigned int irqm_irq_flags(const struct irqm_irq *irq);

/* Prints "Md", "-" if it has none; with a "?" if some are unknown. */
void irqm_put_irq_flags(FILE *out, const struct irqm_irq *irq);

/* Prints an empty line and what the letters of set mean; nothing if there are
 * none. Returns 0, or -1 with errno. */
int irqm_render_irq_flags(FILE *out, unsigned int set);

#endif
