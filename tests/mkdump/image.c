/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where memory is: the image at phys_base, all else in the direct map, and
 * the page tables that say so.
 */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <string.h>

#define START_KERNEL_MAP 0xffffffff80000000ULL
#define LARGE 0x200000ULL
#define HUGE 0x40000000ULL
#define TABLE 0x67ULL /* present, writable, accessed, dirty, user */
#define KERNEL_TABLE 0x63ULL
#define PSE 0x80ULL
#define PAGE_TEXT 0x161ULL /* global, not writable */
#define PAGE_RO (1ULL << 63 | PAGE_TEXT)
#define PAGE_RW (PAGE_RO | 2)
#define ADDRESS 0xffffffffff000ULL

static uint64_t round_up(uint64_t n, uint64_t to)
{
	return (n + to - 1) & ~(to - 1);
}

static uint64_t region_end(const struct fk *fk, int i)
{
	return fk->regions[i].base + fk->regions[i].size;
}

uint64_t mk_image_start(const struct mk *mk)
{
	return FK_TEXT_BASE + mk->fk->gen.kaslr;
}

uint64_t mk_image_end(const struct mk *mk)
{
	/* and as much again, where large pages of data are none of small ones */
	return round_up(region_end(mk->fk, FK_DATA), LARGE) + LARGE;
}

uint64_t mk_phys(const struct mk *mk, uint64_t vaddr)
{
	if (vaddr >= FK_MODULES_BASE)
		return vaddr - FK_MODULES_BASE + mk->modules_phys;
	if (vaddr >= START_KERNEL_MAP)
		return vaddr - START_KERNEL_MAP + mk->phys_base;
	return vaddr - mk->fk->gen.page_offset;
}

void mk_add_root(struct mk *mk)
{
	struct fk *fk = mk->fk;
	uint64_t ram = region_end(fk, FK_PERCPU) - fk->gen.page_offset;

	mk->modules_phys = round_up(ram, 4096);
	ram = mk->modules_phys + fk->regions[FK_MODULES].size;
	mk->gap_start = round_up(ram, mk->o.huge_pages ? HUGE : LARGE);
	/* the image stands behind all that the direct map has */
	mk->phys_base = mk->gap_start + mk->o.ram_gap -
			(mk_image_start(mk) - START_KERNEL_MAP);
	mk->root = fk_alloc(fk, FK_DATA, 4096, 4096);
	fk_symbol(fk, "init_top_pgt", mk->root);
	variable_set(fk, "page_offset_base", 8, fk->gen.page_offset);
	variable_set(fk, "vmalloc_base", 8, MK_VMALLOC_START);
	fk_symbol(fk, "_text", mk_image_start(mk));
	fk_symbol(fk, "_stext", mk_image_start(mk));
	fk_symbol(fk, "_etext", fk->regions[FK_RODATA].base);
	fk_symbol(fk, "_end", mk_image_end(mk));
}

/* The table behind entry index of the one at table; made if there is none. */
static uint64_t next_table(struct mk *mk, uint64_t table, unsigned int index,
			   uint64_t flags)
{
	uint64_t entry, next;

	memcpy(&entry, fk_at(mk->fk, table + index * 8), 8);
	if (entry)
		return (entry & ADDRESS & ~mk->o.sme_mask) +
		       mk->fk->gen.page_offset;
	next = fk_alloc(mk->fk, FK_HEAP, 4096, 4096);
	fk_put64(mk->fk, table + index * 8,
		 mk_phys(mk, next) | flags | mk->o.sme_mask);
	return next;
}

/*
 * One page of the size that belongs to level last. Tables of the image, and
 * those that large pages of the direct map were split into, are not for users;
 * that makes no difference, and is what kernels have.
 */
