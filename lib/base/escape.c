/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Characters that show nothing, or that change how others are shown: C0, DEL
 * and C1; Unicode's category Cf (format: soft hyphen, bidi controls, tags ...);
 * Default_Ignorable_Code_Point (fillers, variation selectors); line and
 * paragraph separators; noncharacters; and private use, which looks different
 * in each font. As of Unicode 15.1.
 */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x0, 0x1f },        { 0x7f, 0x9f },        { 0xad, 0xad },
	{ 0x34f, 0x34f },     { 0x600, 0x605 },      { 0x61c, 0x61c },
	{ 0x6dd, 0x6dd },     { 0x70f, 0x70f },      { 0x890, 0x891 },
	{ 0x8e2, 0x8e2 },     { 0x115f, 0x1160 },    { 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },   { 0x200b, 0x200f },    { 0x2028, 0x202e },
	{ 0x2060, 0x206f },   { 0x3164, 0x3164 },    { 0xe000, 0xf8ff },
	{ 0xfdd0, 0xfdef },   { 0xfe00, 0xfe0f },    { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb },    { 0x110bd, 0x110bd },
	{ 0x110cd, 0x110cd }, { 0x13430, 0x1343f },  { 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a }, { 0xe0000, 0x10ffff },
};

static bool is_hidden(uint32_t c)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hidden); i++)
		if (c <= hidden[i].last)
			return c >= hidden[i].first || (c & 0xfffe) == 0xfffe;
	return true;
}

/*
 * Decodes the UTF-8 sequence at s, which has len bytes or ends in '\0'. Returns
 * its length, or 0 if it is invalid: overlong, a surrogate, or beyond U+10FFFF.
 */
static size_t decode_utf8(const unsigned char *s, size_t len, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t need, i;

	if (s[0] < 0x80)
		need = 1, c = s[0];
	else if (s[0] >= 0xc0 && s[0] < 0xe0)
		need = 2, c = s[0] & 0x1f;
	else if (s[0] >= 0xe0 && s[0] < 0xf0)
		need = 3, c = s[0] & 0x0f;
	else if (s[0] >= 0xf0 && s[0] < 0xf8)
		need = 4, c = s[0] & 0x07;
	else
		return 0;
	for (i = 1; i < need; i++) {
		if (i == len || (s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[need] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return 0;
	*ret = c;
	return need;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

char *irqm_escape(char *dst, size_t size, const char *src)
{
	const unsigned char *s = (const unsigned char *)src;
	size_t used = 0, len;
	uint32_t c = 0;

	if (size == 0)
		return dst;
	while (*s) {
		len = is_plain(*s) ? 1 : decode_utf8(s, SIZE_MAX, &c);
		if (len && (is_plain(*s) || !is_hidden(c))) {
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

/* Writes a JSON escape: two surrogates beyond U+FFFF. */
static void put_code_point(FILE *out, uint32_t c)
{
	if (c >= 0x10000) {
		fprintf(out, "\\u%04" PRIx32, 0xd800 + ((c - 0x10000) >> 10));
		c = 0xdc00 + ((c - 0x10000) & 0x3ff);
	}
	fprintf(out, "\\u%04" PRIx32, c);
}

bool irqm_escape_json(FILE *out, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t i, n, from = 0;
	uint32_t c;

	for (i = 0; i < len; i += n) {
		n = 1;
		if (is_plain(s[i]))
			continue;
		n = decode_utf8(s + i, len - i, &c);
		if (!n || c < 0x20)
			return false;
		if (!out || !is_hidden(c))
			continue;
		fwrite(s + from, 1, i - from, out);
		put_code_point(out, c);
		from = i + n;
	}
	if (out)
		fwrite(s + from, 1, len - from, out);
	return true;
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

bool irqm_is_shell_word(const char *name)
{
	return *name && *name != '-' &&
	       !name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789_.:+-/@%,=")];
}
