/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/store/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

/* In the order in which take_record() reads the columns. */
static const char after_sql[] =
	"SELECT id, size, mtime_ns, hash, path, outcome, reason, seconds, "
	"peak_kib, tool_version, analysed_ns, packed FROM dumps "
	"LEFT JOIN documents ON documents.dump = dumps.id "
	"WHERE id > ? ORDER BY id LIMIT 1";

static char *text_at(sqlite3_stmt *s, int column)
{
	const char *text = (const char *)sqlite3_column_text(s, column);

	return text ? strdup(text) : NULL;
}

static int take_packed(struct irqm_stored *d, sqlite3_stmt *s, int column)
{
	const void *packed = sqlite3_column_blob(s, column);

	if (!packed)
		return 0;
	d->packed_len = sqlite3_column_bytes(s, column);
	d->packed = malloc(d->packed_len);
	if (!d->packed)
		return -1;
	memcpy(d->packed, packed, d->packed_len);
	return 0;
}

static int take_record(struct irqm_stored *d, sqlite3_stmt *s,
		       struct irqm_error *err)
{
	const char *hash = (const char *)sqlite3_column_text(s, 3);
	const char *outcome = (const char *)sqlite3_column_text(s, 5);

	*d = (struct irqm_stored){ .dump = sqlite3_column_int64(s, 0) };
	d->r.id.size = sqlite3_column_int64(s, 1);
	d->r.id.mtime_ns = sqlite3_column_int64(s, 2);
	snprintf(d->r.id.hash, sizeof(d->r.id.hash), "%s", hash ? hash : "");
	d->r.path = d->path = text_at(s, 4);
	d->r.reason = d->reason = text_at(s, 6);
	d->r.seconds = sqlite3_column_double(s, 7);
	d->r.peak_kib = sqlite3_column_int64(s, 8);
	d->r.tool_version = d->tool_version = text_at(s, 9);
	d->r.analysed_ns = sqlite3_column_int64(s, 10);
	if (take_packed(d, s, 11) || !d->path || !d->tool_version ||
	    !irqm_outcome_parse(outcome, &d->r.outcome)) {
		irqm_error_set(err, "dump %lld of the store cannot be read",
			       (long long)d->dump);
		irqm_stored_deinit(d);
		return -1;
	}
	return 1;
}

static bool count_bytes(struct irqm_store *s, const struct irqm_stored *d)
{
	unsigned long long size =
		d->packed ? ZSTD_getFrameContentSize(d->packed, d->packed_len) :
			    0;

	/* do not unpack a document without a size */
	if (size > IRQM_ROWS_MAX_DOCUMENT)
		size = 0;
	return !s->max_steps || irqm_store_take_bytes(s, d->packed_len, size);
}

int irqm_stored_after(struct irqm_store *s, int64_t dump,
		      struct irqm_stored *ret, struct irqm_error *err)
{
	sqlite3_stmt *after = irqm_sql_prepare(s->db, after_sql, err);
	int rc;

	if (!after)
		return -1;
	sqlite3_bind_int64(after, 1, dump);
	rc = irqm_sql_step(after, err);
	if (rc == 1)
		rc = take_record(ret, after, err);
	sqlite3_finalize(after);
	if (rc == 1 && (ret->dump <= dump || !count_bytes(s, ret))) {
		irqm_error_set(err,
			       "the store is damaged: it claims more "
			       "dumps or documents than fit in a file of its "
			       "size");
		irqm_stored_deinit(ret);
		return -1;
	}
	return rc;
}

static json_t *parse_document(const struct irqm_stored *d,
			      struct irqm_error *err)
{
	char *text;
	size_t len;
	json_error_t where;
	json_t *document;

	if (!d->packed) {
		irqm_error_set(err, "it has no document");
		return NULL;
	}
	text = irqm_rows_unpack(d->packed, d->packed_len, &len, err);
	if (!text)
		return NULL;
	document = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
	if (!document)
		irqm_error_set(err, "%s",
			       where.text[0] ? where.text : "out of memory");
	free(text);
	return document;
}

static int make_rows(struct irqm_stored *d, struct irqm_error *err)
{
	char *text = d->text;
	int rc;

	if (d->packed)
		text = irqm_rows_unpack(d->packed, d->packed_len, &d->text_len,
					err);
	else if (!text && !d->document)
		irqm_error_set(err, "it has no document");
	if (d->document)
		rc = irqm_rows_make(d->document, &d->rows, &d->r.rows_len, err);
	else
		rc = !text ? -1 :
			     irqm_rows_make_text(text, d->text_len, false,
						 &d->rows, &d->r.rows_len, err);
	if (d->packed)
		free(text);
	d->r.rows = d->rows;
	return rc;
}

json_t *irqm_store_document(struct irqm_store *s, int64_t dump,
			    struct irqm_error *err)
{
	struct irqm_stored d = { 0 };
	json_t *ret;
	int rc = irqm_stored_after(s, dump - 1, &d, err);

	if (rc < 0)
		return NULL;
	if (rc == 0 || d.dump != dump) {
		irqm_error_set(err, "no such dump");
		ret = NULL;
	} else {
		ret = parse_document(&d, err);
	}
	irqm_stored_deinit(&d);
	return ret;
}

int irqm_stored_rows(struct irqm_stored *d, struct irqm_error *err)
{
	struct irqm_error why;

	if (d->r.outcome == IRQM_OUTCOME_FAILED || make_rows(d, &why) == 0)
		return 0;
	free(d->reason);
	if (asprintf(&d->reason, "its document in the store is broken: %s",
		     why.msg) < 0) {
		d->reason = NULL;
		irqm_error_memory(err);
		return -1;
	}
	d->r.reason = d->reason;
	d->r.outcome = IRQM_OUTCOME_FAILED;
	return 0;
}

void irqm_stored_deinit(struct irqm_stored *d)
{
	free(d->path);
	free(d->reason);
	free(d->tool_version);
	free(d->packed);
	free(d->rows);
	json_decref(d->document);
	*d = (struct irqm_stored){ 0 };
}
