/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text that value.c wrote, as a value of jansson. Its own parser takes longer,
 * because it trusts nothing: a report of 20,000 interrupts took half as long
 * again. Parses in place: strings end where their quotes were.
 */
#include "render/json/parsed.h"

#include <stdlib.h>
#include <string.h>

/* Replaces the escape after the backslash at from; returns its length. */
static size_t take_escape(const char *from, char *to)
{
	static const char letters[] = "b\bf\fn\nr\rt\t";
	char code[5] = { 0 };
	size_t i;

	if (from[1] == 'u') { /* below 0x20 */
		memcpy(code, from + 2, 4);
		*to = (char)strtoul(code, NULL, 16);
		return 6;
	}
	*to = from[1];
	for (i = 0; i < sizeof(letters) - 1; i += 2)
		if (letters[i] == from[1])
			*to = letters[i + 1];
	return 2;
}

/* Returns the string whose quote is at *at, and advances *at beyond it. */
static char *parse_string(char **at)
{
	char *start = *at + 1, *s = start, *to;

	while (*s != '"' && *s != '\\')
		s++;
	for (to = s; *s != '"'; to++) {
		if (*s == '\\')
			s += take_escape(s, to);
		else
			*to = *s++;
	}
	*to = '\0';
	*at = s + 1;
	return start;
}

static json_t *parse_number(char **at)
{
	char *end;
	json_int_t n = strtoll(*at, &end, 10);
	json_t *value;

	if (*end == '.' || *end == 'e')
		value = json_real(strtod(*at, &end));
	else
		value = json_integer(n);
	*at = end;
	return value;
}

static json_t *parse_value(char **at);

static json_t *parse_array(char **at)
{
	json_t *array = json_array(), *value;

	for (++*at; array && **at != ']'; *at += **at == ',') {
		value = parse_value(at);
		if (json_array_append_new(array, value) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	++*at;
	return array;
}

static json_t *parse_object(char **at)
{
	json_t *object = json_object(), *value;
	const char *key;

	for (++*at; object && **at != '}'; *at += **at == ',') {
		key = parse_string(at);
		++*at; /* the colon */
		value = parse_value(at);
		if (json_object_set_new_nocheck(object, key, value) != 0) {
			json_decref(object);
			return NULL;
		}
	}
	++*at;
	return object;
}

/* Returns NULL if out of memory; *at is undefined then. */
static json_t *parse_value(char **at)
{
	switch (**at) {
	case '{':
		return parse_object(at);
	case '[':
		return parse_array(at);
	case '"':
		return json_string_nocheck(parse_string(at));
	case 'n':
		*at += 4;
		return json_null();
	case 't':
		*at += 4;
		return json_true();
	case 'f':
		*at += 5;
		return json_false();
	default:
		return parse_number(at);
	}
}

json_t *irqm_json_parsed(struct irqm_json_value value)
{
	struct irqm_json text = { 0 };
	json_t *ret = NULL;
	char *at;

	irqm_json_append_value(&text, value);
	irqm_json_append_text(&text, "", 1); /* ends a number */
	at = text.text;
	if (!text.failed)
		ret = parse_value(&at);
	free(text.text);
	return ret;
}
