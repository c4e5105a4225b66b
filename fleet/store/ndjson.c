/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Converts records to and from lines of JSON, for programs without SQLite. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/store/read.h"

/* Finds the last cell of the table, which is the document. */
static int find_packed(const struct irqm_record *r,
		       struct irqm_rows_cell *cells, struct irqm_error *err)
{
	struct irqm_rows_reader rows;
	unsigned int i;
	uint32_t nr;

	if (irqm_rows_begin(&rows, r->rows, r->rows_len, err))
		return -1;
	for (i = 0; i < IRQM_ROWS_NR_TABLES; i++) {
		if (irqm_rows_count(&rows, &irqm_rows_tables[i], &nr, err))
			return -1;
		while (nr--)
			if (irqm_rows_next(&rows, &irqm_rows_tables[i], cells,
					   err))
				return -1;
	}
	return irqm_rows_end(&rows, err);
}

/* Returns the document as text on one line, whatever program wrote it. To be
 * freed. */
static char *document_text(const struct irqm_record *r, size_t *ret_len,
			   struct irqm_error *err)
{
	struct irqm_rows_cell cells[IRQM_ROWS_MAX_COLUMNS];
	char *text;

	*ret_len = strlen("null");
	if (!r->rows)
		return strdup("null");
	if (find_packed(r, cells, err))
		return NULL;
	text = irqm_rows_unpack(cells[0].bytes, cells[0].len, ret_len, err);
	if (text && !irqm_escape_json(NULL, text, *ret_len)) {
		irqm_error_set(err, "the document is not one line of JSON");
		free(text);
		text = NULL;
	}
	return text;
}

/* Returns null for NULL. A path may contain any bytes. */
static json_t *escaped_text(const char *text)
{
	char *copy;
	json_t *ret;

	if (!text)
		return json_null();
	copy = irqm_escape_whole(text);
	ret = copy ? json_string(copy) : NULL;
	free(copy);
	return ret;
}

static json_t *record_json(const struct irqm_record *r)
{
	return json_pack("{s:I, s:I, s:s, s:o, s:s, s:o, s:f, s:o, s:o, s:I}",
			 "size", (json_int_t)r->id.size, "mtime_ns",
			 (json_int_t)r->id.mtime_ns, "hash", r->id.hash, "path",
			 escaped_text(r->path), "outcome",
			 irqm_outcome_name(r->outcome), "reason",
			 escaped_text(r->reason), "seconds", r->seconds,
			 "peak_kib",
			 r->peak_kib ? json_integer(r->peak_kib) : json_null(),
			 "tool_version", escaped_text(r->tool_version),
			 "analysed_ns", (json_int_t)r->analysed_ns);
}

/* Writes the line with one call; if that fails, the file has only its
 * beginning. */
static int put_line(FILE *out, const char *record, const char *document,
		    size_t len, struct irqm_error *err)
{
	char *line = NULL;
	size_t size;
	FILE *f = open_memstream(&line, &size);
	bool ok = f != NULL;

	if (f) {
		fprintf(f, "{\"record\":%s,\"document\":", record);
		irqm_escape_json(f, document, len);
		fputs("}\n", f);
		ok = !ferror(f);
		ok = fclose(f) == 0 && ok;
	}
	ok = ok && fwrite(line, 1, size, out) == size && fflush(out) == 0;
	if (!ok)
		irqm_error_set(err, "%s", strerror(errno));
	free(line);
	return ok ? 0 : -1;
}

int irqm_ndjson_write(FILE *out, const struct irqm_record *r,
		      struct irqm_error *err)
{
	struct irqm_record dated = *r;
	char *document, *record = NULL;
	size_t len;
	json_t *value;
	int rc = IRQM_STORE_REFUSED;

	if (!dated.analysed_ns)
		dated.analysed_ns = irqm_now_ns();
	if (irqm_record_check(r, err))
		return rc;
	document = document_text(r, &len, err);
	if (!document)
		return rc;
	value = record_json(&dated);
	record = value ? json_dumps(value, JSON_COMPACT) : NULL;
	if (!record)
		irqm_error_memory(err);
	else
		rc = put_line(out, record, document, len, err);
	free(record);
	json_decref(value);
	free(document);
	return rc;
}

static char *take_text(json_t *record, const char *key)
{
	const char *text = json_string_value(json_object_get(record, key));

	return text ? strdup(text) : NULL;
}

