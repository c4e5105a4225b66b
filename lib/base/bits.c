/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct irqm_bits irqm_bits_new(struct irqm_arena *a, unsigned int nbits)
{
	struct irqm_bits b = { .nbits = nbits };

	b.words = irqm_arena_alloc(a, IRQM_BITS_WORDS(nbits), sizeof(*b.words));
	return b;
}

unsigned int irqm_bits_next(const struct irqm_bits *b, unsigned int from)
{
	unsigned int w;

	if (!b->words || from >= b->nbits)
		return b->nbits;
	w = from / 64;
	for (uint64_t word = b->words[w] & (~0ULL << (from % 64));;
	     word = b->words[w]) {
		if (word) {
			unsigned int n = w * 64 + __builtin_ctzll(word);

			return n < b->nbits ? n : b->nbits;
		}
		if (++w >= IRQM_BITS_WORDS(b->nbits))
			return b->nbits;
	}
}

unsigned int irqm_bits_weight(const struct irqm_bits *b)
{
	return irqm_bits_weight_and(b, b);
}

unsigned int irqm_bits_weight_and(const struct irqm_bits *a,
				  const struct irqm_bits *b)
{
	size_t i, words = IRQM_BITS_WORDS(a->nbits < b->nbits ? a->nbits :
								b->nbits);
	unsigned int weight = 0;

	if (!a->words || !b->words)
		return 0;
	for (i = 0; i < words; i++)
		weight += __builtin_popcountll(a->words[i] & b->words[i]);
	return weight;
}

static uint64_t word_at(const struct irqm_bits *b, size_t i)
{
	return b->words && i < IRQM_BITS_WORDS(b->nbits) ? b->words[i] : 0;
}

/* Clears the bits beyond the end, which a longer set may have had. */
static void clear_rest(struct irqm_bits *b)
{
	if (b->nbits % 64)
		b->words[b->nbits / 64] &= ~0ULL >> (64 - b->nbits % 64);
}

void irqm_bits_and(struct irqm_bits *to, const struct irqm_bits *a,
		   const struct irqm_bits *b)
{
	size_t i, words = IRQM_BITS_WORDS(to->nbits);

	for (i = 0; i < words; i++)
		to->words[i] = word_at(a, i) & word_at(b, i);
	clear_rest(to);
}

void irqm_bits_or(struct irqm_bits *to, const struct irqm_bits *more)
{
	size_t i;

	for (i = 0; i < IRQM_BITS_WORDS(to->nbits); i++)
		to->words[i] |= word_at(more, i);
	clear_rest(to);
}

bool irqm_bits_equal(const struct irqm_bits *a, const struct irqm_bits *b)
{
	if (!a->words || !b->words)
		return a->words == b->words;
	return a->nbits == b->nbits &&
	       memcmp(a->words, b->words,
		      IRQM_BITS_WORDS(a->nbits) * sizeof(*a->words)) == 0;
}

unsigned int irqm_bits_run_end(const struct irqm_bits *b, unsigned int first)
{
	while (irqm_bits_test(b, first + 1))
		first++;
	return first;
}

/* Writes a number, and returns its end. printf() would take most of the time of a
 * list. */
static char *put_number(char *at, unsigned int n)
{
	char digits[10];
	unsigned int nr = 0;

	do {
		digits[nr++] = '0' + n % 10;
		n /= 10;
	} while (n);
	while (nr)
		*at++ = digits[--nr];
	return at;
}

static char *put_range(char *at, unsigned int first, unsigned int last)
{
	at = put_number(at, first);
	if (last != first) {
		*at++ = '-';
		at = put_number(at, last);
	}
	return at;
}

char *irqm_range_text(char *ret, unsigned int first, unsigned int last)
{
	*put_range(ret, first, last) = '\0';
	return ret;
}

/*
 * Does not use open_memstream(): if memory runs out, that silently drops text.
 * The '\0' of each range is room for a comma.
 */
char *irqm_bits_list(const struct irqm_bits *b)
{
	unsigned int first, last;
	size_t runs = 0;
	char *list, *at;

	if (!b->words)
		return NULL;
	for (first = irqm_bits_next(b, 0); first < b->nbits;
	     first = irqm_bits_next(b, irqm_bits_run_end(b, first) + 1))
		runs++;
	list = malloc(runs * IRQM_RANGE_SIZE + 1);
	if (!list)
		return NULL;
	at = list;
	for (first = irqm_bits_next(b, 0); first < b->nbits;
	     first = irqm_bits_next(b, last + 1)) {
		last = irqm_bits_run_end(b, first);
		if (at > list)
			*at++ = ',';
		at = put_range(at, first, last);
	}
	*at = '\0';
	return list;
}

/* Parses a decimal number at *s and advances *s. */
static bool parse_number(const char **s, unsigned long *ret)
{
	char *end;

	if (!isdigit((unsigned char)**s))
		return false;
	errno = 0;
	*ret = strtoul(*s, &end, 10);
	if (errno)
		return false;
	*s = end;
	return true;
}

bool irqm_range_parse(const char **s, unsigned long *ret_first,
		      unsigned long *ret_last)
{
	if (!parse_number(s, ret_first))
		return false;
	*ret_last = *ret_first;
	if (**s == '-') {
		++*s;
		if (!parse_number(s, ret_last))
			return false;
	}
	return *ret_last >= *ret_first && (**s == ',' || **s == '\0');
}

int irqm_bits_parse(struct irqm_bits *b, const char *list,
		    struct irqm_error *err)
{
	const char *s = list;
	unsigned long first, last, n;

	if (strcmp(list, "all") == 0 || strcmp(list, "a") == 0) {
		for (n = 0; n < b->nbits; n++)
			irqm_bits_set(b, n);
		return 0;
	}
	for (;;) {
		if (!irqm_range_parse(&s, &first, &last)) {
			irqm_error_set(err,
				       "\"%.40s\" is not a list like 0-3,5",
				       list);
			return -1;
		}
		if (last >= b->nbits)
			break;
		for (n = first; n <= last; n++)
			irqm_bits_set(b, n);
		if (*s++ == '\0')
			return 0;
	}
	if (b->nbits)
		irqm_error_set(err, "%lu is out of range, the highest is %u",
			       last, b->nbits - 1);
	else
		irqm_error_set(err, "%lu is out of range, the set is empty",
			       last);
	return -1;
}
