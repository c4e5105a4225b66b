/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The MSI message, as arch/x86/include/asm/msi.h lays it out since Linux
 * 5.11; the bits have always been these.
 *
 *	address 63..40  destination 31:8, only from an IOMMU's own interrupts
 *	        31..20  0xfee
 *	        19..12  destination 7:0        | 19..5  handle 14:0
 *	        11..5   destination 14:8, only |
 *	                under some hypervisors |
 *	        4       0                      | 1: Intel's remappable format
 *	        3       redirection hint       | subhandle valid
 *	        2       logical destination    | handle 15
 *	data    15 level, 14 assert, 10..8     | 15..0  subhandle
 *	        delivery mode, 7..0 vector     |
 *
 * What the message alone does not tell: AMD's IOMMU has no bit for its
 * format. Behind it the address looks like a message to APIC 0 and data is
 * an index of the device's remapping table, not a vector. VMD puts the index
 * of a vector of the bridge where the APIC id would be, see
 * vmd_compose_msi_msg(), and behind Hyper-V the host has composed the message
 * (chips "Hyper-V PCIe MSI" and, in its root partition, "HV-PCI-MSI").
 * So a message has the APIC's format only where the vector domain
 * itself composed it, that is where it is the next level of the chain. And
 * bits 11..5 are ignored by hardware that knows no extended destination;
 * Linux leaves them 0 then.
 */
#include "analysis/internal.h"

#include <string.h>

static bool starts_with(const char *s, const char *prefix)
{
	return s && strncmp(s, prefix, strlen(prefix)) == 0;
}

/* Returns true if x86_vector_msi_compose_msg() made it, as far as can be
 * read. */
static bool is_apic_format(const struct irqm_irq *irq)
{
	return irq->nr_levels > 1 && irq->chain[1].vector_domain &&
	       irq->chain[0].chip &&
	       !starts_with(irq->chain[0].chip, "Hyper-V") &&
	       !starts_with(irq->chain[0].chip, "HV-");
}

static bool is_behind(const struct irqm_irq *irq, const char *domain)
{
	return irq->nr_levels > 1 && starts_with(irq->chain[1].domain, domain);
}

/* The first level of the chain, the second since 6.17, which put each device's
 * own domain on top. */
static const struct irqm_level *vmd_level(const struct irqm_irq *irq)
{
	unsigned int i;

	for (i = 0; i < irq->nr_levels; i++)
		if (irq->chain[i].chip &&
		    strcmp(irq->chain[i].chip, "VMD-MSI") == 0)
			return &irq->chain[i];
	return NULL;
}

bool irqm_is_vmd(const struct irqm_irq *irq)
{
	return vmd_level(irq) != NULL;
}

/* The driver sets hwirq to the number of that interrupt. */
const struct irqm_irq *irqm_vmd_bridge(const struct irqm_snapshot *s,
				       const struct irqm_irq *irq)
{
	const struct irqm_level *level = vmd_level(irq);
	const struct irqm_irq *bridge;
	const char *driver;

	if (!level || level->hwirq > UINT32_MAX)
		return NULL;
	bridge = irqm_find_irq(s, level->hwirq);
	if (!bridge || bridge->device < 0)
		return NULL;
	driver = s->devices[bridge->device].driver;
	return driver && strcmp(driver, "vmd") == 0 ? bridge : NULL;
}

/* Returns true if one of the two levels that determine the format could not be
 * read. */
static bool lacks_levels(const struct irqm_irq *irq)
{
	if (irq->vector_domain_unknown ||
	    (irq->chain_cut && irq->nr_levels < 2))
		return true;
	return irq->nr_levels == 0 || !irq->chain[0].chip ||
	       (irq->nr_levels > 1 && !irq->chain[1].vector_domain &&
		irq->chain[1].domain_addr && !irq->chain[1].domain);
}

static unsigned int get_bits(uint64_t value, unsigned int low,
			     unsigned int width)
{
	return value >> low & ((1ULL << width) - 1);
}

/* VT-d specification, interrupt requests in remappable format. */
static void decode_remapped(const struct irqm_msi *msi,
			    struct irqm_msi_fields *f)
{
	f->remapped = true;
	f->handle = get_bits(msi->address, 5, 15) | get_bits(msi->address, 2, 1)
							    << 15;
	if (get_bits(msi->address, 3, 1))
		f->handle += get_bits(msi->data, 0, 16);
}

static void decode_compatible(const struct irqm_msi *msi,
			      struct irqm_msi_fields *f)
{
	unsigned int high = get_bits(msi->address, 40, 24);

	/* __irq_msi_compose_msg() uses one of the two extensions at most. */
	if (!high)
		high = get_bits(msi->address, 5, 7);
	f->destination = high << 8 | get_bits(msi->address, 12, 8);
	f->redirect_hint = get_bits(msi->address, 3, 1);
	f->logical = get_bits(msi->address, 2, 1);
	f->vector = get_bits(msi->data, 0, 8);
	f->delivery_mode = get_bits(msi->data, 8, 3);
	f->level_assert = get_bits(msi->data, 14, 1);
	f->level = get_bits(msi->data, 15, 1);
}

void irqm_msi_decode(const struct irqm_irq *irq, struct irqm_msi_fields *f)
{
	const struct irqm_msi *msi = irq->msi;

	*f = (struct irqm_msi_fields){ 0 };
	if (!msi->has_msg)
		return;
	/* data includes this IRQ's offset in a multi-MSI */
	f->empty = msi->address == 0 &&
		   (msi->data == 0 || msi->data < msi->nvec_used);
	f->local_apic = get_bits(msi->address, 20, 12) == 0xfee &&
			get_bits(msi->address, 32, 8) == 0;
	if (!f->local_apic)
		return;
	if (irqm_is_vmd(irq)) {
		f->vmd = true;
		f->bridge_index = get_bits(msi->address, 12, 8);
	} else if (is_behind(irq, "AMD-IR")) {
		f->remapped = true;
		f->handle = msi->data;
	} else if (is_apic_format(irq) && !get_bits(msi->address, 4, 1)) {
		decode_compatible(msi, f);
	} else if ((is_apic_format(irq) || is_behind(irq, "INTEL-IR")) &&
		   get_bits(msi->address, 4, 1)) {
		decode_remapped(msi, f);
	} else if (lacks_levels(irq)) {
		f->unknown = true;
	} else {
		f->foreign = true;
	}
}

const char *irqm_delivery_mode_name(unsigned int mode)
{
	static const char *const names[] = {
		"fixed", "lowest-priority", "SMI",    "reserved", "NMI",
		"INIT",  "reserved",        "ExtINT",
	};

	return mode < ARRAY_SIZE(names) ? names[mode] : "reserved";
}
