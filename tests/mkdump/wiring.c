/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lies between a device and the vector domain: APIC ids, IO-APIC pins,
 * remapping entries, and the message that goes with them. Written down from
 * the hardware's specifications.
 */
#include "tests/mkdump/internal.h"

#include <string.h>

#define IR_ENTRIES 256 /* that interrupts have */
#define INTEL_ENTRIES 65536

/* An APIC id that is not the CPU's number, as with threads of two cores. */
uint32_t fk_apicid(unsigned int cpu)
{
	return cpu * 2;
}

/* The 16 CPUs of a cluster have a bit each below the cluster's number. */
uint32_t fk_destination(enum irqm_machine_apic apic, unsigned int cpu)
{
	uint32_t id = fk_apicid(cpu);

	if (apic == IRQM_MACHINE_FLAT)
		return 1U << cpu;
	return apic == IRQM_MACHINE_X2_CLUSTER ? id >> 4 << 16 | 1U << id % 16 :
						 id;
}

static void build_logical_apicids(struct fk *fk)
{
	uint64_t ids = percpu_variable(fk, "x86_cpu_to_logical_apicid", 4);
	unsigned int cpu;
	uint32_t id;

	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++) {
		id = fk_destination(IRQM_MACHINE_X2_CLUSTER, cpu);
		memcpy(fk_at(fk, fk_percpu(fk, ids, cpu)), &id, 4);
	}
}

/* The same as an array of all CPUs, from 5.16 on. */
static void build_logical_array(struct fk *fk)
{
	uint64_t array = heap(fk, 4UL * fk->m->nr_cpu_ids);
	unsigned int cpu;
	uint32_t id;

	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++) {
		id = fk_destination(IRQM_MACHINE_X2_CLUSTER, cpu);
		memcpy(fk_at(fk, array + cpu * 4), &id, 4);
	}
	variable_set(fk, "x86_cpu_to_logical_apicid", 8, array);
}

static void build_apicids(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	size_t size = l->cpuinfo_topology.apicid.exists ? 4 : 2;
	uint64_t ids = percpu_variable(fk, "x86_cpu_to_apicid", size);
	unsigned int cpu;
	uint32_t id;

	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++) {
		id = fk_apicid(cpu);
		if (is_possible(fk, cpu))
			memcpy(fk_at(fk, fk_percpu(fk, ids, cpu)), &id, size);
	}
}

void build_apic(struct fk *fk)
{
	static const struct {
		const char *name, *calc;
		bool logical;
	} drivers[] = {
		[IRQM_MACHINE_PHYSICAL] = { "physical flat",
					    "apic_default_calc_apicid", false },
		[IRQM_MACHINE_FLAT] = { "flat", "apic_flat_calc_apicid", true },
		[IRQM_MACHINE_X2_PHYSICAL] = { "physical x2apic",
					       "apic_default_calc_apicid",
					       false },
		[IRQM_MACHINE_X2_CLUSTER] = { "cluster x2apic",
					      "x2apic_calc_apicid", true },
	};
	enum irqm_machine_apic kind = fk->m->apic;
	const struct irqm_layout *l = &fk->layout;
	uint64_t apic;

	variable_set(fk, "eim_mode", 4, kind >= IRQM_MACHINE_X2_PHYSICAL);
	variable_set(fk, "amd_iommu_guest_ir", 4, fk->m->amd_short ? 0 : 2);
	if (!l->apic.exists)
		return;
	build_apicids(fk);
	if (kind == IRQM_MACHINE_X2_CLUSTER && l->apic.dest_mode_logical.exists)
		build_logical_array(fk);
	else if (kind == IRQM_MACHINE_X2_CLUSTER)
		build_logical_apicids(fk);
	else if (l->apic.dest_mode_logical.exists) /* not used, not filled */
		variable_set(fk, "x86_cpu_to_logical_apicid", 8, 0);
	else
		percpu_variable(fk, "x86_cpu_to_logical_apicid", 4);
	apic = heap(fk, l->apic.size);
	fk_put(fk, apic, &l->apic.name, fk_string(fk, drivers[kind].name));
	fk_put(fk, apic, &l->apic.calc_dest_apicid,
	       fk_symbol_value(fk, drivers[kind].calc));
	fk_put(fk, apic, &l->apic.dest_mode_logical, drivers[kind].logical);
	fk_put(fk, apic, &l->apic.irq_dest_mode, drivers[kind].logical);
	variable_set(fk, "apic", 8, apic);
}

static bool is_active(const struct irqm_machine_irq *irq)
{
	unsigned int i;

	for (i = 0; irq->vector && i < 10 && irq->state[i]; i++)
		if (strcmp(irq->state[i], "IRQD_ACTIVATED") == 0)
			return true;
	return false;
}

static unsigned int entry_vector(const struct irqm_machine_irq *irq,
				 unsigned int none)
{
	if (irq->entry_vector)
		return irq->entry_vector;
	return irq->vector ? irq->vector : none;
}

/* Several interrupts of one MSI descriptor have neighbouring entries. */
unsigned int fk_handle(const struct irqm_machine_irq *irq)
{
	return irq->irq % IR_ENTRIES;
}

