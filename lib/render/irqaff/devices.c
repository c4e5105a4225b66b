/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints what a driver asked for, across all vectors of its device. */
#include "render/columns.h"
#include "render/irqaff/irqaff.h"
#include "render/text.h"

static const char columns[] = "IRQ,INDEX,ACTION,REQUESTED,MANAGED,"
			      "CPU,VECTOR,EFFECTIVE,COUNT";

static int render_device(FILE *out, const struct irqm_analysis *a, int device,
			 const struct irqm_render_options *options)
{
	const struct irqm_render_options o = {
		.columns = columns,
		.color = options->color,
	};
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_table t;
	unsigned int i;

	if (irqm_fields_init(&t) < 0)
		return -1;
	irqm_fields_device(&t, &s->devices[device]);
	if (irqm_table_print(&t, out, false) < 0)
		return -1;
	fputc('\n', out);
	if (irqm_table_init_view(&t, irqm_irq_columns, irqm_nr_irq_columns,
				 &o) < 0)
		return -1;
	for (i = 0; i < s->nr_irqs; i++)
		if (s->irqs[i].device == device)
			irqm_table_irq_row(&t, s, &s->irqs[i]);
	return irqm_table_print(&t, out, options->header);
}

int irqm_render_irqaff_devices(FILE *out, const struct irqm_analysis *a,
			       const unsigned int *indexes, unsigned int nr,
			       const struct irqm_render_options *options)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i, k, printed = 0;

	for (i = 0; i < nr; i++) {
		int device = s->irqs[indexes[i]].device;

		for (k = 0; k < i; k++)
			if (s->irqs[indexes[k]].device == device)
				break;
		if (device < 0 || (unsigned int)device >= s->nr_devices ||
		    k < i)
			continue;
		if (printed++)
			fputc('\n', out);
		if (render_device(out, a, device, options))
			return -1;
	}
	return irqm_put_end(out);
}
