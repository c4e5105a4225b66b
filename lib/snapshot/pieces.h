/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A large array in the kernel of which only some parts are needed, which are
 * not known beforehand. It is read in pieces, each when it is first needed.
 */
#ifndef IRQM_SNAPSHOT_PIECES_H
#define IRQM_SNAPSHOT_PIECES_H

#include "snapshot/reader.h"

struct pieces {
	struct reader *r;
	/* address of the page in which the array begins */
	uint64_t base;
	uint64_t start, end;  /* of the array, relative to base */
	struct piece **piece; /* NULL: not needed yet */
	uint64_t *budget;     /* bytes that may still be read; related
				   arrays share it */
};

/* Returns false if out of memory; call irqm_pieces_deinit() in any case. */
bool irqm_pieces_init(struct pieces *p, struct reader *r, uint64_t addr,
		      uint64_t len, uint64_t *budget);
void irqm_pieces_deinit(struct pieces *p);

/*
 * Copies len bytes at an offset. Returns IRQM_OK, or why they cannot be read:
 * IRQM_INVALID beyond the array or the budget. Records nothing in unread[], and
 * does not report the bytes as used.
 */
enum irqm_why irqm_pieces_copy(struct pieces *p, uint64_t offset, void *buf,
			       size_t len);

#endif
