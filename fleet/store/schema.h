/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables as SQL. Private to fleet/store. */
#ifndef IRQM_FLEET_STORE_SCHEMA_H
#define IRQM_FLEET_STORE_SCHEMA_H

#include <sqlite3.h>

#include "base/base.h"

/* PRAGMA application_id: "irqm". */
#define IRQM_STORE_APPLICATION 0x6972716d
/* PRAGMA user_version. Raise it if a table changes after a release: a fact that
 * is added to lib/facts is a column of the store. */
#define IRQM_STORE_VERSION 1

/* Creates the tables, indexes and views. Returns 0, or -1 with err. */
int irqm_schema_create(sqlite3 *db, struct irqm_error *err);

/*
 * Returns IRQM_STORE_VERSION if the open file is a store of this version, 0 if
 * it is empty, or -1 with err.
 */
int irqm_schema_version(sqlite3 *db, struct irqm_error *err);

/*
 * Returns 0 if the open file has no tables, indexes, views and triggers other
 * than ours, or -1 with err.
 */
int irqm_schema_check(sqlite3 *db, struct irqm_error *err);

#endif
