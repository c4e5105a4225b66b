/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables of text. The columns of a view are data: name, help, alignment and
 * the function that writes a cell. Cells are collected first and printed
 * when all widths are known; columns that may wrap give way until the lines
 * fit, and go on below themselves. Nothing is cut off and no line ends in
 * blanks.
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
	IRQM_COL_OPTIONAL = 1 << 2, /* left out if every cell is "-" */
	IRQM_COL_CLOSE = 1 << 3,    /* only one blank in front of it */
	IRQM_COL_EXTRA = 1 << 4,    /* only if asked for, see columns.h */
	IRQM_COL_RAW = 1 << 5,      /* only if the table is alone */
	IRQM_COL_PERCENT = 1 << 6 | IRQM_COL_RIGHT, /* three columns, "100" */
	IRQM_COL_OPTIONAL_RIGHT = IRQM_COL_OPTIONAL | IRQM_COL_RIGHT,
	IRQM_COL_EXTRA_RIGHT = IRQM_COL_EXTRA | IRQM_COL_RIGHT,
	IRQM_COL_EXTRA_WRAP = IRQM_COL_EXTRA | IRQM_COL_WRAP,
};

struct irqm_column {
	const char *name;
	const char *help;
	unsigned int flags;         /* IRQM_COL_* */
	unsigned int width;         /* at least so many columns */
	/* Writes the cell: one line, or several separated by newlines. */
	void (*fill)(FILE *cell, const void *row);
};

struct irqm_table {
	const struct irqm_column *columns;
	unsigned int nr_columns;
	size_t nr_cells;
	size_t max_rows;            /* irqm_table_row() drops more; 0: none */
	size_t dropped;             /* so many */
	const char *what;           /* rows are: "5 of 380 interrupts" below, if
				       some were dropped; NULL: not said */
	unsigned int line;          /* columns of a line; 0: 80 */
	enum irqm_csv csv;
	bool bold;                  /* column names, by escape sequences */
	struct irqm_column *chosen; /* columns, if they are to be freed */
	FILE *stream;               /* of the cell being written */
	char *text;                 /* all cells, each ended by '\0' */
	size_t size, room;
	bool failed;                /* text is not all that was written */
};

/* 0, or -1 with errno; then there is nothing to print or free. */
int irqm_table_init(struct irqm_table *t, const struct irqm_column *columns,
		    unsigned int nr_columns);

/* A row by the columns' fill functions. False if it was one too many. */
bool irqm_table_row(struct irqm_table *t, const void *row);

/* The stream for the next cell, row by row; ends the cell before. */
FILE *irqm_table_cell(struct irqm_table *t);

/*
 * Prints the rows, with a line of the columns' names above if header, and
 * frees the table. A row that is not complete is filled up with nothing.
 * Returns 0, or -1 with errno.
 */
int irqm_table_print(struct irqm_table *t, FILE *out, bool header);

/* Frees a table that is not to be printed. */
void irqm_table_drop(struct irqm_table *t);

/*
 * A list of facts, "KEY: value" with the keys aligned at their colons: a
 * table of two columns.
 */
int irqm_fields_init(struct irqm_table *t);
/* The stream for the value of key. */
FILE *irqm_field(struct irqm_table *t, const char *key);

#endif
