/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open store. Private to fleet/store. */
#ifndef IRQM_FLEET_STORE_INTERNAL_H
#define IRQM_FLEET_STORE_INTERNAL_H

#include "fleet/store/rows.h"
#include "fleet/store/sql.h"
#include "fleet/store/store.h"

/* How long one waits for another's transaction. */
#define IRQM_STORE_WAIT_MS 60000

struct irqm_store {
	sqlite3 *db;
	/* of a store that is written to */
	sqlite3_stmt *find, *find_files, *remove, *outdated, *forget, *note;
	sqlite3_stmt *insert[IRQM_ROWS_NR_TABLES];
	/* of one that is read, see irqm_store_bound() */
	uint64_t steps, max_steps; /* of SQLite's machine */
	uint64_t bytes;            /* of the file */
	uint64_t taken, unpacked;  /* bytes of its documents */
};

/* Bounds the time of each query by the size of the store. */
void irqm_store_bound(struct irqm_store *s);
/*
 * Counts a document that was read. Returns false if all of them together have
 * more bytes than the file: its pages are used twice, or unpack to too much.
 */
bool irqm_store_take_bytes(struct irqm_store *s, uint64_t packed,
			   uint64_t unpacked);

/* 0 if all of it but the rows can be put in or written, else -1 with err. */
int irqm_record_check(const struct irqm_record *r, struct irqm_error *err);

/* Prepares what irqm_store_put() needs. */
int irqm_put_prepare(struct irqm_store *s, struct irqm_error *err);
/* irqm_store_put() within a transaction. */
int irqm_put_record(struct irqm_store *s, const struct irqm_record *r,
		    struct irqm_error *err);

#endif
