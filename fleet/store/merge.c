/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merges stores and NDJSON files into a store. If several files have a record
 * of a dump, only their contents decide which one stays, so the order in which
 * files are merged does not matter.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/store/read.h"

/* The rank of the record that the store has, by which the better one is chosen.
 * In the order of the columns. */
static const char rank_sql[] =
	"SELECT outcome <> 'failed', analysed_ns, path, tool_version, seconds, "
	"ifnull(reason, '') FROM dumps "
	"WHERE size = ? AND mtime_ns = ? AND hash = ?";

struct merge {
	struct irqm_store *into;
	sqlite3_stmt *rank;
	struct irqm_merged *counts;
};

static int compare_text(const char *a, sqlite3_stmt *s, int column)
{
	const char *b = (const char *)sqlite3_column_text(s, column);

	return strcmp(a ? a : "", b ? b : "");
}

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

/* Returns > 0 if r is better than the record in the current row of s. */
static int compare_records(const struct irqm_record *r, sqlite3_stmt *s)
{
	bool analysed = r->outcome != IRQM_OUTCOME_FAILED;
	int order = COMPARE(analysed, sqlite3_column_int(s, 0));

	if (!order)
		order = COMPARE(r->analysed_ns, sqlite3_column_int64(s, 1));
	/* the rest only makes the order total */
	if (!order)
		order = compare_text(r->path, s, 2);
	if (!order)
		order = compare_text(r->tool_version, s, 3);
	if (!order)
		order = COMPARE(r->seconds, sqlite3_column_double(s, 4));
	if (!order)
		order = compare_text(r->reason, s, 5);
	return order;
}

/* What to do with a record. */
enum verdict {
	FAILED = -1,
	SAME,
	ADD,
	REPLACE
};

static enum verdict judge_record(struct merge *m, const struct irqm_record *r,
				 struct irqm_error *err)
{
	enum verdict ret;
	int there;

	sqlite3_bind_int64(m->rank, 1, r->id.size);
	sqlite3_bind_int64(m->rank, 2, r->id.mtime_ns);
	sqlite3_bind_text(m->rank, 3, r->id.hash, -1, SQLITE_STATIC);
	there = irqm_sql_step(m->rank, err);
	if (there < 0)
		return FAILED;
	ret = !there ? ADD : compare_records(r, m->rank) > 0 ? REPLACE : SAME;
	sqlite3_reset(m->rank);
	return ret;
}

/* Call this in a transaction. */
static int put_if_better(struct merge *m, const struct irqm_record *r,
			 enum verdict *ret, struct irqm_error *err)
{
	*ret = judge_record(m, r, err);
	if (*ret == FAILED)
		return -1;
	return *ret == SAME ? 0 : irqm_put_record(m->into, r, err);
}

static int take_over(struct merge *m, struct irqm_stored *d,
		     struct irqm_error *err)
{
	/* check now, because computing rows takes time, and again in the
	 * transaction */
	enum verdict verdict = judge_record(m, &d->r, err);

	if (verdict == FAILED)
		return -1;
	if (verdict != SAME &&
	    (irqm_stored_rows(d, err) || irqm_sql_begin(m->into->db, err) ||
	     irqm_sql_end(m->into->db, put_if_better(m, &d->r, &verdict, err),
			  err)))
		return -1;
	m->counts->added += verdict == ADD;
	m->counts->replaced += verdict == REPLACE;
	m->counts->same += verdict == SAME;
	return 0;
}

static int merge_store(struct merge *m, const char *path,
		       struct irqm_error *err)
{
	struct irqm_stored d;
	struct irqm_store *from;
	int64_t dump = 0;
	int rc;

	if (irqm_store_open(path, IRQM_STORE_READ, &from, err))
		return -1;
	while ((rc = irqm_stored_after(from, dump, &d, err)) == 1) {
		dump = d.dump;
		rc = take_over(m, &d, err);
		irqm_stored_deinit(&d);
		if (rc)
			break;
	}
	irqm_store_close(from);
	return rc;
}

static int merge_ndjson(struct merge *m, FILE *in, struct irqm_error *err)
{
	struct irqm_ndjson n = { .in = in };
	struct irqm_stored d;
	int rc;

	while ((rc = irqm_ndjson_next(&n, &d, err)) == 1) {
		rc = take_over(m, &d, err);
		irqm_stored_deinit(&d);
		if (rc)
			break;
	}
	m->counts->cut |= n.cut;
	free(n.line);
	return rc;
}

static int merge_file(struct merge *m, const char *path, struct irqm_error *err)
{
	static const char magic[16] = "SQLite format 3";
	char head[sizeof(magic)];
	FILE *in = fopen(path, "re");
	int rc;

	if (!in) {
		irqm_error_set(err, "%s", strerror(errno));
		return -1;
	}
	if (fread(head, 1, sizeof(head), in) == sizeof(head) &&
	    memcmp(head, magic, sizeof(head)) == 0) {
		fclose(in);
		return merge_store(m, path, err);
	}
	rewind(in);
	rc = merge_ndjson(m, in, err);
	fclose(in);
	return rc;
}

int irqm_store_merge(struct irqm_store *s, const char *path,
		     struct irqm_merged *ret, struct irqm_error *err)
{
	struct merge m = { .into = s, .counts = ret };
	int rc;

	m.rank = irqm_sql_prepare(s->db, rank_sql, err);
	if (!m.rank)
		return -1;
	rc = merge_file(&m, path, err);
	sqlite3_finalize(m.rank);
	return rc;
}
