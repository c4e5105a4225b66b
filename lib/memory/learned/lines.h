/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splits untrusted text into lines of words. Private to this folder. */
#ifndef IRQM_MEMORY_LEARNED_LINES_H
#define IRQM_MEMORY_LEARNED_LINES_H

#include "base/base.h"

/* Room for a banner with every byte escaped, and the words before it. */
#define LINES_SIZE 2560
#define LINES_WORDS 10

struct lines {
	const char *p, *end;   /* text that was not read yet */
	char text[LINES_SIZE]; /* words of the line, each terminated */
	char *word[LINES_WORDS];
	unsigned int nr; /* number of words */
	/* what follows the first and the second word, or "" */
	char *rest, *rest2;
	char whole[LINES_SIZE];
};

/* Reads the next line. Returns 1, 0 at the end, or -1 if the line is too long,
 * has a control character or does not end with a newline. */
int irqm_lines_next(struct lines *l);

bool irqm_lines_is(const struct lines *l, const char *keyword,
		   unsigned int words);

/* Parse a number. Return false if word is not one. */
bool irqm_lines_hex(const char *word, uint64_t *ret);
bool irqm_lines_number(const char *word, uint64_t most, uint64_t *ret);
bool irqm_lines_signed(const char *word, int64_t *ret);

/* Copies a word of letters, digits, _ and dots. Returns false if it does not
 * fit. */
bool irqm_lines_name(const char *word, char *ret, size_t size);

/* Decodes \xHH. Returns false if the result does not fit or is malformed. */
bool irqm_lines_unescape(const char *s, char *ret, size_t size);

/* Parses bytes in hexadecimal. Returns their number, or 0 if invalid or too
 * long. */
size_t irqm_lines_bytes(const char *word, unsigned char *ret, size_t size);

#endif
