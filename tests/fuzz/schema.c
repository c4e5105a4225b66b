/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/schema.h"

#include <stdio.h>
#include <string.h>

#include "tests/fuzz/schema_keywords.h"

#define FOLDER "docs/schema/"
#define MAX_SCHEMAS 8

static void audit(const json_t *schema);

static void audit_texts(const char *name, const json_t *values)
{
	const json_t *one;
	size_t i;

	json_array_foreach(values, i, one)
		if (!json_is_string(one) && !json_is_null(one))
			schema_die("neither a string nor null", name);
	if (!json_is_array(values) && !json_is_string(values))
		schema_die("neither a string nor a list", name);
}

static void audit_keyword(const char *name, enum form form, json_t *keyword)
{
	const char *key;
	json_t *one;
	size_t i;

	switch (form) {
	case SCHEMA_OR_BOOL:
		if (json_is_boolean(keyword))
			return;
		audit(keyword);
		break;
	case SCHEMA:
		audit(keyword);
		break;
	case LIST:
		json_array_foreach(keyword, i, one)
			audit(one);
		break;
	case MAP:
		json_object_foreach(keyword, key, one)
			audit(one);
		break;
	case TEXTS:
		audit_texts(name, keyword);
		break;
	case NOTE:
	case PLAIN:
		break;
	}
}

/* Aborts where the schema has what would not be checked. */
static void audit(const json_t *schema)
{
	const struct keyword *known;
	const char *name;
	json_t *keyword;

	if (!json_is_object(schema))
		schema_die("not an object", "a schema");
	json_object_foreach((json_t *)schema, name, keyword) {
		known = schema_keyword(name);
		if (!known)
			schema_die("a keyword that is not known here", name);
		audit_keyword(name, known->form, keyword);
	}
}

/* "irqmatrix/1" is in irqmatrix-1.json. */
static json_t *load(const char *name)
{
	char path[128];
	json_error_t err;
	json_t *schema;
	char *slash;

	snprintf(path, sizeof(path), FOLDER "%s.json", name);
	slash = strchr(path + strlen(FOLDER), '/');
	if (slash)
		*slash = '-';
	if (strspn(path + strlen(FOLDER),
		   "abcdefghijklmnopqrstuvwxyz0123456789"
		   "-.") != strlen(path + strlen(FOLDER)))
		return NULL;
	schema = json_load_file(path, JSON_REJECT_DUPLICATES, &err);
	if (schema)
		audit(schema);
	return schema;
}

static const json_t *schema_of(const char *name)
{
	static struct {
		char *name;
		json_t *schema;
	} known[MAX_SCHEMAS];
	json_t *schema;
	unsigned int i;

	for (i = 0; i < MAX_SCHEMAS && known[i].name; i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].schema;
	schema = load(name);
	if (schema && i < MAX_SCHEMAS) {
		known[i].name = strdup(name);
		known[i].schema = schema;
	}
	return schema;
}

bool schema_accepts(const json_t *document, char *why, size_t size)
{
	const json_t *name = json_object_get(document, "schema");
	struct check c = { .path = "$", .why = why, .size = size };

	if (!json_is_string(name))
		return schema_refuse(&c, "names no schema", "");
	c.root = schema_of(json_string_value(name));
	if (!c.root)
		return schema_refuse(&c, "no such schema in " FOLDER ": ",
				     json_string_value(name));
	return schema_check(&c, c.root, document);
}
