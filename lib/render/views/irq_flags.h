/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The letters of the column FLAGS of `irqmatrix -i`. */
#ifndef IRQM_RENDER_IRQ_FLAGS_H
#define IRQM_RENDER_IRQ_FLAGS_H

#include <stdio.h>

#include "snapshot/snapshot.h"

/* Those that an IRQ has, a bit each. */
unsigned int irqm_irq_flags(const struct irqm_irq *irq);

/* "Md", "-" if it has none; with a "?" where some are not known. */
void irqm_put_irq_flags(FILE *out, const struct irqm_irq *irq);

/*
 * What those of set mean, an empty line before it; nothing if there are
 * none. 0, or -1 with errno set.
 */
int irqm_render_irq_flags(FILE *out, unsigned int set);

#endif
