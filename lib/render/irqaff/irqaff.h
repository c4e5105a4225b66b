/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the parts of irqaff. Private to this folder. */
#ifndef IRQM_RENDER_IRQAFF_H
#define IRQM_RENDER_IRQAFF_H

#include "analysis/wiring.h"
#include "render/table.h"

/* irqaff.c: DEVICE and CONSUMER */
void irqm_fields_device(struct irqm_table *t, const struct irqm_device *d);

/* wiring.c */
struct irqm_wired {
	const struct irqm_snapshot *s;
	const struct irqm_irq *irq;
	struct irqm_wiring w;
};

/* Adds to the line of a level where it disagrees, and with what. */
void irqm_put_disagreements(FILE *out, const struct irqm_wired *w,
			    enum irqm_wire level);
/* Prints "to APIC 3 (CPU 3)" or "to logical destination 0x8 (CPU 3)". */
void irqm_put_destination(FILE *out, const struct irqm_snapshot *s,
			  irqm_num destination, bool logical);
/* Prints the lines below that of level i of the chain: remapping entry, pin. */
void irqm_fields_level(struct irqm_table *t, const struct irqm_wired *w,
		       unsigned int i);
void irqm_fields_pending(struct irqm_table *t, const struct irqm_wired *w);
void irqm_fields_hint(struct irqm_table *t, const struct irqm_irq *irq);

#endif
