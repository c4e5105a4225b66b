/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/vmcoreinfo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer than any key of the kernel: NUMBER(...) around a symbol; KSYM_NAME_LEN
 * is 512 since Linux 6.1. */
#define KEY_MAX 544

/* Finds the value of key and its length; returns NULL if no line has it.
 * Ignores a last line without a newline, which may have been cut. */
static const char *find_key(const char *text, const char *key, size_t *ret_len)
{
	size_t key_len = strlen(key);
	const char *line = text, *end;

	if (!text || key_len == 0)
		return NULL;
	while ((end = strchr(line, '\n')) != NULL) {
		if ((size_t)(end - line) > key_len &&
		    memcmp(line, key, key_len) == 0 && line[key_len] == '=') {
			*ret_len = end - line - key_len - 1;
			return line + key_len + 1;
		}
		line = end + 1;
	}
	return NULL;
}

bool irqm_vmcoreinfo_value(const char *text, const char *key, char *value,
			   size_t size)
{
	size_t len;
	const char *found = find_key(text, key, &len);

	if (!found || len >= size)
		return false;
	memcpy(value, found, len);
	value[len] = '\0';
	return true;
}

/* Parses value, which must consist of the number only: no spaces, "0x" or plus
 * sign. */
static bool parse_hex(const char *value, uint64_t *ret)
{
	size_t digits = strspn(value, "0123456789abcdefABCDEF");

	if (digits == 0 || digits > 16 || value[digits] != '\0')
		return false;
	*ret = strtoull(value, NULL, 16);
	return true;
}

static bool parse_decimal(const char *value, int64_t *ret)
{
	const char *digits = value + (*value == '-');
	size_t nr = strspn(digits, "0123456789");

	if (nr == 0 || nr > 20 || digits[nr] != '\0')
		return false;
	errno = 0;
	*ret = strtoll(value, NULL, 10);
	return errno == 0;
}

bool irqm_vmcoreinfo_hex(const char *text, const char *key, uint64_t *ret)
{
	char value[32];

	return irqm_vmcoreinfo_value(text, key, value, sizeof(value)) &&
	       parse_hex(value, ret);
}

/* Makes "KIND(name)". Returns false if it is too long for a key. */
static bool make_key(char *key, const char *kind, const char *name)
{
	int len = snprintf(key, KEY_MAX, "%s(%s)", kind, name);

	return len > 0 && len < KEY_MAX;
}

bool irqm_vmcoreinfo_symbol(const char *text, const char *name, uint64_t *ret)
{
	char key[KEY_MAX];

	return make_key(key, "SYMBOL", name) &&
	       irqm_vmcoreinfo_hex(text, key, ret);
}

bool irqm_vmcoreinfo_number(const char *text, const char *name, int64_t *ret)
{
	char key[KEY_MAX], value[32];

	return make_key(key, "NUMBER", name) &&
	       irqm_vmcoreinfo_value(text, key, value, sizeof(value)) &&
	       parse_decimal(value, ret);
}
