/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares the interrupts of two dumps. */
#include "diff/internal.h"

#include <string.h>

/* What interrupts are matched by. */
struct key {
	const struct irqm_irq *irq;
	int device; /* index in devices[] of the diff, or -1 */
	/* of a device: MSI index, number within the descriptor */
	irqm_num index, n;
	/* without a device; false: use chip and IRQ number */
	bool has_domain;
	const char *domain;
	uint64_t hwirq;
};

/* For each device of one side, the device of the diff. */
struct side {
	const struct irqm_snapshot *s;
	int *devices;
};

static int order_hwirq(const struct key *a, const struct key *b)
{
	int order = (int)a->has_domain - (int)b->has_domain;

	if (!order)
		order = irqm_order_strings(a->domain, b->domain);
	return order ? order : (a->hwirq > b->hwirq) - (a->hwirq < b->hwirq);
}

static int group_irqs(const void *va, const void *vb)
{
	const struct key *a = va, *b = vb;
	int order = (a->device > b->device) - (a->device < b->device);

	if (order)
		return order;
	if (a->device < 0)
		return order_hwirq(a, b);
	order = irqm_order_nums(a->index, b->index);
	return order ? order : irqm_order_nums(a->n, b->n);
}

static const char *first_action(const struct irqm_irq *irq)
{
	return irq->nr_actions ? irq->actions[0].name : NULL;
}

static bool has_action(const struct irqm_irq *irq, const char *name)
{
	unsigned int i;

	for (i = 0; i < irq->nr_actions; i++)
		if (!irqm_strings_differ(irq->actions[i].name, name))
			return true;
	return false;
}

/* Interrupts of a device match whatever their actions are called. */
static bool same_irq(const void *va, const void *vb)
{
	const struct irqm_irq *a = ((const struct key *)va)->irq;
	const struct irqm_irq *b = ((const struct key *)vb)->irq;

	return ((const struct key *)va)->device >= 0 || !a->nr_actions ||
	       !b->nr_actions || has_action(a, first_action(b)) ||
	       has_action(b, first_action(a));
}

static int order_irqs(const void *va, const void *vb)
{
	const struct key *a = va, *b = vb;
	int order = group_irqs(a, b);

	if (!order)
		order = irqm_order_strings(first_action(a->irq),
					   first_action(b->irq));
	return order ? order : irqm_order_nums(a->irq->irq, b->irq->irq);
}

static bool actions_differ(const struct irqm_irq *a, const struct irqm_irq *b)
{
	unsigned int i;

	if (a->actions_cut || b->actions_cut)
		return false;
	if (a->nr_actions != b->nr_actions)
		return true;
	for (i = 0; i < a->nr_actions; i++)
		if (irqm_strings_differ(a->actions[i].name, b->actions[i].name))
			return true;
	return false;
}

static unsigned int what_of_vector(const struct irqm_apic *a,
				   const struct irqm_apic *b)
{
	if (!a || !b || (!a->vector && !b->vector))
		return 0;
	return (a->vector != b->vector ? IRQM_DIFF_VECTOR : 0) |
	       (a->vector && b->vector && a->cpu != b->cpu ? IRQM_DIFF_CPU : 0);
}

/* Masks of all CPUs are equal, even if the dumps have different CPUs. */
static bool affinity_differs(const struct irqm_diff *d,
			     const struct irqm_irq *a, const struct irqm_irq *b)
{
	return irqm_sets_differ(&a->affinity, &b->affinity) &&
	       (irqm_sets_differ(&a->affinity,
				 &d->before->snapshot->dump.possible) ||
		irqm_sets_differ(&b->affinity,
				 &d->after->snapshot->dump.possible));
}

static bool pending_differs(const struct irqm_irq *a, const struct irqm_irq *b)
{
	if (a->setaffinity_pending == 1 && b->setaffinity_pending == 1)
		return irqm_sets_differ(&a->pending_mask, &b->pending_mask);
	return irqm_differ(a->setaffinity_pending, b->setaffinity_pending);
}

static unsigned int what_changed(const struct irqm_diff *d,
				 const struct irqm_irq *a,
				 const struct irqm_irq *b)
{
	unsigned int what = what_of_vector(a->apic, b->apic);

	if (a->irq != b->irq)
		what |= IRQM_DIFF_IRQ;
	if (actions_differ(a, b))
		what |= IRQM_DIFF_ACTIONS;
	if (affinity_differs(d, a, b))
		what |= IRQM_DIFF_AFFINITY;
	if (pending_differs(a, b))
		what |= IRQM_DIFF_PENDING;
	if (irqm_differ(a->managed, b->managed))
		what |= IRQM_DIFF_MANAGED;
	return what;
}

