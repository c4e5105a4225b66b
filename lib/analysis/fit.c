/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many more devices of a driver fit. */
#include "analysis/internal.h"

#include <string.h>

/* That no device fits matters only below this share, see is_scarce(). */
#define SCARCE_PERCENT 25

const struct irqm_cost *irqm_most_expensive(const struct irqm_analysis *a,
					    const char *driver)
{
	const struct irqm_accounting *acc = &a->accounting;
	unsigned int i;

	for (i = 0; i < acc->nr_devices; i++) {
		const char *name = irqm_device_driver(
			&a->snapshot->devices[acc->devices[i].device]);

		if (name && strcmp(name, driver) == 0)
			return &acc->devices[i];
	}
	return NULL;
}

/*
 * A device that needs half of the vectors of a small machine does not fit
 * twice, and that is not worth a warning.
 */
static bool is_scarce(irqm_num room, irqm_num whole)
{
	return whole == IRQM_UNKNOWN ||
	       100.0L * room < (long double)SCARCE_PERCENT * whole;
}

/*
 * Counts the managed reservations of a device on each of cpus[]. Returns
 * false if an affinity is unknown.
 */
static bool count_reservations(const struct irqm_snapshot *s, int device,
			       unsigned int *needed)
{
	const struct irqm_cpu *cpu;
	unsigned int i, n;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		if (irq->device != device || irqm_has_apic(irq) != 1 ||
		    irq->managed != 1)
			continue;
		if (!irqm_bits_known(&irq->affinity))
			return false;
		irqm_bits_for_each(n, &irq->affinity) {
			cpu = irqm_find_cpu(s, n);
			if (cpu)
				needed[cpu - s->cpus]++;
		}
	}
	return true;
}

/* Divides the free vectors of each CPU by what a device needs there. */
static void limit_by_cpus(const struct irqm_analysis *a,
			  const unsigned int *needed, struct irqm_fit *fit)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		irqm_num room = a->cpus[i].available;

		if (!needed[i])
			continue;
		if (room == IRQM_UNKNOWN) {
			fit->devices = IRQM_UNKNOWN;
			return;
		}
		/* a bad bitmap can have more bits set than there are vectors */
		if (room < 0)
			room = 0;
		fit->tight |= room / needed[i] == 0 &&
			      is_scarce(room, a->totals.each);
		if (room / needed[i] < fit->devices) {
			fit->devices = room / needed[i];
			fit->limit_cpu = s->cpus[i].cpu;
			fit->limit_room = room;
		}
	}
}

bool irqm_fit_of(const struct irqm_analysis *a, const char *driver,
		 struct irqm_fit *ret)
{
	const struct irqm_cost *most =
		driver && *driver ? irqm_most_expensive(a, driver) : NULL;
	unsigned int *needed;

	*ret = (struct irqm_fit){ driver,       IRQM_UNKNOWN, IRQM_UNKNOWN,
				  IRQM_UNKNOWN, IRQM_UNKNOWN, false };
	if (!most || most->cost == IRQM_UNKNOWN || most->cost <= 0 ||
	    a->totals.bitmaps_available == IRQM_UNKNOWN)
		return true;
	needed = irqm_arena_alloc(a->arena, a->snapshot->nr_cpus,
				  sizeof(*needed));
	if (!needed)
		return false;
	if (!count_reservations(a->snapshot, most->device, needed))
		return true;
	ret->cost = most->cost;
	ret->devices = a->totals.bitmaps_available / most->cost;
	ret->tight = ret->devices == 0 &&
		     is_scarce(a->totals.bitmaps_available, a->totals.capacity);
	limit_by_cpus(a, needed, ret);
	return true;
}
