/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tables hold of a document, as data: it is what the rows are made by
 * in the worker, checked by in the parent, and inserted by. schema.c has the
 * same tables as SQL. Private to fleet/store.
 */
#ifndef IRQM_FLEET_STORE_TABLES_H
#define IRQM_FLEET_STORE_TABLES_H

#include <jansson.h>

#include "base/base.h"

enum irqm_cell {
	IRQM_CELL_INT,
	IRQM_CELL_BOOL, /* stored as 0 and 1 */
	IRQM_CELL_TEXT,
	IRQM_CELL_JSON,   /* an object or array, as text */
	IRQM_CELL_PACKED, /* the document */
};

struct irqm_rows_column {
	const char *name;
	enum irqm_cell type;
	bool required;    /* NOT NULL */
	const char *from; /* path below the row's value, as "a.b"; name
				    if NULL */
	/* instead of from: a new value; NULL if there is no memory */
	json_t *(*make)(const json_t *row);
};

struct irqm_rows_table {
	const char *name;
	/* path of the array of rows in the document; NULL: the document is
	   the one row */
	const char *from;
	uint32_t max_rows;
	const struct irqm_rows_column *columns;
	unsigned int nr_columns;
};

#define IRQM_ROWS_MAX_COLUMNS 32
#define IRQM_ROWS_NR_TABLES 7

/*
 * In the order in which they are in the rows and put in. The first has the one
 * row whose columns are the end of the table dumps; every other has in front
 * of its own the columns dump and, as the row's index, n.
 */
extern const struct irqm_rows_table irqm_rows_tables[IRQM_ROWS_NR_TABLES];

/* What is at "a.b" below value; NULL if it is not there. */
const json_t *irqm_rows_at(const json_t *value, const char *path);

#endif
