/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inserts a record into the tables. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fleet/store/internal.h"

/* How many columns of the table dumps are before the document's, without id. */
#define NR_OWN 11

/* A failed record of an earlier state of the file at a path. */
#define OUTDATED                                                               \
	"WHERE path = ?4 AND outcome = 'failed' AND "                          \
	"(size, mtime_ns, hash) <> (?1, ?2, ?3)"

/* Returns the statement that inserts a row, in the order of the columns that
 * irqm_schema_create() makes; to be freed. */
static char *insert_sql(const struct irqm_rows_table *t)
{
	bool dumps = t == irqm_rows_tables;
	unsigned int i, nr = t->from ? 2 : dumps ? NR_OWN : 1;
	char *sql = NULL;
	size_t size;
	FILE *out = open_memstream(&sql, &size);

	if (!out)
		return NULL;
	fprintf(out, "INSERT INTO %s VALUES (%s?", t->name,
		dumps ? "NULL, " : "");
	for (i = 1; i < nr + t->nr_columns; i++)
		fputs(", ?", out);
	fputc(')', out);
	return fclose(out) == 0 ? sql : NULL;
}

int irqm_put_prepare(struct irqm_store *s, struct irqm_error *err)
{
	unsigned int i;

	s->remove = irqm_sql_prepare(s->db,
				     "DELETE FROM dumps WHERE size = ? "
				     "AND mtime_ns = ? AND hash = ?",
				     err);
	s->outdated =
		irqm_sql_prepare(s->db, "SELECT 1 FROM dumps " OUTDATED, err);
	s->forget = irqm_sql_prepare(s->db, "DELETE FROM dumps " OUTDATED, err);
	s->find_files = irqm_sql_prepare(s->db,
					 "SELECT outcome, size, "
					 "mtime_ns, hash FROM dumps "
					 "WHERE files = ?",
					 err);
	s->note = irqm_sql_prepare(s->db,
				   "UPDATE dumps SET files = ?5 "
				   "WHERE size = ?1 AND mtime_ns = ?2 AND "
				   "hash = ?3 AND path = ?4 AND "
				   "files IS NOT ?5",
				   err);
	if (!s->remove || !s->outdated || !s->forget || !s->find_files ||
	    !s->note)
		return -1;
	for (i = 0; i < IRQM_ROWS_NR_TABLES; i++) {
		char *sql = insert_sql(&irqm_rows_tables[i]);

		if (!sql) {
			irqm_error_memory(err);
			return -1;
		}
		s->insert[i] = irqm_sql_prepare(s->db, sql, err);
		free(sql);
		if (!s->insert[i])
			return -1;
	}
	return 0;
}

static bool is_hash(const char *hash)
{
	size_t i;

	for (i = 0; i < IRQM_DUMP_HASH_LEN; i++)
		if (!isxdigit((unsigned char)hash[i]))
			return false;
	return !hash[i];
}

int irqm_record_check(const struct irqm_record *r, struct irqm_error *err)
{
	bool failed = r->outcome == IRQM_OUTCOME_FAILED;
	const char *wrong = NULL;

	if (r->id.size > INT64_MAX || !is_hash(r->id.hash))
		wrong = "invalid size or hash";
	else if (!irqm_outcome_name(r->outcome) || failed != !!r->reason ||
		 failed != !r->rows)
		wrong = "invalid outcome";
	else if (!r->path || !r->tool_version || !isfinite(r->seconds) ||
		 r->peak_kib > INT64_MAX || r->analysed_ns < 0)
		wrong = "invalid path, version or duration";
	if (wrong)
		irqm_error_set(err, "the record is broken: %s", wrong);
	return wrong ? -1 : 0;
}

/* A path may contain any bytes, so bind it escaped. */
static int bind_escaped(sqlite3_stmt *s, int at, const char *text)
{
	char *escaped = irqm_escape_whole(text);

	if (!escaped)
		return SQLITE_NOMEM;
	return sqlite3_bind_text(s, at, escaped, -1, free);
}

