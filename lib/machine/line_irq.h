/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IRQM_MACHINE_LINE_IRQ_H
#define IRQM_MACHINE_LINE_IRQ_H

#include "machine/words.h"

/* Takes the words after "irq". affinity and msi_affinity stay NULL if the line
 * does not give them: see irqm_machine_complete(). */
void irqm_machine_line_irq(struct irqm_words *w);

#endif
