/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the pools: the CPUs of each node, and of the affinities. */
#include "analysis/internal.h"

static struct irqm_pool *new_pool(struct irqm_analysis *a,
				  enum irqm_pool_kind kind, irqm_num node)
{
	struct irqm_pool *p = &a->pools[a->nr_pools++];

	*p = (struct irqm_pool){
		.kind = kind,
		.node = node,
		.cpus = irqm_bits_new(a->arena, a->online.yes.nbits),
	};
	return p;
}

/* Returns the pool of a node, creating it if needed. The last one is for all
 * further nodes. */
static struct irqm_pool *pool_of_node(struct irqm_analysis *a, irqm_num node)
{
	unsigned int i;

	if (a->nr_pools >= IRQM_MAX_NODES - 1)
		node = IRQM_UNKNOWN;
	for (i = 0; i < a->nr_pools; i++)
		if (a->pools[i].node == node)
			return &a->pools[i];
	return new_pool(a, IRQM_POOL_NODE, node);
}

/* Sorts nodes in ascending order, the unknown node last. */
static void sort_nodes(struct irqm_analysis *a)
{
	unsigned int i, k;

	for (i = 1; i < a->nr_pools; i++) {
		struct irqm_pool p = a->pools[i];

		for (k = i; k > 0; k--) {
			irqm_num before = a->pools[k - 1].node;

			if (p.node == IRQM_UNKNOWN ||
			    (before != IRQM_UNKNOWN && before < p.node))
				break;
			a->pools[k] = a->pools[k - 1];
		}
		a->pools[k] = p;
	}
}

static void add_mask(struct irqm_analysis *a, enum irqm_pool_kind kind,
		     const struct irqm_bits *mask)
{
	struct irqm_pool *p;
	unsigned int i;

	/* without a list of CPUs it is unknown which CPUs the pool has */
	if (!irqm_bits_known(mask) || !a->snapshot->nr_cpus)
		return;
	p = new_pool(a, kind, IRQM_UNKNOWN);
	for (i = 0; i < a->snapshot->nr_cpus; i++)
		if (irqm_bits_test(mask, a->snapshot->cpus[i].cpu))
			irqm_bits_set(&p->cpus, a->snapshot->cpus[i].cpu);
}

bool irqm_make_pools(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i;

	a->pools = irqm_arena_alloc(a->arena, IRQM_MAX_NODES + 2,
				    sizeof(*a->pools));
	if (!a->pools)
		return false;
	for (i = 0; i < s->nr_cpus; i++)
		irqm_bits_set(&pool_of_node(a, s->cpus[i].node)->cpus,
			      s->cpus[i].cpu);
	sort_nodes(a);
	add_mask(a, IRQM_POOL_DEFAULT, &s->dump.default_affinity);
	add_mask(a, IRQM_POOL_MANAGED, &s->dump.housekeeping_managed);
	for (i = 0; i < a->nr_pools; i++) {
		if (!irqm_bits_known(&a->pools[i].cpus))
			return false;
		a->pools[i].totals = irqm_totals_of(a, &a->pools[i].cpus);
	}
	return true;
}
