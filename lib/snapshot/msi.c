/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads msi_desc: what the driver asked for, and the message. */
#include "snapshot/stages.h"

#include <stdio.h>
#include <string.h>

/* Limit on vectors: an MSI capability has at most 32 in one descriptor. */
#define MAX_NVEC 32

static void read_message(const struct irqm_layout *l, const char *copy,
			 unsigned int n, struct irqm_msi *msi)
{
	const char *msg = copy + l->msi_desc.msg.offset;

	msi->has_msg = true;
	msi->address = irqm_get(msg, &l->msi_msg.address_hi) << 32 |
		       irqm_get(msg, &l->msi_msg.address_lo);
	msi->data = irqm_get(msg, &l->msi_msg.data) + n;
}

/* Reads affinity[n]: a cpumask, or since 5.0 an irq_affinity_desc. */
static void read_affinity(struct reader *r, uint64_t affinity, unsigned int n,
			  unsigned int irq, struct irqm_msi *msi)
{
	const struct irqm_layout *l = r->layout;
	unsigned int nbits = r->s->dump.nr_cpu_ids;
	char copy[READER_STRUCT_MAX], what[48];
	uint64_t addr;

	if (!affinity)
		return;
	msi->has_affinity = true;
	snprintf(what, sizeof(what), "msi_desc affinity of IRQ %u", irq);
	if (strcmp(l->msi_desc.affinity.target, "irq_affinity_desc") != 0) {
		if (l->cpumask.exists)
			msi->affinity = irqm_reader_bitmap(
				r, affinity + (uint64_t)n * l->cpumask.size,
				nbits, what);
		return;
	}
	if (!l->irq_affinity_desc.mask.exists ||
	    l->irq_affinity_desc.mask.size < IRQM_BITS_WORDS(nbits) * 8) {
		irqm_reader_note(r, IRQM_INVALID, affinity, "%s", what);
		return;
	}
	addr = affinity + (uint64_t)n * l->irq_affinity_desc.size;
	if (!irqm_reader_struct(r, copy, addr, l->irq_affinity_desc.size, "%s",
				what))
		return;
	msi->affinity = irqm_reader_bits(
		r, copy + l->irq_affinity_desc.mask.offset, nbits);
	if (l->irq_affinity_desc.is_managed.exists)
		msi->is_managed =
			irqm_get(copy, &l->irq_affinity_desc.is_managed);
}

/* Since 6.2 the PCI fields are in a union with those of other buses. */
static void read_pci_fields(struct reader *r, const char *copy, int device,
			    struct irqm_msi *msi)
{
	const struct irqm_layout *l = r->layout;
	const char *bus = device >= 0 ? r->s->devices[device].bus : NULL;

	if (l->msi_desc.msi_index.exists)
		msi->index = irqm_get(copy, &l->msi_desc.msi_index);
	if (!bus || strcmp(bus, "pci") != 0)
		return;
	if (l->msi_desc.pci_is_msix.exists)
		msi->msix = irqm_get(copy, &l->msi_desc.pci_is_msix);
	else if (l->msi_desc.is_msix.exists)
		msi->msix = irqm_get(copy, &l->msi_desc.is_msix);
	if (!l->msi_desc.msi_index.exists && l->msi_desc.entry_nr.exists)
		msi->index = irqm_get(copy, &l->msi_desc.entry_nr);
}

bool irqm_read_msi(struct reader *r, struct irqm_irq *irq, uint64_t desc)
{
	const struct irqm_layout *l = r->layout;
	char copy[READER_STRUCT_MAX];
	struct irqm_msi *msi;
	uint64_t first, nvec, n, dev;

	if (!r->has_part[IRQM_PART_MSI])
		return false;
	if (!irqm_reader_struct(r, copy, desc, l->msi_desc.size,
				"msi_desc of IRQ %u", irq->irq))
		return false;
	first = irqm_get(copy, &l->msi_desc.irq);
	nvec = irqm_get(copy, &l->msi_desc.nvec_used);
	n = irq->irq - first;
	if (irq->irq < first || nvec > MAX_NVEC || n >= nvec) {
		irqm_reader_note(r, IRQM_INVALID, desc,
				 "msi_desc of IRQ %u: belongs to another IRQ",
				 irq->irq);
		return false;
	}
	msi = irqm_reader_alloc(r, 1, sizeof(*msi));
	if (!msi)
		return false;
	*msi = (struct irqm_msi){
		.desc = desc,
		.index = IRQM_UNKNOWN,
		.msix = IRQM_UNKNOWN,
		.first_irq = first,
		.nvec_used = nvec,
		.affinity.nbits = r->s->dump.nr_cpu_ids,
		.is_managed = IRQM_UNKNOWN,
	};
	dev = irqm_get(copy, &l->msi_desc.dev);
	irq->device = irqm_read_device(r, dev);
	irq->msi = msi;
	read_message(l, copy, n, msi);
	read_affinity(r, irqm_get(copy, &l->msi_desc.affinity), n, irq->irq,
		      msi);
	read_pci_fields(r, copy, irq->device, msi);
	return !dev || irq->device >= 0;
}