/* A bit for each entry: those of interrupts, and the first ones. */
static uint64_t intel_bitmap(struct fk *fk)
{
	uint64_t bitmap = heap(fk, INTEL_ENTRIES / 8);
	unsigned char *bits = fk_at(fk, bitmap);
	unsigned int i, handle;

	for (i = 0; i < fk->m->table_used; i++)
		bits[i / 8] |= 1 << i % 8;
	for (i = 0; i < fk->m->nr_irqs; i++) {
		handle = fk_handle(&fk->m->irqs[i]);
		if (fk->m->irqs[i].chain[1] == IRQM_LEVEL_IR)
			bits[handle / 8] |= 1 << handle % 8;
	}
	return bitmap;
}

static uint64_t intel_table(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t table;

	if (!l->intel_iommu.ir_table.exists)
		return fk->gen.page_offset; /* nothing of it is known */
	if (fk->iommu)
		return fk->iommu;
	fk->irtes = heap(fk, IR_ENTRIES * 16);
	table = heap(fk, l->ir_table.size);
	fk_put(fk, table, &l->ir_table.base, fk->irtes);
	fk_put(fk, table, &l->ir_table.bitmap, intel_bitmap(fk));
	fk->iommu = heap(fk, l->intel_iommu.size);
	if (l->intel_iommu.name.exists)
		memcpy(fk_at(fk, fk->iommu + l->intel_iommu.name.offset),
		       "dmar0", 6);
	fk_put(fk, fk->iommu, &l->intel_iommu.ir_table, table);
	return fk->iommu;
}

uint64_t build_intel_ir(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_irq *irq = &fk->m->irqs[i];
	unsigned int sub = irq->device >= 0 ? irq->irq - irq->first_irq : 0;
	bool logical = fk->m->apic == IRQM_MACHINE_FLAT ||
		       fk->m->apic == IRQM_MACHINE_X2_CLUSTER;
	uint64_t addr, low;

	if (!l->intel_ir_data.exists)
		return 0;
	addr = heap(fk, l->intel_ir_data.size);
	/* present, mode, redirection hint, vector, destination */
	low = 1 | logical << 2 | 1 << 3 |
	      (uint64_t)entry_vector(irq, 0xef) << 16 |
	      (uint64_t)fk_destination(fk->m->apic, irq->cpu)
		      << (fk->m->apic >= IRQM_MACHINE_X2_PHYSICAL ? 32 : 40);
	fk_put(fk, addr, &l->intel_ir_data.iommu, intel_table(fk));
	fk_put(fk, addr, &l->intel_ir_data.irte_index, fk_handle(irq) - sub);
	fk_put(fk, addr, &l->intel_ir_data.sub_handle, sub);
	fk_put64(fk, addr + l->intel_ir_data.irte_entry.offset, low);
	if (fk->irtes && is_active(irq))
		fk_put64(fk, fk->irtes + 16 * fk_handle(irq), low);
	return addr;
}

/* 128 bits in two words, in which the destination is in two pieces, or 32. */
static void put_amd_entry(struct fk *fk, uint64_t entry,
			  const struct irqm_machine_irq *irq)
{
	bool logical = fk->m->apic == IRQM_MACHINE_FLAT ||
		       fk->m->apic == IRQM_MACHINE_X2_CLUSTER;
	uint64_t dest = fk_destination(fk->m->apic, irq->cpu);
	uint64_t low = is_active(irq) | logical << 6;
	unsigned int vector = entry_vector(irq, 0);

	if (fk->m->amd_short) {
		low |= (dest & 0xff) << 8 | (uint64_t)vector << 16;
		memcpy(fk_at(fk, entry), &low, 4);
		return;
	}
	fk_put64(fk, entry, low | (dest & 0xffffff) << 8);
	fk_put64(fk, entry + 8, vector | (dest >> 24) << 56);
}

#define AMD_DEVID 0x0010

/* An allocated entry that was not written yet: irte_ga_set_allocated(),
 * irte_set_allocated(). */
static void put_amd_allocated(struct fk *fk, uint64_t entry)
{
	if (fk->m->amd_short)
		memset(fk_at(fk, entry), 0xff, 4);
	else
		memset(fk_at(fk, entry + 8), 0xff, 1);
}

static uint64_t amd_entry(const struct fk *fk, unsigned int i)
{
	return fk->amd_irtes + i * (fk->m->amd_short ? 4 : 16);
}

/* The table of one device, where the hardware finds it: the third word of its
 * entry has the table's length. */
static void build_amd_table(struct fk *fk, uint64_t tables, uint64_t devices)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t table = heap(fk, l->irq_remap_table.size);
	unsigned int n = fk->m->table_entries ? fk->m->table_entries : 512, i;

	fk->amd_irtes = heap(fk, 16 * (n > IR_ENTRIES ? n : IR_ENTRIES));
	fk_put64(fk, tables + 8 * AMD_DEVID, table);
	fk_put64(fk, devices + 32 * AMD_DEVID + 16,
		 (uint64_t)__builtin_ctz(n) << 1 | 1);
	fk_put(fk, table, &l->irq_remap_table.table, fk->amd_irtes);
	for (i = 0; i < fk->m->table_used; i++)
		put_amd_allocated(fk, amd_entry(fk, i));
}

