/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds out which dumps are in a store. */
#include "fleet/store/internal.h"

/* Gets the outcome from the first column of a row. */
static int outcome_of(sqlite3_stmt *row, enum irqm_outcome *ret,
		      struct irqm_error *err)
{
	if (irqm_outcome_parse((const char *)sqlite3_column_text(row, 0), ret))
		return 1;
	irqm_error_set(err, "the store has an invalid outcome");
	return -1;
}

int irqm_store_has(struct irqm_store *s, const struct irqm_dump_id *id,
		   enum irqm_outcome *ret_outcome, int64_t *ret_analysed_ns,
		   struct irqm_error *err)
{
	enum irqm_outcome outcome;
	int rc;

	sqlite3_bind_int64(s->find, 1, id->size);
	sqlite3_bind_int64(s->find, 2, id->mtime_ns);
	sqlite3_bind_text(s->find, 3, id->hash, -1, SQLITE_STATIC);
	rc = irqm_sql_step(s->find, err);
	if (rc == 1)
		rc = outcome_of(s->find, ret_outcome ? ret_outcome : &outcome,
				err);
	if (rc == 1 && ret_analysed_ns)
		*ret_analysed_ns = sqlite3_column_int64(s->find, 1);
	sqlite3_reset(s->find);
	return rc;
}

int irqm_store_has_files(struct irqm_store *s, const char *files,
			 struct irqm_dump_id *ret_id,
			 enum irqm_outcome *ret_outcome, struct irqm_error *err)
{
	const char *hash;
	int rc;

	sqlite3_bind_text(s->find_files, 1, files, -1, SQLITE_STATIC);
	rc = irqm_sql_step(s->find_files, err);
	if (rc == 1) {
		rc = outcome_of(s->find_files, ret_outcome, err);
		*ret_id = (struct irqm_dump_id){
			.size = sqlite3_column_int64(s->find_files, 1),
			.mtime_ns = sqlite3_column_int64(s->find_files, 2),
		};
		hash = (const char *)sqlite3_column_text(s->find_files, 3);
		snprintf(ret_id->hash, sizeof(ret_id->hash), "%s",
			 hash ? hash : "");
	}
	sqlite3_reset(s->find_files);
	return rc;
}
