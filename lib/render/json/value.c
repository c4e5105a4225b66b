/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/json/value.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most objects of a document are shorter; malloc() is fast at this size. */
#define FIRST_SIZE 512
#define MAX_DIGITS 20 /* of a number, with its sign */

struct irqm_json_value irqm_json_null(void)
{
	return (struct irqm_json_value){ .kind = IRQM_JSON_NULL };
}

struct irqm_json_value irqm_json_boolean(bool b)
{
	return (struct irqm_json_value){ .kind = IRQM_JSON_BOOLEAN, .num = b };
}

struct irqm_json_value irqm_json_integer(int64_t n)
{
	return (struct irqm_json_value){ .kind = IRQM_JSON_INTEGER, .num = n };
}

struct irqm_json_value irqm_json_string(const char *s)
{
	return (struct irqm_json_value){ .kind = IRQM_JSON_STRING, .s = s };
}

struct irqm_json_value irqm_json_name(const char *s)
{
	if (!s)
		return irqm_json_null();
	return (struct irqm_json_value){ .kind = IRQM_JSON_NAME, .s = s };
}

static struct irqm_json_value own_value(enum irqm_json_kind kind, char *s,
					size_t len)
{
	return (struct irqm_json_value){
		.kind = s ? kind : IRQM_JSON_FAILED,
		.s = s,
		.to_free = s,
		.len = len,
	};
}

struct irqm_json_value irqm_json_own_string(char *s)
{
	return own_value(IRQM_JSON_STRING, s, 0);
}

struct irqm_json_value irqm_json_own_name(char *s)
{
	return own_value(IRQM_JSON_NAME, s, 0);
}

/* jansson has the rules for the digits; no document has many of these. */
struct irqm_json_value irqm_json_real(double n)
{
	json_t *value = json_real(n);
	char *text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

	json_decref(value);
	return own_value(IRQM_JSON_TEXT, text, text ? strlen(text) : 0);
}

struct irqm_json_value irqm_json_num(irqm_num n)
{
	return n == IRQM_UNKNOWN ? irqm_json_null() : irqm_json_integer(n);
}

struct irqm_json_value irqm_json_bool(irqm_num n)
{
	return n == IRQM_UNKNOWN ? irqm_json_null() : irqm_json_boolean(n != 0);
}

/* Most JSON readers, jansson among them, have no larger integers than this.
 * Only a hwirq could be larger: INVALID_HWIRQ is ~0. */
struct irqm_json_value irqm_json_u64(uint64_t n)
{
	return n > INT64_MAX ? irqm_json_null() : irqm_json_integer((int64_t)n);
}

struct irqm_json_value irqm_json_hex(uint64_t n)
{
	return (struct irqm_json_value){ .kind = IRQM_JSON_HEX, .hex = n };
}

struct irqm_json_value irqm_json_addr(uint64_t addr)
{
	return addr ? irqm_json_hex(addr) : irqm_json_null();
}

struct irqm_json_value irqm_json_bits(const struct irqm_bits *b)
{
	if (!irqm_bits_known(b))
		return irqm_json_null();
	return irqm_json_own_string(irqm_bits_list(b));
}

void irqm_json_drop(struct irqm_json_value value)
{
	free(value.to_free);
}

/* Returns where the next size bytes go, or NULL if out of memory. */
static char *make_room(struct irqm_json *j, size_t size)
{
	size_t wanted = j->size ? j->size : FIRST_SIZE;
	char *text;

	if (j->failed)
		return NULL;
	if (size <= j->size - j->len)
		return j->text + j->len;
	while (wanted - j->len < size) {
		if (__builtin_mul_overflow(wanted, (size_t)2, &wanted)) {
			j->failed = true;
			return NULL;
		}
	}
	text = realloc(j->text, wanted);
	if (!text) {
		j->failed = true;
		return NULL;
	}
	j->text = text;
	j->size = wanted;
	return j->text + j->len;
}

void irqm_json_append_text(struct irqm_json *j, const char *s, size_t len)
{
	char *at = make_room(j, len);

	if (!at)
		return;
	memcpy(at, s, len);
	j->len += len;
}

static void append_hex(struct irqm_json *j, uint64_t n)
{
	char digits[16], *at = make_room(j, sizeof(digits) + 4);
	unsigned int nr = 0;

	if (!at)
		return;
	do {
		digits[nr++] = "0123456789abcdef"[n & 15];
		n >>= 4;
	} while (n);
	memcpy(at, "\"0x", 3);
	at += 3;
	j->len += nr + 4;
	while (nr)
		*at++ = digits[--nr];
	*at = '"';
}

static void append_integer(struct irqm_json *j, int64_t n)
{
	char digits[MAX_DIGITS], *at = make_room(j, sizeof(digits));
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
	unsigned int nr = 0;

	if (!at)
		return;
	do {
		digits[nr++] = '0' + rest % 10;
		rest /= 10;
	} while (rest);
	if (n < 0)
		digits[nr++] = '-';
	j->len += nr;
	while (nr)
		*at++ = digits[--nr];
}

