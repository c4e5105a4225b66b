/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/json/json.h"

#include "render/json/writer.h"

static struct irqm_json_value fact_json(const struct irqm_fact *fact,
					const struct irqm_fact_row *row)
{
	struct irqm_fact_value v = irqm_fact_get(fact, row);

	if (v.state != IRQM_VALUE_KNOWN)
		return irqm_json_null();
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

struct irqm_json_value irqm_json_unread(const struct irqm_unread *u)
{
	struct irqm_json j = irqm_json_object();

	irqm_json_add(&j, "what", irqm_json_name(u->what));
	irqm_json_add(&j, "address", irqm_json_addr(u->addr));
	irqm_json_add(&j, "why", irqm_json_string(irqm_why_name(u->why)));
	return irqm_json_done(&j);
}

void irqm_json_add_cost(struct irqm_json *j, const struct irqm_cost *c)
{
	irqm_json_add_facts(j, IRQM_COST_FACTS,
			    &(struct irqm_fact_row){ .cost = c, .counts = c },
			    NULL);
}

int irqm_json_print(FILE *out, struct irqm_json_value doc, bool indent)
{
	struct irqm_json_writer w = { .out = out, .pretty = indent };

	return irqm_json_write(&w, doc);
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
