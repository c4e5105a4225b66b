/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the version of an open store. */
#include "fleet/store/schema.h"
#include "fleet/store/sql.h"

static int version_of(sqlite3 *db, struct irqm_error *err)
{
	int64_t application, version, objects;

	if (irqm_sql_number(db, "PRAGMA application_id", &application, err) ||
	    irqm_sql_number(db, "PRAGMA user_version", &version, err) ||
	    irqm_sql_number(db, "SELECT count(*) FROM sqlite_master", &objects,
			    err))
		return -1;
	if (application == 0 && version == 0 && objects == 0)
		return 0;
	if (application != IRQM_STORE_APPLICATION || version < 1) {
		irqm_error_set(err, "an SQLite file, but not a store of "
				    "irqmatrix");
		return -1;
	}
	if (version != IRQM_STORE_VERSION) {
		irqm_error_set(err,
			       "the store has schema version %lld, but "
			       "this irqmatrix needs version %d: use the "
			       "irqmatrix that wrote the store, or analyse "
			       "the dumps into a new one",
			       (long long)version, IRQM_STORE_VERSION);
		return -1;
	}
	return version;
}

/* In a transaction, because another process may be creating the store. */
int irqm_schema_version(sqlite3 *db, struct irqm_error *err)
{
	bool alone = sqlite3_get_autocommit(db);
	int version;

	if (alone && irqm_sql_run(db, "BEGIN", err))
		return -1;
	version = version_of(db, err);
	if (version > 0 && irqm_schema_check(db, err))
		version = -1;
	if (alone)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return version;
}
