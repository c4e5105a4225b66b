/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text tables. Columns are data: name, help, alignment and the function that
 * writes a cell. Cells are collected and printed when all widths are known.
 * Columns that may wrap become narrower until the lines fit, and continue on
 * lines below. Nothing is cut, and no line ends in spaces.
 */
#ifndef IRQM_RENDER_TABLE_H
#define IRQM_RENDER_TABLE_H

#include <stdio.h>

#include "base/base.h"
#include "render/csv.h"

enum {
	IRQM_COL_LEFT = 0,
	IRQM_COL_RIGHT = 1 << 0,    /* aligned to the right */
	IRQM_COL_WRAP = 1 << 1,     /* may be broken at ',' and ' ' */
	IRQM_COL_OPTIONAL = 1 << 2, /* omitted if every cell is "-" */
	IRQM_COL_CLOSE = 1 << 3,    /* only one space before it */
	IRQM_COL_EXTRA = 1 << 4,    /* only if requested, see columns.h */
	IRQM_COL_RAW = 1 << 5,      /* only if irqm_render_raw() */
	IRQM_COL_ALL_WRAP = 1 << 7 | IRQM_COL_WRAP, /* likewise, or with
						       options->all */
	IRQM_COL_PERCENT = 1 << 6 | IRQM_COL_RIGHT, /* three columns, "100" */
	IRQM_COL_OPTIONAL_RIGHT = IRQM_COL_OPTIONAL | IRQM_COL_RIGHT,
	IRQM_COL_EXTRA_RIGHT = IRQM_COL_EXTRA | IRQM_COL_RIGHT,
	IRQM_COL_EXTRA_WRAP = IRQM_COL_EXTRA | IRQM_COL_WRAP,
};

struct irqm_column {
	const char *name;
	const char *help;
	unsigned int flags; /* IRQM_COL_* */
	unsigned int width; /* minimum, in columns */
	/* Writes the cell: one line, or several separated by newlines. */
	void (*fill)(FILE *cell, const void *row);
};

struct irqm_table {
	const struct irqm_column *columns;
	unsigned int nr_columns;
	size_t nr_cells;
	/* irqm_table_row() drops further rows; 0: no limit */
	size_t max_rows;
	size_t dropped; /* number of rows dropped */
	/* names the rows in the line "5 of 380 interrupts", which is printed
	 * below if some were dropped; NULL: no such line */
	const char *what;
	unsigned int line; /* columns of a line; 0: 80 */
	enum irqm_csv csv;
	bool bold;                  /* column names with escape sequences */
	struct irqm_column *chosen; /* columns if they must be freed, or NULL */
	FILE *stream;               /* of the cell being written */
	char *text;                 /* all cells, each ended by '\0' */
	size_t size, room;
	bool failed; /* text is incomplete */
};

/* Returns 0, or -1 with errno; then there is nothing to print or free. */
int irqm_table_init(struct irqm_table *t, const struct irqm_column *columns,
		    unsigned int nr_columns);

/* Adds a row with the columns' fill functions. Returns false if max_rows is
 * exceeded. */
bool irqm_table_row(struct irqm_table *t, const void *row);

/* Ends the previous cell and returns the stream for the next, row by row. */
FILE *irqm_table_cell(struct irqm_table *t);

/*
 * Prints the rows, below a line of column names if header, and frees the table.
 * Missing cells of the last row are empty.
 * Returns 0, or -1 with errno.
 */
int irqm_table_print(struct irqm_table *t, FILE *out, bool header);

/* Frees a table without printing it. */
void irqm_table_deinit(struct irqm_table *t);

/*
 * A table of two columns: "KEY: value", with the keys aligned at their colons.
 */
int irqm_fields_init(struct irqm_table *t);
/* Returns the stream for the value of key. */
FILE *irqm_field(struct irqm_table *t, const char *key);

#endif
