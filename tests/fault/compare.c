/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault/compare.h"
#include "tests/fault/drivers.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

struct comparison {
	struct documents documents;
	char path[256];
	char *why;
	size_t size;
	bool lacks; /* something that the whole one has */
};

static bool differ(struct comparison *c, const json_t *a, const json_t *b)
{
	char *whole = json_dumps(a, JSON_ENCODE_ANY | JSON_COMPACT);
	char *part = json_dumps(b, JSON_ENCODE_ANY | JSON_COMPACT);

	snprintf(c->why, c->size, "%s: %.120s became %.120s", c->path,
		 whole ? whole : "?", part ? part : "?");
	free(whole);
	free(part);
	return false;
}

static bool compare(struct comparison *c, const json_t *a, const json_t *b);

static bool compare_below(struct comparison *c, const char *name,
			  const json_t *a, const json_t *b)
{
	size_t len = strlen(c->path);
	bool ok;

	snprintf(c->path + len, sizeof(c->path) - len, "/%s", name);
	ok = compare(c, a, b);
	c->path[len] = '\0';
	return ok;
}

static bool is_consequence(const char *key)
{
	return strcmp(key, "irqs_complete") == 0 ||
	       strcmp(key, "findings") == 0 || strcmp(key, "unread") == 0 ||
	       strcmp(key, "unread_dropped") == 0 ||
	       strcmp(key, "verdict") == 0;
}

static bool ends_in(const struct comparison *c, const char *name)
{
	const char *end = strrchr(c->path, '/');

	return end && strcmp(end + 1, name) == 0;
}

/* A map of what is there. */
static bool is_map(const struct comparison *c)
{
	return ends_in(c, "vector_irq") || ends_in(c, "system_vectors");
}

#define NR_VECTORS 256

/* A vector is where it was, or in "unknown"; none is lost. */
static bool compare_owners(struct comparison *c, const json_t *a,
			   const json_t *b)
{
	bool was[NR_VECTORS], is[NR_VECTORS], unknown[NR_VECTORS];
	const char *key;
	json_t *of_a;
	unsigned int v;

	if (!read_list(json_object_get(b, "unknown"), unknown, NR_VECTORS))
		return differ(c, a, b);
	json_object_foreach((json_t *)a, key, of_a) {
		if (strcmp(key, "unknown") == 0)
			continue;
		if (!read_list(of_a, was, NR_VECTORS) ||
		    !read_list(json_object_get(b, key), is, NR_VECTORS))
			return differ(c, a, b);
		for (v = 0; v < NR_VECTORS; v++) {
			if (was[v] != (is[v] || (was[v] && unknown[v])))
				return differ(c, a, b);
			c->lacks |= was[v] && !is[v];
		}
	}
	return true;
}

/* A log that says it is cut is some of the lines. */
static bool is_cut_log(struct comparison *c, const json_t *a, const json_t *b)
{
	json_int_t was, is;

	if (strcmp(c->path, "/log") != 0 ||
	    json_is_true(json_object_get(a, "cut")) ||
	    !json_is_true(json_object_get(b, "cut")))
		return false;
	was = json_integer_value(json_object_get(a, "lines"));
	is = json_integer_value(json_object_get(b, "lines"));
	c->lacks |= is < was;
	return is >= 0 && is <= was;
}

static bool compare_objects(struct comparison *c, const json_t *a,
			    const json_t *b)
{
	const char *key;
	json_t *of_a, *of_b;

	if (ends_in(c, "owners"))
		return compare_owners(c, a, b);
	if (is_cut_log(c, a, b))
		return true;
	json_object_foreach((json_t *)a, key, of_a) {
		of_b = json_object_get(b, key);
		if (!of_b && !is_map(c))
			return differ(c, a, b);
		c->lacks |= !of_b;
		if (!of_b)
			continue;
		if (!is_consequence(key) && !compare_below(c, key, of_a, of_b))
			return false;
	}
	return json_object_size(a) >= json_object_size(b) || differ(c, a, b);
}

