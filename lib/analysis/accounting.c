/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributes the vectors to devices and drivers. */
#include "analysis/internal.h"

#include <stdlib.h>
#include <string.h>

static void add_to(irqm_num *sum, irqm_num n)
{
	*sum = irqm_add(*sum, n);
}

/* Makes everything unknown except the numbers of IRQs. */
static void forget_vectors(struct irqm_cost *c)
{
	c->allocated = c->managed_reserved = IRQM_UNKNOWN;
	c->managed_reserved_offline = c->idle_reserved = IRQM_UNKNOWN;
	c->reserved = c->cost = IRQM_UNKNOWN;
}

static void forget_cost(struct irqm_cost *c)
{
	c->irqs = c->managed_irqs = IRQM_UNKNOWN;
	forget_vectors(c);
}

void irqm_cost_add(struct irqm_cost *sum, const struct irqm_cost *c)
{
	add_to(&sum->irqs, c->irqs);
	add_to(&sum->managed_irqs, c->managed_irqs);
	add_to(&sum->allocated, c->allocated);
	add_to(&sum->managed_reserved, c->managed_reserved);
	add_to(&sum->managed_reserved_offline, c->managed_reserved_offline);
	add_to(&sum->idle_reserved, c->idle_reserved);
	add_to(&sum->reserved, c->reserved);
	add_to(&sum->cost, c->cost);
}

/*
 * A managed interrupt has a reservation on every CPU of its mask, and its
 * vector is one of them (irq_matrix_reserve_managed(),
 * irq_matrix_alloc_managed()).
 */
static void managed_cost(struct irqm_cost *c, const struct irqm_irq *irq,
			 const struct irqm_online *online)
{
	irqm_num all = IRQM_UNKNOWN, weight = IRQM_UNKNOWN, holds = 0;

	if (irqm_bits_known(&irq->affinity)) {
		all = irqm_bits_weight(&irq->affinity);
		if (online->any_cpu &&
		    !irqm_bits_weight_and(&irq->affinity, &online->unknown))
			weight = irqm_bits_weight_and(&irq->affinity,
						      &online->yes);
	}
	if (irq->apic->vector)
		holds = irqm_is_online(online, irq->apic->cpu);
	c->managed_reserved = weight;
	c->managed_reserved_offline = irqm_sub(all, weight);
	c->idle_reserved = irqm_sub(weight, holds);
	c->cost = weight;
}

static void regular_cost(struct irqm_cost *c, const struct irqm_irq *irq,
			 const struct irqm_online *online)
{
	c->cost = 0;
	if (irq->apic->vector)
		add_to(&c->cost, irqm_is_online(online, irq->apic->cpu));
	if (irq->apic->prev_vector)
		add_to(&c->cost, irqm_is_online(online, irq->apic->prev_cpu));
}

static struct irqm_cost irq_cost(const struct irqm_irq *irq,
				 const struct irqm_online *online)
{
	struct irqm_cost c = { .irqs = 1, .managed_irqs = irq->managed };
	irqm_num apic = irqm_has_apic(irq);

	if (apic == 0)
		return c;
	if (apic == IRQM_UNKNOWN) {
		forget_vectors(&c);
		return c;
	}
	c.allocated = irq->apic->vector != 0;
	c.reserved = irq->apic->has_reserved;
	if (irq->managed == IRQM_UNKNOWN) {
		c.managed_reserved = c.idle_reserved = IRQM_UNKNOWN;
		c.managed_reserved_offline = c.cost = IRQM_UNKNOWN;
	} else if (irq->managed) {
		managed_cost(&c, irq, online);
	} else {
		regular_cost(&c, irq, online);
	}
	return c;
}

/* The known IRQs of a device. If some IRQs could not be read, they are compared
 * with the device's own store of descriptors, which shows if one is missing. */
struct seen {
	irqm_num descs, expected_irqs;
};

static void count_seen(struct seen *seen, const struct irqm_irq *irq)
{
	if (!irq->msi || irq->irq != irq->msi->first_irq)
		return;
	seen->descs++;
	seen->expected_irqs += irq->msi->nvec_used;
}

bool irqm_irqs_missing(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++)
		if (s->irqs[i].device_unknown)
			return true;
	return !s->irqs_known;
}

static bool is_complete(const struct irqm_device *d, const struct irqm_cost *c,
			const struct seen *seen)
{
	return d->nr_msi_descs == seen->descs && seen->expected_irqs == c->irqs;
}

static bool account_devices(const struct irqm_snapshot *s,
			    struct irqm_arena *arena,
			    const struct irqm_online *online,
			    struct irqm_accounting *acc)
{
	unsigned int i, nr = s->nr_devices;
	struct seen *seen;

	acc->devices = irqm_arena_alloc(arena, nr, sizeof(*acc->devices));
	seen = calloc(nr ? nr : 1, sizeof(*seen));
	if (!acc->devices || !seen) {
		free(seen);
		return false;
	}
	acc->nr_devices = nr;
	acc->no_device.device = -1;
	for (i = 0; i < nr; i++)
		acc->devices[i].device = i;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];
		struct irqm_cost c = irq_cost(irq, online);

		if (irq->device_unknown) {
			continue; /* its vectors stay unattributed */
		} else if (irq->device < 0 || (unsigned int)irq->device >= nr) {
			irqm_cost_add(&acc->no_device, &c);
		} else {
			irqm_cost_add(&acc->devices[irq->device], &c);
			count_seen(&seen[irq->device], irq);
		}
	}

	if (irqm_irqs_missing(s)) {
		forget_cost(&acc->no_device);
		for (i = 0; i < nr; i++) {
			if (is_complete(&s->devices[i], &acc->devices[i],
					&seen[i]))
				continue;
			forget_cost(&acc->devices[i]);
		}
	}
	free(seen);
	return true;
}

