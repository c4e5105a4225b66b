/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many masks a node or a cluster gets, since 5.4. */
#include "plan/spreader.h"

#include <limits.h>

/* ncpus_cmp_func(): UINT_MAX sorts first, because the difference is an int. */
static int compare_shares(const struct share *a, const struct share *b)
{
	return (int)(a->n - b->n);
}

static void swap_shares(struct share *s, size_t i, size_t k)
{
	struct share t = s[i];

	s[i] = s[k];
	s[k] = t;
}

/* Returns the child to follow when sifting. If both compare equal, that is the
 * first up to 6.1, and the second since 6.12. */
static size_t greater_child(const struct share *s, size_t child, bool pop2)
{
	int order = compare_shares(&s[child], &s[child + 1]);

	return order > 0 || (order == 0 && !pop2) ? child : child + 1;
}

/* Sifts as the kernel does: down to a leaf along the greater children, then
 * back up to the element's place. */
static void sift_down(struct share *s, size_t at, size_t n, bool pop2)
{
	size_t to = at, i;

	while (2 * to + 2 < n)
		to = greater_child(s, 2 * to + 1, pop2);
	if (2 * to + 2 == n)
		to = 2 * to + 1;
	while (to != at && compare_shares(&s[at], &s[to]) >= 0)
		to = (to - 1) / 2;
	for (i = to; i != at;) {
		i = (i - 1) / 2;
		swap_shares(s, i, to);
	}
}

/* Removes two at a time: the root, and the greater of its children
 * (0e02ca29a563). */
static void pop_pairs(struct share *s, size_t n)
{
	size_t hole;

	while (n > 3) {
		swap_shares(s, 0, --n);
		hole = compare_shares(&s[1], &s[2]) <= 0 ? 2 : 1;
		swap_shares(s, hole, --n);
		sift_down(s, hole, n, true);
		sift_down(s, 0, n, true);
	}
	swap_shares(s, 0, --n);
	if (n == 2 && compare_shares(&s[0], &s[1]) > 0)
		swap_shares(s, 0, 1);
}

/* As in lib/sort.c: which of two equal elements comes first depends on the
 * algorithm. */
static void heap_sort(struct share *s, size_t n, bool pop2)
{
	size_t i;

	if (n < 2)
		return;
	for (i = n / 2; i-- > 0;)
		sift_down(s, i, n, pop2);
	if (pop2) {
		pop_pairs(s, n);
		return;
	}
	while (--n) {
		swap_shares(s, 0, n);
		sift_down(s, 0, n, pop2);
	}
}

void irqm_spread_apportion(struct share *shares, unsigned int nr,
			   unsigned int masks, unsigned int cpus, bool pop2)
{
	unsigned int i, n, count;

	heap_sort(shares, nr, pop2);
	for (i = 0; i < nr; i++) {
		count = shares[i].n;
		if (count == UINT_MAX)
			continue;
		n = (uint64_t)masks * count / cpus;
		shares[i].n = n ? n : 1;
		cpus -= count;
		masks -= shares[i].n;
	}
}
