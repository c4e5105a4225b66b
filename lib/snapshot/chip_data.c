/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what is between the device and the vector domain: a pin of an IO-APIC,
 * or an entry of an interrupt remapping table. Both are in hardware formats. */
#include "snapshot/stages.h"

#include <string.h>

/* Limit on pins. An interrupt has one; legacy ones may share with an ACPI
 * override. */
#define MAX_PINS 16

static unsigned int get_bits(uint64_t value, unsigned int low,
			     unsigned int width)
{
	return value >> low & ((1ULL << width) - 1);
}

/*
 * An interrupt remapping table entry of the VT-d specification. Without
 * extended interrupt mode, the 8 bits of the destination are bits 8 to 15 of
 * its field.
 */
static void decode_intel(const struct reader *r, const void *copy,
			 struct irqm_irte *e)
{
	uint64_t low;

	memcpy(&low, copy, sizeof(low));
	e->known = true;
	e->present = get_bits(low, 0, 1);
	e->posted = get_bits(low, 15, 1);
	e->vector = get_bits(low, 16, 8);
	e->destination = IRQM_UNKNOWN;
	if (e->posted)
		return;
	e->logical = get_bits(low, 2, 1);
	e->redirect_hint = get_bits(low, 3, 1);
	e->delivery_mode = get_bits(low, 5, 3);
	if (r->eim_mode == 0)
		e->destination = get_bits(low, 40, 8);
	else if (r->eim_mode != IRQM_UNKNOWN)
		e->destination = get_bits(low, 32, 32);
}

/* The AMD I/O virtualization specification: 32 bits, or 128 with the guest
 * virtual APIC, in which the destination is in two parts. */
static void decode_amd(const void *copy, bool ga, struct irqm_irte *e)
{
	uint64_t low = 0, high = 0;

	memcpy(&low, copy, ga ? 8 : 4);
	if (ga)
		memcpy(&high, (const char *)copy + 8, 8);
	e->known = true;
	e->present = get_bits(low, 0, 1);
	e->posted = ga && get_bits(low, 7, 1);
	e->vector = ga ? get_bits(high, 0, 8) : get_bits(low, 16, 8);
	e->destination = IRQM_UNKNOWN;
	if (e->posted)
		return;
	e->delivery_mode = get_bits(low, 2, 3);
	e->logical = get_bits(low, 6, 1);
	e->destination = ga ? get_bits(low, 8, 24) |
					 (irqm_num)get_bits(high, 56, 8) << 24 :
			      get_bits(low, 8, 8);
}

#define INTEL_IRTE_SIZE 16

static struct irqm_remap *read_intel(struct reader *r, unsigned int irq,
				     uint64_t addr)
{
	const struct irqm_layout *l = r->layout;
	char copy[READER_STRUCT_MAX], entry[INTEL_IRTE_SIZE];
	struct irqm_remap *remap;
	uint64_t iommu;

	if (!l->intel_ir_data.iommu.exists ||
	    !l->intel_ir_data.irte_index.exists ||
	    !l->intel_ir_data.sub_handle.exists ||
	    !irqm_reader_struct(r, copy, addr, l->intel_ir_data.size,
				"intel_ir_data of IRQ %u", irq))
		return NULL;
	iommu = irqm_get(copy, &l->intel_ir_data.iommu);
	if (!iommu) { /* zero in a dump that has the page's other data only */
		irqm_reader_note(r, IRQM_INVALID, addr,
				 "intel_ir_data of IRQ %u", irq);
		return NULL;
	}
	remap = irqm_reader_alloc(r, 1, sizeof(*remap));
	if (!remap)
		return NULL;
	remap->devid = IRQM_UNKNOWN;
	remap->index = irqm_get(copy, &l->intel_ir_data.irte_index) +
		       irqm_get(copy, &l->intel_ir_data.sub_handle);
	if (l->intel_ir_data.irte_entry.exists &&
	    l->intel_ir_data.irte_entry.size == INTEL_IRTE_SIZE)
		decode_intel(r, copy + l->intel_ir_data.irte_entry.offset,
			     &remap->entry);
	remap->in = irqm_read_intel_table(r, irq, iommu);
	if (remap->in &&
	    irqm_reader_read(
		    r, remap->in->addr + remap->index * INTEL_IRTE_SIZE, entry,
		    sizeof(entry), "remapping table, entry of IRQ %u", irq))
		decode_intel(r, entry, &remap->table);
	return remap;
}

static void read_amd_entries(struct reader *r, unsigned int irq,
			     const char *copy, struct irqm_remap *remap)
{
	const struct irqm_layout *l = r->layout;
	uint64_t addr = irqm_get(copy, &l->amd_ir_data.entry);
	unsigned int size = r->amd_ga ? 16 : 4;
	char entry[16];

	if (r->amd_ga == IRQM_UNKNOWN)
		return;
	if (addr && irqm_reader_read(r, addr, entry, size,
				     "remapping entry of IRQ %u", irq))
		decode_amd(entry, r->amd_ga, &remap->entry);
	remap->in = irqm_read_amd_table(r, irq,
					irqm_get(copy, &l->amd_ir_data.iommu),
					remap->devid, size);
	if (remap->in &&
	    irqm_reader_read(r, remap->in->addr + remap->index * size, entry,
			     size, "remapping table, entry of IRQ %u", irq))
		decode_amd(entry, r->amd_ga, &remap->table);
}

