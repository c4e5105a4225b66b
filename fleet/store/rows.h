/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows on their way from the worker to the parent: a magic, then of each
 * table the number of its rows and their cells, each a tag and a number or a
 * length and bytes. Both are of one program, so numbers are as the machine has
 * them. Private to fleet/store.
 */
#ifndef IRQM_FLEET_STORE_ROWS_H
#define IRQM_FLEET_STORE_ROWS_H

#include "fleet/store/store.h"
#include "fleet/store/tables.h"

#define IRQM_ROWS_MAGIC "irqmrow2"
/* Bytes of all rows of a dump, and of the text of a cell. */
#define IRQM_ROWS_MAX (256U << 20)
#define IRQM_ROWS_MAX_TEXT (1U << 20)
/* Of a document, packed and unpacked. */
#define IRQM_ROWS_MAX_PACKED (64U << 20)
#define IRQM_ROWS_MAX_DOCUMENT IRQM_STORE_MAX_DOCUMENT
/* The same without the counts of each CPU, which are not parsed. */
#define IRQM_ROWS_MAX_PARSED (64U << 20)
/* Most bytes of a value in a store, and of a row. */
#define IRQM_ROWS_MAX_CELL ((64 << 20) + (4 << 20))
/* Most bytes of a line of NDJSON: a document and its record. */
#define IRQM_NDJSON_MAX_LINE (IRQM_ROWS_MAX_DOCUMENT + (1U << 20))
/*
 * A larger number than this no kernel has, and it is stored as unknown: a sum
 * over 2^22 rows has to fit in 64 bits.
 */
#define IRQM_ROWS_MAX_INT (1LL << 40)

enum irqm_rows_tag {
	IRQM_ROWS_NULL,
	IRQM_ROWS_INT,   /* int64_t follows */
	IRQM_ROWS_BYTES, /* uint32_t length, and so many bytes */
};

struct irqm_rows_cell {
	enum irqm_rows_tag tag;
	int64_t num;
	const char *bytes; /* within the rows, not terminated */
	uint32_t len;
};

struct irqm_rows_reader {
	const char *at, *end;
};

/* Starts to read rows. These four return 0, or -1 with err. */
int irqm_rows_begin(struct irqm_rows_reader *r, const void *rows, size_t len,
		    struct irqm_error *err);
/* How many rows of a table follow. */
int irqm_rows_count(struct irqm_rows_reader *r, const struct irqm_rows_table *t,
		    uint32_t *ret, struct irqm_error *err);
/* The next row's cells, checked to be what the columns say. */
int irqm_rows_next(struct irqm_rows_reader *r, const struct irqm_rows_table *t,
		   struct irqm_rows_cell *ret, struct irqm_error *err);
/* Nothing is left. */
int irqm_rows_end(const struct irqm_rows_reader *r, struct irqm_error *err);

/*
 * What a cell may hold: a number up to IRQM_ROWS_MAX_INT either way; text that
 * is printable, valid UTF-8 without a NUL, so that irqm_escape() leaves it as
 * it is; an array or an object that is not nested deeper than any of ours.
 */
bool irqm_rows_is_int(int64_t num);
bool irqm_rows_is_text(const char *s, size_t len);
bool irqm_rows_is_json(const json_t *value);

struct irqm_rows_source {
	const json_t *document;
	const char *text; /* the document's, or NULL */
	size_t text_len;
};

/* Makes the rows of a document whose text may exist: see irqm_rows_make(). */
int irqm_rows_make_from(const struct irqm_rows_source *src, void **ret,
			size_t *ret_len, struct irqm_error *err);

/* The document as text, to be freed, of IRQM_CELL_PACKED; NULL with err. */
char *irqm_rows_unpack(const void *packed, size_t len, size_t *ret_len,
		       struct irqm_error *err);

#endif
