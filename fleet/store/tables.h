/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The columns of the tables, as data: the worker computes rows by it, the
 * parent checks and inserts them by it, and schema.c creates the tables by it.
 * Private to fleet/store.
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
	bool required; /* NOT NULL */
	/* path below the row's value, such as "a.b"; NULL: name */
	const char *from;
	/* used instead of from: returns a new value, NULL if out of memory */
	json_t *(*make)(const json_t *row);
};

struct irqm_rows_table {
	const char *name;
	/* path of the array of rows in the document; NULL: the document is the
	 * only row */
	const char *from;
	uint32_t max_rows;
	const struct irqm_rows_column *columns;
	unsigned int nr_columns;
};

#define IRQM_ROWS_MAX_COLUMNS 32
#define IRQM_ROWS_NR_TABLES 7

/*
 * In the order of the serialised rows, which is also the order of insertion.
 * The first table has one row, whose columns are the last ones of the table
 * dumps. Every other table has the columns dump and n, the index of the row,
 * before its own.
 */
extern const struct irqm_rows_table irqm_rows_tables[IRQM_ROWS_NR_TABLES];

/* Returns the value at a path such as "a.b" below value, or NULL. */
const json_t *irqm_rows_at(const json_t *value, const char *path);

#endif
