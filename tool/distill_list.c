/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irqmatrix distill --list: lists the content of a distilled dump and its
 * purpose. */
#include "tool/distill_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/say.h"

/* Explains what was read: the first entry that is part of its name applies.
 * docs/distill.md says more. */
static const struct {
	const char *part, *why;
} reasons[] = {
	{ "kernel log", "--with-log" },
	{ "variable prb", "--with-log" },
	{ "init_uts_ns", "which machine" },
	{ "dump_stack_arch_desc_str", "which machine" },
	{ "variable _totalram_pages", "which machine" },
	{ "variable totalram_pages", "which machine" },
	{ "timekeeper", "which machine" },
	{ "module", "names in modules" },
	{ "kallsyms", "symbols of the kernel" },
	{ "BTF", "types of the kernel" },
	{ "page table", "addresses" },
	{ "page_offset_base", "addresses" },
	{ "__per_cpu_offset", "addresses" },
	{ "VMCOREINFO", "kernel" },
	{ "remap", "interrupt remapping" },
	{ "ir_", "interrupt remapping" },
	{ "iommu", "interrupt remapping" },
	{ "irq_lookup_table", "interrupt remapping" },
	{ "eim_mode", "interrupt remapping" },
	{ "counts of", "interrupt counts" },
	{ "name of", "names" },
	{ "'s name", "names" },
	{ "apicid", "message destination" },
	{ "apic_chip_data", "owners of vectors" },
	{ "apic", "message destination" },
	{ "vector_matrix", "vectors" },
	{ "irq_matrix", "vectors" },
	{ "cpumap of", "vectors" },
	{ "vector_irq", "vectors" },
	{ "idt_table", "vectors" },
	{ "x86_vector_domain", "vectors" },
	{ "irq_default_affinity", "choice of a CPU" },
	{ "cpu_", "choice of a CPU" },
	{ "numa_node", "choice of a CPU" },
	{ "housekeeping", "choice of a CPU" },
	{ "msi_desc affinity", "requested affinity" },
	{ "affinity_hint", "requested affinity" },
	{ "msi", "device of the interrupt" },
	{ "MSI", "device of the interrupt" },
	{ "device", "device of the interrupt" },
	{ "pci", "device of the interrupt" },
	{ "PCI", "device of the interrupt" },
	{ "bus_type", "device of the interrupt" },
	{ "class", "device of the interrupt" },
	{ "mask of IRQ", "owners of vectors" },
	{ "affinity", "owners of vectors" },
	{ "irq", "owners of vectors" },
	{ "IRQ", "owners of vectors" },
};

static const char *reason_of(const char *what)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
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
			   u[i].reads, u[i].what, reason_of(u[i].what));
		bytes += u[i].bytes;
		reads += u[i].reads;
	}
	printf("%9" PRIu64 " %6" PRIu64 "  (all)\n", bytes, reads);
}
