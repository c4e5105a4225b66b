/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables whose columns the user may choose. */
#ifndef IRQM_RENDER_COLUMNS_H
#define IRQM_RENDER_COLUMNS_H

#include "render/render.h"
#include "render/table.h"
#include "render/text.h"

/* All columns that a view has; those that are shown unasked come first. */
extern const struct irqm_column irqm_cpu_columns[], irqm_device_columns[],
	irqm_irq_columns[], irqm_vector_columns[], irqm_pool_columns[];
extern const unsigned int irqm_nr_cpu_columns, irqm_nr_device_columns,
	irqm_nr_irq_columns, irqm_nr_vector_columns, irqm_nr_pool_columns;

/*
 * From the rows of a table in lib/facts: the function that writes a cell, of a
 * row that begins with a struct irqm_fact_row; and the column.
 */
#define IRQM_FILL(facts, index, id)                                           \
	static void fill_##id(FILE *out, const void *row)                     \
	{                                                                     \
		irqm_put_fact(out, &(facts)[index], row);                     \
	}
#define IRQM_COLUMN(id, place, title, how, text)                              \
	[place - 1] = { title, text, IRQM_COL_##how,                          \
			IRQM_COL_##how == IRQM_COL_PERCENT ? 3 : 0,           \
			fill_##id },

/* Is the table alone, a row for each thing? */
static inline bool irqm_render_raw(const struct irqm_render_options *options)
{
	return options->csv || options->columns;
}

/* What of all is shown, in which order. */
struct irqm_choice {
	const struct irqm_column *all;
	unsigned int nr_all;
	struct irqm_column *columns;
	unsigned int nr;
};

/* Chooses columns by the option of that name, or NULL. raw: as
 * irqm_render_raw(). Returns 0, or -1 with err; then c->columns is NULL. */
int irqm_columns_choose(struct irqm_choice *c, const char *list, bool raw,
			struct irqm_error *err);

/*
 * irqm_table_init() with the columns, the form and as many rows as the
 * options say; columns that they do not name make it fail with EINVAL.
 */
int irqm_table_init_view(struct irqm_table *t,
			 const struct irqm_column *columns, unsigned int nr,
			 const struct irqm_render_options *options);

/* A row of a table that has irqm_irq_columns. False if it was one too many. */
bool irqm_table_irq_row(struct irqm_table *t, const struct irqm_snapshot *s,
			const struct irqm_irq *irq);

#endif
