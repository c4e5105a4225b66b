/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short helpers for SQLite. Private to fleet/store. */
#ifndef IRQM_FLEET_STORE_SQL_H
#define IRQM_FLEET_STORE_SQL_H

#include <sqlite3.h>

#include "base/base.h"

/* Sets err to SQLite's last error. Returns -1. */
int irqm_sql_failed(sqlite3 *db, struct irqm_error *err);
/* Runs statements that return no rows. */
int irqm_sql_run(sqlite3 *db, const char *sql, struct irqm_error *err);
/* Runs a query that returns one number. */
int irqm_sql_number(sqlite3 *db, const char *sql, int64_t *ret,
		    struct irqm_error *err);
sqlite3_stmt *irqm_sql_prepare(sqlite3 *db, const char *sql,
			       struct irqm_error *err);
/* Returns 1 for a row, 0 at the end, or -1 with err. Resets s unless it returns
 * 1. */
int irqm_sql_step(sqlite3_stmt *s, struct irqm_error *err);

/* Begins a write transaction; waits for other writers. */
int irqm_sql_begin(sqlite3 *db, struct irqm_error *err);
/* Commits if rc is 0, else rolls back. Returns rc, or -1 with err. */
int irqm_sql_end(sqlite3 *db, int rc, struct irqm_error *err);

#endif
