/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix distill --list: what is in a distilled dump, and why. */
#include "tool/distill_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/say.h"

/* The first that is part of what was read says why; more in docs/distill.md. */
static const struct {
	const char *part, *why;
} reasons[] = {
	{ "kernel log", "--with-log" },
	{ "variable prb", "--with-log" },
	{ "module", "names in modules" },
	{ "kallsyms", "symbols of the kernel" },
	{ "BTF", "types of the kernel" },
	{ "page table", "to find all this" },
	{ "page_offset_base", "to find all this" },
	{ "__per_cpu_offset", "to find all this" },
	{ "VMCOREINFO", "which kernel it was" },
	{ "remap", "what the IOMMU does" },
	{ "ir_", "what the IOMMU does" },
	{ "iommu", "what the IOMMU does" },
	{ "irq_lookup_table", "what the IOMMU does" },
	{ "eim_mode", "what the IOMMU does" },
	{ "counts of", "how often it arrived" },
	{ "name of", "is printed" },
	{ "'s name", "is printed" },
	{ "apicid", "where a message goes" },
	{ "apic_chip_data", "who has a vector" },
	{ "apic", "where a message goes" },
	{ "vector_matrix", "where the vectors are" },
	{ "irq_matrix", "where the vectors are" },
	{ "cpumap of", "where the vectors are" },
	{ "vector_irq", "where the vectors are" },
	{ "idt_table", "where the vectors are" },
	{ "x86_vector_domain", "where the vectors are" },
	{ "irq_default_affinity", "the choice of a CPU" },
	{ "cpu_", "the choice of a CPU" },
	{ "numa_node", "the choice of a CPU" },
	{ "housekeeping", "the choice of a CPU" },
	{ "msi_desc affinity", "what was asked for" },
	{ "affinity_hint", "what was asked for" },
	{ "msi", "whose interrupt it is" },
	{ "MSI", "whose interrupt it is" },
	{ "device", "whose interrupt it is" },
	{ "pci", "whose interrupt it is" },
	{ "PCI", "whose interrupt it is" },
	{ "bus_type", "whose interrupt it is" },
	{ "class", "whose interrupt it is" },
	{ "mask of IRQ", "who has a vector" },
	{ "affinity", "who has a vector" },
	{ "irq", "who has a vector" },
	{ "IRQ", "who has a vector" },
};

static const char *why(const char *what)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (strstr(what, reasons[i].part))
			return reasons[i].why;
	return "-";
}

void irqm_distill_print_list(const struct irqm_distill *d)
{
	unsigned int nr, i;
	const struct irqm_used *u = irqm_distill_list(d, &nr);
	uint64_t bytes = 0, reads = 0;

	printf("%9s %6s  %-35s  %s\n", "BYTES", "READS", "WHAT", "WHY");
	for (i = 0; i < nr; i++) {
		irqm_print("%9" PRIu64 " %6" PRIu64 "  %-35s  %s", u[i].bytes,
			   u[i].reads, u[i].what, why(u[i].what));
		bytes += u[i].bytes;
		reads += u[i].reads;
	}
	printf("%9" PRIu64 " %6" PRIu64 "  (all)\n", bytes, reads);
}
