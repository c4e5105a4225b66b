/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stretch of the dump's memory, copied page by page as it is touched: who
 * looks up one symbol does not pay for the whole table, and an excluded page
 * costs what is on it and no more.
 */
#ifndef IRQM_MEMORY_WINDOW_H
#define IRQM_MEMORY_WINDOW_H

#include "memory/target.h"

struct irqm_window {
	const struct irqm_target *memory;
	uint64_t addr;        /* of the kernel's memory */
	size_t len;           /* bytes */
	unsigned char *data;  /* holds what was read, else zeroes */
	unsigned char *state; /* of each page: unread, there, missing */
};

/* 0, or -1 without memory or if addr + len wraps. Nothing is read. */
int irqm_window_open(struct irqm_window *w, const struct irqm_target *memory,
		     uint64_t addr, size_t len);
void irqm_window_close(struct irqm_window *w); /* zeroed is fine */

/*
 * How many bytes from offset `from` on are there, at most len: less if a page
 * is missing or the window ends. Reads what was not read.
 */
size_t irqm_window_there(struct irqm_window *w, size_t from, size_t len);

/* All len bytes at `from`, or NULL. */
const void *irqm_window_get(struct irqm_window *w, size_t from, size_t len);

/*
 * Reads what was not read of the pages that `len` bytes at `from` are on, in
 * big pieces.
 */
void irqm_window_load(struct irqm_window *w, size_t from, size_t len);

#endif