int64_t irqm_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void bind_id(sqlite3_stmt *s, const struct irqm_dump_id *id)
{
	sqlite3_bind_int64(s, 1, id->size);
	sqlite3_bind_int64(s, 2, id->mtime_ns);
	sqlite3_bind_text(s, 3, id->hash, -1, SQLITE_STATIC);
}

static void bind_own(sqlite3_stmt *s, const struct irqm_record *r)
{
	bind_id(s, &r->id);
	bind_escaped(s, 4, r->path);
	sqlite3_bind_text(s, 5, irqm_outcome_name(r->outcome), -1,
			  SQLITE_STATIC);
	if (r->reason)
		bind_escaped(s, 6, r->reason);
	sqlite3_bind_double(s, 7, r->seconds);
	if (r->peak_kib)
		sqlite3_bind_int64(s, 8, r->peak_kib);
	bind_escaped(s, 9, r->tool_version);
	sqlite3_bind_int64(s, 10,
			   r->analysed_ns ? r->analysed_ns : irqm_now_ns());
	if (r->files)
		sqlite3_bind_text(s, NR_OWN, r->files, -1, SQLITE_STATIC);
}

static void bind_cell(sqlite3_stmt *s, int at, const struct irqm_rows_cell *c,
		      enum irqm_cell type)
{
	if (c->tag == IRQM_ROWS_INT)
		sqlite3_bind_int64(s, at, c->num);
	else if (c->tag == IRQM_ROWS_BYTES && type == IRQM_CELL_PACKED)
		sqlite3_bind_blob(s, at, c->bytes, c->len, SQLITE_STATIC);
	else if (c->tag == IRQM_ROWS_BYTES)
		sqlite3_bind_text(s, at, c->bytes, c->len, SQLITE_STATIC);
	else
		sqlite3_bind_null(s, at);
}

/* Returns true if the row violates the schema; other errors are the store's. */
static bool is_refused(sqlite3_stmt *s)
{
	switch (sqlite3_errcode(sqlite3_db_handle(s)) & 0xff) {
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
		return true;
	default:
		return false;
	}
}

static int run_insert(sqlite3_stmt *s, struct irqm_error *err)
{
	int rc = irqm_sql_step(s, err);

	return rc < 0 && is_refused(s) ? IRQM_STORE_REFUSED : rc;
}

/* Binds the next row's cells after the first nr parameters, and inserts the
 * row. */
static int insert_row(sqlite3_stmt *s, int nr, struct irqm_rows_reader *rows,
		      const struct irqm_rows_table *t, struct irqm_error *err)
{
	struct irqm_rows_cell cells[IRQM_ROWS_MAX_COLUMNS];
	unsigned int i;
	int rc = IRQM_STORE_REFUSED;

	if (irqm_rows_next(rows, t, cells, err) == 0) {
		for (i = 0; i < t->nr_columns; i++)
			bind_cell(s, nr + i + 1, &cells[i], t->columns[i].type);
		rc = run_insert(s, err);
	}
	/* unbind the row, even if it was refused */
	sqlite3_clear_bindings(s);
	return rc;
}

static int insert_table(struct irqm_store *s, unsigned int table, int64_t dump,
			struct irqm_rows_reader *rows, struct irqm_error *err)
{
	const struct irqm_rows_table *t = &irqm_rows_tables[table];
	uint32_t i, nr;
	int rc = 0;

	if (irqm_rows_count(rows, t, &nr, err))
		return IRQM_STORE_REFUSED;
	for (i = 0; i < nr && !rc; i++) {
		sqlite3_bind_int64(s->insert[table], 1, dump);
		if (t->from)
			sqlite3_bind_int64(s->insert[table], 2, i);
		rc = insert_row(s->insert[table], t->from ? 2 : 1, rows, t,
				err);
	}
	return rc;
}

