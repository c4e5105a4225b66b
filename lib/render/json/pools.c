/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes "pools" of the document's "accounting". */
#include "render/json/json.h"

#define add irqm_json_add

static struct irqm_json cost_json(const struct irqm_cost *c)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "managed_reserved", irqm_json_num(c->managed_reserved));
	add(&j, "idle_reserved", irqm_json_num(c->idle_reserved));
	add(&j, "cost", irqm_json_num(c->cost));
	return j;
}

static struct irqm_json_value no_device_json(const struct irqm_fact_row *row)
{
	struct irqm_json j = cost_json(&row->accounting->no_device);

	return irqm_json_done(&j);
}

/* Returns the drivers that have vectors in the pool. */
static struct irqm_json_value drivers_json(const struct irqm_fact_row *row)
{
	const struct irqm_accounting *acc = row->accounting;
	struct irqm_json array = irqm_json_array();
	unsigned int i;

	for (i = 0; i < acc->nr_drivers; i++) {
		const struct irqm_driver_cost *d = &acc->drivers[i];
		struct irqm_json j;

		if (d->sum.cost == 0)
			continue;
		j = cost_json(&d->sum);
		add(&j, "driver", irqm_json_name(d->driver));
		irqm_json_append(&array, irqm_json_done(&j));
	}
	return irqm_json_done(&array);
}

struct irqm_json_value irqm_json_pool(const struct irqm_analysis *a,
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
		return irqm_json_own_name(NULL);
	}
	row.accounting = &acc;
	j = irqm_json_object();
	irqm_json_add_facts(&j, irqm_pool_facts, IRQM_NR_POOL_FACTS, &row,
			    nest);
	irqm_arena_free(arena);
	return irqm_json_done(&j);
}
