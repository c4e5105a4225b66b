/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of bytes of an address space, as ranges. */
#ifndef IRQM_DISTILL_RANGES_H
#define IRQM_DISTILL_RANGES_H

#include "base/base.h"

struct irqm_range {
	uint64_t start, end; /* end is exclusive */
};

/* An empty set is zeroed memory. irqm_ranges_deinit() frees it. */
struct irqm_ranges {
	struct irqm_range *r; /* after a sort: ascending and disjoint */
	size_t nr, room;
	/* out of memory, or more than IRQM_RANGES_MAX; the set is then
	 * invalid */
	bool full;
};

/* Limit on the ranges of a set: 64 MB. The largest machines need about 100,000;
 * a spoiled dump can ask for any number. */
#define IRQM_RANGES_MAX (4U << 20)

/* Adds len bytes at start, clipped at the last address. Ranges may come in any
 * order and overlap. Adding n ranges takes O(n log n). */
void irqm_ranges_add(struct irqm_ranges *s, uint64_t start, uint64_t len);

/* Sorts r, and merges ranges that overlap or touch. */
void irqm_ranges_sort(struct irqm_ranges *s);

/* Returns the number of bytes of a sorted set. */
uint64_t irqm_ranges_bytes(const struct irqm_ranges *s);

void irqm_ranges_deinit(struct irqm_ranges *s);

#endif