static struct irqm_remap *read_amd(struct reader *r, unsigned int irq,
				   uint64_t addr)
{
	const struct irqm_layout *l = r->layout;
	char copy[READER_STRUCT_MAX];
	struct irqm_remap *remap;

	if (!l->amd_ir_data.index.exists ||
	    !irqm_reader_struct(r, copy, addr, l->amd_ir_data.size,
				"amd_ir_data of IRQ %u", irq))
		return NULL;
	remap = irqm_reader_alloc(r, 1, sizeof(*remap));
	if (!remap)
		return NULL;
	remap->amd = true;
	remap->index = irqm_get(copy, &l->amd_ir_data.index);
	remap->devid = irqm_get_num(copy, &l->amd_ir_data.devid);
	read_amd_entries(r, irq, copy, remap);
	return remap;
}

/* Returns list_head.next of the member m in a structure's copy. */
static uint64_t list_next(const char *copy, const struct irqm_member *m)
{
	uint64_t next;

	memcpy(&next, copy + m->offset, sizeof(next));
	return next;
}

/* Reads irq_2_pin, a list of irq_pin_list with its head in mp_chip_data.
 * nr_pins stays unknown if the list could not be read to its end. */
static void read_pins(struct reader *r, unsigned int irq, uint64_t head,
		      uint64_t next, struct irqm_ioapic *io)
{
	const struct irqm_layout *l = r->layout;
	const struct irqm_member *list = &l->irq_pin_list.list;
	char copy[READER_STRUCT_MAX];
	unsigned int nr = 0;

	for (; next != head; next = list_next(copy, list)) {
		if (nr == MAX_PINS) {
			irqm_reader_note(r, IRQM_INVALID, next,
					 "pins of IRQ %u: too many", irq);
			return;
		}
		if (!irqm_reader_step(r, next, "pins") ||
		    !irqm_reader_struct(r, copy, next - list->offset,
					l->irq_pin_list.size,
					"irq_pin_list of IRQ %u", irq))
			return;
		if (nr++ == 0) {
			io->apic = irqm_get_num(copy, &l->irq_pin_list.apic);
			io->pin = irqm_get_num(copy, &l->irq_pin_list.pin);
		}
	}
	io->nr_pins = nr;
}

static struct irqm_ioapic *read_ioapic(struct reader *r, unsigned int irq,
				       uint64_t addr)
{
	const struct irqm_layout *l = r->layout;
	char copy[READER_STRUCT_MAX];
	const struct irqm_member *pins = &l->mp_chip_data.irq_2_pin;
	struct irqm_ioapic *io;

	if (l->mp_chip_data.entry.size != sizeof(io->entry) ||
	    !irqm_reader_struct(r, copy, addr, l->mp_chip_data.size,
				"mp_chip_data of IRQ %u", irq))
		return NULL;
	if (pins->size != 16 ||
	    !list_next(copy, pins)) { /* as for intel_ir_data */
		irqm_reader_note(r, IRQM_INVALID, addr,
				 "mp_chip_data of IRQ %u", irq);
		return NULL;
	}
	io = irqm_reader_alloc(r, 1, sizeof(*io));
	if (!io)
		return NULL;
	*io = (struct irqm_ioapic){
		.apic = IRQM_UNKNOWN,
		.pin = IRQM_UNKNOWN,
		.nr_pins = IRQM_UNKNOWN,
		.isa_irq = irqm_get_num(copy, &l->mp_chip_data.isa_irq),
	};
	memcpy(&io->entry, copy + l->mp_chip_data.entry.offset,
	       sizeof(io->entry));
	if (l->irq_pin_list.list.size == 16)
		read_pins(r, irq, addr + pins->offset, list_next(copy, pins),
			  io);
	return io;
}

/* Matches INTEL-IR, and also INTEL-IR-POST for posted MSIs. */
static bool begins_with(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

bool irqm_is_remapping_chip(const char *chip)
{
	return begins_with(chip, "INTEL-IR") || begins_with(chip, "AMD-IR");
}

void irqm_read_chip_data(struct reader *r, struct irqm_irq *irq,
			 const struct irqm_level *level)
{
	const char *chip = level->chip;

	if (!level->chip_data || !chip)
		return;
	if (!irq->remap && begins_with(chip, "INTEL-IR"))
		irq->remap = read_intel(r, irq->irq, level->chip_data);
	else if (!irq->remap && begins_with(chip, "AMD-IR"))
		irq->remap = read_amd(r, irq->irq, level->chip_data);
	else if (!irq->ioapic && (strcmp(chip, "IO-APIC") == 0 ||
				  strcmp(chip, "IR-IO-APIC") == 0))
		irq->ioapic = read_ioapic(r, irq->irq, level->chip_data);
}