const char *irqm_diff_bit_name(unsigned int bit)
{
	static const char *const names[IRQM_NR_DIFF_BITS] = {
		"irq",      "actions", "vector",           "cpu",
		"affinity", "managed", "pending_affinity",
	};

	return bit < IRQM_NR_DIFF_BITS ? names[bit] : NULL;
}

/* Returns true if an interrupt of one side may also be in the other dump. */
static bool may_be_there(const struct irqm_diff *d, const struct key *a,
			 const struct key *b)
{
	const struct key *k = a ? a : b;

	return (a ? d->gaps_after : d->gaps_before).irqs ||
	       irqm_irq_unknown(k->irq) ||
	       (k->device >= 0 &&
		d->devices[k->device].change == IRQM_CHANGE_UNKNOWN);
}

static void found_irq(void *ctx, const void *before, const void *after)
{
	const struct key *a = before, *b = after;
	struct irqm_diff *d = ctx;
	struct irqm_irq_diff *diff = &d->irqs[d->nr_irqs++];

	diff->before = a ? a->irq : NULL;
	diff->after = b ? b->irq : NULL;
	diff->what = a && b ? what_changed(d, a->irq, b->irq) : 0;
	diff->change = irqm_note_change(d, a, b, diff->what != 0,
					(!a || !b) && may_be_there(d, a, b));
	diff->device = a ? a->device : b->device;
}

static const struct irqm_matcher irq_matcher = {
	.size = sizeof(struct key),
	.group = group_irqs,
	.same = same_irq,
	.order = order_irqs,
	.found = found_irq,
};

static void set_key(struct key *k, const struct side *side,
		    const struct irqm_irq *irq)
{
	const struct irqm_level *own = irq->nr_levels ? &irq->chain[0] : NULL;
	bool known = irq->device >= 0 &&
		     (unsigned int)irq->device < side->s->nr_devices;

	k->irq = irq;
	k->device = known ? side->devices[irq->device] : -1;
	k->index = irq->msi ? irq->msi->index : IRQM_UNKNOWN;
	k->n = irq->msi ? (irqm_num)irq->irq - irq->msi->first_irq : 0;
	k->has_domain = own && own->domain;
	k->domain = k->has_domain ? own->domain : own ? own->chip : NULL;
	k->hwirq = k->has_domain ? own->hwirq : irq->irq;
}

static bool list_irqs(struct irqm_arena *arena, const struct side *side,
		      struct irqm_things *t)
{
	struct key *keys;
	unsigned int i;

	t->nr = side->s->nr_irqs;
	t->things = keys = irqm_arena_alloc(arena, t->nr, sizeof(*keys));
	for (i = 0; keys && i < t->nr; i++)
		set_key(&keys[i], side, &side->s->irqs[i]);
	return keys != NULL;
}

static bool init_side(struct irqm_arena *arena, struct side *side,
		      const struct irqm_analysis *a)
{
	side->s = a->snapshot;
	side->devices = irqm_arena_alloc(arena, side->s->nr_devices,
					 sizeof(*side->devices));
	return side->devices != NULL;
}

bool irqm_diff_irqs(struct irqm_diff *d)
{
	struct irqm_things irqs[2];
	struct side before, after;
	unsigned int i;

	if (!init_side(d->arena, &before, d->before) ||
	    !init_side(d->arena, &after, d->after))
		return false;
	for (i = 0; i < d->nr_devices; i++) {
		if (d->devices[i].before)
			before.devices[d->devices[i].before->device] = i;
		if (d->devices[i].after)
			after.devices[d->devices[i].after->device] = i;
	}
	if (!list_irqs(d->arena, &before, &irqs[0]) ||
	    !list_irqs(d->arena, &after, &irqs[1]))
		return false;
	d->irqs = irqm_arena_alloc(d->arena, irqs[0].nr + irqs[1].nr,
				   sizeof(*d->irqs));
	if (!d->irqs)
		return false;
	irqm_match(&irq_matcher, &irqs[0], &irqs[1], d);
	return true;
}
