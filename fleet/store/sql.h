/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short words for what is asked of SQLite everywhere. Private to fleet/store. */
#ifndef IRQM_FLEET_STORE_SQL_H
#define IRQM_FLEET_STORE_SQL_H

#include <sqlite3.h>

#include "base/base.h"

/* -1, with what SQLite says of its last failure. */
int irqm_sql_failed(sqlite3 *db, struct irqm_error *err);
/* Statements without a result. */
int irqm_sql_run(sqlite3 *db, const char *sql, struct irqm_error *err);
/* The one number that sql asks for. */
int irqm_sql_number(sqlite3 *db, const char *sql, int64_t *ret,
		    struct irqm_error *err);
sqlite3_stmt *irqm_sql_prepare(sqlite3 *db, const char *sql,
			       struct irqm_error *err);
/* 1: a row; 0: done, and s is reset; -1 with err, likewise. */
int irqm_sql_step(sqlite3_stmt *s, struct irqm_error *err);

/* Takes the right to write, waiting for others. */
int irqm_sql_begin(sqlite3 *db, struct irqm_error *err);
/* Commits if rc is 0, else rolls back. Returns rc, or -1 with err. */
int irqm_sql_end(sqlite3 *db, int rc, struct irqm_error *err);

#endif
