/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices, their drivers, buses and consumers. */
#include "tests/mkdump/internal.h"

#include <string.h>

uint64_t named(struct fk *fk, uint32_t size, const struct irqm_member *name,
	       const char *s)
{
	uint64_t addr = heap(fk, size);

	fk_put(fk, addr, name, fk_string(fk, s));
	return addr;
}

void init_list(struct fk *fk, uint64_t head)
{
	fk_put64(fk, head, head);
	fk_put64(fk, head + 8, head);
}

void list_add_tail(struct fk *fk, uint64_t head, uint64_t node)
{
	uint64_t last;

	memcpy(&last, fk_at(fk, head + 8), 8);
	fk_put64(fk, node, head);
	fk_put64(fk, node + 8, last);
	fk_put64(fk, last, node);
	fk_put64(fk, head + 8, node);
}

static uint64_t klist_head(const struct fk *fk, uint64_t private)
{
	return private + fk->layout.device_private.klist_children.offset +
	       fk->layout.klist.k_list.offset;
}

/* The struct device at addr, in a structure that is there already. */
static void fill_device(struct fk *fk, uint64_t addr, const char *name,
			const char *bus, const char *driver, const char *class)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t private = heap(fk, l->device_private.size);

	fk_put(fk, addr + l->device.kobj.offset, &l->kobject.name,
	       fk_string(fk, name));
	if (bus)
		fk_put(fk, addr, &l->device.bus,
		       named(fk, l->bus_type.size, &l->bus_type.name, bus));
	if (driver)
		fk_put(fk, addr, &l->device.driver,
		       named(fk, l->device_driver.size, &l->device_driver.name,
			     driver));
	if (class)
		fk_put(fk, addr, &l->device.clss,
		       named(fk, l->class.size, &l->class.name, class));
	fk_put(fk, addr, &l->device.p, private);
	fk_put(fk, private, &l->device_private.device, addr);
	init_list(fk, klist_head(fk, private));
	if (l->device.msi_list.exists)
		init_list(fk, addr + l->device.msi_list.offset);
}

static void add_child(struct fk *fk, uint64_t parent, uint64_t child)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t from = irqm_get(fk_at(fk, parent), &l->device.p);
	uint64_t to = irqm_get(fk_at(fk, child), &l->device.p);

	fk_put(fk, child, &l->device.parent, parent);
	list_add_tail(fk, klist_head(fk, from),
		      to + l->device_private.knode_parent.offset +
			      l->klist_node.n_node.offset);
}

static void build_consumers(struct fk *fk, uint64_t parent,
			    const struct irqm_machine_device *d)
{
	uint64_t child = 0;
	unsigned int i;

	for (i = 0; i < 3 && d->consumers[i].name; i++) {
		const struct irqm_machine_consumer *c = &d->consumers[i];

		/* a class device hangs below the one on the bus */
		if (c->on_bus)
			child = 0;
		else if (child)
			parent = child;
		child = heap(fk, fk->layout.device.size);
		fill_device(fk, child, c->name, c->on_bus ? c->kind : NULL,
			    c->driver, c->on_bus ? NULL : c->kind);
		add_child(fk, parent, child);
	}
}

void build_device(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_device *d = &fk->m->devices[i];
	uint64_t pci = heap(fk, l->pci_dev.size);
	uint64_t addr = pci + l->pci_dev.dev.offset;

	fk->devices[i] = addr;
	fill_device(fk, addr, d->name, d->bus, d->driver, NULL);
	fk_put(fk, addr, &l->device.numa_node, (uint32_t)d->node);
	fk_put(fk, pci, &l->pci_dev.vendor, d->vendor);
	fk_put(fk, pci, &l->pci_dev.device, d->device);
	fk_put(fk, pci, &l->pci_dev.clss, d->class);
	build_consumers(fk, addr, d);
}
