/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/schema_keywords.h"

#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#define MAX_PATTERNS 16

void schema_die(const char *what, const char *which)
{
	fprintf(stderr, "schema: %s: %s\n", what, which);
	abort();
}

bool schema_refuse(struct check *c, const char *why, const char *what)
{
	snprintf(c->why, c->size, "%s: %s%s", c->path, why, what);
	return false;
}

/* The same one step further down. */
static bool accepts_at(struct check *c, const json_t *schema,
		       const json_t *value, const char *name, size_t index)
{
	size_t len = strlen(c->path);
	bool ok;

	if (name)
		snprintf(c->path + len, sizeof(c->path) - len, ".%s", name);
	else
		snprintf(c->path + len, sizeof(c->path) - len, "[%zu]", index);
	ok = schema_check(c, schema, value);
	c->path[len] = '\0';
	return ok;
}

/* The pattern is an extended regular expression that matches in any part. */
static bool matches(const char *pattern, const char *text)
{
	static struct {
		const char *pattern;
		regex_t regex;
	} known[MAX_PATTERNS];
	unsigned int i;

	for (i = 0; i < MAX_PATTERNS && known[i].pattern; i++)
		if (strcmp(known[i].pattern, pattern) == 0)
			return !regexec(&known[i].regex, text, 0, NULL, 0);
	if (i == MAX_PATTERNS ||
	    regcomp(&known[i].regex, pattern, REG_EXTENDED | REG_NOSUB))
		schema_die("pattern", pattern);
	known[i].pattern = strdup(pattern);
	return !regexec(&known[i].regex, text, 0, NULL, 0);
}

static bool is_type(const char *type, const json_t *value)
{
	if (strcmp(type, "object") == 0)
		return json_is_object(value);
	if (strcmp(type, "array") == 0)
		return json_is_array(value);
	if (strcmp(type, "string") == 0)
		return json_is_string(value);
	if (strcmp(type, "boolean") == 0)
		return json_is_boolean(value);
	if (strcmp(type, "null") == 0)
		return json_is_null(value);
	if (strcmp(type, "number") == 0)
		return json_is_number(value);
	if (strcmp(type, "integer") != 0)
		schema_die("type", type);
	return json_is_integer(value) ||
	       (json_is_real(value) &&
		trunc(json_real_value(value)) == json_real_value(value));
}

static bool check_type(struct check *c, const json_t *schema,
		       const json_t *keyword, const json_t *value)
{
	const json_t *type;
	size_t i;

	(void)schema;
	if (json_is_string(keyword) &&
	    is_type(json_string_value(keyword), value))
		return true;
	json_array_foreach(keyword, i, type)
		if (is_type(json_string_value(type), value))
			return true;
	return schema_refuse(c, "the type is wrong", "");
}

static bool check_const(struct check *c, const json_t *schema,
			const json_t *keyword, const json_t *value)
{
	(void)schema;
	return json_equal(keyword, value) ||
	       schema_refuse(c, "not the constant", "");
}

static bool check_enum(struct check *c, const json_t *schema,
		       const json_t *keyword, const json_t *value)
{
	const json_t *one;
	size_t i;

	(void)schema;
	json_array_foreach(keyword, i, one)
		if (json_equal(one, value))
			return true;
	return schema_refuse(c, "none of the values allowed", "");
}

static bool check_pattern(struct check *c, const json_t *schema,
			  const json_t *keyword, const json_t *value)
{
	(void)schema;
	return !json_is_string(value) ||
	       matches(json_string_value(keyword), json_string_value(value)) ||
	       schema_refuse(c, "does not match ", json_string_value(keyword));
}

static bool check_ref(struct check *c, const json_t *schema,
		      const json_t *keyword, const json_t *value)
{
	static const char defs[] = "#/$defs/";
	const char *ref = json_string_value(keyword);
	const json_t *target = NULL;

	(void)schema;
	if (ref && strncmp(ref, defs, strlen(defs)) == 0)
		target = json_object_get(json_object_get(c->root, "$defs"),
					 ref + strlen(defs));
	if (!target)
		schema_die("$ref", ref ? ref : "");
	return schema_check(c, target, value);
}

static bool check_items(struct check *c, const json_t *schema,
			const json_t *keyword, const json_t *value)
{
	const json_t *item;
	size_t i;

	(void)schema;
	json_array_foreach(value, i, item)
		if (!accepts_at(c, keyword, item, NULL, i))
			return false;
	return true;
}

static bool check_required(struct check *c, const json_t *schema,
			   const json_t *keyword, const json_t *value)
{
	const json_t *name;
	size_t i;

	(void)schema;
	if (!json_is_object(value))
		return true;
	json_array_foreach(keyword, i, name)
		if (!json_object_get(value, json_string_value(name)))
			return schema_refuse(c, "lacks ",
					     json_string_value(name));
	return true;
}

