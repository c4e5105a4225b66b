/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "pools" of the document's "accounting". */
#include "render/json/json.h"

#define add irqm_json_add

static const char *const kinds[] = {
	[IRQM_POOL_NODE] = "node",
	[IRQM_POOL_DEFAULT] = "default_affinity",
	[IRQM_POOL_MANAGED] = "housekeeping_managed",
};

static void add_totals(struct irqm_json *j, const struct irqm_totals *t)
{
	add(j, "online", irqm_json_num(t->cpus));
	add(j, "capacity", irqm_json_num(t->capacity));
	add(j, "available", irqm_json_num(t->available));
	add(j, "allocated", irqm_json_num(t->bitmaps_allocated));
	add(j, "managed", irqm_json_num(t->managed));
	add(j, "managed_allocated", irqm_json_num(t->managed_allocated));
	add(j, "idle", irqm_json_num(t->idle));
}

static json_t *cost_json(const struct irqm_cost *c)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "managed_reserved", irqm_json_num(c->managed_reserved));
	add(&j, "idle_reserved", irqm_json_num(c->idle_reserved));
	add(&j, "cost", irqm_json_num(c->cost));
	return irqm_json_done(&j);
}

/* Those that have something there. */
static json_t *drivers_json(const struct irqm_accounting *acc)
{
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
	struct irqm_arena *arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	struct irqm_accounting acc;
	struct irqm_json j;

	if (!arena || !irqm_account_cpus(a, arena, &pool->cpus, &acc)) {
		irqm_arena_free(arena);
		return NULL;
	}
	j = irqm_json_object();
	add(&j, "pool", json_string(kinds[pool->kind]));
	add(&j, "node", irqm_json_num(pool->node));
	add(&j, "cpus", irqm_json_bits(&pool->cpus));
	add_totals(&j, &pool->totals);
	add(&j, "lost", irqm_json_num(acc.lost));
	add(&j, "unattributed", irqm_json_num(acc.unattributed));
	add(&j, "no_msi_device", cost_json(&acc.no_device));
	add(&j, "drivers", drivers_json(&acc));
	irqm_arena_free(arena);
	return irqm_json_done(&j);
}
