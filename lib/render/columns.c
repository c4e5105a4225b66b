/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/columns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "render/text.h"

/* What of all is shown, in which order. */
struct choice {
	const struct irqm_column *all;
	unsigned int nr_all;
	struct irqm_column *columns;
	unsigned int nr;
};

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

static const struct irqm_column *find(const struct choice *c,
				      const char *name, size_t len)
{
	unsigned int i;

	for (i = 0; i < c->nr_all; i++) {
		if (strlen(c->all[i].name) == len &&
		    strncasecmp(c->all[i].name, name, len) == 0)
			return &c->all[i];
	}
	return NULL;
}

static void choose_default(struct choice *c, bool raw)
{
	unsigned int i;

	for (i = 0; i < c->nr_all; i++) {
		if (c->all[i].flags & IRQM_COL_EXTRA ||
		    (c->all[i].flags & IRQM_COL_RAW && !raw))
			continue;
		c->columns[c->nr++] = c->all[i];
	}
}

/* Names between commas. The list has room, see choose(). */
static int choose_list(struct choice *c, const char *list,
		       struct irqm_error *err)
{
	const struct irqm_column *column;
	size_t len;

	for (;; list += len + 1) {
		len = strcspn(list, ",");
		column = find(c, list, len);
		if (!column) {
			irqm_error_set(err, "there is no column \"%.*s\"; "
				       "--list-columns shows which there are",
				       len < 64 ? (int)len : 64, list);
			return -1;
		}
		c->columns[c->nr++] = *column;
		if (!list[len])
			return 0;
	}
}

static size_t count_names(const char *list)
{
	size_t nr = 1;

	for (; *list; list++)
		nr += *list == ',';
	return nr;
}

/* 0, or -1 with err; then c->columns is NULL. */
static int choose(struct choice *c, const char *list, bool raw,
		  struct irqm_error *err)
{
	size_t room = c->nr_all + (list ? count_names(list) : 0);
	int rc = 0;

	c->nr = 0;
	c->columns = calloc(room, sizeof(*c->columns));
	if (!c->columns) {
		irqm_error_set(err, "not enough memory");
		return -1;
	}
	if (!list || *list == '+')
		choose_default(c, raw);
	if (list)
		rc = choose_list(c, list + (*list == '+'), err);
	if (rc) {
		free(c->columns);
		c->columns = NULL;
	}
	return rc;
}

int irqm_columns_check(enum irqm_view view, const char *list,
		       struct irqm_error *err)
{
	struct choice c = { 0 };

	c.all = view_columns(view, &c.nr_all);
	if (choose(&c, list, true, err))
		return -1;
	free(c.columns);
	return 0;
}

bool irqm_columns_have(enum irqm_view view, const char *list,
		       const char *name)
{
	struct choice c = { 0 };
	struct irqm_error err;
	bool found = false;

	c.all = view_columns(view, &c.nr_all);
	if (choose(&c, list, true, &err))
		return false;
	while (c.nr && !found)
		found = strcmp(c.columns[--c.nr].name, name) == 0;
	free(c.columns);
	return found;
}

int irqm_table_init_view(struct irqm_table *t,
			 const struct irqm_column *columns, unsigned int nr,
			 const struct irqm_render_options *options)
{
	struct choice c = { .all = columns, .nr_all = nr };
	bool raw = irqm_render_raw(options);
	struct irqm_error err;
	unsigned int i;

	if (choose(&c, options->columns, raw, &err)) {
		errno = EINVAL;
		return -1;
	}
	/* what was asked for is there, or a program could not rely on it */
	for (i = 0; raw && i < c.nr; i++)
		c.columns[i].flags &= ~IRQM_COL_OPTIONAL;
	if (irqm_table_init(t, c.columns, c.nr)) {
		free(c.columns);
		return -1;
	}
	t->chosen = c.columns;
	t->max_rows = options->top;
	t->csv = options->csv;
	t->bold = options->color;
	t->line = options->width;
	return 0;
}

static const struct irqm_column help_columns[] = {
	{ "COLUMN", "its name", 0, 0, NULL },
	{ "", "* if shown unasked", 0, 0, NULL },
	{ "MEANING", "what it says", IRQM_COL_WRAP | IRQM_COL_CLOSE, 0, NULL },
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