/* An IOMMU with a table for one device. Before 6.0 there is one array of
 * tables, in a variable. */
static uint64_t amd_iommu(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t seg, tables, devices;

	if (fk->amd_irtes || !l->irq_remap_table.table.exists)
		return fk->amd_iommu;
	tables = heap(fk, 8 * (AMD_DEVID + 1));
	devices = heap(fk, 32 * (AMD_DEVID + 1));
	if (l->amd_iommu.pci_seg.exists) {
		fk->amd_iommu = heap(fk, l->amd_iommu.size);
		seg = heap(fk, l->amd_iommu_pci_seg.size);
		fk_put(fk, fk->amd_iommu, &l->amd_iommu.pci_seg, seg);
		fk_put(fk, seg, &l->amd_iommu_pci_seg.irq_lookup_table, tables);
		fk_put(fk, seg, &l->amd_iommu_pci_seg.dev_table, devices);
	} else {
		variable_set(fk, "irq_lookup_table", 8, tables);
		variable_set(fk, "amd_iommu_dev_table", 8, devices);
	}
	build_amd_table(fk, tables, devices);
	return fk->amd_iommu;
}

uint64_t build_amd_ir(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_irq *irq = &fk->m->irqs[i];
	uint64_t addr, entry;

	if (!l->amd_ir_data.exists)
		return 0;
	entry = heap(fk, 16);
	put_amd_entry(fk, entry, irq);
	addr = heap(fk, l->amd_ir_data.size);
	fk_put(fk, addr, &l->amd_ir_data.devid, AMD_DEVID);
	fk_put(fk, addr, &l->amd_ir_data.index, fk_handle(irq));
	fk_put(fk, addr, &l->amd_ir_data.entry, entry);
	fk_put(fk, addr, &l->amd_ir_data.iommu, amd_iommu(fk));
	if (fk->amd_irtes && is_active(irq))
		put_amd_entry(fk, amd_entry(fk, fk_handle(irq)), irq);
	else if (fk->amd_irtes)
		put_amd_allocated(fk, amd_entry(fk, fk_handle(irq)));
	return addr;
}

static bool is_remapped(const struct irqm_machine_irq *irq)
{
	return irq->chain[1] == IRQM_LEVEL_IR;
}

uint64_t build_ioapic(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_irq *irq = &fk->m->irqs[i];
	uint64_t addr, pin, entry = irq->vector;

	if (!l->mp_chip_data.exists)
		return 0;
	addr = heap(fk, l->mp_chip_data.size);
	if (irq->chain[1] == IRQM_LEVEL_AMD_IR)
		entry = fk_handle(irq);
	else if (is_remapped(irq))
		entry = (irq->irq & 0xff) | 1ULL << 48 |
			(uint64_t)fk_handle(irq) << 49;
	else if (irq->vector)
		entry |= (uint64_t)fk_destination(fk->m->apic, irq->cpu) << 56 |
			 (fk->m->apic == IRQM_MACHINE_FLAT) << 11;
	if (!is_active(irq))
		entry |= 1 << 16;
	fk_put64(fk, addr + l->mp_chip_data.entry.offset, entry);
	init_list(fk, addr + l->mp_chip_data.irq_2_pin.offset);
	pin = heap(fk, l->irq_pin_list.size);
	fk_put(fk, pin, &l->irq_pin_list.apic, 1);
	fk_put(fk, pin, &l->irq_pin_list.pin, irq->irq);
	list_add_tail(fk, addr + l->mp_chip_data.irq_2_pin.offset,
		      pin + l->irq_pin_list.list.offset);
	return addr;
}

/* struct arch_msi_msg_addr_lo: destid_0_7, virt_destid_8_14 */
static uint32_t message_to(uint32_t apicid)
{
	return 0xfee00000 | (apicid & 0xff) << 12 | (apicid >> 8 & 0x7f) << 5;
}

/* of several in one descriptor, the first's message is all theirs */
void fk_message(struct irqm_machine_irq *irq, enum irqm_machine_apic apic)
{
	bool logical = apic == IRQM_MACHINE_FLAT ||
		       apic == IRQM_MACHINE_X2_CLUSTER;

	if (irq->chain[1] == IRQM_LEVEL_AMD_IR) {
		irq->address = 0xfee00000;
		irq->data = fk_handle(irq);
	} else if (irq->chain[0] == IRQM_LEVEL_VMD) {
		/* the index of the bridge's vector that it shares */
		irq->address = message_to(1);
		irq->data = 0;
	} else if (is_remapped(irq)) {
		unsigned int handle =
			fk_handle(irq) - (irq->irq - irq->first_irq);

		/* format, subhandle is valid: it is in the data */
		irq->address = 0xfee00018 | handle << 5;
		irq->data = 0;
	} else {
		irq->address = message_to(fk_destination(apic, irq->cpu)) |
			       logical << 2;
		irq->data = irq->vector ? irq->vector : 0xef;
	}
}
