/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The word that a misspelled one probably means, for "do you mean ...?". */
#ifndef IRQM_BASE_NEAREST_H
#define IRQM_BASE_NEAREST_H

#include <stddef.h>

/* Limit: longer words have no nearest one. */
#define IRQM_NEAREST_MAX 40

struct irqm_nearest {
	const char *word;
	size_t len;
	char found[IRQM_NEAREST_MAX + 1]; /* "": no candidate is near */
	size_t distance; /* 0: found is the word, but for case, '-' and '_' */
};

/* Starts the search for a word of len bytes, which must stay valid. */
void irqm_nearest_begin(struct irqm_nearest *n, const char *word, size_t len);

/*
 * Compares a candidate; NULL is ignored. One is near if most letters match: at
 * most two were added, left out, changed or swapped, or the word is its
 * beginning. Case does not matter, and '-' equals '_'. The first of several
 * that are equally near is kept.
 */
void irqm_nearest_offer(struct irqm_nearest *n, const char *candidate);

/* Room for "do you mean ...?" or another hint. */
#define IRQM_NEAREST_HINT 128
/* Writes "do you mean BEFOREfound?", or otherwise if no candidate is near.
 * Returns ret. */
char *irqm_nearest_hint(const struct irqm_nearest *n, const char *before,
			const char *otherwise, char ret[IRQM_NEAREST_HINT]);

#endif
