/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Identifies the machine by a hash. A dump has no serial number and no host
 * name, so the hash is over what it does have: the possible CPUs, the node of
 * each, and the address, class, vendor and device number of each PCI device
 * with MSI. Two machines of the same build have the same hash.
 */
#include "analysis/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/siphash.h"

static void add_text(struct irqm_siphash *h, const char *text)
{
	irqm_siphash_add(h, text, strlen(text));
}

/* Returns false if n is unknown. */
static bool add_number(struct irqm_siphash *h, irqm_num n)
{
	char text[24];

	if (n == IRQM_UNKNOWN)
		return false;
	snprintf(text, sizeof(text), " %" PRId64, n);
	add_text(h, text);
	return true;
}

/* Returns false if a fact is unknown. */
static bool add_cpus(struct irqm_siphash *h, const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		add_text(h, "cpu");
		if (!add_number(h, s->cpus[i].cpu) ||
		    !add_number(h, s->cpus[i].node))
			return false;
		add_text(h, "\n");
	}
	return s->nr_cpus > 0;
}

static bool add_device(struct irqm_siphash *h, const struct irqm_device *d)
{
	add_text(h, "pci ");
	add_text(h, d->name);
	if (!add_number(h, d->pci_class) || !add_number(h, d->pci_vendor) ||
	    !add_number(h, d->pci_device))
		return false;
	add_text(h, "\n");
	return true;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(const struct irqm_device *const *)a)->name,
		      (*(const struct irqm_device *const *)b)->name);
}

/* Adds the PCI devices in the order of their addresses. */
static bool add_devices(struct irqm_siphash *h, const struct irqm_snapshot *s,
			const struct irqm_device **room)
{
	unsigned int i, nr = 0;

	for (i = 0; i < s->nr_devices; i++) {
		const struct irqm_device *d = &s->devices[i];

		if (d->bus && strcmp(d->bus, "pci") != 0)
			continue;
		if (!d->bus || !d->name)
			return false;
		room[nr++] = d;
	}
	qsort(room, nr, sizeof(*room), compare_names);
	for (i = 0; i < nr; i++)
		if (!add_device(h, room[i]))
			return false;
	return true;
}

bool irqm_identify_machine(struct irqm_analysis *a)
{
	static const uint8_t key[IRQM_SIPHASH_KEY] = "irqmatrix store";
	const struct irqm_snapshot *s = a->snapshot;
	const struct irqm_device **room;
	uint8_t sum[IRQM_SIPHASH_SIZE];
	struct irqm_siphash h;
	char *possible;

	/* devices are found by their interrupts */
	if (!irqm_bits_known(&s->dump.possible) || irqm_irqs_missing(s))
		return true;
	room = irqm_arena_alloc(a->arena, s->nr_devices, sizeof(*room));
	possible = irqm_bits_list(&s->dump.possible);
	if (!room || !possible) {
		free(possible);
		return false;
	}
	irqm_siphash_begin(&h, key);
	add_text(&h, "possible ");
	add_text(&h, possible);
	add_text(&h, "\n");
	free(possible);
	if (!add_cpus(&h, s) || !add_devices(&h, s, room))
		return true;
	irqm_siphash_end(&h, sum);
	a->machine = irqm_arena_alloc(a->arena, 2 * sizeof(sum) + 1, 1);
	if (a->machine)
		irqm_hex(sum, sizeof(sum), a->machine);
	return a->machine != NULL;
}
