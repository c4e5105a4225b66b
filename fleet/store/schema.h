/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables as SQL, and how an older store becomes one of today's. Private
 * to fleet/store. */
#ifndef IRQM_FLEET_STORE_SCHEMA_H
#define IRQM_FLEET_STORE_SCHEMA_H

#include <sqlite3.h>

#include "base/base.h"

/* PRAGMA application_id: "irqm". */
#define IRQM_STORE_APPLICATION 0x6972716d
/* PRAGMA user_version of a store of today. */
#define IRQM_STORE_VERSION 4

/* What the schema of a version adds to the one before, from 1 on. */
const char *irqm_schema_sql(int version);
/* The rows have to be made anew from the documents for this version. */
bool irqm_schema_refills(int version);

/*
 * The version of the open file; 0 for an empty one, -1 with err if it is not a
 * store or a newer one.
 */
int irqm_schema_version(sqlite3 *db, struct irqm_error *err);

/*
 * Returns 0 if the open file of this version has no tables, indexes, views and
 * triggers other than ours, or -1 with err.
 */
int irqm_schema_check(sqlite3 *db, int version, struct irqm_error *err);

#endif
