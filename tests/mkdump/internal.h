/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the made-up kernel share; see fake_kernel.h. */
#ifndef MKDUMP_INTERNAL_H
#define MKDUMP_INTERNAL_H

#include "tests/mkdump/fake_kernel.h"

#define NR_VECTORS 256

/* memory.c */
void *must(void *p);
void region_grow(struct fk_region *r, size_t size);
void add_object(struct fk *fk, uint64_t addr, size_t len);
uint64_t heap(struct fk *fk, size_t len);
uint64_t string_or_null(struct fk *fk, const char *s);
uint64_t variable(struct fk *fk, const char *name, size_t len);
void variable_set(struct fk *fk, const char *name, size_t len, uint64_t value);

/* masks.c */
void put_bits(struct fk *fk, uint64_t addr, const char *list, size_t bytes);
uint64_t new_mask(struct fk *fk, const char *list);
void put_mask(struct fk *fk, uint64_t addr, const struct irqm_member *m,
	      const char *list);
void put_mask_variable(struct fk *fk, uint64_t addr, const char *list);
uint64_t mask_variable_size(const struct fk *fk);

/* percpu.c */
uint64_t percpu_alloc(struct fk *fk, size_t len, size_t align);
uint64_t percpu_variable(struct fk *fk, const char *name, size_t len);
bool is_possible(const struct fk *fk, unsigned int cpu);
void build_percpu(struct fk *fk);
void build_topology(struct fk *fk);

/* about.c */
void build_dump(struct fk *fk);

/* matrix.c */
void build_matrix(struct fk *fk);

/* devices.c */
uint64_t named(struct fk *fk, uint32_t size, const struct irqm_member *name,
	       const char *s);
void init_list(struct fk *fk, uint64_t head);
void list_add_tail(struct fk *fk, uint64_t head, uint64_t node);
void build_device(struct fk *fk, unsigned int i);

/* msi.c */
uint64_t msi_desc_of(struct fk *fk, unsigned int i);
void build_msi_store(struct fk *fk, unsigned int i);

/* chains.c */
void build_domains(struct fk *fk);
void build_chain(struct fk *fk, unsigned int i);

/* wiring.c: what a level's chip_data leads to; 0 if the layout has none */
void build_apic(struct fk *fk);
uint64_t build_intel_ir(struct fk *fk, unsigned int i);
uint64_t build_amd_ir(struct fk *fk, unsigned int i);
uint64_t build_ioapic(struct fk *fk, unsigned int i);

/* modules.c; false: the function is none of a module's */
bool module_function(struct fk *fk, const struct irqm_machine_irq *irq,
		     const char *name);
uint64_t function_value(const struct fk *fk, const struct irqm_machine_irq *irq,
			const char *name);
void build_modules(struct fk *fk);

/* log.c */
void build_log(struct fk *fk);

/* irqs.c */
void build_desc(struct fk *fk, unsigned int i);

/* containers.c */
void build_container(struct fk *fk);

/* vectors.c */
void build_vector_irq(struct fk *fk);
void build_idt(struct fk *fk);

#endif
