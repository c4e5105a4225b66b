/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Protects against a store that was made elsewhere: its schema may contain only
 * what our own SQL creates, and the time of a query is bounded by its size.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/store/internal.h"
#include "fleet/store/schema.h"

/* Steps of SQLite's virtual machine between two checks of the limit. */
#define STEPS 100000
/* The limit: a second or two, plus some steps for each byte of the file. */
#define STEPS_MIN 100000000ULL
#define STEPS_PER_BYTE 100
/* Limit on the unpacked documents; zstd packs ours to a tenth or less. */
#define UNPACKED_PER_BYTE 200
/* How often one document may be read. */
#define READINGS 4

/* Compares without white space, which ALTER TABLE may move. */
static bool is_same_sql(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	for (;; a++, b++) {
		while (isspace((unsigned char)*a))
			a++;
		while (isspace((unsigned char)*b))
			b++;
		if (*a != *b)
			return false;
		if (!*a)
			return true;
	}
}

/* True for what SQLite itself creates: indexes of constraints, and ANALYZE's
 * tables. */
static bool is_internal(const char *type, const char *name, const char *sql)
{
	return (strcmp(type, "index") == 0 && !sql &&
		strncmp(name, "sqlite_autoindex_", 17) == 0) ||
	       (strcmp(type, "table") == 0 &&
		(is_same_sql(sql, "CREATE TABLE sqlite_stat1(tbl,idx,stat)") ||
		 is_same_sql(sql, "CREATE TABLE sqlite_stat4"
				  "(tbl,idx,neq,nlt,ndlt,sample)")));
}

static const char *text_at(sqlite3_stmt *s, int column)
{
	return (const char *)sqlite3_column_text(s, column);
}

/* True if a store that this program made has the same entry. *ret_known: it
 * has one of that name. */
static bool is_ours(sqlite3_stmt *ours, const char *type, const char *name,
		    const char *sql, bool *ret_known)
{
	bool same = false;

	sqlite3_bind_text(ours, 1, type, -1, SQLITE_STATIC);
	sqlite3_bind_text(ours, 2, name, -1, SQLITE_STATIC);
	*ret_known = sqlite3_step(ours) == SQLITE_ROW;
	if (*ret_known)
		same = is_same_sql(sql, text_at(ours, 0));
	sqlite3_reset(ours);
	return same;
}

static int compare_schemas(sqlite3_stmt *all, sqlite3_stmt *ours,
			   struct irqm_error *err)
{
	const char *type, *name, *sql;
	char words[128];
	bool known;
	int rc;

	while ((rc = irqm_sql_step(all, err)) == 1) {
		type = text_at(all, 0);
		name = text_at(all, 1);
		sql = text_at(all, 2);
		known = false;
		if (type && name &&
		    (is_internal(type, name, sql) ||
		     is_ours(ours, type, name, sql, &known)))
			continue;
		irqm_error_set(err, "the store has an unexpected %s \"%s\"%s",
			       type ? type : "entry",
			       irqm_escape(words, sizeof(words),
					   name ? name : ""),
			       known ? ": it was altered, or another version "
				       "of irqmatrix wrote the store" :
				       ", which irqmatrix did not create: drop "
				       "it, or use an unmodified copy of the "
				       "store");
		return -1;
	}
	return rc;
}

/* Creates a store in memory. */
static sqlite3 *make_ours(struct irqm_error *err)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		irqm_sql_failed(db, err);
	else if (irqm_schema_create(db, err) == 0)
		return db;
	sqlite3_close(db);
	return NULL;
}

int irqm_schema_check(sqlite3 *db, struct irqm_error *err)
{
	sqlite3 *memory = make_ours(err);
	sqlite3_stmt *all = NULL, *ours = NULL;
	int rc = -1;

	if (memory)
		ours = irqm_sql_prepare(memory,
					"SELECT sql FROM sqlite_master "
					"WHERE type = ? AND name = ?",
					err);
	if (ours)
		all = irqm_sql_prepare(db,
				       "SELECT type, name, sql FROM "
				       "sqlite_master",
				       err);
	if (all)
		rc = compare_schemas(all, ours, err);
	sqlite3_finalize(all);
	sqlite3_finalize(ours);
	sqlite3_close(memory);
	return rc;
}

static uint64_t size_of(sqlite3 *db)
{
	struct irqm_error err;
	int64_t pages, size;

	if (irqm_sql_number(db, "PRAGMA page_count", &pages, &err) ||
	    irqm_sql_number(db, "PRAGMA page_size", &size, &err) || pages < 0 ||
	    size < 0 || size > 65536 || pages > UINT32_MAX)
		return 0;
	return pages * size;
}

static int too_long(void *ctx)
{
	struct irqm_store *s = ctx;

	s->steps += STEPS;
	return s->steps > s->max_steps;
}

void irqm_store_bound(struct irqm_store *s)
{
	s->bytes = size_of(s->db);
	s->max_steps = STEPS_MIN + STEPS_PER_BYTE * s->bytes;
	sqlite3_progress_handler(s->db, STEPS, too_long, s);
}

bool irqm_store_take_bytes(struct irqm_store *s, uint64_t packed,
			   uint64_t unpacked)
{
	s->taken += packed;
	s->unpacked += unpacked;
	/* it may have grown since */
	if (s->taken / READINGS > s->bytes)
		s->bytes = size_of(s->db);
	return s->taken / READINGS <= s->bytes &&
	       s->unpacked <=
		       IRQM_ROWS_MAX_DOCUMENT + UNPACKED_PER_BYTE * s->bytes;
}