/* Returns false if the object is not a record. */
static bool take_record(struct irqm_stored *d, json_t *record)
{
	const char *hash, *outcome;
	json_int_t size, mtime_ns, analysed_ns;

	if (json_unpack(record, "{s:I, s:I, s:s, s:s, s:F, s:I}", "size", &size,
			"mtime_ns", &mtime_ns, "hash", &hash, "outcome",
			&outcome, "seconds", &d->r.seconds, "analysed_ns",
			&analysed_ns) ||
	    size < 0 || strlen(hash) != IRQM_DUMP_HASH_LEN ||
	    !irqm_outcome_parse(outcome, &d->r.outcome))
		return false;
	d->r.id.size = size;
	d->r.id.mtime_ns = mtime_ns;
	memcpy(d->r.id.hash, hash, sizeof(d->r.id.hash));
	d->r.analysed_ns = analysed_ns;
	d->r.peak_kib = json_integer_value(json_object_get(record, "peak_kib"));
	d->r.path = d->path = take_text(record, "path");
	d->r.reason = d->reason = take_text(record, "reason");
	d->r.tool_version = d->tool_version = take_text(record, "tool_version");
	return d->path && d->tool_version;
}

/*
 * Reads a line that irqm_ndjson_write() wrote: parses the record, and finds the
 * text of the document. Returns NULL if the line is in another form.
 */
static json_t *split_line(struct irqm_ndjson *n, size_t len,
			  struct irqm_stored *ret)
{
	static const char begin[] = "{\"record\":", then[] = ",\"document\":";
	size_t at = sizeof(begin) - 1;
	json_error_t where;
	json_t *record;

	if (len < at + sizeof(then) + 2 || memcmp(n->line, begin, at) != 0 ||
	    memcmp(n->line + len - 2, "}\n", 2) != 0)
		return NULL;
	record = json_loadb(n->line + at, len - at,
			    JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK,
			    &where);
	at += record ? where.position : 0;
	if (!record || at + sizeof(then) + 2 > len ||
	    memcmp(n->line + at, then, sizeof(then) - 1) != 0) {
		json_decref(record);
		return NULL;
	}
	at += sizeof(then) - 1;
	ret->text = n->line + at;
	ret->text_len = len - 2 - at;
	return record;
}

static json_t *parse_whole(struct irqm_ndjson *n, size_t len,
			   struct irqm_stored *ret, struct irqm_error *err)
{
	json_error_t where;
	json_t *line = json_loadb(n->line, len, JSON_REJECT_DUPLICATES, &where);
	json_t *record;

	if (!line) {
		irqm_error_set(err, "line %llu: %s", (unsigned long long)n->nr,
			       where.text);
		return NULL;
	}
	record = json_incref(json_object_get(line, "record"));
	ret->document = json_incref(json_object_get(line, "document"));
	json_decref(line);
	return record ? record : json_null();
}

static int parse_line(struct irqm_ndjson *n, size_t len,
		      struct irqm_stored *ret, struct irqm_error *err)
{
	json_t *record;
	bool ok;

	*ret = (struct irqm_stored){ 0 };
	record = split_line(n, len, ret);
	if (!record)
		record = parse_whole(n, len, ret, err);
	if (!record)
		return -1;
	ok = take_record(ret, record);
	json_decref(record);
	if (ok)
		return 1;
	irqm_error_set(err, "line %llu: not a record of irqmatrix batch",
		       (unsigned long long)n->nr);
	irqm_stored_deinit(ret);
	return -1;
}

/* As getline(), but keeps only the start of a line that is too long. */
static ssize_t get_line(struct irqm_ndjson *n)
{
	size_t len = 0, room;
	char *more;
	int c;

	while (len <= IRQM_NDJSON_MAX_LINE &&
	       (c = getc_unlocked(n->in)) != EOF) {
		if (len + 1 >= n->room) {
			room = n->room ? 2 * n->room : 4096;
			more = realloc(n->line, room);
			if (!more)
				return -1;
			n->line = more;
			n->room = room;
		}
		n->line[len++] = c;
		if (c == '\n')
			break;
	}
	return ferror(n->in) ? -1 : (ssize_t)len;
}

int irqm_ndjson_next(struct irqm_ndjson *n, struct irqm_stored *ret,
		     struct irqm_error *err)
{
	ssize_t len = get_line(n);

	if (len < 0) {
		irqm_error_set(err, "line %llu: %m",
			       (unsigned long long)n->nr + 1);
		return -1;
	}
	if (len == 0)
		return 0;
	n->nr++;
	if (n->line[len - 1] == '\n')
		return parse_line(n, len, ret, err);
	if (len > IRQM_NDJSON_MAX_LINE) {
		irqm_error_set(err, "line %llu: longer than %u bytes",
			       (unsigned long long)n->nr, IRQM_NDJSON_MAX_LINE);
		return -1;
	}
	n->cut = true;
	return 0;
}
