/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of pools[] where the node of a CPU could not be read: the CPU's own
 * entry says so, and with all that is on it it is in the pool of no node.
 */
#include "tests/fault/drivers.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

#define NR_CPUS 1024

bool read_list(const json_t *list, bool *set, unsigned int nr)
{
	const char *at = json_string_value(list);
	unsigned int first, last;
	int len;

	memset(set, 0, nr * sizeof(*set));
	while (at && *at) {
		if (sscanf(at, "%u-%u%n", &first, &last, &len) != 2) {
			if (sscanf(at, "%u%n", &first, &len) != 1)
				return false;
			last = first;
		}
		for (; first <= last && first < nr; first++)
			set[first] = true;
		at += len;
		at += *at == ',';
	}
	return at != NULL;
}

static bool is_node(const json_t *pool)
{
	const char *kind = json_string_value(json_object_get(pool, "pool"));

	return kind && strcmp(kind, "node") == 0;
}

static const json_t *pool_of(const json_t *pools, const json_t *node)
{
	size_t i;

	for (i = 0; i < json_array_size(pools); i++) {
		const json_t *pool = json_array_get(pools, i);

		if (is_node(pool) &&
		    json_equal(json_object_get(pool, "node"), node))
			return pool;
	}
	return NULL;
}

/* Each CPU is in the pool that its own entry says. */
static bool hold_their_cpus(const json_t *document, const json_t *pools)
{
	const json_t *cpus = json_object_get(document, "cpus"), *cpu, *pool;
	json_int_t number;
	bool set[NR_CPUS];
	size_t i;

	for (i = 0; i < json_array_size(cpus); i++) {
		cpu = json_array_get(cpus, i);
		number = json_integer_value(json_object_get(cpu, "cpu"));
		pool = pool_of(pools, json_object_get(cpu, "node"));
		if (!read_list(json_object_get(pool, "cpus"), set, NR_CPUS) ||
		    number >= NR_CPUS || !set[number])
			return false;
	}
	return true;
}

/* Over the nodes; false if one is unknown. */
static bool sum_up(const json_t *pools, const char *key, json_int_t *sum)
{
	const json_t *n;
	size_t i;

	*sum = 0;
	for (i = 0; i < json_array_size(pools); i++) {
		if (!is_node(json_array_get(pools, i)))
			continue;
		n = json_object_get(json_array_get(pools, i), key);
		if (!json_is_integer(n))
			return false;
		*sum += json_integer_value(n);
	}
	return true;
}

/* Of a node that has lost CPUs to the pool of none. */
static bool is_less(const json_t *was, const json_t *is, const char *key)
{
	const json_t *a = json_object_get(was, key);
	const json_t *b = json_object_get(is, key);

	return json_is_null(b) ||
	       (json_is_integer(a) && json_is_integer(b) &&
		json_integer_value(b) <= json_integer_value(a));
}

bool compare_nodes(const struct documents *d, const json_t *whole,
		   const json_t *part)
{
	static const char *const keys[] = {
		"online",  "capacity",          "available", "allocated",
		"managed", "managed_allocated", "idle",      "lost",
	};
	const json_t *pool, *node;
	json_int_t was, is;
	size_t i, k;

	if (!hold_their_cpus(d->whole, whole) ||
	    !hold_their_cpus(d->part, part))
		return false;
	for (k = 0; k < ARRAY_SIZE(keys); k++) {
		if (sum_up(whole, keys[k], &was) &&
		    sum_up(part, keys[k], &is) && is != was)
			return false;
		for (i = 0; i < json_array_size(part); i++) {
			pool = json_array_get(part, i);
			node = json_object_get(pool, "node");
			if (is_node(pool) && !json_is_null(node) &&
			    !is_less(pool_of(whole, node), pool, keys[k]))
				return false;
		}
	}
	return true;
}
