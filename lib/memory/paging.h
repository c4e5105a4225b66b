/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Translates kernel virtual addresses to physical ones by the page tables of
 * the dumped kernel (4 or 5 levels, large pages, SME mask). If the tables are
 * not in the dump, phys_base still locates the kernel image.
 */
#ifndef IRQM_MEMORY_PAGING_H
#define IRQM_MEMORY_PAGING_H

#include "memory/pages/pages.h"
#include "memory/target.h"
#include "memory/vmcoreinfo.h"

/* __START_KERNEL_map, and KERNEL_IMAGE_SIZE with KASLR: the kernel's image is
 * somewhere in this range, and nothing else is. */
#define IRQM_START_KERNEL_MAP 0xffffffff80000000ULL
#define IRQM_KERNEL_IMAGE_SIZE (1ULL << 30)
bool irqm_in_kernel_image(uint64_t vaddr);

struct irqm_paging {
	const struct irqm_pages *pages;
	uint64_t root;       /* physical address of the top table */
	unsigned int levels; /* 4 or 5 */
	/* paddr = vaddr - __START_KERNEL_map + phys_base */
	uint64_t phys_base;
	/* bits of an entry that do not belong to the address */
	uint64_t encryption;

	/*
	 * If set, called for each page table entry that a translation uses, so
	 * that a distilled dump can include it. Set it before the first
	 * translation: entries in recent[] are not visited again.
	 */
	void (*visit)(void *visit_ctx, uint64_t paddr);
	void *visit_ctx;

	/* The last translations. Private. */
	struct {
		uint64_t vaddr, paddr, size;
	} recent[1024];
};

/*
 * Needs from VMCOREINFO: phys_base, and SYMBOL(init_top_pgt) or
 * SYMBOL(swapper_pg_dir); uses pgtable_l5_enabled and sme_mask if they are
 * there. Returns 0, or -1 with err.
 */
int irqm_paging_init(struct irqm_paging *p, const struct irqm_pages *pages,
		     struct irqm_error *err);

/*
 * Gets the physical address of vaddr, and how many bytes from there on are
 * contiguous. Returns IRQM_OK, IRQM_UNMAPPED, IRQM_INVALID for an invalid
 * entry, or why a page table could not be read.
 */
enum irqm_why irqm_translate(struct irqm_paging *p, uint64_t vaddr,
			     uint64_t *ret_paddr, uint64_t *ret_len);

/* The same by the page tables alone, without phys_base and recent[]. */
enum irqm_why irqm_paging_walk(struct irqm_paging *p, uint64_t vaddr,
			       uint64_t *ret_paddr, uint64_t *ret_len);

/*
 * Returns the end of the executable pages that begin at text, an address in the
 * kernel's image; text itself if it cannot be found.
 */
uint64_t irqm_paging_text_end(struct irqm_paging *p, uint64_t text);

/* Drops the last translations. */
void irqm_paging_forget(struct irqm_paging *p);

/* For irqm_target.expect. Ignores what is not mapped. */
void irqm_paging_expect(struct irqm_paging *p,
			const struct irqm_extent extents[], size_t nr,
			enum irqm_page_use use);

/* Reads len bytes, which may cross pages, all or nothing. */
enum irqm_why irqm_paging_read(struct irqm_paging *p, uint64_t vaddr, void *buf,
			       size_t len);

#endif
