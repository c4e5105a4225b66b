/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes "pools" of the document's "accounting". */
#include "render/json/json.h"

#define add irqm_json_add

static json_t *cost_json(const struct irqm_cost *c)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "managed_reserved", irqm_json_num(c->managed_reserved));
	add(&j, "idle_reserved", irqm_json_num(c->idle_reserved));
	add(&j, "cost", irqm_json_num(c->cost));
	return irqm_json_done(&j);
}

static json_t *no_device_json(const struct irqm_fact_row *row)
{
	return cost_json(&row->accounting->no_device);
}

/* Returns the drivers that have vectors in the pool. */
static json_t *drivers_json(const struct irqm_fact_row *row)
{
	const struct irqm_accounting *acc = row->accounting;
	json_t *array = json_array(), *value;
	unsigned int i;

	for (i = 0; i < acc->nr_drivers; i++) {
		const struct irqm_driver_cost *d = &acc->drivers[i];

		if (d->sum.cost == 0)
			continue;
		value = cost_json(&d->sum);
		if (value &&
		    json_object_set_new(value, "driver",
					irqm_json_name(d->driver)) != 0) {
			json_decref(value);
			value = NULL;
		}
		irqm_json_append(&array, value);
	}
	return array;
}

json_t *irqm_json_pool(const struct irqm_analysis *a,
		       const struct irqm_pool *pool)
{
	static irqm_json_nest *const nest[IRQM_NR_POOL_FACTS] = {
		[IRQM_POOL_FACT_no_msi_device] = no_device_json,
		[IRQM_POOL_FACT_drivers] = drivers_json,
	};
	struct irqm_fact_row row = { .pool = pool, .totals = &pool->totals };
	struct irqm_arena *arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	struct irqm_accounting acc;
	struct irqm_json j;

	if (!arena || !irqm_account_cpus(a, arena, &pool->cpus, &acc)) {
		irqm_arena_free(arena);
		return NULL;
	}
	row.accounting = &acc;
	j = irqm_json_object();
	irqm_json_add_facts(&j, irqm_pool_facts, IRQM_NR_POOL_FACTS, &row,
			    nest);
	irqm_arena_free(arena);
	return irqm_json_done(&j);
}
