/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes the rows of a document that is text. The interrupts are most of it, but
 * no row has them. In our own text they are skipped. In any other, which has to
 * be checked, only the counts of each interrupt on each CPU are skipped: 20
 * million numbers with 1,024 CPUs, 50 MB as text and 800 MB as values.
 */
#include <stdlib.h>
#include <string.h>

#include "fleet/store/rows.h"
#include "fleet/store/store.h"

struct member {
	const char *key;
	bool any_depth; /* false: of the document itself */
	/* returns the end of the value, or NULL if it is to be parsed */
	const char *(*skip)(const char *at, const char *end);
};

/* Skips a number or null; NULL if there is neither. */
static const char *skip_count(const char *at, const char *end)
{
	const char *begin = at;

	if (end - at >= 4 && memcmp(at, "null", 4) == 0)
		return at + 4;
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	if (at == begin || at - begin > 18 || (*begin == '0' && at - begin > 1))
		return NULL;
	return at;
}

/* Skips an array of numbers and nulls as we write it; NULL if it is anything
 * else. */
static const char *skip_counts(const char *at, const char *end)
{
	if (at == end || *at++ != '[')
		return NULL;
	if (at < end && *at == ']')
		return at + 1;
	while (at && at < end) {
		at = skip_count(at, end);
		if (!at || at == end)
			return NULL;
		if (*at == ']')
			return at + 1;
		if (*at++ != ',')
			return NULL;
	}
	return NULL;
}

/* Skips the string at at; returns end if it is not closed. */
static const char *skip_string(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at < end ? at + 1 : end;
}

/* Skips an array in well-formed text; NULL if there is none. */
static const char *skip_array(const char *at, const char *end)
{
	unsigned int depth = 0;

	if (at == end || *at != '[')
		return NULL;
	while (at < end) {
		switch (*at) {
		case '"':
			at = skip_string(at, end);
			continue;
		case '[':
		case '{':
			depth++;
			break;
		case ']':
		case '}':
			depth--;
			break;
		}
		at++;
		if (depth == 0)
			return at;
	}
	return NULL;
}

static const struct member counts = { "\"per_cpu_counts\":", true,
				      skip_counts };
static const struct member irqs = { "\"irqs\":", false, skip_array };

/* Skips the member's key and value, which is at least as long as null; else
 * returns at. */
static const char *skip_member(const struct member *m, const char *at,
			       const char *end)
{
	size_t key = strlen(m->key);
	const char *next;

	if ((size_t)(end - at) < key || memcmp(at, m->key, key) != 0)
		return at;
	next = m->skip(at + key, end);
	return next && (size_t)(next - at) >= key + 4 ? next : at;
}

/* Replaces the value of each such member by null; ret has room for len
 * bytes. */
static size_t strip_members(const struct member *m, const char *at, size_t len,
			    char *ret)
{
	const char *end = at + len, *next;
	unsigned int depth = 0;
	char *to = ret;

	for (; at < end; at = next) {
		next = at;
		if (*at == '"' && (m->any_depth || depth == 1))
			next = skip_member(m, at, end);
		if (next != at) {
			to = stpcpy(stpcpy(to, m->key), "null");
			continue;
		}
		next = *at == '"' ? skip_string(at, end) : at + 1;
		depth += *at == '{' || *at == '[';
		depth -= *at == '}' || *at == ']';
		to = mempcpy(to, at, next - at);
	}
	return to - ret;
}

static json_t *parse_text(const struct member *without, const char *text,
			  size_t len, struct irqm_error *err)
{
	char *stripped = malloc(len + 1);
	json_error_t where;
	json_t *ret = NULL;

	irqm_error_memory(err);
	if (!stripped)
		return NULL;
	len = strip_members(without, text, len, stripped);
	if (len <= IRQM_ROWS_MAX_PARSED) {
		ret = json_loadb(stripped, len, JSON_REJECT_DUPLICATES, &where);
		if (!ret && where.text[0])
			irqm_error_set(err, "%s", where.text);
	} else {
		irqm_error_set(err,
			       "the document is too large: its rows are made "
			       "of %zu bytes, but a store takes at most %u",
			       len, IRQM_ROWS_MAX_PARSED);
	}
	free(stripped);
	return ret;
}

static bool is_one_line(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20)
			return false;
	return true;
}

int irqm_rows_make_text(const char *text, size_t len, bool ours, void **ret,
			size_t *ret_len, struct irqm_error *err)
{
	struct irqm_rows_source src = { .text = text, .text_len = len };
	json_t *document;
	int rc;

	/* --json ends with a newline */
	if (len && text[len - 1] == '\n')
		src.text_len--;
	document = parse_text(ours ? &irqs : &counts, text, src.text_len, err);
	if (!document)
		return -1;
	/* not written by us: format it anew on one line */
	if (!is_one_line(text, src.text_len))
		src.text = NULL;
	src.document = document;
	rc = irqm_rows_make_from(&src, ret, ret_len, err);
	json_decref(document);
	return rc;
}
