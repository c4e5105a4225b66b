/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/kernel.h"

#include <string.h>

const char *irqm_managed_cpu_name(enum irqm_managed_cpu how)
{
	static const char *const names[] = {
		[IRQM_MANAGED_FIRST] = "first",
		[IRQM_MANAGED_AVAILABLE] = "most_available",
		[IRQM_MANAGED_FEWEST] = "fewest_managed",
	};

	return names[how];
}

const char *irqm_plan_rule_name(enum irqm_plan_rule rule)
{
	static const char *const names[] = {
		[IRQM_COUNTS_MANAGED] = "counts_managed",
		[IRQM_LEAVES_CROWDED] = "leaves_crowded",
		[IRQM_LAST_CPU_FIRST] = "last_cpu_first",
	};

	return names[rule];
}

/* True if cpumap.managed_allocated exists, which was added together with its
 * use. */
static bool has_managed_counter(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].managed_allocated != IRQM_UNKNOWN)
			return true;
	}
	return false;
}

/* Excludes the rules that the CPU of this interrupt contradicts. */
static void weigh_irq(const struct irqm_snapshot *s, const struct irqm_irq *irq,
		      bool *may_be)
{
	const struct irqm_cpu *first = NULL, *c;
	irqm_num most = 0;
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		c = &s->cpus[i];
		if (c->online != 1 || !irqm_bits_test(&irq->affinity, c->cpu))
			continue;
		if (!first)
			first = c;
		if (c->available > most)
			most = c->available;
	}
	if (!first)
		return;
	if (irq->apic->cpu != first->cpu)
		may_be[IRQM_MANAGED_FIRST] = false;
	else if (first->available < most)
		may_be[IRQM_MANAGED_AVAILABLE] = false;
}

static void choose_managed_cpu(const struct irqm_snapshot *s, bool *may_be)
{
	unsigned int i;

	if (has_managed_counter(s)) {
		may_be[IRQM_MANAGED_FEWEST] = true;
		return;
	}
	/* the XArray was added between these two rules */
	may_be[IRQM_MANAGED_FIRST] = !s->dump.generation.xarray;
	may_be[IRQM_MANAGED_AVAILABLE] = true;
	for (i = 0; i < s->nr_irqs && may_be[IRQM_MANAGED_FIRST]; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		if (irq->managed == 1 && irq->apic && irq->apic->vector &&
		    irqm_bits_known(&irq->affinity))
			weigh_irq(s, irq, may_be);
	}
	if (!may_be[IRQM_MANAGED_FIRST])
		may_be[IRQM_MANAGED_AVAILABLE] = true;
}

/* Bitmaps behind pointers were added in 6.11, after all three changes. A kernel
 * with older structures may have a change as a backport. */
static void choose_rules(const struct irqm_snapshot *s, bool (*may_be)[2])
{
	const struct irqm_generation *g = &s->dump.generation;

	may_be[IRQM_COUNTS_MANAGED][1] = !g->map_pointers;
	may_be[IRQM_COUNTS_MANAGED][0] = g->map_pointers ||
					 has_managed_counter(s);
	may_be[IRQM_LEAVES_CROWDED][1] = !g->map_pointers;
	may_be[IRQM_LEAVES_CROWDED][0] = g->map_pointers || g->affinity_desc;
	may_be[IRQM_LAST_CPU_FIRST][0] = !g->map_pointers;
	may_be[IRQM_LAST_CPU_FIRST][1] = g->map_pointers || g->affinity_desc;
}

struct irqm_plan_choice irqm_plan_choices(const struct irqm_snapshot *s,
					  const struct irqm_spread_evidence *e)
{
	struct irqm_plan_choice c = { 0 };

	memcpy(c.spread, e->possible, sizeof(c.spread));
	choose_managed_cpu(s, c.managed_cpu);
	choose_rules(s, c.rule);
	return c;
}
