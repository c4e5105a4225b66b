/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the drivers that plans know. */
#include "render/render.h"

#include "analysis/drivers.h"
#include "render/table.h"

static void fill_name(FILE *out, const void *row)
{
	const struct irqm_driver *d = row;

	fputs(d->name, out);
}

/* "1 + 2q": q is the number of queues. */
static void fill_vectors(FILE *out, const void *row)
{
	const struct irqm_driver *d = row;

	if (d->pre || !d->per_queue)
		fprintf(out, "%u", d->pre);
	if (d->pre && d->per_queue)
		fputs(IRQM_NBSP "+" IRQM_NBSP, out);
	if (d->per_queue > 1)
		fprintf(out, "%u", d->per_queue);
	if (d->per_queue)
		fputc('q', out);
}

static void fill_managed(FILE *out, const void *row)
{
	const struct irqm_driver *d = row;
	static const char *const names[] = {
		[IRQM_QUEUES_PLAIN] = "no",
		[IRQM_QUEUES_PER_CPU] = "no",
		[IRQM_QUEUES_MANAGED] = "yes",
		[IRQM_QUEUES_MANAGED_6_11] = "since" IRQM_NBSP "6.11",
	};

	fputs(names[d->queues], out);
}

static void fill_then(FILE *out, const void *row)
{
	const struct irqm_driver *d = row;

	fputs(irqm_driver_short(d), out);
}

static void fill_seen(FILE *out, const void *row)
{
	const struct irqm_driver *d = row;

	fputs(d->seen ? "guest" : "source", out);
}

static const struct irqm_column columns[] = {
	{ "DRIVER", "the driver", 0, 0, fill_name },
	{ "VECTORS", "what it takes; q is the number of queues", 0, 0,
	  fill_vectors },
	{ "MANAGED", "whether the queues' are managed", 0, 0, fill_managed },
	{ "BY", "guest: compared with a real kernel; source: only read", 0, 0,
	  fill_seen },
	{ "IF SHORT", "what it does without them", 0, 0, fill_then },
};

int irqm_render_plan_drivers(FILE *out,
			     const struct irqm_render_options *options)
{
	struct irqm_table t;
	unsigned int i;

	if (irqm_table_init(&t, columns, ARRAY_SIZE(columns)))
		return -1;
	t.bold = options->color;
	t.line = options->width;
	for (i = 0; i < irqm_nr_drivers; i++)
		irqm_table_row(&t, &irqm_drivers[i]);
	return irqm_table_print(&t, out, options->header);
}
