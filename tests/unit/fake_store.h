/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores in a folder of their own, and records of the shipped documents. */
#ifndef FAKE_STORE_H
#define FAKE_STORE_H

#include <sqlite3.h>

#include "fleet/store/store.h"

struct fake_store {
	char folder[64];
	char path[96];
};

/* For cmocka: *state is a struct fake_store; the folder goes in the end. */
int fake_store_setup(void **state);
int fake_store_teardown(void **state);

/* tests/data/distilled/NAME.json */
json_t *fake_document(const char *name);

/* A record of that document, or of a failure if name is NULL, of a dump that
 * is told apart by number. Its rows are to be freed. */
struct irqm_record fake_record(const char *name, unsigned int number);

struct irqm_store *fake_store_open(const char *path, unsigned int flags);
void fake_store_put(struct irqm_store *s, const char *name,
		    unsigned int number);

/* Past what a store would do to itself; the file is made if it is not there. */
void fake_sql(const char *path, const char *sql);
/* What another reader, SQLite itself, says: one number of the file. */
int64_t fake_ask(const char *path, const char *sql);
/* All that is in the file but row numbers, in an order that does not depend on
 * the order it was put in; to be freed. */
char *fake_contents(const char *path);

#endif
