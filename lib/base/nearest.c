/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define DISTANCE_MAX 2
/* A shorter beginning would fit too many words. */
#define BEGINNING_MIN 3

void irqm_nearest_begin(struct irqm_nearest *n, const char *word, size_t len)
{
	*n = (struct irqm_nearest){ word, len, "", DISTANCE_MAX + 1 };
}

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b) ||
	       (a == '-' && b == '_') || (a == '_' && b == '-');
}

static size_t smaller_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One row of the table of distances: between the first i letters of a, and all
 * beginnings of b. now, last and before are the rows i, i - 1 and i - 2. */
static void fill_row(size_t *now, const size_t *last, const size_t *before,
		     const char *a, size_t i, const char *b, size_t len)
{
	size_t k;

	now[0] = i;
	for (k = 1; k <= len; k++) {
		now[k] = smaller_of(last[k], now[k - 1]) + 1;
		now[k] = smaller_of(
			now[k], last[k - 1] + !same_letter(a[i - 1], b[k - 1]));
		if (i > 1 && k > 1 && same_letter(a[i - 1], b[k - 2]) &&
		    same_letter(a[i - 2], b[k - 1]))
			now[k] = smaller_of(now[k], before[k - 2] + 1);
	}
}

/* Returns the letters to add, leave out, change or swap to make b of a. */
static size_t word_distance(const char *a, size_t len_a, const char *b,
			    size_t len_b)
{
	size_t rows[3][IRQM_NEAREST_MAX + 1] = { { 0 } };
	size_t i;

	for (i = 0; i <= len_b; i++)
		rows[0][i] = i;
	for (i = 1; i <= len_a; i++)
		fill_row(rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3], a,
			 i, b, len_b);
	return rows[len_a % 3][len_b];
}

static bool is_beginning(const struct irqm_nearest *n, const char *candidate)
{
	size_t i;

	for (i = 0; i < n->len; i++)
		if (!same_letter(n->word[i], candidate[i]))
			return false;
	return n->len >= BEGINNING_MIN;
}

void irqm_nearest_offer(struct irqm_nearest *n, const char *candidate)
{
	size_t len = candidate ? strlen(candidate) : 0, distance;

	if (len == 0 || len > IRQM_NEAREST_MAX || n->len > IRQM_NEAREST_MAX)
		return;
	if (len > n->len && is_beginning(n, candidate))
		distance = 1;
	else if (len > n->len + DISTANCE_MAX || n->len > len + DISTANCE_MAX)
		return;
	else
		distance = word_distance(n->word, n->len, candidate, len);
	if (distance >= n->distance || 2 * distance >= len)
		return;
	n->distance = distance;
	strcpy(n->found, candidate);
}

char *irqm_nearest_hint(const struct irqm_nearest *n, const char *before,
			const char *otherwise, char ret[IRQM_NEAREST_HINT])
{
	if (n->found[0])
		snprintf(ret, IRQM_NEAREST_HINT, "do you mean %s%s?", before,
			 n->found);
	else
		snprintf(ret, IRQM_NEAREST_HINT, "%s", otherwise);
	return ret;
}
