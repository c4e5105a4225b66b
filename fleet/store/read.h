/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records out of a store, one after the other. Private to fleet/store. */
#ifndef IRQM_FLEET_STORE_READ_H
#define IRQM_FLEET_STORE_READ_H

#include "fleet/store/internal.h"

struct irqm_stored {
	int64_t dump;         /* its row in dumps */
	struct irqm_record r; /* rows: NULL until irqm_stored_rows() */
	char *path, *reason, *tool_version;
	/* the document, one way or the other; NULL if failed */
	void *packed;
	size_t packed_len;
	json_t *document;
	char *text; /* within the line that it was read from */
	size_t text_len;
	void *rows;
};

/*
 * Reads the record of a line of NDJSON. 1, 0: there is no more, -1 with err. A
 * last line without an end is no more, and sets cut.
 */
struct irqm_ndjson {
	FILE *in;
	char *line;
	size_t room;
	uint64_t nr; /* of the line, from 1 on */
	bool cut;
};
int irqm_ndjson_next(struct irqm_ndjson *n, struct irqm_stored *ret,
		     struct irqm_error *err);

/* Reads the first dump whose row is after this one. 1, 0: none, -1 with err. */
int irqm_stored_after(struct irqm_store *s, int64_t dump,
		      struct irqm_stored *ret, struct irqm_error *err);
/*
 * Makes the rows of its document anew. If that cannot be, as the document is
 * broken, it is a dump that failed, with the reason. -1, with err: no memory.
 */
int irqm_stored_rows(struct irqm_stored *d, struct irqm_error *err);
void irqm_stored_deinit(struct irqm_stored *d);

#endif
