/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "distill/ranges.h"

#include <stdlib.h>
#include <string.h>

static int by_start(const void *a, const void *b)
{
	const struct irqm_range *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

void irqm_ranges_sort(struct irqm_ranges *s)
{
	size_t i, nr = 0;

	if (!s->nr)
		return;
	qsort(s->r, s->nr, sizeof(*s->r), by_start);
	for (i = 1; i < s->nr; i++) {
		if (s->r[i].start > s->r[nr].end)
			s->r[++nr] = s->r[i];
		else if (s->r[i].end > s->r[nr].end)
			s->r[nr].end = s->r[i].end;
	}
	s->nr = nr + 1;
}

/* Merges ranges before growing, and grows only if that does not free half:
 * adding the same bytes repeatedly takes no more memory. */
static bool make_room(struct irqm_ranges *s)
{
	size_t room = s->room ? s->room * 2 : 1024;
	struct irqm_range *grown;

	irqm_ranges_sort(s);
	if (s->room && s->nr <= s->room / 2)
		return true;
	if (room > IRQM_RANGES_MAX)
		return s->nr < s->room;
	grown = realloc(s->r, room * sizeof(*grown));
	if (!grown)
		return false;
	s->r = grown;
	s->room = room;
	return true;
}

void irqm_ranges_add(struct irqm_ranges *s, uint64_t start, uint64_t len)
{
	struct irqm_range *last = s->nr ? &s->r[s->nr - 1] : NULL;
	uint64_t end;

	if (!len || s->full)
		return;
	if (__builtin_add_overflow(start, len, &end))
		end = UINT64_MAX;
	/* Most reads begin where the last one ended, or within it. */
	if (last && start >= last->start && start <= last->end) {
		if (end > last->end)
			last->end = end;
		return;
	}
	if (s->nr == s->room && !make_room(s)) {
		s->full = true;
		return;
	}
	s->r[s->nr++] = (struct irqm_range){ start, end };
}

uint64_t irqm_ranges_bytes(const struct irqm_ranges *s)
{
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < s->nr; i++)
		bytes += s->r[i].end - s->r[i].start;
	return bytes;
}

void irqm_ranges_deinit(struct irqm_ranges *s)
{
	free(s->r);
	memset(s, 0, sizeof(*s));
}
