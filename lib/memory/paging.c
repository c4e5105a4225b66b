/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/paging.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_PRESENT 0x1
#define ENTRY_LARGE 0x80
#define ENTRY_NO_EXECUTE (1ULL << 63)
/* A limit: text in large pages needs 20. */
#define TEXT_PAGES_MAX 4096
#define PAGE_MASK (~(uint64_t)(IRQM_PAGE_SIZE - 1))
/* Pages to expect at once. */
#define EXPECTED_MAX 1024
/* Bits 12 to 51; the bits above are flags and the protection key. */
#define ENTRY_ADDRESS 0x000ffffffffff000ULL

#define BITS_PER_LEVEL 9
#define RECENT                                                                 \
	(sizeof(((struct irqm_paging *)0)->recent) /                           \
	 sizeof(((struct irqm_paging *)0)->recent[0]))

bool irqm_in_kernel_image(uint64_t vaddr)
{
	return vaddr - IRQM_START_KERNEL_MAP < IRQM_KERNEL_IMAGE_SIZE;
}

static bool top_table(const char *text, uint64_t *ret)
{
	/* init_top_pgt exists since 4.13; otherwise the table is
	 * swapper_pg_dir */
	return irqm_vmcoreinfo_symbol(text, "init_top_pgt", ret) ||
	       irqm_vmcoreinfo_symbol(text, "swapper_pg_dir", ret);
}

int irqm_paging_init(struct irqm_paging *p, const struct irqm_pages *pages,
		     struct irqm_error *err)
{
	const char *text = pages->vmcoreinfo;
	int64_t phys_base, number;
	uint64_t top;

	memset(p, 0, sizeof(*p));
	p->pages = pages;
	if (!text) {
		irqm_error_set(err,
			       "the dump has no VMCOREINFO, which is "
			       "needed to find the page tables; open it in "
			       "crash with its vmlinux");
		return -1;
	}
	if (!irqm_vmcoreinfo_number(text, "phys_base", &phys_base) ||
	    !top_table(text, &top) || !irqm_in_kernel_image(top)) {
		irqm_error_set(err,
			       "VMCOREINFO has no phys_base or no "
			       "init_top_pgt: the kernel is for another "
			       "architecture, or older than 4.15, the first "
			       "with the matrix allocator");
		return -1;
	}
	p->phys_base = (uint64_t)phys_base;
	p->levels = 4;
	if (irqm_vmcoreinfo_number(text, "pgtable_l5_enabled", &number) &&
	    number != 0)
		p->levels = 5;
	if (irqm_vmcoreinfo_number(text, "sme_mask", &number))
		p->encryption = (uint64_t)number;
	p->root = (top - IRQM_START_KERNEL_MAP + p->phys_base) & ENTRY_ADDRESS &
		  ~p->encryption;
	return 0;
}

/* Returns true if all bits from the highest translated one on are equal. */
static bool is_canonical(const struct irqm_paging *p, uint64_t vaddr)
{
	unsigned int bits = IRQM_PAGE_SHIFT + BITS_PER_LEVEL * p->levels;

	return (uint64_t)((int64_t)(vaddr << (64 - bits)) >> (64 - bits)) ==
	       vaddr;
}

static enum irqm_why read_entry(struct irqm_paging *p, uint64_t table,
				uint64_t vaddr, unsigned int shift,
				uint64_t *ret)
{
	uint64_t index = vaddr >> shift & ((1U << BITS_PER_LEVEL) - 1);
	uint64_t paddr = table + index * sizeof(*ret);
	enum irqm_why why;

	why = p->pages->read(p->pages->ctx, paddr, ret, sizeof(*ret));
	if (why == IRQM_OK && p->visit)
		p->visit(p->visit_ctx, paddr);
	return why;
}

