/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables whose columns the user may choose. */
#ifndef IRQM_RENDER_COLUMNS_H
#define IRQM_RENDER_COLUMNS_H

#include "render/render.h"
#include "render/table.h"
#include "render/text.h"

/* All columns of a view; the default ones come first. */
extern const struct irqm_column irqm_cpu_columns[], irqm_device_columns[],
	irqm_irq_columns[], irqm_vector_columns[], irqm_pool_columns[];
extern const unsigned int irqm_nr_cpu_columns, irqm_nr_device_columns,
	irqm_nr_irq_columns, irqm_nr_vector_columns, irqm_nr_pool_columns;

/*
 * Expands, for each row of a table in lib/facts, to the function that writes
 * the cell of a row, which begins with a struct irqm_fact_row, and to the
 * column.
 */
#define IRQM_FILL(facts, index, id)                                            \
	static void fill_##id(FILE *out, const void *row)                      \
	{                                                                      \
		irqm_put_fact(out, &(facts)[index], row);                      \
	}
#define IRQM_COLUMN(id, place, title, how, text)                               \
	[place - 1] = { title, text, IRQM_COL_##how,                           \
			IRQM_COL_##how == IRQM_COL_PERCENT ? 3 : 0,            \
			fill_##id },

/* Returns true if only the table is printed, with a row for each element. */
static inline bool irqm_render_raw(const struct irqm_render_options *options)
{
	return options->csv || options->columns;
}

/* The chosen columns, in order. */
struct irqm_choice {
	const struct irqm_column *all;
	unsigned int nr_all;
	struct irqm_column *columns;
	unsigned int nr;
};

/* Chooses the columns in list; NULL: the default ones, without those with one
 * of the flags in hidden. Returns 0, or -1 with err; then c->columns is NULL. */
int irqm_columns_choose(struct irqm_choice *c, const char *list,
			unsigned int hidden, struct irqm_error *err);

/*
 * irqm_table_init() with the columns, the form and the number of rows of the
 * options. Fails with EINVAL if a column does not exist.
 */
int irqm_table_init_view(struct irqm_table *t,
			 const struct irqm_column *columns, unsigned int nr,
			 const struct irqm_render_options *options);

/* Adds a row to a table with irqm_irq_columns. Returns false if max_rows is
 * exceeded. */
bool irqm_table_irq_row(struct irqm_table *t, const struct irqm_snapshot *s,
			const struct irqm_irq *irq);

#endif
