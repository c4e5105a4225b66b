/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every kernel variable that the program reads, and its type: the dump's own
 * BTF knows only the types of per-CPU variables. A kernel may lack some of
 * them.
 *
 * V(name, bytes, type): bytes of a number or pointer, otherwise 0.
 */
#ifndef IRQM_MEMORY_VARIABLES_H
#define IRQM_MEMORY_VARIABLES_H

#include "base/base.h"

#define IRQM_VARIABLES(V)                                                      \
	/* arch/x86/kernel/apic/vector.c */                                    \
	V(vector_matrix, 8, "struct irq_matrix *")                             \
	V(x86_vector_domain, 8, "struct irq_domain *")                         \
	V(vector_irq, 0, "per-CPU struct irq_desc *[256]")                     \
	V(idt_table, 0, "struct gate_struct[256]")                             \
	V(io_apic_irqs, 8, "unsigned long")                                    \
	V(legacy_pic, 8, "struct legacy_pic *")                                \
	V(msi_domain_ops, 0, "struct irq_domain_ops")                          \
	/* APIC ids: per CPU; the logical ones an array since 5.16 */          \
	V(apic, 8, "struct apic *")                                            \
	V(x86_cpu_to_apicid, 0, "per-CPU u16, or u32 from 6.7")                \
	V(x86_cpu_to_logical_apicid, 0, "per-CPU u32, or u32 *")               \
	/* drivers/iommu: the format of the entries for remapped interrupts */ \
	V(eim_mode, 4, "int")                                                  \
	V(amd_iommu_guest_ir, 4, "int")                                        \
	V(irq_lookup_table, 8, "struct irq_remap_table **")   /* before 6.0 */ \
	V(amd_iommu_dev_table, 8, "struct dev_table_entry *") /* so too */     \
	/* kernel/irq: an array without SPARSE_IRQ, a maple tree from 6.5 */   \
	V(irq_desc, 0, "struct irq_desc[nr_irqs]")                             \
	V(irq_desc_tree, 0, "struct radix_tree_root or xarray")                \
	V(sparse_irqs, 0, "struct maple_tree")                                 \
	V(nr_irqs, 4, "unsigned int")                                          \
	V(total_nr_irqs, 4, "unsigned int") /* since 7.2 */                    \
	V(irq_default_affinity, 0, "cpumask_var_t")                            \
	V(irqdomain_flags, 0, "struct irq_bit_descr[]") /* with debugfs */     \
	/* kernel/cpu.c, and where CPUs are in the machine */                  \
	V(nr_cpu_ids, 4, "unsigned int")                                       \
	V(__cpu_possible_mask, 0, "struct cpumask")                            \
	V(__cpu_present_mask, 0, "struct cpumask")                             \
	V(__cpu_online_mask, 0, "struct cpumask")                              \
	V(__per_cpu_offset, 0, "unsigned long[nr_cpu_ids]")                    \
	V(numa_node, 0, "per-CPU int")                                         \
	V(cpu_sibling_map, 0, "per-CPU cpumask_var_t")                         \
	V(cpu_l2c_shared_map, 0, "per-CPU cpumask_var_t")                      \
	/* kernel/sched/isolation.c: two variables, a structure since 5.18 */  \
	V(housekeeping, 0, "struct housekeeping")                              \
	V(housekeeping_mask, 0, "cpumask_var_t")                               \
	V(housekeeping_flags, 4, "unsigned int")                               \
	/* drivers/pci/probe.c */                                              \
	V(pci_root_buses, 0, "struct list_head")                               \
	/* kernel/printk: the ring buffer since 5.10, log_buf before */        \
	V(prb, 8, "struct printk_ringbuffer *")                                \
	V(log_buf, 8, "char *")                                                \
	V(log_buf_len, 4, "u32")                                               \
	V(log_first_idx, 4, "u32")                                             \
	V(log_next_idx, 4, "u32")                                              \
	V(log_first_seq, 8, "u64")                                             \
	/* arch/x86/kernel/head64.c: where a distilled dump's segments are */  \
	V(page_offset_base, 8, "unsigned long")                                \
	/* kernel/module/main.c: names of functions in modules */              \
	V(modules, 0, "struct list_head")                                      \
	/* which machine it is, for how long it ran: a structure without a \
	 * name, an array of them from 6.17 on; a number before 5.0 */   \
	V(init_uts_ns, 0, "struct uts_namespace")                              \
	V(dump_stack_arch_desc_str, 0, "char[128]")                            \
	V(tk_core, 0, "struct tk_data")                                        \
	V(timekeeper_data, 0, "struct tk_data[]")                              \
	V(_totalram_pages, 8, "atomic_long_t")                                 \
	V(totalram_pages, 8, "unsigned long")                                  \
	/* kernel/vmcore_info.c */                                             \
	V(vmcoreinfo_note, 8, "u32 *")                                         \
	V(vmcoreinfo_data, 8, "unsigned char *")                               \
	V(vmcoreinfo_size, 8, "size_t")

/* The same as an array. The index of a variable is its place in the table. */
struct irqm_variable {
	const char *name;
	unsigned int size;
	const char *type;
};

#define IRQM_VARIABLE_COUNT_(name, size, type) +1
enum {
	IRQM_NR_VARIABLES = IRQM_VARIABLES(IRQM_VARIABLE_COUNT_)
};

extern const struct irqm_variable irqm_variables[IRQM_NR_VARIABLES];

/* Returns the index of name, or -1. */
int irqm_variable_find(const char *name);

/*
 * Returns the length of a symbol's name in the source: clang's ThinLTO adds
 * ".llvm.NUMBER" to that of a static variable or function that it uses from
 * another unit.
 */
size_t irqm_source_name(const char *name);

#endif