/* Finds the page that maps vaddr, its size, and its access flags. */
static enum irqm_why walk_tables(struct irqm_paging *p, uint64_t vaddr,
				 uint64_t *ret_page, uint64_t *ret_size,
				 uint64_t *ret_flags)
{
	unsigned int shift = IRQM_PAGE_SHIFT + BITS_PER_LEVEL * (p->levels - 1);
	uint64_t table = p->root, entry;
	enum irqm_why why;

	*ret_flags = 0;
	for (;; shift -= BITS_PER_LEVEL) {
		why = read_entry(p, table, vaddr, shift, &entry);
		if (why != IRQM_OK)
			return why;
		if (!(entry & ENTRY_PRESENT))
			return IRQM_UNMAPPED;
		*ret_flags |= entry & ENTRY_NO_EXECUTE;
		table = entry & ENTRY_ADDRESS & ~p->encryption;
		if (shift == IRQM_PAGE_SHIFT)
			break; /* this bit means PAT at this level */
		if (entry & ENTRY_LARGE) {
			/* there are no pages of 512 GiB */
			if (shift > IRQM_PAGE_SHIFT + 2 * BITS_PER_LEVEL)
				return IRQM_INVALID;
			break;
		}
	}
	*ret_size = 1ULL << shift;
	*ret_page = table & ~(*ret_size - 1);
	return IRQM_OK;
}

enum irqm_why irqm_paging_walk(struct irqm_paging *p, uint64_t vaddr,
			       uint64_t *ret_paddr, uint64_t *ret_len)
{
	uint64_t page, size, flags, into;
	enum irqm_why why;

	if (!is_canonical(p, vaddr))
		return IRQM_UNMAPPED;
	why = walk_tables(p, vaddr, &page, &size, &flags);
	if (why != IRQM_OK)
		return why;
	into = vaddr & (size - 1);
	*ret_paddr = page + into;
	*ret_len = size - into;
	return IRQM_OK;
}

static bool look_up(const struct irqm_paging *p, uint64_t vaddr,
		    unsigned int shift, uint64_t *ret_paddr, uint64_t *ret_len)
{
	size_t slot = (vaddr >> shift) % RECENT;
	uint64_t into = vaddr - p->recent[slot].vaddr;

	if (into >= p->recent[slot].size)
		return false;
	*ret_paddr = p->recent[slot].paddr + into;
	*ret_len = p->recent[slot].size - into;
	return true;
}

/* Caches a translation. A large page is cached under its own number, so that it
 * uses one place. */
static void keep_recent(struct irqm_paging *p, uint64_t vaddr, uint64_t paddr,
			uint64_t size)
{
	unsigned int shift = size > IRQM_PAGE_SIZE ?
				     IRQM_PAGE_SHIFT + BITS_PER_LEVEL :
				     IRQM_PAGE_SHIFT;
	size_t slot = (vaddr >> shift) % RECENT;

	p->recent[slot].vaddr = vaddr & ~(size - 1);
	p->recent[slot].paddr = paddr;
	p->recent[slot].size = size;
}

enum irqm_why irqm_translate(struct irqm_paging *p, uint64_t vaddr,
			     uint64_t *ret_paddr, uint64_t *ret_len)
{
	uint64_t page, size, flags;
	enum irqm_why why;

	if (look_up(p, vaddr, IRQM_PAGE_SHIFT, ret_paddr, ret_len) ||
	    look_up(p, vaddr, IRQM_PAGE_SHIFT + BITS_PER_LEVEL, ret_paddr,
		    ret_len))
		return IRQM_OK;
	if (!is_canonical(p, vaddr))
		return IRQM_UNMAPPED;
	why = walk_tables(p, vaddr, &page, &size, &flags);
	if (why == IRQM_UNMAPPED ||
	    (why != IRQM_OK && !irqm_in_kernel_image(vaddr)))
		return why;
	if (why != IRQM_OK) {
		page = (vaddr - IRQM_START_KERNEL_MAP + p->phys_base) &
		       ENTRY_ADDRESS;
		size = IRQM_PAGE_SIZE;
	}
	keep_recent(p, vaddr, page, size);
	*ret_paddr = page + (vaddr & (size - 1));
	*ret_len = size - (vaddr & (size - 1));
	return IRQM_OK;
}

