/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix learn --list: lists the kernels in files. */
#include "tool/learn_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/terminal.h"
#include "command/say.h"
#include "memory/learned/search.h"
#include "render/table.h"
#include "render/text.h"

struct row {
	const struct irqm_learned *k;
	size_t size;
};

struct list {
	struct irqm_table table;
	struct irqm_learned *k;
	const char *path;
	int status;
};

static void fill_release(FILE *cell, const void *row)
{
	const struct row *r = row;

	irqm_put_name(cell, r->k->release[0] ? r->k->release : "?");
}

static void fill_id(FILE *cell, const void *row)
{
	const struct irqm_build *b = &((const struct row *)row)->k->build;
	char id[IRQM_BUILD_ID_HEX] = "-";

	if (b->id_size)
		irqm_hex(b->note + IRQM_BUILD_ID_HEADER, b->id_size, id);
	fputs(id, cell);
}

static void fill_types(FILE *cell, const void *row)
{
	fputs(((const struct row *)row)->k->types, cell);
}

static void fill_learned(FILE *cell, const void *row)
{
	time_t t = ((const struct row *)row)->k->time;
	char date[32] = "?";
	struct tm tm;

	if (gmtime_r(&t, &tm))
		strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	fputs(date, cell);
}

static void fill_size(FILE *cell, const void *row)
{
	fprintf(cell, "%zu", ((const struct row *)row)->size);
}

static void fill_from(FILE *cell, const void *row)
{
	irqm_put_name(cell, ((const struct row *)row)->k->from);
}

static const struct irqm_column columns[] = {
	{ .name = "RELEASE", .fill = fill_release },
	{ .name = "BUILD-ID", .fill = fill_id },
	{ .name = "TYPES", .fill = fill_types },
	{ .name = "LEARNED", .fill = fill_learned },
	{ .name = "BYTES", .flags = IRQM_COL_RIGHT, .fill = fill_size },
	{ .name = "FROM", .fill = fill_from },
};

static void say_bad(void *ctx, const char *name, const struct irqm_error *why)
{
	struct list *l = ctx;

	irqm_say("%s: %s: %s", l->path, name, why->msg);
	l->status = IRQM_STATUS_TROUBLE;
}

static int add_row(void *ctx, const char *name,
		   const struct irqm_learned_text *t)
{
	struct list *l = ctx;
	struct irqm_error why;

	/* list an incomplete kernel, too, and report it */
	if (irqm_learned_parse(t, l->k, &why) < 0) {
		say_bad(l, name, &why);
		if (irqm_learned_head(t, l->k, NULL) < 0)
			return 0;
	}
	irqm_table_row(&l->table, &(struct row){ l->k, t->len });
	return 0;
}

int irqm_learn_list(const char *const paths[], unsigned int nr,
		    const struct irqm_files *files, enum irqm_csv csv,
		    bool header)
{
	struct list l = { .k = malloc(sizeof(*l.k)) };
	struct irqm_learned_visitor v = { add_row, say_bad, &l };
	struct irqm_error err;
	unsigned int i;

	if (!l.k || irqm_table_init(&l.table, columns, ARRAY_SIZE(columns))) {
		irqm_say("out of memory");
		free(l.k);
		return IRQM_STATUS_TROUBLE;
	}
	l.table.csv = csv;
	l.table.line = irqm_terminal_width();
	for (i = 0; i < nr; i++) {
		l.path = paths[i];
		if (irqm_learned_walk(&(struct irqm_learned_place){ files,
								    i + 1,
								    paths[i] },
				      &v, &err) < 0) {
			irqm_say("%s", err.msg);
			l.status = IRQM_STATUS_TROUBLE;
		}
	}
	if (irqm_table_print(&l.table, stdout, header))
		l.status = irqm_render_failed(paths[0]);
	free(l.k);
	return l.status;
}
