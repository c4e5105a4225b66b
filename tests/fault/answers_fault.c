/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "tests/fault/answers.h"
#include "tests/fault/compare.h"
#include "tests/fault/texts.h"

static bool has_code(const json_t *findings, const json_t *code)
{
	size_t i;

	for (i = 0; i < json_array_size(findings); i++)
		if (json_equal(json_object_get(json_array_get(findings, i),
					       "code"),
			       code))
			return true;
	return false;
}

/* A finding that a lost page made accuses the kernel of what it did not do. */
static const char *false_finding(const json_t *whole, const json_t *part)
{
	const json_t *was = json_object_get(whole, "findings");
	const json_t *is = json_object_get(part, "findings"), *code;
	size_t i;

	for (i = 0; i < json_array_size(is); i++) {
		code = json_object_get(json_array_get(is, i), "code");
		if (!has_code(was, code) &&
		    strcmp(json_string_value(code), "unread-pages") != 0)
			return json_string_value(code);
	}
	return NULL;
}

static bool lost_finding(const json_t *whole, const json_t *part)
{
	const json_t *was = json_object_get(whole, "findings");
	const json_t *is = json_object_get(part, "findings");
	size_t i;

	for (i = 0; i < json_array_size(was); i++)
		if (!has_code(is,
			      json_object_get(json_array_get(was, i), "code")))
			return true;
	return false;
}

static bool is_whole(const json_t *document)
{
	return !json_array_size(json_object_get(document, "unread"));
}

/* The one finding that is new for a good reason. */
static bool is_unread(const json_t *row)
{
	const char *code = json_string_value(json_object_get(row, "code"));

	return code && strcmp(code, "unread-pages") == 0;
}

/* A diff says that something came, went or changed. */
static bool differs(const struct answers *whole, const struct answers *part,
		    char *why, size_t size)
{
	json_t *diff = answers_diff(whole, part), *list, *row;
	const char *key, *change;
	bool found = false;
	size_t i;

	json_object_foreach(diff, key, list) {
		if (!json_is_array(list))
			continue;
		json_array_foreach(list, i, row) {
			change = json_string_value(
				json_object_get(row, "change"));
			if (strcmp(change, "unknown") != 0 && !is_unread(row)) {
				found = true;
				snprintf(why, size, "diff: %s: %zu %s", key, i,
					 change);
			}
		}
	}
	json_decref(diff);
	return found;
}

const char *answers_fault(const struct answers *whole,
			  const struct answers *part, char *why, size_t size)
{
	const char *code = false_finding(whole->document, part->document);

	if (!compare_documents(whole->document, part->document, why, size) ||
	    !compare_texts(whole->text, part->text, why, size))
		return why;
	if (code) {
		snprintf(why, size, "a finding that is not true: %s", code);
		return why;
	}
	if (differs(whole, part, why, size))
		return why;
	if (!is_whole(part->document))
		return NULL;
	if (lost_finding(whole->document, part->document))
		return "a finding is lost, and unread[] is empty";
	if (!json_equal(whole->plan, part->plan))
		return "another plan, and unread[] is empty";
	return NULL;
}
