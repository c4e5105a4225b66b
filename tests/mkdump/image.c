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
#define PRESENT 0x63ULL         /* and writable, accessed, dirty */
#define PSE 0x80ULL
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
	return round_up(region_end(mk->fk, FK_DATA), LARGE);
}

uint64_t mk_phys(const struct mk *mk, uint64_t vaddr)
{
	if (vaddr >= START_KERNEL_MAP)
		return vaddr - START_KERNEL_MAP + mk->phys_base;
	return vaddr - mk->fk->gen.page_offset;
}

void mk_add_root(struct mk *mk)
{
	struct fk *fk = mk->fk;
	uint64_t ram = region_end(fk, FK_PERCPU) - fk->gen.page_offset;

	/* the image stands behind all that the direct map has */
	mk->phys_base = round_up(ram, LARGE) -
			(mk_image_start(mk) - START_KERNEL_MAP);
	mk->root = fk_alloc(fk, FK_DATA, 4096, 4096);
	fk_symbol(fk, "init_top_pgt", mk->root);
	fk_symbol(fk, "_text", mk_image_start(mk));
	fk_symbol(fk, "_stext", mk_image_start(mk));
	fk_symbol(fk, "_etext", fk->regions[FK_RODATA].base);
	fk_symbol(fk, "_end", mk_image_end(mk));
}

/* The table behind entry index of the one at table; made if there is none. */
static uint64_t next_table(struct mk *mk, uint64_t table, unsigned int index)
{
	uint64_t entry, next;

	memcpy(&entry, fk_at(mk->fk, table + index * 8), 8);
	if (entry)
		return (entry & ADDRESS & ~mk->o.sme_mask) +
		       mk->fk->gen.page_offset;
	next = fk_alloc(mk->fk, FK_HEAP, 4096, 4096);
	fk_put64(mk->fk, table + index * 8,
		 mk_phys(mk, next) | PRESENT | mk->o.sme_mask);
	return next;
}

static void map_page(struct mk *mk, uint64_t vaddr)
{
	unsigned int level, last = mk->o.small_pages ? 1 : 2;
	uint64_t table = mk->root;

	for (level = mk->o.levels; level > last; level--)
		table = next_table(mk, table,
				   vaddr >> (3 + 9 * level) & 511);
	fk_put64(mk->fk, table + (vaddr >> (3 + 9 * last) & 511) * 8,
		 mk_phys(mk, vaddr) | PRESENT | mk->o.sme_mask |
		 (last == 2 ? PSE : 0));
}

static void map_range(struct mk *mk, uint64_t start, uint64_t end)
{
	uint64_t step = mk->o.small_pages ? 4096 : LARGE;

	for (; start < end; start += step)
		map_page(mk, start);
}

void mk_map(struct mk *mk)
{
	uint64_t direct = mk->fk->gen.page_offset;
	uint64_t image = mk_image_end(mk) - mk_image_start(mk);

	/* also the image's pages once more, as the direct map has them */
	map_range(mk, direct, direct + mk_phys(mk, mk_image_start(mk)) +
			      image);
	map_range(mk, mk_image_start(mk), mk_image_end(mk));
}
