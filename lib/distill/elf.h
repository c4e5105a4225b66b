/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes an ELF vmcore with chosen bytes: their pages with zeros in all other
 * places, and notes with VMCOREINFO and the origin of the file. */
#ifndef IRQM_DISTILL_ELF_H
#define IRQM_DISTILL_ELF_H

#include "distill/output.h"
#include "distill/ranges.h"
#include "memory/pages/pages.h"

/* Limit on the pages of a distilled dump: 4 GB. */
#define IRQM_ELF_MAX_PAGES (1ULL << 20)

struct irqm_elf {
	const struct irqm_pages *pages;
	const struct irqm_ranges *keep; /* physical addresses, sorted */
	/*
	 * Of those, whole pages of tables, which are the same in every dump of a
	 * kernel, so that packing them on their own gives the same bytes:
	 * tables of which a reader needs a few pages, and others.
	 */
	const struct irqm_ranges *searched, *parsed;
	/* where the kernel maps physical address 0: gives segments the p_vaddr
	 * that readers expect */
	uint64_t direct_map;
	const char *vmcoreinfo;
	/* what was left out on purpose; notes record that */
	struct irqm_left_out left_out;
	bool live; /* the machine was running */

	/*
	 * The top page table, and its address in the kernel image's mapping. It
	 * gets a segment of its own, from which drgn finds all other addresses.
	 * 0: none.
	 */
	uint64_t root, root_vaddr;
};

/* Returns the size of the ELF file, or 0 if it needs more than
 * IRQM_ELF_MAX_PAGES. */
uint64_t irqm_elf_size(const struct irqm_elf *e);

/* Writes the file front to back. Returns 0, or -1 with err. */
int irqm_elf_write(const struct irqm_elf *e, struct irqm_output *out,
		   struct irqm_error *err);

#endif
