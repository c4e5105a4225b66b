/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the views that are tables. */
#include <stdlib.h>
#include <string.h>

#include "render/columns.h"

static const struct irqm_column *view_columns(enum irqm_view view,
					      unsigned int *ret_nr)
{
	switch (view) {
	case IRQM_VIEW_DEVICES:
		*ret_nr = irqm_nr_device_columns;
		return irqm_device_columns;
	case IRQM_VIEW_IRQS:
		*ret_nr = irqm_nr_irq_columns;
		return irqm_irq_columns;
	case IRQM_VIEW_VECTORS:
		*ret_nr = irqm_nr_vector_columns;
		return irqm_vector_columns;
	case IRQM_VIEW_POOLS:
		*ret_nr = irqm_nr_pool_columns;
		return irqm_pool_columns;
	default:
		*ret_nr = irqm_nr_cpu_columns;
		return irqm_cpu_columns;
	}
}

int irqm_columns_check(enum irqm_view view, const char *list,
		       struct irqm_error *err)
{
	struct irqm_choice c = { 0 };

	c.all = view_columns(view, &c.nr_all);
	if (irqm_columns_choose(&c, list, 0, err))
		return -1;
	free(c.columns);
	return 0;
}

bool irqm_columns_have(enum irqm_view view, const char *list, const char *name)
{
	struct irqm_choice c = { 0 };
	struct irqm_error err;
	bool found = false;

	c.all = view_columns(view, &c.nr_all);
	if (irqm_columns_choose(&c, list, 0, &err))
		return false;
	while (c.nr && !found)
		found = strcmp(c.columns[--c.nr].name, name) == 0;
	free(c.columns);
	return found;
}

static const struct irqm_column help_columns[] = {
	{ "COLUMN", "name of the column", 0, 0, NULL },
	{ "", "* if shown by default", 0, 0, NULL },
	{ "MEANING", "what the column shows", IRQM_COL_WRAP | IRQM_COL_CLOSE, 0,
	  NULL },
};

int irqm_render_columns(FILE *out, enum irqm_view view)
{
	const struct irqm_column *all;
	struct irqm_table t;
	unsigned int i, nr;

	all = view_columns(view, &nr);
	if (irqm_table_init(&t, help_columns, 3))
		return -1;
	for (i = 0; i < nr; i++) {
		bool extra = all[i].flags & IRQM_COL_EXTRA;

		fputs(all[i].name, irqm_table_cell(&t));
		fputs(extra ? "" : "*", irqm_table_cell(&t));
		fputs(all[i].help, irqm_table_cell(&t));
	}
	return irqm_table_print(&t, out, true);
}
