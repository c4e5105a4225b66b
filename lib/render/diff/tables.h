/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of irqm_render_diff(); nothing where nothing differs. */
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

/* irqm_table_print() below an empty line, as the options say; of a table
 * without rows nothing. */
int irqm_diff_print(struct irqm_table *t, FILE *out,
		    const struct irqm_render_options *options);

/* One column: a line that is wrapped. */
extern const struct irqm_column irqm_diff_line[1];

#define IRQM_ARROW " -> "

/* "201 -> 0", or once if that is the same. */
void irqm_put_nums(FILE *out, irqm_num before, irqm_num after);

/* Did the CPU go online (up) or offline between the two? */
static inline bool irqm_cpu_went(const struct irqm_cpu_diff *c, bool up)
{
	return c->before && c->after && c->before->online == !up &&
	       c->after->online == up;
}

#endif