/* Sorts the highest cost first, and an unknown one last. */
static int by_cost(irqm_num a, irqm_num b)
{
	return (a < b) - (a > b);
}

/* Sorts an unknown name last. */
static int by_name(const char *a, const char *b)
{
	if (!a || !b)
		return !a - !b;
	return strcmp(a, b);
}

static int compare_devices(const void *va, const void *vb, void *snapshot)
{
	const struct irqm_snapshot *s = snapshot;
	const struct irqm_cost *a = va, *b = vb;
	int order = by_cost(a->cost, b->cost);

	if (!order)
		order = by_name(s->devices[a->device].name,
				s->devices[b->device].name);
	return order ? order : a->device - b->device;
}

static int compare_drivers(const void *va, const void *vb)
{
	const struct irqm_driver_cost *a = va, *b = vb;
	int order = by_cost(a->sum.cost, b->sum.cost);

	return order ? order : by_name(a->driver, b->driver);
}

static int compare_driver_names(const void *va, const void *vb)
{
	const struct irqm_driver_cost *a = va, *b = vb;

	return by_name(a->driver, b->driver);
}

/*
 * For virtio-pci, returns the driver of the virtio device, which says more. Not
 * for other parents: the children of an AHCI or RAID controller would say sd,
 * those of xhci_hcd usb.
 */
const char *irqm_device_driver(const struct irqm_device *d)
{
	unsigned int i;

	for (i = 0; i < d->nr_consumers; i++) {
		const struct irqm_consumer *c = &d->consumers[i];

		if (c->driver && c->kind && strcmp(c->kind, "virtio") == 0)
			return c->driver;
	}
	if (d->consumers_cut && d->driver &&
	    strcmp(d->driver, "virtio-pci") == 0)
		return NULL;
	return d->driver;
}

/* Makes a row for each device, sorts them by driver, then merges neighbours
 * with equal drivers. */
static bool account_drivers(const struct irqm_snapshot *s,
			    struct irqm_arena *arena,
			    struct irqm_accounting *acc)
{
	struct irqm_driver_cost *d;
	unsigned int i, nr = 0;

	d = irqm_arena_alloc(arena, acc->nr_devices, sizeof(*d));
	if (!d)
		return false;
	for (i = 0; i < acc->nr_devices; i++) {
		d[i].driver =
			irqm_device_driver(&s->devices[acc->devices[i].device]);
		d[i].devices = 1;
		d[i].sum = acc->devices[i];
		d[i].sum.device = -1;
	}
	qsort(d, acc->nr_devices, sizeof(*d), compare_driver_names);
	for (i = 0; i < acc->nr_devices; i++) {
		if (nr && by_name(d[nr - 1].driver, d[i].driver) == 0) {
			d[nr - 1].devices++;
			irqm_cost_add(&d[nr - 1].sum, &d[i].sum);
		} else {
			d[nr++] = d[i];
		}
	}
	/* a driver may have more devices, whose interrupts are all missing */
	for (i = 0; i < nr && irqm_irqs_missing(s); i++) {
		forget_cost(&d[i].sum);
		d[i].devices = IRQM_UNKNOWN;
	}
	qsort(d, nr, sizeof(*d), compare_drivers);
	acc->drivers = d;
	acc->nr_drivers = nr;
	return true;
}

/* Accounts for the vectors of the CPUs in online, which have lost this number
 * of vectors. */
static bool account_all(const struct irqm_snapshot *s, struct irqm_arena *arena,
			const struct irqm_online *online, irqm_num lost,
			struct irqm_accounting *acc)
{
	irqm_num rest;
	unsigned int i;

	if (!account_devices(s, arena, online, acc) ||
	    !account_drivers(s, arena, acc))
		return false;
	qsort_r(acc->devices, acc->nr_devices, sizeof(*acc->devices),
		compare_devices, (void *)s);

	acc->lost = lost;
	rest = irqm_sub(lost, acc->no_device.cost);
	for (i = 0; i < acc->nr_devices; i++)
		rest = irqm_sub(rest, acc->devices[i].cost);
	acc->unattributed = rest;
	return true;
}

bool irqm_account(struct irqm_analysis *a)
{
	return account_all(a->snapshot, a->arena, &a->online,
			   irqm_sub(a->totals.capacity,
				    a->snapshot->matrix.global_available),
			   &a->accounting);
}

static void keep_members(struct irqm_bits *set, const struct irqm_bits *cpus)
{
	unsigned int n;

	irqm_bits_for_each(n, set)
		if (!irqm_bits_test(cpus, n))
			irqm_bits_clear(set, n);
}

bool irqm_account_cpus(const struct irqm_analysis *a, struct irqm_arena *arena,
		       const struct irqm_bits *cpus,
		       struct irqm_accounting *ret)
{
	struct irqm_totals t = irqm_totals_of(a, cpus);
	struct irqm_online online;

	memset(ret, 0, sizeof(*ret));
	if (!irqm_online_init(&online, arena, a->snapshot))
		return false;
	keep_members(&online.yes, cpus);
	keep_members(&online.unknown, cpus);
	return account_all(a->snapshot, arena, &online,
			   irqm_sub(t.capacity, t.available), ret);
}