/* What entries of an array are told apart by; NULL: their place. */
static const json_t *key_of(const json_t *entry)
{
	static const char *const keys[] = { "irq",  "cpu",    "device",
					    "name", "driver", "pool" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (json_object_get(entry, keys[i]))
			return json_object_get(entry, keys[i]);
	return NULL;
}

/* It is at first, most often, or behind it, as entries may only be missing. */
static const json_t *find(const json_t *list, const json_t *entry, size_t first)
{
	const json_t *key = key_of(entry), *other;
	size_t i, nr = json_array_size(list);

	for (i = 0; i < nr; i++) {
		other = json_array_get(list, (first + i) % nr);
		/* pools are told apart by both */
		if (json_equal(key_of(other), key) &&
		    (!json_object_get(entry, "pool") ||
		     json_equal(json_object_get(other, "node"),
				json_object_get(entry, "node"))))
			return other;
	}
	return NULL;
}

/* An entry without its name is one of them. */
static bool is_one_of(struct comparison *c, const json_t *list,
		      const json_t *entry)
{
	struct comparison copy = *c;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		if (compare(&copy, json_array_get(list, i), entry)) {
			c->lacks = true;
			return true;
		}
		memcpy(copy.path, c->path, sizeof(copy.path));
	}
	return false;
}

static bool compare_rows(struct comparison *c, const json_t *a, const json_t *b)
{
	const json_t *entry, *other, *key;
	char name[32];
	size_t i;

	for (i = 0; i < json_array_size(b); i++) {
		entry = json_array_get(b, i);
		if (json_is_null(entry))
			continue; /* something is there, not known what */
		key = key_of(entry);
		if (json_is_null(key) && is_one_of(c, a, entry))
			continue;
		other = key ? find(a, entry, i) : json_array_get(a, i);
		snprintf(name, sizeof(name), "%zu", i);
		if (!other)
			return differ(c, a, b);
		if (!compare_below(c, name, other, entry))
			return false;
	}
	c->lacks |= json_array_size(b) < json_array_size(a);
	return true;
}

static bool is_node(const json_t *pool)
{
	const char *kind = json_string_value(json_object_get(pool, "pool"));

	return kind && strcmp(kind, "node") == 0;
}

/* The pools of nodes where there is one of CPUs whose node is unknown. */
static bool compare_pools(struct comparison *c, const json_t *a,
			  const json_t *b)
{
	json_t *rest_a = json_array(), *rest_b = json_array();
	size_t i;
	bool ok;

	for (i = 0; i < json_array_size(a); i++)
		if (!is_node(json_array_get(a, i)))
			json_array_append(rest_a, json_array_get(a, i));
	for (i = 0; i < json_array_size(b); i++)
		if (!is_node(json_array_get(b, i)))
			json_array_append(rest_b, json_array_get(b, i));
	ok = (compare_nodes(&c->documents, a, b) || differ(c, a, b)) &&
	     compare_rows(c, rest_a, rest_b);
	json_decref(rest_a);
	json_decref(rest_b);
	c->lacks = true;
	return ok;
}

static bool has_unknown_node(const json_t *pools)
{
	const json_t *pool;
	size_t i;

	for (i = 0; i < json_array_size(pools); i++) {
		pool = json_array_get(pools, i);
		if (is_node(pool) &&
		    json_is_null(json_object_get(pool, "node")))
			return true;
	}
	return false;
}

static bool compare_arrays(struct comparison *c, const json_t *a,
			   const json_t *b)
{
	bool in_pool = strstr(c->path, "/pools/");

	if (ends_in(c, "pools") && has_unknown_node(b) && !has_unknown_node(a))
		return compare_pools(c, a, b);
	if (!ends_in(c, "drivers"))
		return compare_rows(c, a, b);
	c->lacks |= !json_equal(a, b);
	return compare_drivers(&c->documents, a, b, in_pool) || differ(c, a, b);
}

static bool compare(struct comparison *c, const json_t *a, const json_t *b)
{
	if (json_is_null(b)) {
		c->lacks |= !json_is_null(a);
		return true;
	}
	if (json_is_object(a) && json_is_object(b))
		return compare_objects(c, a, b);
	if (json_is_array(a) && json_is_array(b))
		return compare_arrays(c, a, b);
	return json_equal(a, b) || differ(c, a, b);
}

/* All is well only where all was read. */
static bool claims_ok(const json_t *part)
{
	const json_t *verdict = json_object_get(part, "verdict");
	const char *level =
		json_string_value(json_object_get(verdict, "level"));

	return level && strcmp(level, "ok") == 0 &&
	       json_array_size(json_object_get(part, "unread"));
}

bool compare_documents(const json_t *whole, const json_t *part, char *why,
		       size_t size)
{
	struct comparison c = {
		.documents = { .whole = whole, .part = part },
		.why = why,
		.size = size,
	};

	if (!compare(&c, whole, part))
		return false;
	if (claims_ok(part)) {
		snprintf(why, size,
			 "the verdict is OK, but unread[] is not "
			 "empty");
		return false;
	}
	if (c.lacks && !json_array_size(json_object_get(part, "unread"))) {
		snprintf(why, size,
			 "something is missing, and unread[] is "
			 "empty");
		return false;
	}
	return true;
}
