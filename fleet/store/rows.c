/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads serialised rows in the parent. They come from a process that a dump may
 * have taken over, so each value is checked before it is used. */
#include "fleet/store/rows.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

/* A finding's numbers and a device's consumers need 3. */
#define MAX_DEPTH 8

static int set_broken(struct irqm_error *err, const char *table,
		      const char *column, const char *what)
{
	irqm_error_set(err, "the worker's rows are broken: %s%s%s: %s", table,
		       *column ? "." : "", column, what);
	return -1;
}

static bool take_bytes(struct irqm_rows_reader *r, void *dst, size_t size)
{
	if ((size_t)(r->end - r->at) < size)
		return false;
	memcpy(dst, r->at, size);
	r->at += size;
	return true;
}

int irqm_rows_begin(struct irqm_rows_reader *r, const void *rows, size_t len,
		    struct irqm_error *err)
{
	char magic[sizeof(IRQM_ROWS_MAGIC) - 1];

	if (!rows || len > IRQM_ROWS_MAX)
		return set_broken(err, "rows", "", rows ? "too long" : "none");
	r->at = rows;
	r->end = r->at + len;
	if (!take_bytes(r, magic, sizeof(magic)) ||
	    memcmp(magic, IRQM_ROWS_MAGIC, sizeof(magic)) != 0)
		return set_broken(err, "rows", "", "from another program");
	return 0;
}

int irqm_rows_count(struct irqm_rows_reader *r, const struct irqm_rows_table *t,
		    uint32_t *ret, struct irqm_error *err)
{
	if (!take_bytes(r, ret, sizeof(*ret)))
		return set_broken(err, t->name, "", "truncated");
	if (*ret > t->max_rows || (!t->from && *ret != 1))
		return set_broken(err, t->name, "", "too many rows");
	return 0;
}

int irqm_rows_end(const struct irqm_rows_reader *r, struct irqm_error *err)
{
	if (r->at != r->end)
		return set_broken(err, "rows", "", "data after the last row");
	return 0;
}

static bool is_ascii(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] < 0x20 || s[i] == 0x7f)
			return false;
	return true;
}

bool irqm_rows_is_text(const char *s, size_t len)
{
	char *copy, *escaped;
	bool ret = false;

	if (is_ascii(s, len))
		return true;
	copy = strndup(s, len);
	escaped = malloc(len + 1);
	if (copy && escaped && strlen(copy) == len)
		ret = strcmp(irqm_escape(escaped, len + 1, copy), copy) == 0;
	free(copy);
	free(escaped);
	return ret;
}

static bool is_flat(const json_t *value, unsigned int depth)
{
	const json_t *child;
	const char *key;
	size_t i;

	if (depth > MAX_DEPTH)
		return false;
	json_array_foreach((json_t *)value, i, child)
		if (!is_flat(child, depth + 1))
			return false;
	json_object_foreach((json_t *)value, key, child)
		if (!is_flat(child, depth + 1))
			return false;
	return true;
}

bool irqm_rows_is_json(const json_t *value)
{
	return (json_is_array(value) || json_is_object(value)) &&
	       is_flat(value, 0);
}

static bool is_json_text(const char *s, size_t len)
{
	json_t *value = json_loadb(s, len, JSON_REJECT_DUPLICATES, NULL);
	bool ret = irqm_rows_is_json(value);

	json_decref(value);
	return ret;
}

/* Checks the size that the compressed data declares. The content is checked
 * when it is used. */
static bool is_packed(const void *packed, size_t len)
{
	unsigned long long size = ZSTD_getFrameContentSize(packed, len);

	return size != ZSTD_CONTENTSIZE_ERROR &&
	       size != ZSTD_CONTENTSIZE_UNKNOWN &&
	       size <= IRQM_ROWS_MAX_DOCUMENT && len <= IRQM_ROWS_MAX_PACKED;
}

bool irqm_rows_is_int(int64_t num)
{
	return num >= -IRQM_ROWS_MAX_INT && num <= IRQM_ROWS_MAX_INT;
}

static bool is_number(const struct irqm_rows_column *c, int64_t num)
{
	if (c->type == IRQM_CELL_BOOL)
		return num == 0 || num == 1;
	return c->type == IRQM_CELL_INT && irqm_rows_is_int(num);
}

static bool is_bytes(const struct irqm_rows_column *c, const char *s,
		     uint32_t len)
{
	if (c->type == IRQM_CELL_PACKED)
		return is_packed(s, len);
	if (len > IRQM_ROWS_MAX_TEXT || !irqm_rows_is_text(s, len))
		return false;
	return c->type == IRQM_CELL_TEXT ||
	       (c->type == IRQM_CELL_JSON && is_json_text(s, len));
}

static int next_cell(struct irqm_rows_reader *r,
		     const struct irqm_rows_table *t,
		     const struct irqm_rows_column *c,
		     struct irqm_rows_cell *ret, struct irqm_error *err)
{
	uint8_t tag;

	*ret = (struct irqm_rows_cell){ IRQM_ROWS_NULL, 0, NULL, 0 };
	if (!take_bytes(r, &tag, sizeof(tag)))
		return set_broken(err, t->name, c->name, "truncated");
	ret->tag = tag;
	switch (tag) {
	case IRQM_ROWS_NULL:
		if (c->required)
			return set_broken(err, t->name, c->name, "missing");
		return 0;
	case IRQM_ROWS_INT:
		if (!take_bytes(r, &ret->num, sizeof(ret->num)))
			return set_broken(err, t->name, c->name, "truncated");
		if (!is_number(c, ret->num))
			return set_broken(err, t->name, c->name,
					  "invalid number");
		return 0;
	case IRQM_ROWS_BYTES:
		if (!take_bytes(r, &ret->len, sizeof(ret->len)) ||
		    (size_t)(r->end - r->at) < ret->len)
			return set_broken(err, t->name, c->name, "truncated");
		ret->bytes = r->at;
		r->at += ret->len;
		if (!is_bytes(c, ret->bytes, ret->len))
			return set_broken(err, t->name, c->name,
					  "invalid text");
		return 0;
	default:
		return set_broken(err, t->name, c->name, "invalid tag");
	}
}

int irqm_rows_next(struct irqm_rows_reader *r, const struct irqm_rows_table *t,
		   struct irqm_rows_cell *ret, struct irqm_error *err)
{
	unsigned int i;

	for (i = 0; i < t->nr_columns; i++)
		if (next_cell(r, t, &t->columns[i], &ret[i], err))
			return -1;
	return 0;
}

char *irqm_rows_unpack(const void *packed, size_t len, size_t *ret_len,
		       struct irqm_error *err)
{
	size_t size, got;
	char *text;

	if (!is_packed(packed, len)) {
		irqm_error_set(err, "the packed document is broken");
		return NULL;
	}
	size = ZSTD_getFrameContentSize(packed, len);
	text = malloc(size + 1);
	if (!text) {
		irqm_error_memory(err);
		return NULL;
	}
	got = ZSTD_decompress(text, size, packed, len);
	if (ZSTD_isError(got) || got != size) {
		irqm_error_set(err, "the packed document is broken: %s",
			       ZSTD_isError(got) ? ZSTD_getErrorName(got) :
						   "wrong length");
		free(text);
		return NULL;
	}
	text[size] = '\0';
	*ret_len = size;
	return text;
}
