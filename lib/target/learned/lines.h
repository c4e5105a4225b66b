/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of words, out of a text that nobody vouches for. Private to this
 * folder. */
#ifndef IRQM_TARGET_LEARNED_LINES_H
#define IRQM_TARGET_LEARNED_LINES_H

#include "base/base.h"

/* A banner of which each byte is escaped, and what is before it. */
#define LINES_SIZE 2560
#define LINES_WORDS 10

struct lines {
	const char *p, *end;    /* what was not read yet */
	char text[LINES_SIZE];  /* the words of the line, each terminated */
	char *word[LINES_WORDS];
	unsigned int nr;        /* of words */
	/* what follows the first and the second word, whole; "" if nothing */
	char *rest, *rest2;
	char whole[LINES_SIZE];
};

/*
 * Reads the next line: 1, 0 at the end, -1 if it is no line: too long, a
 * control character in it, not ended by a newline.
 */
int lines_next(struct lines *l);

bool lines_is(const struct lines *l, const char *keyword, unsigned int words);

/* All of word is the number. */
bool lines_hex(const char *word, uint64_t *ret);
bool lines_number(const char *word, uint64_t most, uint64_t *ret);
bool lines_signed(const char *word, int64_t *ret);

/* Letters, digits, _ and dots, and it fits. */
bool lines_name(const char *word, char *ret, size_t size);

/* Undoes \xHH; false if it does not fit or is not well-formed. */
bool lines_unescape(const char *s, char *ret, size_t size);

/* Bytes in hexadecimal: how many, 0 if it is none or does not fit. */
size_t lines_bytes(const char *word, unsigned char *ret, size_t size);

#endif