static int insert_failed(struct irqm_store *s, const struct irqm_record *r,
			 struct irqm_error *err)
{
	int rc;

	bind_own(s->insert[0], r);
	rc = run_insert(s->insert[0], err);
	sqlite3_clear_bindings(s->insert[0]);
	return rc;
}

static int insert_analysed(struct irqm_store *s, const struct irqm_record *r,
			   struct irqm_error *err)
{
	struct irqm_rows_reader rows;
	uint32_t nr;
	int64_t dump;
	unsigned int i;
	int rc;

	if (irqm_rows_begin(&rows, r->rows, r->rows_len, err) ||
	    irqm_rows_count(&rows, &irqm_rows_tables[0], &nr, err))
		return IRQM_STORE_REFUSED;
	bind_own(s->insert[0], r);
	rc = insert_row(s->insert[0], NR_OWN, &rows, &irqm_rows_tables[0], err);
	dump = sqlite3_last_insert_rowid(s->db);
	for (i = 1; i < IRQM_ROWS_NR_TABLES && !rc; i++)
		rc = insert_table(s, i, dump, &rows, err);
	if (!rc && irqm_rows_end(&rows, err))
		rc = IRQM_STORE_REFUSED;
	return rc;
}

int irqm_put_record(struct irqm_store *s, const struct irqm_record *r,
		    struct irqm_error *err)
{
	if (irqm_record_check(r, err))
		return IRQM_STORE_REFUSED;
	bind_id(s->remove, &r->id);
	if (irqm_sql_step(s->remove, err))
		return -1;
	return r->rows ? insert_analysed(s, r, err) : insert_failed(s, r, err);
}

static int with_file(sqlite3_stmt *s, const char *path,
		     const struct irqm_dump_id *id, struct irqm_error *err)
{
	int rc;

	bind_id(s, id);
	bind_escaped(s, 4, path);
	rc = irqm_sql_step(s, err);
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	return rc;
}

/* Call this in a transaction. */
static int put_and_forget(struct irqm_store *s, const struct irqm_record *r,
			  struct irqm_error *err)
{
	enum irqm_outcome was = IRQM_OUTCOME_FAILED;
	int rc = 0;

	if (r->outcome == IRQM_OUTCOME_FAILED)
		rc = irqm_store_has(s, &r->id, &was, NULL, err);
	if (rc < 0)
		return rc;
	rc = was == IRQM_OUTCOME_FAILED ? irqm_put_record(s, r, err) : 0;
	return rc ? rc : with_file(s->forget, r->path, &r->id, err);
}

int irqm_store_put(struct irqm_store *s, const struct irqm_record *r,
		   struct irqm_error *err)
{
	if (irqm_sql_begin(s->db, err))
		return -1;
	return irqm_sql_end(s->db, put_and_forget(s, r, err), err);
}

int irqm_store_found(struct irqm_store *s, const char *path,
		     const struct irqm_dump_id *id, const char *files,
		     struct irqm_error *err)
{
	/* first look without a transaction: usually there is nothing to
	 * remove */
	int rc = with_file(s->outdated, path, id, err);

	if (rc == 1)
		rc = with_file(s->forget, path, id, err);
	if (rc || !files)
		return rc;
	sqlite3_bind_text(s->note, 5, files, -1, SQLITE_STATIC);
	return with_file(s->note, path, id, err);
}

/* The latest record of a path stays, so the order of removal does not
 * matter. */
int irqm_store_prune(struct irqm_store *s, struct irqm_error *err)
{
	return irqm_sql_run(s->db,
			    "DELETE FROM dumps WHERE outcome = 'failed' "
			    "AND EXISTS (SELECT 1 FROM dumps AS later "
			    "WHERE later.path = dumps.path AND "
			    "(later.analysed_ns, later.hash, later.size, "
			    "later.mtime_ns) > (dumps.analysed_ns, dumps.hash, "
			    "dumps.size, dumps.mtime_ns))",
			    err);
}
