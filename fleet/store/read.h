/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the records of a store one by one. Private to fleet/store. */
#ifndef IRQM_FLEET_STORE_READ_H
#define IRQM_FLEET_STORE_READ_H

#include "fleet/store/internal.h"

struct irqm_stored {
	int64_t dump;         /* id of its row in the table dumps */
	struct irqm_record r; /* r.rows is NULL until irqm_stored_rows() */
	char *path, *reason, *tool_version;
	/* the document in one of these forms; none if the dump failed */
	void *packed;
	size_t packed_len;
	json_t *document;
	char *text; /* points into the NDJSON line */
	size_t text_len;
	void *rows;
};

/* Reads the record of the next NDJSON line. Returns 1, 0 at the end, or -1 with
 * err. If the last line has no newline, it is ignored and cut is set. */
struct irqm_ndjson {
	FILE *in;
	char *line;
	size_t room;
	uint64_t nr; /* number of the line, from 1 */
	bool cut;
};
int irqm_ndjson_next(struct irqm_ndjson *n, struct irqm_stored *ret,
		     struct irqm_error *err);

/* Reads the first record with an id greater than dump. Returns 1, 0 if there is
 * none, or -1 with err. */
int irqm_stored_after(struct irqm_store *s, int64_t dump,
		      struct irqm_stored *ret, struct irqm_error *err);
/*
 * Computes the rows from the document. If the document is broken, turns the
 * record into a failed one with the reason. Returns -1 with err if out of
 * memory.
 */
int irqm_stored_rows(struct irqm_stored *d, struct irqm_error *err);
void irqm_stored_deinit(struct irqm_stored *d);

#endif
