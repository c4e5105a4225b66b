/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lies between a device and the vector domain: APIC ids, IO-APIC pins,
 * remapping entries, and the message that goes with them. Written down from
 * the hardware's specifications.
 */
#include "tests/mkdump/internal.h"

#include <string.h>

#define IR_ENTRIES 256

/* An APIC id that is not the CPU's number, as with threads of two cores. */
uint32_t fk_apicid(unsigned int cpu)
{
	return cpu * 2;
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
	const struct irqm_layout *l = &fk->layout;
	uint64_t apic;

	if (!l->apic.exists)
		return;
	build_apicids(fk);
	apic = heap(fk, l->apic.size);
	fk_put(fk, apic, &l->apic.name, fk_string(fk, "physical flat"));
	fk_put(fk, apic, &l->apic.calc_dest_apicid,
	       fk_symbol_value(fk, "apic_default_calc_apicid"));
	variable_set(fk, "apic", 8, apic);
	variable_set(fk, "eim_mode", 4, 0);
	variable_set(fk, "amd_iommu_guest_ir", 4, 2);
}

static bool is_active(const struct fk_irq *irq)
{
	unsigned int i;

	for (i = 0; irq->vector && i < 10 && irq->state[i]; i++)
		if (strcmp(irq->state[i], "IRQD_ACTIVATED") == 0)
			return true;
	return false;
}

/* Several interrupts of one MSI descriptor have neighbouring entries. */
unsigned int fk_handle(const struct fk_irq *irq)
{
	return irq->irq % IR_ENTRIES;
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
	fk->iommu = heap(fk, l->intel_iommu.size);
	fk_put(fk, fk->iommu, &l->intel_iommu.ir_table, table);
	return fk->iommu;
}

uint64_t build_intel_ir(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_irq *irq = &fk->m->irqs[i];
	unsigned int sub = irq->device >= 0 ? irq->irq - irq->first_irq : 0;
	uint64_t addr, low;

	if (!l->intel_ir_data.exists)
		return 0;
	addr = heap(fk, l->intel_ir_data.size);
	/* present, redirection hint, vector, destination */
	low = 1 | 1 << 3 | (uint64_t)(irq->vector ? irq->vector : 0xef) << 16 |
	      (uint64_t)fk_apicid(irq->cpu) << 40;
	fk_put(fk, addr, &l->intel_ir_data.iommu, intel_table(fk));
	fk_put(fk, addr, &l->intel_ir_data.irte_index, fk_handle(irq) - sub);
	fk_put(fk, addr, &l->intel_ir_data.sub_handle, sub);
	fk_put64(fk, addr + l->intel_ir_data.irte_entry.offset, low);
	if (fk->irtes && is_active(irq))
		fk_put64(fk, fk->irtes + 16 * fk_handle(irq), low);
	return addr;
}

uint64_t build_amd_ir(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_irq *irq = &fk->m->irqs[i];
	uint64_t addr, entry, dest = fk_apicid(irq->cpu);

	if (!l->amd_ir_data.exists)
		return 0;
	entry = heap(fk, 16);
	/* valid, destination in two pieces; vector */
	fk_put64(fk, entry, is_active(irq) | (dest & 0xffffff) << 8);
	fk_put64(fk, entry + 8, irq->vector | (dest >> 24) << 56);
	addr = heap(fk, l->amd_ir_data.size);
	fk_put(fk, addr, &l->amd_ir_data.devid, 0x0010);
	fk_put(fk, addr, &l->amd_ir_data.index, fk_handle(irq));
	fk_put(fk, addr, &l->amd_ir_data.entry, entry);
	return addr;
}

static bool is_remapped(const struct fk_irq *irq)
{
	return irq->chain[1] == FK_IR;
}

uint64_t build_ioapic(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_irq *irq = &fk->m->irqs[i];
	uint64_t addr, pin, entry = irq->vector;

	if (!l->mp_chip_data.exists)
		return 0;
	addr = heap(fk, l->mp_chip_data.size);
	if (is_remapped(irq))
		entry = (irq->irq & 0xff) | 1ULL << 48 | (uint64_t)fk_handle(irq) << 49;
	else if (irq->vector)
		entry |= (uint64_t)fk_apicid(irq->cpu) << 56;
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

void fk_message(struct fk_irq *irq)
{
	if (is_remapped(irq)) {
		unsigned int handle = fk_handle(irq) -
				      (irq->irq - irq->first_irq);

		/* format, subhandle is valid: it is in the data */
		irq->address = 0xfee00018 | handle << 5;
		irq->data = 0;
	} else {
		irq->address = message_to(fk_apicid(irq->cpu));
		irq->data = irq->vector ? irq->vector : 0xef;
	}
}
