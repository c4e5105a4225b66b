/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NODES 1024 /* CONFIG_NODES_SHIFT is at most 10 */

void irqm_words_split(struct irqm_words *w, char *line)
{
	char *save = NULL, *s;

	line[strcspn(line, "#")] = '\0';
	for (s = strtok_r(line, " \t\r", &save); s;
	     s = strtok_r(NULL, " \t\r", &save)) {
		if (w->nr == IRQM_WORDS_MAX) {
			irqm_words_fail(w, "at most 64 words in a line");
			return;
		}
		w->word[w->nr++] = s;
	}
}

void irqm_words_bad(struct irqm_words *w, const char *what, const char *got)
{
	if (got)
		irqm_words_fail(w, "expected %s, not \"%.80s\"", what, got);
	else
		irqm_words_fail(w, "expected %s, but the line ends", what);
}

void irqm_words_fail(struct irqm_words *w, const char *fmt, ...)
{
	struct irqm_error why;
	va_list ap;

	if (w->bad)
		return;
	w->bad = true;
	va_start(ap, fmt);
	irqm_error_vset(&why, fmt, ap);
	va_end(ap);
	if (w->key)
		irqm_error_set(w->err, "%.40s: %s", w->key, why.msg);
	else
		*w->err = why;
}

bool irqm_words_left(const struct irqm_words *w)
{
	return !w->bad && w->at < w->nr;
}

bool irqm_words_skip(struct irqm_words *w, const char *word)
{
	if (!irqm_words_left(w) || strcmp(w->word[w->at], word) != 0)
		return false;
	w->at++;
	return true;
}

const char *irqm_words_next(struct irqm_words *w, const char *what)
{
	if (irqm_words_left(w))
		return w->word[w->at++];
	irqm_words_bad(w, what, NULL);
	return "";
}

const char *irqm_words_key(struct irqm_words *w, const char *what)
{
	w->key = irqm_words_next(w, what);
	return w->key;
}

/* Decimal or 0x, digits only: strtoull() takes blanks, signs and octal. */
static bool parse_number(const char *s, uint64_t *ret)
{
	bool hex = strncmp(s, "0x", 2) == 0;
	char *end;

	if (hex)
		s += 2;
	if (!isxdigit((unsigned char)*s))
		return false;
	errno = 0;
	*ret = strtoull(s, &end, hex ? 16 : 10);
	return !errno && end != s && !*end;
}

uint64_t irqm_words_number(struct irqm_words *w, const char *what)
{
	const char *s = irqm_words_next(w, what);
	uint64_t n = 0;

	if (w->bad || parse_number(s, &n))
		return n;
	irqm_words_bad(w, what, s);
	return 0;
}

uint64_t irqm_words_below(struct irqm_words *w, const char *what,
			  uint64_t limit)
{
	char below[80];
	const char *s;
	uint64_t n = 0;

	snprintf(below, sizeof(below), "%s below %llu", what,
		 (unsigned long long)limit);
	s = irqm_words_next(w, below);
	if (w->bad || (parse_number(s, &n) && n < limit))
		return n;
	irqm_words_bad(w, below, s);
	return 0;
}

int irqm_words_signed(struct irqm_words *w, const char *what, int max)
{
	const char *s = irqm_words_next(w, what);
	bool minus = *s == '-';
	uint64_t n = 0;

	if (w->bad)
		return 0;
	if (parse_number(s + minus, &n) && n <= (uint64_t)max)
		return minus ? -(int)n : (int)n;
	irqm_words_fail(w, "expected %s from -%d to %d, not \"%.80s\"", what,
			max, max, s);
	return 0;
}

static bool need_cpus(struct irqm_words *w)
{
	if (!w->m->nr_cpu_ids)
		irqm_words_fail(w, "the line \"cpus N\" has to come first");
	return !w->bad;
}

unsigned int irqm_words_cpu(struct irqm_words *w)
{
	return need_cpus(w) ? irqm_words_below(w, "a CPU", w->m->nr_cpu_ids) :
			      0;
}

unsigned int irqm_words_node(struct irqm_words *w)
{
	return irqm_words_below(w, "a node", MAX_NODES);
}

static bool is_list_below(const char *s, unsigned int limit)
{
	unsigned long first, last;

	if (strcmp(s, "all") == 0)
		return true;
	do {
		if (!irqm_range_parse(&s, &first, &last) || last >= limit)
			return false;
	} while (*s++);
	return true;
}

const char *irqm_words_list(struct irqm_words *w, const char *what,
			    unsigned int limit)
{
	char below[80];
	const char *s;

	snprintf(below, sizeof(below), "%s below %u like 0-3,5", what, limit);
	s = irqm_words_next(w, below);
	if (!w->bad && !is_list_below(s, limit))
		irqm_words_bad(w, below, s);
	return w->bad ? "" : s;
}

const char *irqm_words_cpus(struct irqm_words *w)
{
	if (!need_cpus(w) || irqm_words_skip(w, "none"))
		return "";
	return irqm_words_keep(w, irqm_words_list(w, "CPUs", w->m->nr_cpu_ids));
}

const char *irqm_words_string(struct irqm_words *w, const char *what)
{
	const char *s = irqm_words_string_or_none(w, what);

	if (!w->bad && !s)
		irqm_words_bad(w, what, "-");
	return s ? s : "";
}

const char *irqm_words_string_or_none(struct irqm_words *w, const char *what)
{
	return irqm_words_skip(w, "-") ?
		       NULL :
		       irqm_words_keep(w, irqm_words_next(w, what));
}

unsigned int irqm_words_choice(struct irqm_words *w, const char *what,
			       const char *const names[])
{
	const char *s = irqm_words_next(w, what);
	unsigned int i;

	for (i = 0; !w->bad && names[i]; i++)
		if (strcmp(names[i], s) == 0)
			return i;
	irqm_words_bad(w, what, s);
	return 0;
}

static void *alloc_bytes(struct irqm_words *w, size_t count, size_t size)
{
	void *p = irqm_arena_alloc(w->m->arena, count, size);

	if (!p && !w->bad) {
		irqm_error_memory(w->err);
		w->bad = true;
	}
	return p;
}

const char *irqm_words_keep(struct irqm_words *w, const char *s)
{
	size_t len = strlen(s);
	char *copy;

	if (!len)
		return "";
	copy = alloc_bytes(w, len + 1, 1);
	return copy ? memcpy(copy, s, len) : "";
}

/* Arrays have room for 64, 128, 256, ... elements. */
static bool is_full(unsigned int nr)
{
	return !nr || (nr >= 64 && !(nr & (nr - 1)));
}

void *irqm_words_add(struct irqm_words *w, void *array, unsigned int *nr,
		     size_t size, unsigned int max)
{
	char *bytes = *(char **)array, *grown;

	if (*nr == max)
		irqm_words_fail(w, "more than %u such lines", max);
	if (w->bad)
		return NULL;
	if (is_full(*nr)) {
		grown = alloc_bytes(w, *nr ? 2 * (size_t)*nr : 64, size);
		if (!grown)
			return NULL;
		if (*nr)
			memcpy(grown, bytes, *nr * size);
		*(char **)array = bytes = grown;
	}
	return bytes + (*nr)++ * size;
}
