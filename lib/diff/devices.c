/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares the devices and drivers of two dumps. */
#include "diff/internal.h"

#include <stdlib.h>
#include <string.h>

struct device {
	const struct irqm_device *d;
	const struct irqm_cost *cost;
	const char *driver;
};

static int group_devices(const void *va, const void *vb)
{
	const struct device *a = va, *b = vb;
	int order = irqm_order_strings(a->d->bus, b->d->bus);

	return order ? order : irqm_order_strings(a->d->name, b->d->name);
}

static bool same_hardware(const void *va, const void *vb)
{
	const struct irqm_device *a = ((const struct device *)va)->d;
	const struct irqm_device *b = ((const struct device *)vb)->d;

	return !irqm_differ(a->pci_vendor, b->pci_vendor) &&
	       !irqm_differ(a->pci_device, b->pci_device);
}

static bool same_device(const void *va, const void *vb)
{
	const struct device *a = va, *b = vb;

	return same_hardware(a, b) &&
	       !irqm_strings_differ(a->driver, b->driver);
}

static int order_devices(const void *va, const void *vb)
{
	const struct device *a = va, *b = vb;
	int order = group_devices(a, b);

	if (!order)
		order = irqm_order_nums(a->d->pci_vendor, b->d->pci_vendor);
	if (!order)
		order = irqm_order_nums(a->d->pci_device, b->d->pci_device);
	return order ? order : irqm_order_strings(a->driver, b->driver);
}

static bool is_renamed(const struct irqm_device *a, const struct irqm_device *b)
{
	unsigned int i;

	if (a->consumers_cut || b->consumers_cut)
		return false;
	if (a->nr_consumers != b->nr_consumers)
		return true;
	for (i = 0; i < a->nr_consumers; i++)
		if (irqm_strings_differ(a->consumers[i].name,
					b->consumers[i].name))
			return true;
	return false;
}

static bool costs_differ(const struct irqm_cost *a, const struct irqm_cost *b)
{
	const struct irqm_fact_row before = { .cost = a, .counts = a };
	const struct irqm_fact_row after = { .cost = b, .counts = b };

	return irqm_facts_compare(IRQM_COST_FACTS, &before, &after) ==
	       IRQM_FACTS_DIFFER;
}

/* A missing device costs 0. */
static irqm_num cost_delta(const struct irqm_cost *before,
			   const struct irqm_cost *after)
{
	return irqm_sub(after ? after->cost : 0, before ? before->cost : 0);
}

static void found_device(void *ctx, const void *before, const void *after)
{
	const struct device *a = before, *b = after;
	struct irqm_diff *d = ctx;
	struct irqm_device_diff *diff = &d->devices[d->nr_devices++];

	diff->before = a ? a->cost : NULL;
	diff->after = b ? b->cost : NULL;
	diff->renamed = a && b && is_renamed(a->d, b->d);
	diff->change = irqm_note_change(
		d, a, b,
		a && b && (diff->renamed || costs_differ(a->cost, b->cost)),
		(!a || !b) &&
			(irqm_device_unknown((a ? a : b)->d) ||
			 (a ? d->gaps_after.devices : d->gaps_before.devices)));
	diff->cost = diff->change == IRQM_CHANGE_UNKNOWN ?
			     IRQM_UNKNOWN :
			     cost_delta(diff->before, diff->after);
}

static void found_place(void *ctx, const void *before, const void *after)
{
	struct irqm_diff *d = ctx;

	d->same_places += before && after;
}

static const struct irqm_matcher device_matcher = {
	.size = sizeof(struct device),
	.group = group_devices,
	.same = same_device,
	.order = order_devices,
	.found = found_device,
};

static const struct irqm_matcher place_matcher = {
	.size = sizeof(struct device),
	.group = group_devices,
	.same = same_hardware,
	.order = order_devices,
	.found = found_place,
};

static bool list_devices(struct irqm_arena *arena,
			 const struct irqm_analysis *a, struct irqm_things *t)
{
	const struct irqm_accounting *acc = &a->accounting;
	struct device *devices;
	unsigned int i;

	t->nr = acc->nr_devices;
	t->things = devices = irqm_arena_alloc(arena, t->nr, sizeof(*devices));
	for (i = 0; devices && i < t->nr; i++) {
		const struct irqm_cost *cost = &acc->devices[i];

		devices[i].d = &a->snapshot->devices[cost->device];
		devices[i].cost = cost;
		devices[i].driver = irqm_device_driver(devices[i].d);
	}
	return devices != NULL;
}

