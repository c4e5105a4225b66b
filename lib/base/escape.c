/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Characters that show nothing and change how others show: they could turn a
 * name round on a terminal (U+200B-F, U+2028-E, U+2060-F, U+061C, U+FEFF).
 */
static bool is_invisible(uint32_t c)
{
	return c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff;
}

/*
 * Length of the valid UTF-8 sequence at s, 0 if it is none. Overlong forms,
 * surrogates and code points past U+10FFFF are none; nor are the C1 control
 * characters, which some terminals obey.
 */
static size_t utf8_length(const unsigned char *s)
{
	uint32_t c;
	size_t len, i;

	if (s[0] < 0xc2)
		return 0;
	else if (s[0] < 0xe0)
		len = 2, c = s[0] & 0x1f;
	else if (s[0] < 0xf0)
		len = 3, c = s[0] & 0x0f;
	else if (s[0] < 0xf5)
		len = 4, c = s[0] & 0x07;
	else
		return 0;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < 0xa0 || (len == 3 && c < 0x800) || (len == 4 && c < 0x10000) ||
	    (c >= 0xd800 && c < 0xe000) || c > 0x10ffff || is_invisible(c))
		return 0;
	return len;
}

char *irqm_escape(char *dst, size_t size, const char *src)
{
	const unsigned char *s = (const unsigned char *)src;
	size_t used = 0, len;

	if (size == 0)
		return dst;
	while (*s) {
		if (*s >= 0x20 && *s < 0x7f)
			len = 1;
		else
			len = utf8_length(s);
		if (len) {
			if (used + len >= size)
				break;
			memcpy(dst + used, s, len);
			used += len;
			s += len;
		} else {
			if (used + 4 >= size)
				break;
			snprintf(dst + used, 5, "\\x%02x", *s);
			used += 4;
			s++;
		}
	}
	dst[used] = '\0';
	return dst;
}

char *irqm_escape_whole(const char *src)
{
	size_t size = 4 * strlen(src) + 1;
	char *dst = malloc(size);

	return dst ? irqm_escape(dst, size, src) : NULL;
}

void irqm_hex(const uint8_t *p, size_t size, char *ret)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < size; i++) {
		*ret++ = digits[p[i] >> 4];
		*ret++ = digits[p[i] & 15];
	}
	*ret = '\0';
}