static void map_page(struct mk *mk, uint64_t vaddr, uint64_t paddr,
		     unsigned int last, uint64_t flags)
{
	bool image = vaddr >= START_KERNEL_MAP && vaddr < FK_MODULES_BASE;
	bool split = vaddr - mk->fk->gen.page_offset - LARGE <
		     MK_VMALLOC_START - mk->fk->gen.page_offset - LARGE;
	uint64_t table = mk->root;
	unsigned int level;

	for (level = mk->o.levels; level > last; level--)
		table = next_table(mk, table, vaddr >> (3 + 9 * level) & 511,
				   (image && level <= 3) ||
						   (split && level == 2) ?
					   KERNEL_TABLE :
					   TABLE);
	fk_put64(mk->fk, table + (vaddr >> (3 + 9 * last) & 511) * 8,
		 paddr | flags | mk->o.sme_mask | (last > 1 ? PSE : 0));
}

/* Pages of 4 KiB where the kernel has them: what begins and ends a section. */
static unsigned int level_at(const struct mk *mk, uint64_t vaddr, uint64_t end)
{
	uint64_t direct = mk->fk->gen.page_offset;
	uint64_t rodata = mk->fk->regions[FK_RODATA].base;
	uint64_t data = mk->fk->regions[FK_DATA].base;
	uint64_t modules = direct + (mk->modules_phys & -LARGE);

	if (mk->o.huge_pages && vaddr % HUGE == 0 && end - vaddr >= HUGE)
		return 3;
	if (mk->o.small_pages || vaddr - direct < LARGE ||
	    vaddr - modules < LARGE || data - 1 - vaddr < LARGE ||
	    rodata - 1 - vaddr < LARGE || mk_image_end(mk) - 1 - vaddr < LARGE)
		return 1;
	return 2;
}

static void map_range(struct mk *mk, uint64_t start, uint64_t end,
		      uint64_t flags)
{
	unsigned int level;

	for (; start < end; start += 1ULL << (3 + 9 * level)) {
		level = level_at(mk, start, end);
		map_page(mk, start, mk_phys(mk, start), level, flags);
	}
}

static void map_small(struct mk *mk, uint64_t start, uint64_t end,
		      uint64_t flags)
{
	for (; start < end; start += 4096)
		map_page(mk, start, mk_phys(mk, start), 1, flags);
}

/* In the area of vmalloc(). */
uint64_t mk_map_elsewhere(struct mk *mk, uint64_t paddr)
{
	uint64_t vaddr = MK_VMALLOC_START + mk->vmalloc_used;

	mk->vmalloc_used += 2 * 4096; /* a page nobody has is between two */
	map_page(mk, vaddr, paddr, 1, PAGE_RW);
	return vaddr;
}

static void map_modules(struct mk *mk)
{
	unsigned int i;

	for (i = 0; i < mk->fk->nr_modules; i++) {
		const struct fk_module *m = &mk->fk->modules[i];
		uint64_t direct =
			mk->fk->gen.page_offset + mk_phys(mk, m->text);

		map_small(mk, m->text, m->data, PAGE_TEXT);
		map_small(mk, m->data, m->end, PAGE_RW);
		if (!mk->o.huge_pages)
			map_page(mk, direct, mk_phys(mk, m->text), 1, PAGE_RO);
	}
}

void mk_map(struct mk *mk)
{
	uint64_t direct = mk->fk->gen.page_offset, text = mk_image_start(mk);
	uint64_t rodata = mk->fk->regions[FK_RODATA].base;
	uint64_t data = mk->fk->regions[FK_DATA].base;
	uint64_t image = direct + mk_phys(mk, text);

	map_range(mk, direct, direct + mk->gap_start, PAGE_RW);
	/* also the image's pages once more, as the direct map has them */
	map_range(mk, image, image + (data - text), PAGE_RO);
	map_range(mk, image + (data - text), image + (mk_image_end(mk) - text),
		  PAGE_RW);
	map_range(mk, text, rodata, PAGE_TEXT);
	map_range(mk, rodata, data, PAGE_RO);
	map_range(mk, data, mk_image_end(mk), PAGE_RW);
	map_modules(mk);
}