void irqm_paging_forget(struct irqm_paging *p)
{
	size_t i;

	for (i = 0; i < RECENT; i++)
		p->recent[i].size = 0;
}

uint64_t irqm_paging_text_end(struct irqm_paging *p, uint64_t text)
{
	uint64_t page, size, flags, end = text;
	unsigned int i;

	for (i = 0; i < TEXT_PAGES_MAX && irqm_in_kernel_image(end); i++) {
		if (walk_tables(p, end, &page, &size, &flags) != IRQM_OK ||
		    flags & ENTRY_NO_EXECUTE)
			return end;
		end = (end & ~(size - 1)) + size;
	}
	/* the kernel had not protected its data yet, so take all of it */
	return text;
}

/*
 * Like irqm_translate(), but extends the result over following contiguous pages
 * up to len bytes: several threads unpack large reads, and a kernel's image has
 * small pages here and there.
 */
static enum irqm_why translate_run(struct irqm_paging *p, uint64_t vaddr,
				   uint64_t len, uint64_t *ret_paddr,
				   uint64_t *ret_len)
{
	enum irqm_why why = irqm_translate(p, vaddr, ret_paddr, ret_len);
	uint64_t paddr, more;

	if (why != IRQM_OK)
		return why;
	while (*ret_len < len &&
	       irqm_translate(p, vaddr + *ret_len, &paddr, &more) == IRQM_OK &&
	       paddr == *ret_paddr + *ret_len)
		*ret_len += more;
	if (*ret_len > len)
		*ret_len = len;
	return IRQM_OK;
}

enum irqm_why irqm_paging_read(struct irqm_paging *p, uint64_t vaddr, void *buf,
			       size_t len)
{
	uint64_t paddr, part;
	enum irqm_why why;

	if (len > 0 && vaddr + (len - 1) < vaddr)
		return IRQM_UNMAPPED;
	while (len > 0) {
		why = translate_run(p, vaddr, len, &paddr, &part);
		if (why != IRQM_OK)
			return why;
		why = p->pages->read(p->pages->ctx, paddr, buf, part);
		if (why != IRQM_OK)
			return why;
		buf = (char *)buf + part;
		vaddr += part;
		len -= part;
	}
	return IRQM_OK;
}

static int by_address(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The pages of a call of irqm_paging_expect(), by physical address. */
struct expected {
	uint64_t paddrs[EXPECTED_MAX];
	size_t nr;
};

static void pass_on(const struct irqm_pages *pages, struct expected *e,
		    enum irqm_page_use use)
{
	size_t i, kept = 0;

	qsort(e->paddrs, e->nr, sizeof(e->paddrs[0]), by_address);
	for (i = 0; i < e->nr; i++)
		if (!kept || e->paddrs[i] != e->paddrs[kept - 1])
			e->paddrs[kept++] = e->paddrs[i];
	if (kept)
		pages->expect(pages->ctx, e->paddrs, kept, use);
	e->nr = 0;
}

void irqm_paging_expect(struct irqm_paging *p,
			const struct irqm_extent extents[], size_t nr,
			enum irqm_page_use use)
{
	struct expected e;
	uint64_t addr, end, paddr, len;
	size_t i;

	if (!p->pages->expect)
		return;
	e.nr = 0;
	for (i = 0; i < nr; i++) {
		addr = extents[i].addr & PAGE_MASK;
		if (__builtin_add_overflow(extents[i].addr, extents[i].len,
					   &end))
			continue;
		for (; addr < end; addr += IRQM_PAGE_SIZE) {
			if (irqm_translate(p, addr, &paddr, &len) != IRQM_OK)
				continue;
			if (e.nr == EXPECTED_MAX)
				pass_on(p->pages, &e, use);
			e.paddrs[e.nr++] = paddr & PAGE_MASK;
		}
	}
	pass_on(p->pages, &e, use);
}
