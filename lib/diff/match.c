/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diff/internal.h"

#include <stdlib.h>
#include <string.h>

/* Returns < 0 if a has no partner, > 0 if b has none, 0 if they are a pair. */
static int who_is_next(const struct irqm_matcher *m, const void *a,
		       const void *b)
{
	int order;

	if (!a || !b)
		return a ? -1 : 1;
	order = m->group(a, b);
	if (order || !m->same || m->same(a, b))
		return order;
	return m->order(a, b);
}

static void *thing_at(const struct irqm_matcher *m, const struct irqm_things *t,
		      size_t i)
{
	return i < t->nr ? (char *)t->things + i * m->size : NULL;
}

void irqm_match(const struct irqm_matcher *m, struct irqm_things *before,
		struct irqm_things *after, void *ctx)
{
	size_t i = 0, j = 0;
	void *a, *b;
	int next;

	if (before->nr)
		qsort(before->things, before->nr, m->size, m->order);
	if (after->nr)
		qsort(after->things, after->nr, m->size, m->order);
	while (i < before->nr || j < after->nr) {
		a = thing_at(m, before, i);
		b = thing_at(m, after, j);
		next = who_is_next(m, a, b);
		m->found(ctx, next <= 0 ? a : NULL, next >= 0 ? b : NULL);
		i += next <= 0;
		j += next >= 0;
	}
}

int irqm_order_strings(const char *a, const char *b)
{
	if (!a || !b)
		return !!a - !!b;
	return strcmp(a, b);
}

bool irqm_strings_differ(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

/* The sets may be of different lengths, if nr_cpu_ids differs. */
bool irqm_sets_differ(const struct irqm_bits *a, const struct irqm_bits *b)
{
	unsigned int both;

	if (!irqm_bits_known(a) || !irqm_bits_known(b))
		return false;
	both = irqm_bits_weight_and(a, b);
	return irqm_bits_weight(a) != both || irqm_bits_weight(b) != both;
}

enum irqm_change irqm_note_change(struct irqm_diff *d, const void *before,
				  const void *after, bool changed, bool gaps)
{
	if (before && after && !changed)
		return IRQM_SAME;
	if (gaps)
		return IRQM_CHANGE_UNKNOWN;
	d->differs = true;
	if (!before)
		return IRQM_CAME;
	return after ? IRQM_CHANGED : IRQM_WENT;
}
