/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/learned/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Splits text into words at single spaces. The last word gets the rest. */
static void split_line(struct lines *l)
{
	char *p = l->text;

	l->nr = 0;
	while (l->nr < LINES_WORDS) {
		l->word[l->nr++] = p;
		p = l->nr < LINES_WORDS ? strchr(p, ' ') : NULL;
		if (!p)
			return;
		*p++ = '\0';
	}
}

static char *after_word(char *s)
{
	return s + strcspn(s, " ") + (s[strcspn(s, " ")] == ' ');
}

static bool is_text(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] < 0x20 || s[i] > 0x7e)
			return false;
	return true;
}

int irqm_lines_next(struct lines *l)
{
	const char *end;
	size_t len;

	if (l->p == l->end)
		return 0;
	end = memchr(l->p, '\n', l->end - l->p);
	len = end ? (size_t)(end - l->p) : 0;
	if (!end || len >= LINES_SIZE || !is_text(l->p, len))
		return -1;
	memcpy(l->whole, l->p, len);
	l->whole[len] = '\0';
	strcpy(l->text, l->whole);
	l->rest = after_word(l->whole);
	l->rest2 = after_word(l->rest);
	split_line(l);
	l->p = end + 1;
	return 1;
}

bool irqm_lines_is(const struct lines *l, const char *keyword,
		   unsigned int words)
{
	return l->nr >= words && strcmp(l->word[0], keyword) == 0;
}

bool irqm_lines_hex(const char *word, uint64_t *ret)
{
	size_t digits = strspn(word, "0123456789abcdef");

	if (!digits || digits > 16 || word[digits])
		return false;
	*ret = strtoull(word, NULL, 16);
	return true;
}

bool irqm_lines_number(const char *word, uint64_t most, uint64_t *ret)
{
	size_t digits = strspn(word, "0123456789");

	if (!digits || digits > 18 || word[digits])
		return false;
	*ret = strtoull(word, NULL, 10);
	return *ret <= most;
}

bool irqm_lines_signed(const char *word, int64_t *ret)
{
	const char *digits = word + (*word == '-');
	size_t nr = strspn(digits, "0123456789");

	if (!nr || nr > 19 || digits[nr])
		return false;
	errno = 0;
	*ret = strtoll(word, NULL, 10);
	return errno == 0;
}

bool irqm_lines_name(const char *word, char *ret, size_t size)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
	size_t len = strspn(word, allowed);

	if (!len || word[len] || len >= size)
		return false;
	memcpy(ret, word, len + 1);
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Parses two hexadecimal digits. Returns -1 if they are not digits, also at the
 * end of the string. */
static int byte_at(const char *s)
{
	if (hex_digit(s[0]) < 0 || hex_digit(s[1]) < 0)
		return -1;
	return hex_digit(s[0]) * 16 + hex_digit(s[1]);
}

bool irqm_lines_unescape(const char *s, char *ret, size_t size)
{
	size_t n = 0;
	int byte;

	while (*s) {
		if (n + 1 >= size)
			return false;
		if (*s != '\\') {
			ret[n++] = *s++;
			continue;
		}
		byte = s[1] == 'x' ? byte_at(s + 2) : -1;
		if (byte <= 0)
			return false;
		ret[n++] = (char)byte;
		s += 4;
	}
	ret[n] = '\0';
	return true;
}

size_t irqm_lines_bytes(const char *word, unsigned char *ret, size_t size)
{
	size_t len = strlen(word), i;
	int byte;

	if (len % 2 || len / 2 > size)
		return 0;
	for (i = 0; i < len / 2; i++) {
		byte = byte_at(word + 2 * i);
		if (byte < 0)
			return 0;
		ret[i] = (unsigned char)byte;
	}
	return len / 2;
}
