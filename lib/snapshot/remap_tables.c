/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the tables from which an IOMMU takes what it makes of an interrupt, how
 * long they are, and how many of their entries are allocated. */
#include "snapshot/stages.h"

#include <string.h>

/* More than there are devices in any machine. */
#define MAX_TABLES 4096

uint64_t irqm_read_pointer_at(struct reader *r, uint64_t addr,
			      const struct irqm_member *m, const char *what)
{
	uint64_t ptr;

	if (!addr || !m->exists || m->size != sizeof(ptr) ||
	    !irqm_reader_read(r, addr + m->offset, &ptr, sizeof(ptr), "%s",
			      what))
		return 0;
	return ptr;
}

static void remember_table(struct reader *r, uint64_t key,
			   struct irqm_remap_table *table)
{
	if (!irqm_address_map_put(&r->ir_tables, key, (uintptr_t)table))
		r->no_memory = true;
}

/* Returns NULL if it is not known where the entries are. */
static struct irqm_remap_table *add_table(struct reader *r, bool amd,
					  uint64_t addr)
{
	struct irqm_snapshot *s = r->s;
	struct irqm_remap_table *table;

	if (!addr)
		return NULL;
	if (s->nr_remap_tables == MAX_TABLES) {
		irqm_reader_note(r, IRQM_INVALID, addr,
				 "remapping tables: too many");
		return NULL;
	}
	if (!s->remap_tables)
		s->remap_tables = irqm_reader_alloc(r, MAX_TABLES,
						    sizeof(*s->remap_tables));
	table = irqm_reader_alloc(r, 1, sizeof(*table));
	if (!s->remap_tables || !table)
		return NULL;
	*table = (struct irqm_remap_table){
		.amd = amd,
		.addr = addr,
		.devid = IRQM_UNKNOWN,
		.entries = IRQM_UNKNOWN,
		.used = IRQM_UNKNOWN,
	};
	s->remap_tables[s->nr_remap_tables++] = table;
	return table;
}

static const struct irqm_remap_table *count_irq(struct irqm_remap_table *table,
						unsigned int irq)
{
	if (table && table->irqs++ == 0)
		table->first_irq = irq;
	return table;
}

/* INTR_REMAP_TABLE_ENTRIES in all kernels; only a register of the IOMMU, which
 * no dump has, says it too. */
#define INTEL_ENTRIES 65536

/* A bit for each entry that is allocated. */
static void read_intel_use(struct reader *r, uint64_t iommu, uint64_t ir_table,
			   struct irqm_remap_table *table)
{
	const struct irqm_layout *l = r->layout;
	const struct irqm_member *name = &l->intel_iommu.name;
	struct irqm_bits bits;
	uint64_t bitmap;

	if (r->target->left_out.remap_tables)
		return;
	if (name->exists)
		table->name = irqm_reader_string(r, iommu + name->offset,
						 "intel_iommu.name");
	table->entries = INTEL_ENTRIES;
	bitmap = irqm_read_pointer_at(r, ir_table, &l->ir_table.bitmap,
				      "ir_table.bitmap");
	if (!bitmap)
		return;
	bits = irqm_reader_bitmap(r, bitmap, INTEL_ENTRIES, "ir_table.bitmap");
	if (irqm_bits_known(&bits))
		table->used = irqm_bits_weight(&bits);
}

const struct irqm_remap_table *
irqm_read_intel_table(struct reader *r, unsigned int irq, uint64_t iommu)
{
	const struct irqm_layout *l = r->layout;
	struct irqm_remap_table *table;
	uint64_t ir_table;
	uintptr_t known;

	if (irqm_address_map_get(&r->ir_tables, iommu, &known))
		return count_irq((struct irqm_remap_table *)known, irq);
	ir_table = irqm_read_pointer_at(r, iommu, &l->intel_iommu.ir_table,
					"intel_iommu.ir_table");
	table = add_table(r, false,
			  irqm_read_pointer_at(r, ir_table, &l->ir_table.base,
					       "ir_table.base"));
	if (table)
		read_intel_use(r, iommu, ir_table, table);
	remember_table(r, iommu, table);
	return count_irq(table, irq);
}

static uint64_t amd_segment(struct reader *r, uint64_t iommu)
{
	return irqm_read_pointer_at(r, iommu, &r->layout->amd_iommu.pci_seg,
				    "amd_iommu.pci_seg");
}

/* Returns the array with a pointer for each device of the IOMMU's segment. */
static uint64_t amd_tables(struct reader *r, uint64_t iommu)
{
	uint64_t tables;

	if (irqm_reader_variable(r, "irq_lookup_table", &tables))
		return tables;
	return irqm_read_pointer_at(
		r, amd_segment(r, iommu),
		&r->layout->amd_iommu_pci_seg.irq_lookup_table,
		"amd_iommu_pci_seg.irq_lookup_table");
}

