/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a text of VMCOREINFO that of the kernel in a dump's memory? Many a text
 * lies about: of a kernel before a reboot or kexec, of a guest, of a crash
 * kernel, in a file.
 */
#ifndef IRQM_TARGET_KERNEL_H
#define IRQM_TARGET_KERNEL_H

#include "target/paging.h"

struct irqm_kernel {
	struct irqm_paging paging;
	uint64_t stext;
	unsigned int nr_cpus; /* of irqm_pages.cr3, whose tables have it */
};

/*
 * True if the page tables that the text leads to are in the dump and have
 * _stext where phys_base says, and, where the dump has its CPUs' page tables,
 * those of one at least have it there as well.
 */
bool irqm_kernel_find(const struct irqm_pages *pages, const char *text,
		      struct irqm_kernel *ret);

/* And if init_uts_ns, by these tables, has the text's OSRELEASE. */
bool irqm_kernel_check(const struct irqm_pages *pages, const char *text,
		       struct irqm_kernel *ret);

/* All CPUs run on this kernel's page tables: the dump is of no other one. */
bool irqm_kernel_is_only_one(const struct irqm_pages *pages,
			     const struct irqm_kernel *k);

/* Do both texts tell of one kernel in one place? */
bool irqm_kernel_same(const struct irqm_kernel *a,
		      const struct irqm_kernel *b);

/* Reads by the page tables alone, across pages. */
bool irqm_kernel_read(struct irqm_kernel *k, uint64_t vaddr, void *buf,
		      size_t len);

#endif
