/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/mkdump/words.h"
#include "tests/mkdump/internal.h"

#include <stdlib.h>
#include <string.h>

void word_bad(struct words *w, const char *what, const char *got)
{
	if (!w->bad)
		irqm_error_set(w->err, "%s, not \"%s\"", what,
			       got ? got : "(nothing)");
	w->bad = true;
}

const char *word_next(struct words *w, const char *what)
{
	if (w->at < w->nr)
		return w->word[w->at++];
	word_bad(w, what, NULL);
	return "";
}

uint64_t word_number(struct words *w, const char *what)
{
	const char *s = word_next(w, what);
	uint64_t value;
	char *end;

	value = strtoull(s, &end, 0);
	if (end == s || *end)
		word_bad(w, what, s);
	return value;
}

uint64_t word_below(struct words *w, const char *what, uint64_t limit)
{
	uint64_t n = word_number(w, what);

	if (n < limit)
		return n;
	word_bad(w, what, w->word[w->at - 1]);
	return 0;
}

const char *word_keep(struct words *w, const char *s)
{
	return must(irqm_arena_strdup(w->mk->arena, s));
}

const char *word_string(struct words *w, const char *what)
{
	const char *s = word_next(w, what);

	return strcmp(s, "-") == 0 ? NULL : word_keep(w, s);
}

const char *word_cpus(struct words *w)
{
	struct irqm_bits b = { .nbits = w->mk->m.nr_cpu_ids };
	const char *list = word_next(w, "a list of CPUs");
	struct irqm_error err;

	if (w->bad || strcmp(list, "none") == 0)
		return "";
	b.words = must(calloc(IRQM_BITS_WORDS(b.nbits) + 1, 8));
	if (irqm_bits_parse(&b, list, &err) != 0)
		word_bad(w, "a list of CPUs below those of \"cpus\"", list);
	free(b.words);
	return word_keep(w, list);
}

unsigned int word_choice(struct words *w, const char *what,
			 const char *const names[])
{
	const char *s = word_next(w, what);
	unsigned int i;

	for (i = 0; names[i]; i++)
		if (strcmp(names[i], s) == 0)
			return i;
	word_bad(w, what, s);
	return 0;
}

void *grow_array(void *array, unsigned int *nr, unsigned int *room, size_t size)
{
	if (*nr == *room) {
		*room = *room ? *room * 2 : 64;
		*(void **)array = must(realloc(*(void **)array, *room * size));
	}
	memset(*(char **)array + *nr * size, 0, size);
	return *(char **)array + (*nr)++ * size;
}

bool word_flag(const struct word_flag flags[], unsigned int nr, const char *key)
{
	unsigned int n;

	for (n = 0; n < nr; n++)
		if (strcmp(flags[n].key, key) == 0)
			return *flags[n].flag = true;
	return false;
}
