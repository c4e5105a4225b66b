/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of one line of a machine's text. What takes a word says what it
 * expects there. The first word that does not fit makes the line bad; then err
 * has the reason, and everything that is taken after it is empty.
 */
#ifndef IRQM_MACHINE_WORDS_H
#define IRQM_MACHINE_WORDS_H

#include "machine/machine.h"

#define IRQM_WORDS_MAX 64
/* Limit: characters of a line, after {expressions}. */
#define IRQM_LINE_MAX 4095

struct irqm_words {
	char *word[IRQM_WORDS_MAX];
	unsigned int nr, at;
	const char *key; /* the word that others follow, for errors */
	struct irqm_machine *m;
	unsigned int placed; /* CPUs that "node" has named */
	struct irqm_error *err;
	bool bad;
};

/* Splits a line, which is changed, and drops a comment. */
void irqm_words_split(struct irqm_words *w, char *line);

/* Makes the line bad: "KEY: expected WHAT, not "GOT"". If got is NULL, the line
 * ends there. */
void irqm_words_bad(struct irqm_words *w, const char *what, const char *got);
/* Makes the line bad for another reason: "KEY: WHY". */
__attribute__((format(printf, 2, 3))) void
irqm_words_fail(struct irqm_words *w, const char *fmt, ...);

/* Returns true if there is one more word and the line is not bad. */
bool irqm_words_left(const struct irqm_words *w);
/* Takes the next word if it is this one. */
bool irqm_words_skip(struct irqm_words *w, const char *word);

/* Each takes the next word. */
const char *irqm_words_next(struct irqm_words *w, const char *what);
/* The same, as the key that later errors name. */
const char *irqm_words_key(struct irqm_words *w, const char *what);
/* A number, decimal or 0x. */
uint64_t irqm_words_number(struct irqm_words *w, const char *what);
/* One below limit: "WHAT below LIMIT". */
uint64_t irqm_words_below(struct irqm_words *w, const char *what,
			  uint64_t limit);
/* One that may be negative, of at most max without its sign. */
int irqm_words_signed(struct irqm_words *w, const char *what, int max);
unsigned int irqm_words_cpu(struct irqm_words *w);
unsigned int irqm_words_node(struct irqm_words *w);
/* A list of CPUs; "none" is "". */
const char *irqm_words_cpus(struct irqm_words *w);
/* A list of numbers below limit, which irqm_range_parse() then reads. */
const char *irqm_words_list(struct irqm_words *w, const char *what,
			    unsigned int limit);
/* A copy in the machine's arena; of "-", NULL if it may be missing. */
const char *irqm_words_string(struct irqm_words *w, const char *what);
const char *irqm_words_string_or_none(struct irqm_words *w, const char *what);
/* Returns the index in names, which a NULL ends. what lists them. */
unsigned int irqm_words_choice(struct irqm_words *w, const char *what,
			       const char *const names[]);

/* Copies a string into the machine's arena. */
const char *irqm_words_keep(struct irqm_words *w, const char *s);
/* Adds an element to an array of the arena, of max at most: zeroed, or NULL. */
void *irqm_words_add(struct irqm_words *w, void *array, unsigned int *nr,
		     size_t size, unsigned int max);

#endif