static bool check_dependent(struct check *c, const json_t *schema,
			    const json_t *keyword, const json_t *value)
{
	const char *name;
	json_t *names;

	json_object_foreach((json_t *)keyword, name, names)
		if (json_object_get(value, name) &&
		    !check_required(c, schema, names, value))
			return false;
	return true;
}

static bool check_names(struct check *c, const json_t *schema,
			const json_t *keyword, const json_t *value)
{
	const char *name;
	json_t *member, *text;
	bool ok = true;

	(void)schema;
	json_object_foreach((json_t *)value, name, member) {
		text = json_string_nocheck(name);
		ok = text && accepts_at(c, keyword, text, name, 0);
		json_decref(text);
		if (!ok)
			break;
	}
	return ok;
}

/* Each member against the schemas for its name, or for all other names. */
static bool check_member(struct check *c, const json_t *schema,
			 const char *name, const json_t *member)
{
	const json_t *others = json_object_get(schema, "additionalProperties");
	const json_t *own =
		json_object_get(json_object_get(schema, "properties"), name);
	const char *pattern;
	json_t *one;
	bool met = own != NULL;

	if (own && !accepts_at(c, own, member, name, 0))
		return false;
	json_object_foreach(json_object_get(schema, "patternProperties"),
			    pattern, one) {
		if (!matches(pattern, name))
			continue;
		met = true;
		if (!accepts_at(c, one, member, name, 0))
			return false;
	}
	if (met || !others || json_is_true(others))
		return true;
	if (json_is_false(others))
		return schema_refuse(c, "unknown member ", name);
	return accepts_at(c, others, member, name, 0);
}

/* For properties, patternProperties and additionalProperties together. */
static bool check_members(struct check *c, const json_t *schema,
			  const json_t *keyword, const json_t *value)
{
	const char *name;
	json_t *member;

	(void)keyword;
	json_object_foreach((json_t *)value, name, member)
		if (!check_member(c, schema, name, member))
			return false;
	return true;
}

static bool check_one_of(struct check *c, const json_t *schema,
			 const json_t *keyword, const json_t *value)
{
	const json_t *one;
	unsigned int met = 0;
	size_t i;

	(void)schema;
	json_array_foreach(keyword, i, one)
		met += schema_check(c, one, value);
	return met == 1 ||
	       schema_refuse(c, met ? "several of oneOf" : "none of oneOf", "");
}

static bool check_any_of(struct check *c, const json_t *schema,
			 const json_t *keyword, const json_t *value)
{
	const json_t *one;
	size_t i;

	(void)schema;
	json_array_foreach(keyword, i, one)
		if (schema_check(c, one, value))
			return true;
	return schema_refuse(c, "none of anyOf", "");
}

static const struct keyword keywords[] = {
	/* those that most schemas have come first: see schema_check() */
	{ "$ref", PLAIN, check_ref },
	{ "type", PLAIN, check_type },
	{ "const", TEXTS, check_const },
	{ "enum", TEXTS, check_enum },
	{ "pattern", PLAIN, check_pattern },
	{ "items", SCHEMA, check_items },
	{ "required", PLAIN, check_required },
	{ "dependentRequired", PLAIN, check_dependent },
	{ "propertyNames", SCHEMA, check_names },
	/* all three by the first that a schema has: see schema_check() */
	{ "properties", MAP, check_members },
	{ "patternProperties", MAP, check_members },
	{ "additionalProperties", SCHEMA_OR_BOOL, check_members },
	{ "oneOf", LIST, check_one_of },
	{ "anyOf", LIST, check_any_of },
	{ "description", NOTE, NULL },
	{ "$schema", NOTE, NULL },
	{ "title", NOTE, NULL },
	{ "$defs", MAP, NULL },
};
#define NR_KEYWORDS ARRAY_SIZE(keywords)

bool schema_check(struct check *c, const json_t *schema, const json_t *value)
{
	size_t left = json_object_size(schema), i;
	keyword_fn *last = NULL;
	const json_t *keyword;

	for (i = 0; i < NR_KEYWORDS && left; i++) {
		keyword = json_object_get(schema, keywords[i].name);
		left -= keyword != NULL;
		if (!keyword || !keywords[i].fn || keywords[i].fn == last)
			continue;
		last = keywords[i].fn;
		if (!last(c, schema, keyword, value))
			return false;
	}
	return true;
}

const struct keyword *schema_keyword(const char *name)
{
	size_t i;

	for (i = 0; i < NR_KEYWORDS; i++)
		if (strcmp(keywords[i].name, name) == 0)
			return &keywords[i];
	return NULL;
}
