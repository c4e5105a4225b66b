/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of bytes of an address space, as ranges. */
#ifndef IRQM_DISTILL_RANGES_H
#define IRQM_DISTILL_RANGES_H

#include "base/base.h"

struct irqm_range {
	uint64_t start, end; /* end is the first byte behind */
};

/* Zeroed is the empty set; irqm_ranges_deinit() takes what it grew. */
struct irqm_ranges {
	struct irqm_range *r; /* ascending and apart after a sort */
	size_t nr, room;
	bool full; /* no memory, or more than the limit: void */
};

/*
 * Ranges that a set may have: 64 MB of them. The largest machines have some
 * 100,000; a spoiled dump can ask for any number.
 */
#define IRQM_RANGES_MAX (4U << 20)

/*
 * Adds len bytes at start; what would be behind the last address is left
 * out. Any order, any overlap; n adds cost n log n.
 */
void irqm_ranges_add(struct irqm_ranges *s, uint64_t start, uint64_t len);

/* Puts r in order and joins what overlaps or touches. */
void irqm_ranges_sort(struct irqm_ranges *s);

/* Bytes of a sorted set. */
uint64_t irqm_ranges_bytes(const struct irqm_ranges *s);

void irqm_ranges_deinit(struct irqm_ranges *s);

#endif