/* Whether the character means itself, in JSON and on a terminal. */
static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Appends a character of a string that JSON escapes. */
static void append_escaped(struct irqm_json *j, unsigned char c)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	char text[8];
	size_t i;

	for (i = 0; i < sizeof(letters) - 1; i += 2) {
		if (c != (unsigned char)letters[i])
			continue;
		irqm_json_append_text(j, (const char[]){ '\\', letters[i + 1] },
				      2);
		return;
	}
	irqm_json_append_text(j, text,
			      snprintf(text, sizeof(text), "\\u%04X", c));
}

static void append_escapes(struct irqm_json *j, const char *s)
{
	size_t len;

	for (; *s; s += len) {
		for (len = 0; s[len] && (is_plain(s[len]) ||
					 (unsigned char)s[len] >= 0x7f);)
			len++;
		irqm_json_append_text(j, s, len);
		if (s[len])
			append_escaped(j, s[len++]);
	}
}

/* Nearly all strings are plain: those are copied as they are checked. */
static void append_string(struct irqm_json *j, const char *s, bool is_name)
{
	size_t len = strlen(s), i;
	char *at, *shown;

	if (len > SIZE_MAX - 2) {
		j->failed = true;
		return;
	}
	at = make_room(j, len + 2);
	if (!at)
		return;
	*at++ = '"';
	for (i = 0; i < len && is_plain(s[i]); i++)
		at[i] = s[i];
	if (i == len) {
		at[i] = '"';
		j->len += len + 2;
		return;
	}
	j->len++;
	shown = is_name ? irqm_escape_whole(s) : NULL;
	if (is_name && !shown)
		j->failed = true;
	else
		append_escapes(j, shown ? shown : s);
	free(shown);
	irqm_json_append_text(j, "\"", 1);
}

void irqm_json_append_value(struct irqm_json *j, struct irqm_json_value value)
{
	switch (value.kind) {
	case IRQM_JSON_FAILED:
		j->failed = true;
		break;
	case IRQM_JSON_NULL:
		irqm_json_append_text(j, "null", 4);
		break;
	case IRQM_JSON_BOOLEAN:
		if (value.num)
			irqm_json_append_text(j, "true", 4);
		else
			irqm_json_append_text(j, "false", 5);
		break;
	case IRQM_JSON_INTEGER:
		append_integer(j, value.num);
		break;
	case IRQM_JSON_HEX:
		append_hex(j, value.hex);
		break;
	case IRQM_JSON_STRING:
	case IRQM_JSON_NAME:
		append_string(j, value.s, value.kind == IRQM_JSON_NAME);
		break;
	case IRQM_JSON_TEXT:
		irqm_json_append_text(j, value.s, value.len);
		break;
	}
	irqm_json_drop(value);
}

static struct irqm_json begin_text(const char *begin, char end)
{
	struct irqm_json j = { .end = end };

	irqm_json_append_text(&j, begin, 1);
	return j;
}

struct irqm_json irqm_json_object(void)
{
	return begin_text("{", '}');
}

struct irqm_json irqm_json_array(void)
{
	return begin_text("[", ']');
}

void irqm_json_add(struct irqm_json *object, const char *key,
		   struct irqm_json_value value)
{
	size_t len = strlen(key);
	char *at = make_room(object, len + 4);

	if (at) {
		if (object->len > 1)
			*at++ = ',';
		*at++ = '"';
		memcpy(at, key, len);
		memcpy(at + len, "\":", 2);
		object->len = at + len + 2 - object->text;
	}
	irqm_json_append_value(object, value);
}

void irqm_json_append(struct irqm_json *array, struct irqm_json_value value)
{
	if (array->len > 1)
		irqm_json_append_text(array, ",", 1);
	irqm_json_append_value(array, value);
}

void irqm_json_append_zeros(struct irqm_json *array, size_t nr)
{
	size_t size;
	char *at;

	if (!nr)
		return;
	irqm_json_append(array, irqm_json_integer(0));
	if (__builtin_mul_overflow(nr - 1, (size_t)2, &size)) {
		array->failed = true;
		return;
	}
	at = make_room(array, size);
	if (!at)
		return;
	array->len += size;
	for (; size; size -= 2, at += 2)
		memcpy(at, ",0", 2);
}

struct irqm_json_value irqm_json_done(struct irqm_json *j)
{
	irqm_json_append_text(j, &j->end, 1);
	if (!j->failed)
		return own_value(IRQM_JSON_TEXT, j->text, j->len);
	free(j->text);
	return own_value(IRQM_JSON_TEXT, NULL, 0);
}

struct irqm_json_value irqm_json_cut(struct irqm_json *array, unsigned int nr,
				     bool cut)
{
	struct irqm_json_value value;

	if (cut && nr)
		irqm_json_append(array, irqm_json_null());
	value = irqm_json_done(array);
	if (!cut || nr || value.kind == IRQM_JSON_FAILED)
		return value;
	irqm_json_drop(value);
	return irqm_json_null();
}