/* Returns the table of what the IOMMU knows about each device. */
static uint64_t amd_devices(struct reader *r, uint64_t iommu)
{
	uint64_t devices;

	if (irqm_reader_variable(r, "amd_iommu_dev_table", &devices))
		return devices;
	return irqm_read_pointer_at(r, amd_segment(r, iommu),
				    &r->layout->amd_iommu_pci_seg.dev_table,
				    "amd_iommu_pci_seg.dev_table");
}

/* Of the AMD I/O virtualization specification: a device table entry has four
 * words, whose third says how long the remapping table is. */
#define AMD_DEVICE_SIZE 32
#define AMD_DEVICE_WORD 16
#define AMD_MAX_ENTRIES 2048

/*
 * Returns how many entries the IOMMU uses: 256, since 5.10 512, since 6.15
 * 2,048 where the IOMMU can. The kernel has no variable for it.
 */
static irqm_num amd_entries(struct reader *r, uint64_t iommu, irqm_num devid)
{
	uint64_t addr = amd_devices(r, iommu), word, entries;

	if (!addr)
		return IRQM_UNKNOWN;
	addr += devid * AMD_DEVICE_SIZE + AMD_DEVICE_WORD;
	if (!irqm_reader_read(r, addr, &word, sizeof(word),
			      "AMD device table entry"))
		return IRQM_UNKNOWN;
	entries = 1ULL << (word >> 1 & 0xf);
	if (!(word & 1) || entries > AMD_MAX_ENTRIES) {
		irqm_reader_note(r, IRQM_INVALID, addr,
				 "AMD device table entry");
		return IRQM_UNKNOWN;
	}
	return entries;
}

/*
 * As the kernel's is_allocated(): short entries that are not 0; of long ones,
 * whose lower half can be 0, the vector.
 */
static irqm_num amd_used(struct reader *r, const struct irqm_remap_table *t,
			 unsigned int size)
{
	unsigned char copy[READER_STRUCT_MAX];
	uint64_t len = t->entries * size, at, part;
	unsigned int i, used = 0;
	uint32_t word;

	for (at = 0; at < len; at += part) {
		part = len - at < sizeof(copy) ? len - at : sizeof(copy);
		if (!irqm_reader_read(r, t->addr + at, copy, part,
				      "remapping table"))
			return IRQM_UNKNOWN;
		for (i = 0; i < part; i += size) {
			memcpy(&word, copy + i + (size == 16 ? 8 : 0), 4);
			used += (size == 16 ? word & 0xff : word) != 0;
		}
	}
	return used;
}

/* Returns the table to which the slot of a device points; aliases share it. */
static struct irqm_remap_table *amd_table(struct reader *r, uint64_t iommu,
					  uint64_t slot, irqm_num devid,
					  unsigned int size)
{
	struct irqm_remap_table *table;
	uintptr_t known;
	uint64_t addr;

	if (!irqm_reader_read(r, slot, &addr, sizeof(addr), "irq_lookup_table"))
		return NULL;
	if (addr && irqm_address_map_get(&r->ir_tables, addr, &known))
		return (struct irqm_remap_table *)known;
	table = add_table(
		r, true,
		irqm_read_pointer_at(r, addr, &r->layout->irq_remap_table.table,
				     "irq_remap_table.table"));
	if (table && !r->target->left_out.remap_tables) {
		table->entries = amd_entries(r, iommu, devid);
		if (table->entries != IRQM_UNKNOWN)
			table->used = amd_used(r, table, size);
	}
	if (table)
		table->devid = devid;
	if (addr && addr != slot)
		remember_table(r, addr, table);
	return table;
}

#define NR_DEVIDS 0x10000 /* bus, device and function take 16 bits */

/* Like the kernel's get_irq_table(). */
const struct irqm_remap_table *
irqm_read_amd_table(struct reader *r, unsigned int irq, uint64_t iommu,
		    irqm_num devid, unsigned int size)
{
	struct irqm_remap_table *table;
	uint64_t slot = amd_tables(r, iommu);
	uintptr_t known;

	if (!slot || devid < 0 || devid >= NR_DEVIDS)
		return NULL;
	slot += devid * sizeof(uint64_t);
	if (irqm_address_map_get(&r->ir_tables, slot, &known))
		return count_irq((struct irqm_remap_table *)known, irq);
	table = amd_table(r, iommu, slot, devid, size);
	remember_table(r, slot, table);
	return count_irq(table, irq);
}
