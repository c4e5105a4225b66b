/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/store/sql.h"

int irqm_sql_failed(sqlite3 *db, struct irqm_error *err)
{
	if (sqlite3_errcode(db) == SQLITE_INTERRUPT) {
		irqm_error_set(err,
			       "the query takes too long for a store of "
			       "this size: the store is damaged, or the query "
			       "is too expensive");
		return -1;
	}
	if (sqlite3_errcode(db) == SQLITE_NOTADB)
		irqm_error_set(err, "not a store; irqmatrix batch --db makes "
				    "one of dumps");
	else
		irqm_error_set(err, "%s", sqlite3_errmsg(db));
	return -1;
}

int irqm_sql_run(sqlite3 *db, const char *sql, struct irqm_error *err)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return irqm_sql_failed(db, err);
	return 0;
}

sqlite3_stmt *irqm_sql_prepare(sqlite3 *db, const char *sql,
			       struct irqm_error *err)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		irqm_sql_failed(db, err);
	return s;
}

int irqm_sql_step(sqlite3_stmt *s, struct irqm_error *err)
{
	switch (sqlite3_step(s)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		sqlite3_reset(s);
		return 0;
	default:
		irqm_sql_failed(sqlite3_db_handle(s), err);
		sqlite3_reset(s);
		return -1;
	}
}

int irqm_sql_number(sqlite3 *db, const char *sql, int64_t *ret,
		    struct irqm_error *err)
{
	sqlite3_stmt *s = irqm_sql_prepare(db, sql, err);
	int rc;

	if (!s)
		return -1;
	rc = irqm_sql_step(s, err);
	if (rc == 1)
		*ret = sqlite3_column_int64(s, 0);
	else if (rc == 0)
		irqm_error_set(err, "no result from %s", sql);
	sqlite3_finalize(s);
	return rc == 1 ? 0 : -1;
}

int irqm_sql_begin(sqlite3 *db, struct irqm_error *err)
{
	return irqm_sql_run(db, "BEGIN IMMEDIATE", err);
}

int irqm_sql_end(sqlite3 *db, int rc, struct irqm_error *err)
{
	if (!rc) {
		rc = irqm_sql_run(db, "COMMIT", err);
		if (!rc)
			return 0;
	}
	/* some errors end the transaction */
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}
