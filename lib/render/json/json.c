/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/json/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/text.h"

json_t *irqm_json_num(irqm_num n)
{
	return n == IRQM_UNKNOWN ? json_null() : json_integer(n);
}

json_t *irqm_json_bool(irqm_num n)
{
	return n == IRQM_UNKNOWN ? json_null() : json_boolean(n != 0);
}

/* Most JSON readers, jansson among them, have no larger integers than this.
 * Only a hwirq could be larger: INVALID_HWIRQ is ~0. */
json_t *irqm_json_u64(uint64_t n)
{
	return n > INT64_MAX ? json_null() : json_integer((json_int_t)n);
}

json_t *irqm_json_hex(uint64_t n)
{
	char s[24];

	snprintf(s, sizeof(s), "0x%" PRIx64, n);
	return json_string(s);
}

json_t *irqm_json_addr(uint64_t addr)
{
	return addr ? irqm_json_hex(addr) : json_null();
}

json_t *irqm_json_name(const char *s)
{
	char stack[256], *buf = stack;
	size_t len, size;
	json_t *value;

	if (!s)
		return json_null();
	len = strlen(s);
	if (__builtin_mul_overflow(len, (size_t)4, &size) || ++size == 0)
		return NULL;
	if (size > sizeof(stack)) {
		buf = malloc(size);
		if (!buf)
			return NULL;
	}
	value = json_string(irqm_escape(buf, size, s));
	if (buf != stack)
		free(buf);
	return value;
}

json_t *irqm_json_bits(const struct irqm_bits *b)
{
	json_t *value;
	char *list;

	if (!irqm_bits_known(b))
		return json_null();
	list = irqm_bits_list(b);
	if (!list)
		return NULL;
	value = json_string(list);
	free(list);
	return value;
}

struct irqm_json irqm_json_object(void)
{
	struct irqm_json j = { .object = json_object() };

	j.failed = !j.object;
	return j;
}

void irqm_json_add(struct irqm_json *j, const char *key, json_t *value)
{
	if (j->failed)
		json_decref(value);
	else if (json_object_set_new(j->object, key, value) != 0)
		j->failed = true; /* also for NULL; value was released */
}

json_t *irqm_json_done(struct irqm_json *j)
{
	if (!j->failed)
		return j->object;
	json_decref(j->object);
	j->object = NULL;
	return NULL;
}

static json_t *fact_json(const struct irqm_fact *fact,
			 const struct irqm_fact_row *row)
{
	struct irqm_fact_value v = irqm_fact_get(fact, row);

	if (v.state != IRQM_VALUE_KNOWN)
		return json_null();
	switch (fact->type) {
	case IRQM_TYPE_BOOL:
		return irqm_json_bool(v.num);
	case IRQM_TYPE_BITS:
		return irqm_json_bits(v.bits);
	case IRQM_TYPE_NAME:
		return irqm_json_name(v.name);
	case IRQM_TYPE_ADDRESS:
	case IRQM_TYPE_HEX:
		return irqm_json_hex(v.address);
	default:
		return irqm_json_num(v.num);
	}
}

void irqm_json_add_facts(struct irqm_json *j, const struct irqm_fact *facts,
			 unsigned int nr, const struct irqm_fact_row *row,
			 irqm_json_nest *const *nest)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (facts[i].type == IRQM_TYPE_NEST)
			irqm_json_add(j, facts[i].key, nest[i](row));
		else if (facts[i].key)
			irqm_json_add(j, facts[i].key,
				      fact_json(&facts[i], row));
}

void irqm_json_append(json_t **array, json_t *value)
{
	if (!*array) {
		json_decref(value);
	} else if (json_array_append_new(*array, value) != 0) {
		json_decref(*array);
		*array = NULL;
	}
}

json_t *irqm_json_cut(json_t *array, unsigned int nr, bool cut)
{
	if (!cut)
		return array;
	if (nr) {
		irqm_json_append(&array, json_null());
		return array;
	}
	json_decref(array);
	return json_null();
}

json_t *irqm_json_unread(const struct irqm_unread *u)
{
	struct irqm_json j = irqm_json_object();

	irqm_json_add(&j, "what", irqm_json_name(u->what));
	irqm_json_add(&j, "address", irqm_json_addr(u->addr));
	irqm_json_add(&j, "why", json_string(irqm_why_name(u->why)));
	return irqm_json_done(&j);
}

void irqm_json_add_cost(struct irqm_json *j, const struct irqm_cost *c)
{
	irqm_json_add_facts(j, IRQM_COST_FACTS,
			    &(struct irqm_fact_row){ .cost = c, .counts = c },
			    NULL);
}

int irqm_json_print(FILE *out, json_t *doc, bool indent)
{
	int rc;

	if (!doc) {
		errno = ENOMEM;
		return -1;
	}
	rc = json_dumpf(doc, out, indent ? JSON_INDENT(2) : JSON_COMPACT);
	json_decref(doc);
	if (rc || fputc('\n', out) == EOF)
		return -1;
	return irqm_put_end(out);
}

irqm_num irqm_json_get_num(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) :
					IRQM_UNKNOWN;
}

const char *irqm_json_get_string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

irqm_num irqm_json_get_bool(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_boolean(value) ? json_is_true(value) : IRQM_UNKNOWN;
}
