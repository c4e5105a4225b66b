/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder share; not for others. */
#ifndef IRQM_DIFF_INTERNAL_H
#define IRQM_DIFF_INTERNAL_H

#include "diff/diff.h"

/* One side's things, to be matched with the other's. */
struct irqm_things {
	void *things;
	size_t nr;
};

/* How things of that size are matched. */
struct irqm_matcher {
	size_t size;
	/* 0: these may be the same */
	int (*group)(const void *a, const void *b);
	/* of a group, are they? NULL: yes */
	bool (*same)(const void *a, const void *b);
	/* goes on where group ends, so that what is alike finds itself */
	int (*order)(const void *a, const void *b);
	/* one of the two is NULL if it is not there */
	void (*found)(void *ctx, const void *before, const void *after);
};

/*
 * Sorts both sides and calls found() for each pair and each of the rest.
 * Linear after that, whatever is in there more than once.
 */
void irqm_match(const struct irqm_matcher *m, struct irqm_things *before,
		struct irqm_things *after, void *ctx);

/* NULL is unknown. For sorting it comes first; two of them are equal. */
int irqm_order_strings(const char *a, const char *b);
static inline int irqm_order_nums(irqm_num a, irqm_num b)
{
	return (a > b) - (a < b);
}

/* Both are known, and they differ. */
bool irqm_strings_differ(const char *a, const char *b);
bool irqm_sets_differ(const struct irqm_bits *a, const struct irqm_bits *b);

/*
 * By what is there: came, went, or else changed or same. All but the last make
 * the dumps differ, unless gaps may be the reason: then it is unknown.
 */
enum irqm_change irqm_note_change(struct irqm_diff *d, const void *before,
				  const void *after, bool changed, bool gaps);

/* Could what it is matched by not be read? */
bool irqm_device_unknown(const struct irqm_device *d);
bool irqm_irq_unknown(const struct irqm_irq *irq);

struct irqm_diff_gaps irqm_diff_gaps(const struct irqm_analysis *a);

/* The parts of irqm_diff(), in this order. False without memory. */
bool irqm_diff_devices(struct irqm_diff *d);
bool irqm_diff_drivers(struct irqm_diff *d);
bool irqm_diff_irqs(struct irqm_diff *d);

#endif
