/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents, as parsed from the text that is printed, and what is in them. */
#ifndef JSON_DOC_H
#define JSON_DOC_H

#include <jansson.h>

#include "snap.h"

/* What irqm_render_json() writes, to free(). */
char *json_rendered(const struct irqm_snapshot *s, bool pretty);
/* Fails the test if it is no JSON, or has a key twice. */
json_t *json_parsed(const char *text);
/* Both. */
json_t *json_document(const struct irqm_snapshot *s);

/* A dotted path; a number is an index. Fails the test if there is no such. */
json_t *json_at(json_t *value, const char *path);

/* The value's JSON text is this. */
#define assert_at(doc, path, wanted) json_check_at(doc, path, wanted, __LINE__)
void json_check_at(json_t *doc, const char *path, const char *wanted, int line);

/* The object begins with these keys in this order. */
#define assert_keys(doc, path, wanted)                                         \
	json_check_keys(doc, path, wanted, __LINE__)
void json_check_keys(json_t *doc, const char *path, const char *wanted,
		     int line);

/* A machine of 4 CPUs with something of everything. */
struct irqm_snapshot *json_example(void);

#endif
