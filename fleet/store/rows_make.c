/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computes the rows of a document, in the worker. */
#include "fleet/store/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "fleet/store/store.h"

/* 1/10 to 1/22 of the size, as with zstd's default of 3. */
#define LEVEL 1

struct writer {
	FILE *out;
	const struct irqm_rows_source *src;
	struct irqm_error *err;
};

static void write_bytes(struct writer *w, const void *data, size_t size)
{
	fwrite(data, 1, size, w->out);
}

static void put_null(struct writer *w)
{
	fputc(IRQM_ROWS_NULL, w->out);
}

static void put_int(struct writer *w, int64_t num)
{
	if (!irqm_rows_is_int(num)) {
		put_null(w);
		return;
	}
	fputc(IRQM_ROWS_INT, w->out);
	write_bytes(w, &num, sizeof(num));
}

static void put_bytes(struct writer *w, const void *bytes, uint32_t len)
{
	fputc(IRQM_ROWS_BYTES, w->out);
	write_bytes(w, &len, sizeof(len));
	write_bytes(w, bytes, len);
}

static int no_memory(struct irqm_error *err)
{
	irqm_error_memory(err);
	return -1;
}

static int not_of_schema(struct writer *w, const struct irqm_rows_column *c)
{
	irqm_error_set(w->err,
		       "\"%s\" does not follow the schema "
		       "irqmatrix/1",
		       c->from ? c->from : c->name);
	return -1;
}

static int put_text(struct writer *w, const struct irqm_rows_column *c,
		    const char *s)
{
	size_t len = strlen(s);

	if (len > IRQM_ROWS_MAX_TEXT) {
		irqm_error_set(w->err,
			       "the document has a text of %zu bytes, "
			       "a store takes at most %u",
			       len, IRQM_ROWS_MAX_TEXT);
		return -1;
	}
	if (!irqm_rows_is_text(s, len))
		return not_of_schema(w, c);
	put_bytes(w, s, len);
	return 0;
}

static int put_json(struct writer *w, const struct irqm_rows_column *c,
		    const json_t *value)
{
	char *text;
	int rc;

	if (!irqm_rows_is_json(value))
		return not_of_schema(w, c);
	text = json_dumps(value, JSON_COMPACT);
	if (!text)
		return no_memory(w->err);
	rc = put_text(w, c, text);
	free(text);
	return rc;
}

static int pack_document(struct writer *w, const char *text, size_t len)
{
	size_t size, room = ZSTD_compressBound(len);
	void *packed;

	if (len > IRQM_ROWS_MAX_DOCUMENT) {
		irqm_error_set(w->err,
			       "the document has %zu bytes, a store "
			       "takes at most %u",
			       len, IRQM_ROWS_MAX_DOCUMENT);
		return -1;
	}
	packed = malloc(room);
	if (!packed)
		return no_memory(w->err);
	size = ZSTD_compress(packed, room, text, len, LEVEL);
	if (ZSTD_isError(size) || size > IRQM_ROWS_MAX_PACKED) {
		irqm_error_set(w->err, "the document cannot be packed: %s",
			       ZSTD_isError(size) ? ZSTD_getErrorName(size) :
						    "it is too large");
		free(packed);
		return -1;
	}
	put_bytes(w, packed, size);
	free(packed);
	return 0;
}

static int put_packed(struct writer *w, const json_t *document)
{
	char *text;
	int rc;

	if (w->src->text)
		return pack_document(w, w->src->text, w->src->text_len);
	text = json_dumps(document, JSON_COMPACT);
	if (!text)
		return no_memory(w->err);
	rc = pack_document(w, text, strlen(text));
	free(text);
	return rc;
}

