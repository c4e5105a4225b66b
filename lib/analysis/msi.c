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
 * an index of the device's remapping table, not a vector; the domain's name
 * in the IRQ's chain does tell. A hypervisor may choose a format of its own
 * as well (Hyper-V composes messages). And bits 11..5 are ignored by
 * hardware that knows no extended destination; Linux leaves them 0 then.
 */
#include "analysis/internal.h"

static unsigned int bits(uint64_t value, unsigned int low, unsigned int width)
{
	return value >> low & ((1ULL << width) - 1);
}

/* VT-d specification, interrupt requests in remappable format. */
static void decode_remapped(const struct irqm_msi *msi,
			    struct irqm_msi_fields *f)
{
	f->remapped = true;
	f->handle = bits(msi->address, 5, 15) | bits(msi->address, 2, 1) << 15;
	if (bits(msi->address, 3, 1))
		f->handle += bits(msi->data, 0, 16);
}

static void decode_compatible(const struct irqm_msi *msi,
			      struct irqm_msi_fields *f)
{
	unsigned int high = bits(msi->address, 40, 24);

	/* __irq_msi_compose_msg() uses one of the two extensions at most. */
	if (!high)
		high = bits(msi->address, 5, 7);
	f->destination = high << 8 | bits(msi->address, 12, 8);
	f->redirect_hint = bits(msi->address, 3, 1);
	f->logical = bits(msi->address, 2, 1);
	f->vector = bits(msi->data, 0, 8);
	f->delivery_mode = bits(msi->data, 8, 3);
	f->level_assert = bits(msi->data, 14, 1);
	f->level = bits(msi->data, 15, 1);
}

void irqm_msi_decode(const struct irqm_msi *msi, struct irqm_msi_fields *f)
{
	*f = (struct irqm_msi_fields){ 0 };
	if (!msi->has_msg)
		return;
	/* data already has this IRQ's place in a multi-MSI added */
	f->empty = msi->address == 0 &&
		   (msi->data == 0 || msi->data < msi->nvec_used);
	f->local_apic = bits(msi->address, 20, 12) == 0xfee &&
			bits(msi->address, 32, 8) == 0;
	if (!f->local_apic)
		return;
	if (bits(msi->address, 4, 1))
		decode_remapped(msi, f);
	else
		decode_compatible(msi, f);
}

const char *irqm_delivery_mode_name(unsigned int mode)
{
	static const char *const names[] = {
		"fixed", "lowest-priority", "SMI", "reserved",
		"NMI", "INIT", "reserved", "ExtINT",
	};

	return mode < sizeof(names) / sizeof(names[0]) ? names[mode]
						       : "reserved";
}
