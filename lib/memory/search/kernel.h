/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks whether a copy of VMCOREINFO in a dump's memory belongs to the kernel
 * that ran. There may be other copies: of a kernel before a reboot or kexec, of
 * a guest, of a crash kernel, or in the page cache.
 */
#ifndef IRQM_MEMORY_KERNEL_H
#define IRQM_MEMORY_KERNEL_H

#include "memory/paging.h"

struct irqm_kernel {
	struct irqm_paging paging;
	uint64_t stext;
	/* CPUs in irqm_pages.cr3 that map _stext to that address */
	unsigned int nr_cpus;
};

/*
 * Returns true if the page tables that the text points to are in the dump and
 * map _stext to the address that phys_base gives. If the dump has its CPUs'
 * page tables, those of at least one CPU must map it there, too.
 */
bool irqm_kernel_find(const struct irqm_pages *pages, const char *text,
		      struct irqm_kernel *ret);

/* Also requires that init_uts_ns, read through these tables, has OSRELEASE. */
bool irqm_kernel_check(const struct irqm_pages *pages, const char *text,
		       struct irqm_kernel *ret);

/* Returns true if all CPUs run on this kernel's page tables, so that no other
 * kernel ran. */
bool irqm_kernel_is_only_one(const struct irqm_pages *pages,
			     const struct irqm_kernel *k);

/* Returns true if both are the same kernel at the same address. */
bool irqm_kernel_same(const struct irqm_kernel *a, const struct irqm_kernel *b);

/* Reads through the page tables, also across pages. */
bool irqm_kernel_read(struct irqm_kernel *k, uint64_t vaddr, void *buf,
		      size_t len);

#endif