static int put_cell(struct writer *w, const struct irqm_rows_column *c,
		    const json_t *value)
{
	if (!value || json_is_null(value)) {
		if (c->required)
			return not_of_schema(w, c);
		put_null(w);
		return 0;
	}
	switch (c->type) {
	case IRQM_CELL_INT:
		if (!json_is_integer(value) ||
		    (c->required &&
		     !irqm_rows_is_int(json_integer_value(value))))
			return not_of_schema(w, c);
		put_int(w, json_integer_value(value));
		return 0;
	case IRQM_CELL_BOOL:
		if (!json_is_boolean(value))
			return not_of_schema(w, c);
		put_int(w, json_is_true(value));
		return 0;
	case IRQM_CELL_TEXT:
		if (!json_is_string(value))
			return not_of_schema(w, c);
		return put_text(w, c, json_string_value(value));
	case IRQM_CELL_JSON:
		return put_json(w, c, value);
	case IRQM_CELL_PACKED:
		return put_packed(w, value);
	}
	return not_of_schema(w, c);
}

static int put_row(struct writer *w, const struct irqm_rows_table *t,
		   const json_t *row)
{
	unsigned int i;

	for (i = 0; i < t->nr_columns; i++) {
		const struct irqm_rows_column *c = &t->columns[i];
		json_t *made = NULL;
		int rc;

		if (c->make) {
			made = c->make(row);
			if (!made)
				return no_memory(w->err);
		}
		rc = put_cell(w, c,
			      made ? made :
				     irqm_rows_at(row,
						  c->from ? c->from : c->name));
		json_decref(made);
		if (rc)
			return -1;
	}
	return 0;
}

static int put_rows(struct writer *w, const struct irqm_rows_table *t)
{
	const json_t *rows = t->from ? irqm_rows_at(w->src->document, t->from) :
				       NULL,
		     *row;
	uint32_t nr = t->from ? json_array_size(rows) : 1;
	size_t i;

	if (json_array_size(rows) > t->max_rows) {
		irqm_error_set(w->err,
			       "the document has %zu %s, a store takes "
			       "at most %u",
			       json_array_size(rows), t->name, t->max_rows);
		return -1;
	}
	write_bytes(w, &nr, sizeof(nr));
	if (!t->from)
		return put_row(w, t, w->src->document);
	json_array_foreach(rows, i, row)
		if (put_row(w, t, row))
			return -1;
	return 0;
}

static int put_all(struct writer *w)
{
	unsigned int i;

	write_bytes(w, IRQM_ROWS_MAGIC, strlen(IRQM_ROWS_MAGIC));
	for (i = 0; i < IRQM_ROWS_NR_TABLES; i++)
		if (put_rows(w, &irqm_rows_tables[i]))
			return -1;
	return 0;
}

static int make_rows(const struct irqm_rows_source *src, char **ret,
		     size_t *ret_len, struct irqm_error *err)
{
	struct writer w = { open_memstream(ret, ret_len), src, err };
	int rc;

	if (!w.out)
		return no_memory(err);
	rc = put_all(&w);
	if (fclose(w.out) != 0 && !rc)
		rc = no_memory(err);
	if (!rc && *ret_len > IRQM_ROWS_MAX) {
		irqm_error_set(err,
			       "the rows of the document have %zu bytes, "
			       "a store takes at most %u",
			       *ret_len, IRQM_ROWS_MAX);
		rc = -1;
	}
	if (rc)
		free(*ret);
	return rc;
}

int irqm_rows_make_from(const struct irqm_rows_source *src, void **ret,
			size_t *ret_len, struct irqm_error *err)
{
	const char *schema =
		json_string_value(json_object_get(src->document, "schema"));
	char *rows = NULL;
	int rc;

	if (!schema || strcmp(schema, "irqmatrix/1") != 0) {
		irqm_error_set(err, "not a document of the schema irqmatrix/1");
		return -1;
	}
	rc = make_rows(src, &rows, ret_len, err);
	if (!rc)
		*ret = rows;
	return rc;
}

int irqm_rows_make(const json_t *document, void **ret, size_t *ret_len,
		   struct irqm_error *err)
{
	const struct irqm_rows_source src = { .document = document };

	return irqm_rows_make_from(&src, ret, ret_len, err);
}
