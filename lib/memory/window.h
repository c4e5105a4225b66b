/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A range of the dump's memory, copied page by page when it is used. A lookup
 * of one symbol does not read the whole table, and if a page is excluded, only
 * the data on it is missing.
 */
#ifndef IRQM_MEMORY_WINDOW_H
#define IRQM_MEMORY_WINDOW_H

#include "memory/target.h"

struct irqm_window {
	const struct irqm_target *memory;
	uint64_t addr;        /* of the kernel's memory */
	size_t len;           /* bytes */
	unsigned char *data;  /* the bytes that were read, zeros elsewhere */
	unsigned char *state; /* of each page: unread, available, missing */
};

/* Returns 0, or -1 if out of memory or if addr + len wraps. Reads nothing. */
int irqm_window_open(struct irqm_window *w, const struct irqm_target *memory,
		     uint64_t addr, size_t len);
void irqm_window_close(struct irqm_window *w); /* zeroed is fine */

/*
 * Returns how many bytes from offset `from` on are available, at most len:
 * fewer if a page is missing or the window ends. Reads the pages that were not
 * read.
 */
size_t irqm_window_there(struct irqm_window *w, size_t from, size_t len);

/* Returns len bytes at `from`, or NULL if any of them is missing. */
const void *irqm_window_get(struct irqm_window *w, size_t from, size_t len);

/*
 * Reads the pages of len bytes at `from` that were not read yet, in few large
 * reads.
 */
void irqm_window_load(struct irqm_window *w, size_t from, size_t len);

#endif
