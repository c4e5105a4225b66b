/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A large array of the kernel's of which a part is used that is not known
 * beforehand: read in pieces, each when something in it is asked for.
 */
#ifndef IRQM_SNAPSHOT_PIECES_H
#define IRQM_SNAPSHOT_PIECES_H

#include "snapshot/reader.h"

struct pieces {
	struct reader *r;
	uint64_t base;          /* of the page that the array begins in */
	uint64_t start, end;    /* of the array, from base on */
	struct piece **piece;   /* NULL: nobody asked for it */
	uint64_t *budget;       /* bytes that may yet be read; arrays that
				   belong together share it */
};

/* False without memory; to be freed in any case. */
bool pieces_init(struct pieces *p, struct reader *r, uint64_t addr,
		 uint64_t len, uint64_t *budget);
void pieces_free(struct pieces *p);

/*
 * Copies len bytes at an offset. IRQM_OK, or why not: IRQM_INVALID beyond the
 * array or the budget. Nothing is noted, and nothing told to be used.
 */
enum irqm_why pieces_copy(struct pieces *p, uint64_t offset, void *buf,
			  size_t len);

#endif
