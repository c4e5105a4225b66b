/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds PCI functions that could use MSI but do not, by walking the buses from
 * pci_root_buses on. For functions without MSI interrupts, only the
 * capabilities are read.
 */
#include "snapshot/stages.h"

#include <string.h>

#define MAX_DEPTH 32 /* nested bridges */
#define MAX_LINES 4096

static bool layout_known(const struct irqm_layout *l)
{
	return l->pci_bus.node.exists && l->pci_bus.children.exists &&
	       l->pci_bus.devices.exists && l->pci_dev.dev.exists &&
	       l->pci_dev.bus_list.exists && l->pci_dev.irq.exists &&
	       l->pci_dev.msi_cap.exists && l->pci_dev.msix_cap.exists &&
	       l->pci_dev.no_msi.exists && l->pci_dev.msi_enabled.exists &&
	       l->pci_dev.msix_enabled.exists;
}

/* Reads a single number from a large structure. */
static bool read_member(struct reader *r, uint64_t addr,
			const struct irqm_member *m, uint64_t *ret)
{
	struct irqm_member at_0 = *m;
	char copy[8] = { 0 };

	at_0.offset = 0;
	if (m->size > sizeof(copy) ||
	    !irqm_reader_read(r, addr + m->offset, copy, m->size, "pci_dev"))
		return false;
	*ret = irqm_get(copy, &at_0);
	return true;
}

static bool add_line(struct reader *r, uint64_t dev, uint64_t irq, bool msix)
{
	struct irqm_snapshot *s = r->s;
	struct irqm_pci_line line = { .irq = irq, .msix = msix }, *more;
	unsigned int nr = s->nr_pci_lines;

	if (!irqm_read_other_device(r, dev, &line.device) ||
	    !line.device.driver || !*line.device.driver)
		return true;
	if ((nr & (nr - 1)) == 0) { /* the array doubles */
		more = irqm_reader_alloc(r, nr ? 2 * (size_t)nr : 1,
					 sizeof(*more));
		if (!more)
			return false;
		if (nr)
			memcpy(more, s->pci_lines, nr * sizeof(*more));
		s->pci_lines = more;
	}
	s->pci_lines[s->nr_pci_lines++] = line;
	if (s->nr_pci_lines < MAX_LINES)
		return true;
	irqm_reader_note(r, IRQM_INVALID, dev, "PCI functions: too many");
	return false;
}

/* Returns false if the limit is reached. */
static bool visit_function(struct reader *r, uint64_t addr)
{
	const struct irqm_layout *l = r->layout;
	uint64_t msi, msix, no_msi, msi_enabled, msix_enabled, irq;

	if (!read_member(r, addr, &l->pci_dev.msi_cap, &msi) ||
	    !read_member(r, addr, &l->pci_dev.msix_cap, &msix) ||
	    (!msi && !msix) ||
	    !read_member(r, addr, &l->pci_dev.no_msi, &no_msi) || no_msi ||
	    !read_member(r, addr, &l->pci_dev.msi_enabled, &msi_enabled) ||
	    msi_enabled ||
	    !read_member(r, addr, &l->pci_dev.msix_enabled, &msix_enabled) ||
	    msix_enabled || !read_member(r, addr, &l->pci_dev.irq, &irq))
		return true;
	return add_line(r, addr + l->pci_dev.dev.offset, irq, msix != 0);
}

static bool visit_bus(struct reader *r, uint64_t bus, unsigned int depth);

/* Visits the elements of a list_head, whose member is at this offset. Returns
 * false if the limit is reached or the list is broken. */
static bool
walk_list(struct reader *r, uint64_t head, uint32_t offset, unsigned int depth,
	  bool (*visit)(struct reader *r, uint64_t addr, unsigned int depth))
{
	uint64_t node;

	if (!irqm_reader_read(r, head, &node, sizeof(node),
			      "list of PCI devices"))
		return false;
	while (node != head) {
		if (!irqm_reader_step(r, head, "list of PCI devices") ||
		    !visit(r, node - offset, depth) ||
		    !irqm_reader_read(r, node, &node, sizeof(node),
				      "list of PCI devices"))
			return false;
	}
	return true;
}

static bool visit_device(struct reader *r, uint64_t addr, unsigned int depth)
{
	(void)depth;
	return visit_function(r, addr);
}

static bool visit_bus(struct reader *r, uint64_t bus, unsigned int depth)
{
	const struct irqm_layout *l = r->layout;

	if (depth >= MAX_DEPTH) {
		irqm_reader_note(r, IRQM_INVALID, bus, "PCI buses: too deep");
		return false;
	}
	return walk_list(r, bus + l->pci_bus.devices.offset,
			 l->pci_dev.bus_list.offset, depth, visit_device) &&
	       walk_list(r, bus + l->pci_bus.children.offset,
			 l->pci_bus.node.offset, depth + 1, visit_bus);
}

void irqm_read_pci_lines(struct reader *r)
{
	uint64_t head;

	/* the symbol is missing without CONFIG_PCI */
	if (layout_known(r->layout) &&
	    irqm_reader_symbol(r, "pci_root_buses", &head))
		walk_list(r, head, r->layout->pci_bus.node.offset, 0,
			  visit_bus);
}
