/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi-message-stale: the hardware is not programmed as the kernel expects. */
#include "analysis/wiring.h"
#include "analysis/findings/finding.h"

#include <inttypes.h>

/* vector_irq and the affinity are not hardware; other findings check them. */
static bool is_programmed(const struct irqm_disagreement *d)
{
	return !d->normal && d->level != IRQM_WIRE_VECTOR_IRQ &&
	       d->level != IRQM_WIRE_EFFECTIVE;
}

struct stale {
	unsigned int irqs;
	const struct irqm_irq *irq;     /* the first one */
	struct irqm_disagreement first; /* its first disagreement */
};

static void look_at(struct stale *stale, const struct irqm_snapshot *s,
		    const struct irqm_irq *irq)
{
	struct irqm_wiring w;
	unsigned int i;

	irqm_check_wiring(s, irq, &w);
	for (i = 0; i < w.nr && !is_programmed(&w.d[i]); i++)
		;
	if (i == w.nr)
		return;
	if (stale->irqs++ == 0) {
		stale->irq = irq;
		stale->first = w.d[i];
	}
}

bool irqm_find_msi_message_stale(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	const struct irqm_disagreement *d;
	struct stale stale = { 0 };
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++)
		look_at(&stale, s, &s->irqs[i]);
	if (!stale.irqs)
		return true;
	d = &stale.first;
	irqm_text_add(&t,
		      "%u %s not programmed as the kernel computed: IRQ "
		      "%u has %s %" PRId64 " in %s, but %s says %" PRId64,
		      stale.irqs,
		      irqm_plural(stale.irqs, "interrupt is", "interrupts are"),
		      stale.irq->irq, irqm_wire_fact_name(d->fact), d->found,
		      irqm_wire_name(d->level), irqm_wire_name(d->by),
		      d->expected);
	f = irqm_finding_add(a, IRQM_MSI_MESSAGE_STALE,
			     irqm_if_still(a, IRQM_WARNING), &t);
	if (!f)
		return false;
	irqm_finding_num(f, "irqs", stale.irqs);
	irqm_finding_num(f, "first_irq", stale.irq->irq);
	irqm_finding_string(f, "level", irqm_wire_name(d->level));
	irqm_finding_string(f, "by", irqm_wire_name(d->by));
	irqm_finding_string(f, "fact", irqm_wire_fact_name(d->fact));
	irqm_finding_num(f, "found", d->found);
	irqm_finding_num(f, "expected", d->expected);
	return true;
}
