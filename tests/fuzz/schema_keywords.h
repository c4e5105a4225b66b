/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between schema.c, which reads schemas, and schema_keywords.c. */
#ifndef FUZZ_SCHEMA_KEYWORDS_H
#define FUZZ_SCHEMA_KEYWORDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The check of a value against a schema. */
struct check {
	const json_t *root; /* what $ref refers to */
	char path[256];     /* of the value, for the message */
	char *why;
	size_t size;
};

/* What a keyword's value is, for the audit of a schema. */
enum form {
	NOTE, /* says nothing of a document */
	PLAIN,
	SCHEMA,
	SCHEMA_OR_BOOL,
	LIST,  /* of schemas */
	MAP,   /* of names to schemas */
	TEXTS, /* strings or null: equality is simple */
};

typedef bool keyword_fn(struct check *c, const json_t *schema,
			const json_t *keyword, const json_t *value);

struct keyword {
	const char *name;
	enum form form;
	keyword_fn *fn;
};

/* NULL: not one that is known here. */
const struct keyword *schema_keyword(const char *name);

bool schema_check(struct check *c, const json_t *schema, const json_t *value);
bool schema_refuse(struct check *c, const char *why, const char *what);
/* Aborts: the schema itself is not as this program expects. */
void schema_die(const char *what, const char *which);

#endif
