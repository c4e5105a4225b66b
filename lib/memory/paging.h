/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From kernel virtual addresses to physical ones, by the dumped kernel's own
 * page tables (4 or 5 levels, large pages, SME mask). Where the tables are not
 * in the dump, the kernel image is still found by phys_base.
 */
#ifndef IRQM_MEMORY_PAGING_H
#define IRQM_MEMORY_PAGING_H

#include "memory/pages/pages.h"
#include "memory/vmcoreinfo.h"

/*
 * __START_KERNEL_map, and KERNEL_IMAGE_SIZE with KASLR: the kernel's image is
 * somewhere in these bytes, and nothing else is.
 */
#define IRQM_START_KERNEL_MAP 0xffffffff80000000ULL
#define IRQM_KERNEL_IMAGE_SIZE (1ULL << 30)
bool irqm_in_kernel_image(uint64_t vaddr);

struct irqm_paging {
	const struct irqm_pages *pages;
	uint64_t root;          /* physical address of the top table */
	unsigned int levels;    /* 4 or 5 */
	uint64_t phys_base;     /* paddr = vaddr - __START_KERNEL_map + it */
	uint64_t encryption;    /* bits of an entry that are no address */

	/*
	 * Called for each page table entry that a translation rests on, if
	 * set: what a distilled dump has to keep. To be set before the first
	 * translation, as what is in recent[] is not visited again.
	 */
	void (*visit)(void *visit_ctx, uint64_t paddr);
	void *visit_ctx;

	/* The last translations; private. */
	struct { uint64_t vaddr, paddr, size; } recent[64];
};

/*
 * Needs from VMCOREINFO: phys_base, and SYMBOL(init_top_pgt) or
 * SYMBOL(swapper_pg_dir); pgtable_l5_enabled and sme_mask if they are there.
 * 0, or -1 with err.
 */
int irqm_paging_init(struct irqm_paging *p, const struct irqm_pages *pages,
		     struct irqm_error *err);

/*
 * Where vaddr is, and how many bytes from there on are contiguous. IRQM_OK,
 * IRQM_UNMAPPED, IRQM_INVALID for an entry that cannot be, or why a page table
 * could not be read.
 */
enum irqm_why irqm_translate(struct irqm_paging *p, uint64_t vaddr,
			     uint64_t *ret_paddr, uint64_t *ret_len);

/* The same by the tables alone: phys_base is not asked, nothing remembered. */
enum irqm_why irqm_paging_walk(struct irqm_paging *p, uint64_t vaddr,
			       uint64_t *ret_paddr, uint64_t *ret_len);

/*
 * Where the pages that can be executed end which begin at text, an address of
 * the kernel's image; text itself where it cannot be told.
 */
uint64_t irqm_paging_text_end(struct irqm_paging *p, uint64_t text);

/* Reads across pages, all or nothing. */
enum irqm_why irqm_paging_read(struct irqm_paging *p, uint64_t vaddr,
			       void *buf, size_t len);

#endif
