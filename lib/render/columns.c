/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/columns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"

static const struct irqm_column *find_column(const struct irqm_choice *c,
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

static void choose_default(struct irqm_choice *c, unsigned int hidden)
{
	unsigned int i;

	for (i = 0; i < c->nr_all; i++) {
		if (c->all[i].flags & (IRQM_COL_EXTRA | hidden))
			continue;
		c->columns[c->nr++] = c->all[i];
	}
}

static void set_missing(const struct irqm_choice *c, const char *name,
			size_t len, struct irqm_error *err)
{
	char hint[IRQM_NEAREST_HINT];
	struct irqm_nearest nearest;
	unsigned int i;

	irqm_nearest_begin(&nearest, name, len);
	for (i = 0; i < c->nr_all; i++)
		irqm_nearest_offer(&nearest, c->all[i].name);
	irqm_error_set(err, "no column is called \"%.*s\"; %s",
		       len < 64 ? (int)len : 64, name,
		       irqm_nearest_hint(&nearest, "",
					 "--list-columns lists the columns",
					 hint));
}

/* Parses names separated by commas. The list has room, see
 * irqm_columns_choose(). */
static int choose_list(struct irqm_choice *c, const char *list,
		       struct irqm_error *err)
{
	const struct irqm_column *column;
	size_t len;

	for (;; list += len + 1) {
		len = strcspn(list, ",");
		column = find_column(c, list, len);
		if (!column) {
			set_missing(c, list, len, err);
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

int irqm_columns_choose(struct irqm_choice *c, const char *list,
			unsigned int hidden, struct irqm_error *err)
{
	size_t room = c->nr_all + (list ? count_names(list) : 0);
	int rc = 0;

	c->nr = 0;
	c->columns = calloc(room, sizeof(*c->columns));
	if (!c->columns) {
		irqm_error_memory(err);
		return -1;
	}
	if (!list || *list == '+')
		choose_default(c, hidden);
	if (list)
		rc = choose_list(c, list + (*list == '+'), err);
	if (rc) {
		free(c->columns);
		c->columns = NULL;
	}
	return rc;
}

int irqm_table_init_view(struct irqm_table *t,
			 const struct irqm_column *columns, unsigned int nr,
			 const struct irqm_render_options *options)
{
	struct irqm_choice c = { .all = columns, .nr_all = nr };
	bool raw = irqm_render_raw(options);
	unsigned int hidden = 0;
	struct irqm_error err;
	unsigned int i;

	if (!raw)
		hidden |= IRQM_COL_RAW;
	if (!raw && !options->all)
		hidden |= IRQM_COL_ALL_WRAP & ~IRQM_COL_WRAP;
	if (irqm_columns_choose(&c, options->columns, hidden, &err)) {
		errno = EINVAL;
		return -1;
	}
	/* a program needs the columns that it asked for, even if they are
	 * empty */
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