static irqm_num size_of(irqm_num n)
{
	return n < 0 && n != IRQM_UNKNOWN ? -n : n;
}

/* Sorts larger numbers first, and unknown ones last. */
static int by_size(irqm_num a, irqm_num b)
{
	return irqm_order_nums(size_of(b), size_of(a));
}

const struct irqm_device *irqm_diff_device(const struct irqm_diff *d,
					   const struct irqm_device_diff *diff)
{
	return diff->after ?
		       &d->after->snapshot->devices[diff->after->device] :
		       &d->before->snapshot->devices[diff->before->device];
}

static int sort_devices(const void *va, const void *vb, void *diff)
{
	const struct irqm_device_diff *a = va, *b = vb;
	int order = (int)a->change - (int)b->change;

	if (!order)
		order = by_size(a->cost, b->cost);
	return order ? order :
		       irqm_order_strings(irqm_diff_device(diff, a)->name,
					  irqm_diff_device(diff, b)->name);
}

bool irqm_diff_devices(struct irqm_diff *d)
{
	struct irqm_things before, after;

	if (!list_devices(d->arena, d->before, &before) ||
	    !list_devices(d->arena, d->after, &after))
		return false;
	d->devices = irqm_arena_alloc(d->arena, before.nr + after.nr,
				      sizeof(*d->devices));
	if (!d->devices)
		return false;
	irqm_match(&device_matcher, &before, &after, d);
	irqm_match(&place_matcher, &before, &after, d);
	d->places = before.nr < after.nr ? before.nr : after.nr;
	d->other_machine = d->same_places < d->places - d->same_places &&
			   !d->gaps_before.devices && !d->gaps_after.devices;
	qsort_r(d->devices, d->nr_devices, sizeof(*d->devices), sort_devices,
		d);
	return true;
}

static int group_drivers(const void *va, const void *vb)
{
	const struct irqm_driver_cost *const *a = va, *const *b = vb;

	return irqm_order_strings((*a)->driver, (*b)->driver);
}

static void found_driver(void *ctx, const void *before, const void *after)
{
	const struct irqm_driver_cost *const *a = before, *const *b = after;
	struct irqm_diff *d = ctx;
	struct irqm_driver_diff *diff = &d->drivers[d->nr_drivers++];

	diff->before = a ? *a : NULL;
	diff->after = b ? *b : NULL;
	diff->driver = b ? (*b)->driver : (*a)->driver;
	diff->change = irqm_note_change(
		d, a, b,
		a && b &&
			(irqm_differ((*a)->devices, (*b)->devices) ||
			 costs_differ(&(*a)->sum, &(*b)->sum)),
		d->gaps_before.devices || d->gaps_after.devices);
	diff->cost = diff->change == IRQM_CHANGE_UNKNOWN ?
			     IRQM_UNKNOWN :
			     cost_delta(a ? &(*a)->sum : NULL,
					b ? &(*b)->sum : NULL);
}

static const struct irqm_matcher driver_matcher = {
	.size = sizeof(struct irqm_driver_cost *),
	.group = group_drivers,
	.order = group_drivers,
	.found = found_driver,
};

static bool list_drivers(struct irqm_arena *arena,
			 const struct irqm_accounting *acc,
			 struct irqm_things *t)
{
	const struct irqm_driver_cost **drivers;
	unsigned int i;

	t->nr = acc->nr_drivers;
	t->things = drivers = irqm_arena_alloc(arena, t->nr, sizeof(*drivers));
	for (i = 0; drivers && i < t->nr; i++)
		drivers[i] = &acc->drivers[i];
	return drivers != NULL;
}

static int sort_drivers(const void *va, const void *vb)
{
	const struct irqm_driver_diff *a = va, *b = vb;
	int order = (a->change == IRQM_SAME) - (b->change == IRQM_SAME);

	if (!order)
		order = by_size(a->cost, b->cost);
	return order ? order : irqm_order_strings(a->driver, b->driver);
}

bool irqm_diff_drivers(struct irqm_diff *d)
{
	struct irqm_things before, after;

	if (!list_drivers(d->arena, &d->before->accounting, &before) ||
	    !list_drivers(d->arena, &d->after->accounting, &after))
		return false;
	d->drivers = irqm_arena_alloc(d->arena, before.nr + after.nr,
				      sizeof(*d->drivers));
	if (!d->drivers)
		return false;
	irqm_match(&driver_matcher, &before, &after, d);
	qsort(d->drivers, d->nr_drivers, sizeof(*d->drivers), sort_drivers);
	return true;
}
