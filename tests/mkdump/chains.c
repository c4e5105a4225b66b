/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Domains, chips, and the levels of irq_data. */
#include "tests/mkdump/internal.h"

#include <string.h>

static const struct {
	const char *domain, *chip;
} levels[IRQM_NR_LEVELS] = {
	[IRQM_LEVEL_VECTOR] = { "VECTOR", "APIC" },
	[IRQM_LEVEL_IOAPIC] = { "IO-APIC-IR-0", "IR-IO-APIC" },
	[IRQM_LEVEL_DMAR] = { "DMAR-MSI", "DMAR-MSI" },
	[IRQM_LEVEL_PCI_MSI] = { "PCI-MSIX-0000:00:05.0-12",
				 "PCI-MSIX-0000:00:05.0" },
	[IRQM_LEVEL_IR_PCI_MSI] = { "IR-PCI-MSIX-0000:03:00.0-12",
				    "IR-PCI-MSIX-0000:03:00.0" },
	[IRQM_LEVEL_IR] = { "INTEL-IR-0", "INTEL-IR" },
	[IRQM_LEVEL_XEN] = { "xen-evtchn", "xen-dyn" },
	[IRQM_LEVEL_NO_DOMAIN] = { NULL, "XT-PIC" },
	[IRQM_LEVEL_VMD] = { "VMD-MSI-65536", "VMD-MSI" },
	[IRQM_LEVEL_AMD_IR] = { "AMD-IR-0", "AMD-IR" },
};

const char *fk_domain_name(enum irqm_machine_level level)
{
	return levels[level].domain;
}

const char *fk_chip_name(enum irqm_machine_level level)
{
	return levels[level].chip;
}

uint64_t fk_hwirq(const struct irqm_machine_irq *irq, unsigned int level)
{
	return ((uint64_t)irq->irq << 36) + level * 0x101 + 7;
}

void build_domains(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	int i;

	for (i = IRQM_LEVEL_VECTOR; i < IRQM_NR_LEVELS; i++) {
		if (levels[i].domain)
			fk->domains[i] = named(fk, l->irq_domain.size,
					       &l->irq_domain.name,
					       levels[i].domain);
		fk->chips[i] = named(fk, l->irq_chip.size, &l->irq_chip.name,
				     levels[i].chip);
	}
	variable_set(fk, "x86_vector_domain", 8,
		     fk->domains[IRQM_LEVEL_VECTOR]);
}

static uint64_t new_chip_data(struct fk *fk, const struct irqm_machine_irq *i)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t addr = heap(fk, l->apic_chip_data.size);

	fk_put(fk, addr, &l->apic_chip_data.hw_vector,
	       i->hw_vector ? i->hw_vector :
	       i->vector    ? i->vector :
			      0xef);
	fk_put(fk, addr, &l->apic_chip_data.hw_dest_apicid,
	       fk_destination(fk->m->apic, i->cpu));
	fk_put(fk, addr, &l->apic_chip_data.vector, i->vector);
	fk_put(fk, addr, &l->apic_chip_data.cpu, i->cpu);
	fk_put(fk, addr, &l->apic_chip_data.prev_vector, i->prev_vector);
	fk_put(fk, addr, &l->apic_chip_data.prev_cpu, i->prev_cpu);
	fk_put(fk, addr, &l->apic_chip_data.irq, i->irq);
	fk_put(fk, addr, &l->apic_chip_data.move_in_progress,
	       i->move_in_progress);
	fk_put(fk, addr, &l->apic_chip_data.is_managed, i->managed);
	fk_put(fk, addr, &l->apic_chip_data.can_reserve, i->can_reserve);
	fk_put(fk, addr, &l->apic_chip_data.has_reserved, i->has_reserved);
	if (i->cleanup &&
	    l->apic_chip_data.clist.exists) /* pprev: it is in a list */
		fk_put64(fk, addr + l->apic_chip_data.clist.offset + 8, addr);
	return addr;
}

/* What is between the device and the vector domain. */
static uint64_t other_chip_data(struct fk *fk, unsigned int i,
				enum irqm_machine_level kind)
{
	switch (kind) {
	case IRQM_LEVEL_IR:
		return fk->remaps[i] = build_intel_ir(fk, i);
	case IRQM_LEVEL_AMD_IR:
		return fk->remaps[i] = build_amd_ir(fk, i);
	case IRQM_LEVEL_IOAPIC:
		return fk->ioapics[i] = build_ioapic(fk, i);
	default:
		return 0;
	}
}

/* vmd_msi_init(): the IRQ of the bridge's vector that the message names. */
static uint64_t bridge_irq(const struct fk *fk,
			   const struct irqm_machine_irq *irq)
{
	unsigned int index = irq->address >> 12 & 0xff, i;

	for (i = 0; i < fk->m->nr_irqs; i++) {
		const struct irqm_machine_irq *b = &fk->m->irqs[i];

		if (b->device >= 0 && b->index == index &&
		    fk->m->devices[b->device].driver &&
		    strcmp(fk->m->devices[b->device].driver, "vmd") == 0)
			return b->irq;
	}
	return 0;
}

static void fill_level(struct fk *fk, uint64_t addr, unsigned int i,
		       unsigned int level, uint64_t parent)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_irq *irq = &fk->m->irqs[i];
	enum irqm_machine_level kind = irq->chain[level];

	fk_put(fk, addr, &l->irq_data.irq, irq->irq);
	fk_put(fk, addr, &l->irq_data.hwirq,
	       kind == IRQM_LEVEL_VMD ? bridge_irq(fk, irq) :
					fk_hwirq(irq, level));
	fk_put(fk, addr, &l->irq_data.domain, fk->domains[kind]);
	fk_put(fk, addr, &l->irq_data.chip, fk->chips[kind]);
	fk_put(fk, addr, &l->irq_data.parent_data, parent);
	if (kind == IRQM_LEVEL_VECTOR && !irq->no_chip_data) {
		fk->chip_data[i] = new_chip_data(fk, irq);
		fk_put(fk, addr, &l->irq_data.chip_data, fk->chip_data[i]);
	} else {
		fk_put(fk, addr, &l->irq_data.chip_data,
		       other_chip_data(fk, i, kind));
	}
}

void build_chain(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_irq *irq = &fk->m->irqs[i];
	unsigned int nr = 0, level;
	uint64_t addr, parent = 0;

	while (irq->chain[nr] != IRQM_LEVEL_END)
		nr++;
	for (level = nr - 1; level > 0; level--) {
		addr = heap(fk, l->irq_data.size);
		fill_level(fk, addr, i, level, parent);
		parent = addr;
	}
	fk->parents[i] = parent;
	fill_level(fk, fk->descs[i] + l->irq_desc.irq_data.offset, i, 0,
		   parent);
}
