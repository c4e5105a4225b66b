/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open store. Private to fleet/store. */
#ifndef IRQM_FLEET_STORE_INTERNAL_H
#define IRQM_FLEET_STORE_INTERNAL_H

#include "fleet/store/rows.h"
#include "fleet/store/sql.h"
#include "fleet/store/store.h"

/* How long to wait for a transaction of another process. */
#define IRQM_STORE_WAIT_MS 60000

struct irqm_store {
	sqlite3 *db;
	/* only if open for writing */
	sqlite3_stmt *find, *find_files, *remove, *outdated, *forget, *note;
	sqlite3_stmt *insert[IRQM_ROWS_NR_TABLES];
	/* only if open for reading, see irqm_store_bound() */
	uint64_t steps, max_steps; /* SQLite virtual machine instructions */
	uint64_t bytes;            /* size of the file */
	uint64_t taken, unpacked;  /* bytes of the documents read so far */
};

/* Limits the time of each query in proportion to the size of the store. */
void irqm_store_bound(struct irqm_store *s);
/*
 * Counts a document that was read. Returns false if the documents together have
 * more bytes than the file can hold: a spoiled store uses pages twice, or
 * documents unpack to too much.
 */
bool irqm_store_take_bytes(struct irqm_store *s, uint64_t packed,
			   uint64_t unpacked);

/* Checks all of a record except its rows. Returns 0 if it can be stored or
 * written, or -1 with err. */
int irqm_record_check(const struct irqm_record *r, struct irqm_error *err);

/* Prepares what irqm_store_put() needs. */
int irqm_put_prepare(struct irqm_store *s, struct irqm_error *err);
/* The part of irqm_store_put() within the transaction. */
int irqm_put_record(struct irqm_store *s, const struct irqm_record *r,
		    struct irqm_error *err);

#endif
