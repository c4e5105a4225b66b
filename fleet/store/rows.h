/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The serialised rows that a worker sends to the parent: a magic, then for each
 * table the number of rows and their cells. A cell is a tag, then a number, or
 * a length and bytes. Numbers have the machine's byte order, because both ends
 * are the same program. Private to fleet/store.
 */
#ifndef IRQM_FLEET_STORE_ROWS_H
#define IRQM_FLEET_STORE_ROWS_H

#include "fleet/store/store.h"
#include "fleet/store/tables.h"

#define IRQM_ROWS_MAGIC "irqmrow2"
/* Limits on the bytes of all rows of a dump, and of the text of one cell. */
#define IRQM_ROWS_MAX (256U << 20)
#define IRQM_ROWS_MAX_TEXT (1U << 20)
/* Limits on the bytes of a document, packed and unpacked. */
#define IRQM_ROWS_MAX_PACKED (64U << 20)
#define IRQM_ROWS_MAX_DOCUMENT IRQM_STORE_MAX_DOCUMENT
/* Limit on what is parsed of a document: see rows_text.c. */
#define IRQM_ROWS_MAX_PARSED (64U << 20)
/* Limit on the bytes of a value in a store, and of a row. */
#define IRQM_ROWS_MAX_CELL ((64 << 20) + (4 << 20))
/* Limit on the bytes of an NDJSON line: a document and its record. */
#define IRQM_NDJSON_MAX_LINE (IRQM_ROWS_MAX_DOCUMENT + (1U << 20))
/* No kernel has a number larger than this; a larger one is stored as unknown. A
 * sum over 2^22 rows must fit in 64 bits. */
#define IRQM_ROWS_MAX_INT (1LL << 40)

enum irqm_rows_tag {
	IRQM_ROWS_NULL,
	IRQM_ROWS_INT,   /* int64_t follows */
	IRQM_ROWS_BYTES, /* followed by a uint32_t length and the bytes */
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

/* Starts to read serialised rows. These four return 0, or -1 with err. */
int irqm_rows_begin(struct irqm_rows_reader *r, const void *rows, size_t len,
		    struct irqm_error *err);
/* Reads the number of rows of the next table. */
int irqm_rows_count(struct irqm_rows_reader *r, const struct irqm_rows_table *t,
		    uint32_t *ret, struct irqm_error *err);
/* Reads the cells of the next row, and checks them against the columns. */
int irqm_rows_next(struct irqm_rows_reader *r, const struct irqm_rows_table *t,
		   struct irqm_rows_cell *ret, struct irqm_error *err);
/* Fails unless all bytes were read. */
int irqm_rows_end(const struct irqm_rows_reader *r, struct irqm_error *err);

/*
 * What a cell may hold. is_int: a number between -IRQM_ROWS_MAX_INT and
 * IRQM_ROWS_MAX_INT. is_text: printable, valid UTF-8 without NUL, which
 * irqm_escape() does not change. is_json: an array or object that is not nested
 * deeper than those in our documents.
 */
bool irqm_rows_is_int(int64_t num);
bool irqm_rows_is_text(const char *s, size_t len);
bool irqm_rows_is_json(const json_t *value);

struct irqm_rows_source {
	const json_t *document;
	const char *text; /* the document's text, or NULL */
	size_t text_len;
};

/* Computes the rows of a document: see irqm_rows_make(). */
int irqm_rows_make_from(const struct irqm_rows_source *src, void **ret,
			size_t *ret_len, struct irqm_error *err);

/* Unpacks a cell of type IRQM_CELL_PACKED. Returns the document's text, to be
 * freed, or NULL with err. */
char *irqm_rows_unpack(const void *packed, size_t len, size_t *ret_len,
		       struct irqm_error *err);

#endif
