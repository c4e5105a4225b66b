/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to lib/diff. */
#ifndef IRQM_DIFF_INTERNAL_H
#define IRQM_DIFF_INTERNAL_H

#include "diff/diff.h"
#include "facts/facts.h"

/* One side's array, to be matched with the other's. */
struct irqm_things {
	void *things;
	size_t nr;
};

/* How to match two arrays of elements of this size. */
struct irqm_matcher {
	size_t size;
	/* returns 0 if both may be the same */
	int (*group)(const void *a, const void *b);
	/* within a group, says if both are the same; NULL: they are */
	bool (*same)(const void *a, const void *b);
	/* sorts within a group, so that equal elements are paired */
	int (*order)(const void *a, const void *b);
	/* before or after is NULL if that side has no such element */
	void (*found)(void *ctx, const void *before, const void *after);
};

/* Sorts both sides, and calls found() for each pair and each element without a
 * pair. After sorting this is linear, even if elements repeat. */
void irqm_match(const struct irqm_matcher *m, struct irqm_things *before,
		struct irqm_things *after, void *ctx);

/* Compares strings for sorting. NULL (unknown) comes first and equals NULL. */
int irqm_order_strings(const char *a, const char *b);
static inline int irqm_order_nums(irqm_num a, irqm_num b)
{
	return (a > b) - (a < b);
}

/* Returns true if both are known and differ. */
bool irqm_strings_differ(const char *a, const char *b);
bool irqm_sets_differ(const struct irqm_bits *a, const struct irqm_bits *b);

/*
 * Returns came or went if one side is NULL, otherwise changed or same. Came,
 * went and changed make the dumps differ, unless gaps may be the reason: then
 * the result is unknown.
 */
enum irqm_change irqm_note_change(struct irqm_diff *d, const void *before,
				  const void *after, bool changed, bool gaps);

/* Returns true if something that devices are matched by could not be read. */
bool irqm_device_unknown(const struct irqm_device *d);
bool irqm_irq_unknown(const struct irqm_irq *irq);

struct irqm_diff_gaps irqm_diff_gaps(const struct irqm_analysis *a);

/* The parts of irqm_diff(), called in this order. Return false if out of
 * memory. */
bool irqm_diff_devices(struct irqm_diff *d);
bool irqm_diff_drivers(struct irqm_diff *d);
bool irqm_diff_irqs(struct irqm_diff *d);

#endif
