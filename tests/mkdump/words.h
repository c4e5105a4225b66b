/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of a machine's text, word by word. */
#ifndef MKDUMP_WORDS_H
#define MKDUMP_WORDS_H

#include "tests/mkdump/mkdump.h"

#define MAX_WORDS 64

/* A line's words; what is read of it next. */
struct words {
	const char *word[MAX_WORDS];
	unsigned int nr, at;
	struct mk *mk;
	struct irqm_error *err;
	bool bad; /* err says what was wrong first */
};

/* "WHAT, not GOT": what should have stood there. */
void word_bad(struct words *w, const char *what, const char *got);

/*
 * The next word, as what it is. If it is no such thing, or there is none, the
 * line is bad, what being said to be missing, and an empty value is returned.
 */
const char *word_next(struct words *w, const char *what);
uint64_t word_number(struct words *w, const char *what);
uint64_t word_below(struct words *w, const char *what, uint64_t limit);
const char *word_string(struct words *w, const char *what); /* "-": NULL */
const char *word_cpus(struct words *w);
/* Index in names, which a NULL ends. */
unsigned int word_choice(struct words *w, const char *what,
			 const char *const names[]);

/* A string that lives as long as the machine. */
const char *word_keep(struct words *w, const char *s);

struct word_flag {
	const char *key;
	bool *flag;
};
/* Sets the flag of that key; false if there is none. */
bool word_flag(const struct word_flag flags[], unsigned int nr,
	       const char *key);

/* One more element of *(void **)array; zeroed. */
void *grow_array(void *array, unsigned int *nr, unsigned int *room,
		 size_t size);

/* line_irq.c */
void line_irq(struct words *w);
/* line_kdump.c */
void line_kdump(struct words *w);

#endif
