/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of irqm_render_diff(). Each prints nothing if nothing differs. */
#ifndef IRQM_RENDER_DIFF_TABLES_H
#define IRQM_RENDER_DIFF_TABLES_H

#include "diff/diff.h"
#include "render/render.h"
#include "render/table.h"

int irqm_render_diff_drivers(FILE *out, const struct irqm_diff *d,
			     const struct irqm_render_options *options);
int irqm_render_diff_devices(FILE *out, const struct irqm_diff *d,
			     const struct irqm_render_options *options);
int irqm_render_diff_cpus(FILE *out, const struct irqm_diff *d,
			  const struct irqm_render_options *options);
int irqm_render_diff_irqs(FILE *out, const struct irqm_diff *d,
			  const struct irqm_render_options *options);
int irqm_render_diff_findings(FILE *out, const struct irqm_diff *d,
			      const struct irqm_render_options *options);

/* Prints an empty line and the table, or nothing if the table has no rows. */
int irqm_diff_print(struct irqm_table *t, FILE *out,
		    const struct irqm_render_options *options);

/* A single column: a line that is wrapped. */
extern const struct irqm_column irqm_diff_line[1];

#define IRQM_ARROW " -> "

/* Prints "201 -> 0", or one number if both are equal. */
void irqm_put_nums(FILE *out, irqm_num before, irqm_num after);

/* Returns true if the CPU went online (up) or offline between the two dumps. */
static inline bool irqm_cpu_went(const struct irqm_cpu_diff *c, bool up)
{
	return c->before && c->after && c->before->online == !up &&
	       c->after->online == up;
}

#endif
