/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which parts of a dump could not be read, so that it may have something that
 * seems to be only in the other dump. */
#include "diff/internal.h"

/* True if its address or its driver is unknown. */
bool irqm_device_unknown(const struct irqm_device *d)
{
	return !d->bus || !d->name || !irqm_device_driver(d);
}

bool irqm_irq_unknown(const struct irqm_irq *irq)
{
	const struct irqm_level *own = irq->nr_levels ? &irq->chain[0] : NULL;

	if (irq->device_unknown || (irq->device >= 0 && !irq->msi))
		return true;
	return !own || (!own->domain && (own->domain_addr || !own->chip)) ||
	       irq->actions_cut;
}

struct irqm_diff_gaps irqm_diff_gaps(const struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_diff_gaps g = {
		.cpus = !irqm_bits_known(&s->dump.possible),
		.devices = !s->irqs_known,
		.irqs = !s->irqs_known,
		.findings = s->nr_unread > 0,
	};
	unsigned int i;

	for (i = 0; i < s->nr_devices; i++)
		g.devices |= irqm_device_unknown(&s->devices[i]);
	for (i = 0; i < s->nr_irqs; i++) {
		g.devices |= s->irqs[i].device_unknown;
		g.irqs |= irqm_irq_unknown(&s->irqs[i]);
	}
	g.irqs |= g.devices;
	return g;
}
