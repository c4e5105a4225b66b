/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes an ELF vmcore of chosen bytes: the pages that they are in, all else
 * in these zero, and notes: VMCOREINFO and what is to be known of the file.
 */
#ifndef IRQM_DISTILL_ELF_H
#define IRQM_DISTILL_ELF_H

#include "distill/output.h"
#include "distill/ranges.h"
#include "memory/pages/pages.h"

/* Pages that a distilled dump may have: 4 GB of them. */
#define IRQM_ELF_MAX_PAGES (1ULL << 20)

struct irqm_elf {
	const struct irqm_pages *pages;
	const struct irqm_ranges *keep; /* physical, sorted */
	uint64_t direct_map; /* where the kernel maps physical address 0: gives
				 segments the p_vaddr that readers expect */
	const char *vmcoreinfo;
	struct irqm_left_out left_out; /* notes say so: do not look for it */

	/*
	 * The top page table, and where the kernel image maps it: a segment
	 * of its own, from which drgn finds all other addresses. 0: none.
	 */
	uint64_t root, root_vaddr;
};

/* Bytes of the ELF file; 0 if it would have more than the pages allowed. */
uint64_t irqm_elf_size(const struct irqm_elf *e);

/* Writes it, front to back. 0, or -1 with err. */
int irqm_elf_write(const struct irqm_elf *e, struct irqm_output *out,
		   struct irqm_error *err);

#endif
