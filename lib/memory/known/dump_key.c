/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/known/dump_key.h"

#include <string.h>

/* Limit on the tables (12 MB in 7.2) and on BTF. */
#define LEN_MAX (64ULL << 20)
#define SYMBOLS_MAX (1U << 22)
#define TOKENS 256
/* Marks a missing page; how a page is packed has 32 bits. */
#define NOT_THERE (1ULL << 32)

static void add_number(struct irqm_known_key *key, uint64_t n)
{
	irqm_known_key_add(key, &n, sizeof(n));
}

/*
 * Adds a page in its packed form, which identifies its content. A distilled
 * dump has the tables but not what is between them, so also adds that a page is
 * missing.
 */
static bool add_stored(struct irqm_known_key *key, struct irqm_paging *p,
		       uint64_t addr)
{
	uint64_t paddr, len;
	enum irqm_why why = irqm_translate(p, addr, &paddr, &len);
	uint32_t packing;
	const void *data;
	size_t size;

	if (why == IRQM_OK && len < IRQM_PAGE_SIZE)
		return false;
	if (why == IRQM_OK)
		why = p->pages->stored(p->pages->ctx, paddr, &data, &size,
				       &packing);
	if (why == IRQM_EXCLUDED || why == IRQM_UNMAPPED) {
		add_number(key, NOT_THERE + why);
		return true;
	}
	if (why != IRQM_OK)
		return false;
	add_number(key, packing);
	irqm_known_key_add(key, data, size);
	return true;
}

/*
 * Adds the bytes of a page between addr and end, unpacked, because other data
 * on a page with tables is relocated. Skips the word at base (0: none), which
 * is also relocated; the caller adds its value.
 */
static bool add_plain(struct irqm_known_key *key, struct irqm_paging *p,
		      uint64_t addr, uint64_t end, uint64_t base)
{
	unsigned char page[IRQM_PAGE_SIZE];
	uint64_t i;

	if (irqm_paging_read(p, addr, page, end - addr) != IRQM_OK)
		return false;
	for (i = 0; base && i < 8; i++)
		if (base + i >= addr && base + i < end)
			page[base + i - addr] = 0;
	irqm_known_key_add(key, page, end - addr);
	return true;
}

static bool add_range(struct irqm_known_key *key, struct irqm_paging *p,
		      uint64_t addr, uint64_t end, uint64_t base)
{
	uint64_t next;
	bool plain;

	if (!p->pages->stored || addr >= end || end - addr > LEN_MAX)
		return false;
	/* the offset in the page tells where its bytes belong */
	add_number(key, addr % IRQM_PAGE_SIZE);
	add_number(key, end - addr);
	irqm_paging_expect(p, &(struct irqm_extent){ addr, end - addr }, 1,
			   IRQM_PAGE_STORED);
	for (; addr < end; addr = next) {
		next = (addr | (IRQM_PAGE_SIZE - 1)) + 1;
		if (next > end || next == 0)
			next = end;
		plain = next - addr != IRQM_PAGE_SIZE ||
			(base && base + 8 > addr && base < next);
		if (!(plain ? add_plain(key, p, addr, next, base) :
			      add_stored(key, p, addr)))
			return false;
	}
	return true;
}

bool irqm_dump_key_memory(struct irqm_known_key *key, struct irqm_paging *p,
			  uint64_t addr, uint64_t len)
{
	return addr <= UINT64_MAX - len &&
	       add_range(key, p, addr, addr + len, 0);
}

static void include_range(uint64_t *start, uint64_t *end, uint64_t addr,
			  uint64_t len)
{
	if (addr < *start)
		*start = addr;
	if (addr + len > *end)
		*end = addr + len;
}

/* Finds the end of the tables, which follow one another. Needs the number of
 * symbols and the position of the last token, which are both in the tables. */
static bool find_extent(struct irqm_paging *p,
			const struct irqm_kallsyms_where *w,
			uint64_t *ret_start, uint64_t *ret_end)
{
	uint16_t token[TOKENS];
	uint32_t nr;

	if (irqm_paging_read(p, w->num_syms, &nr, sizeof(nr)) != IRQM_OK ||
	    irqm_paging_read(p, w->token_index, token, sizeof(token)) !=
		    IRQM_OK ||
	    !nr || nr > SYMBOLS_MAX)
		return false;
	*ret_start = UINT64_MAX;
	*ret_end = 0;
	include_range(ret_start, ret_end, w->num_syms, sizeof(nr));
	include_range(ret_start, ret_end, w->names, 1);
	include_range(ret_start, ret_end, w->token_table,
		      token[TOKENS - 1] + 512U);
	include_range(ret_start, ret_end, w->token_index, sizeof(token));
	include_range(ret_start, ret_end, w->offsets, 4ULL * nr);
	if (w->relative_base)
		include_range(ret_start, ret_end, w->relative_base, 8);
	return true;
}

/* Returns true if no value can wrap around. The form is found by comparing
 * addresses, and the result must not depend on where KASLR put the kernel. */
static bool is_usual(const struct irqm_kallsyms_where *w, uint64_t stext)
{
	return !w->addresses && irqm_in_kernel_image(stext) &&
	       irqm_in_kernel_image(w->num_syms) &&
	       irqm_in_kernel_image(w->names) &&
	       irqm_in_kernel_image(w->token_table) &&
	       irqm_in_kernel_image(w->token_index) &&
	       irqm_in_kernel_image(w->offsets) &&
	       (!w->relative_base || irqm_in_kernel_image(w->relative_base)) &&
	       w->names < w->token_table;
}

bool irqm_dump_key_kallsyms(struct irqm_known_key *key, struct irqm_paging *p,
			    const struct irqm_kallsyms_where *w, uint64_t stext)
{
	uint64_t start, end, base = 0;

	if (!is_usual(w, stext) || !find_extent(p, w, &start, &end))
		return false;
	if (w->relative_base && (irqm_paging_read(p, w->relative_base, &base,
						  sizeof(base)) != IRQM_OK ||
				 !irqm_in_kernel_image(base)))
		return false;
	add_number(key, start - stext);
	add_number(key, w->num_syms - stext);
	add_number(key, w->names - stext);
	add_number(key, w->token_table - stext);
	add_number(key, w->token_index - stext);
	add_number(key, w->offsets - stext);
	add_number(key, w->relative_base ? w->relative_base - stext : 0);
	add_number(key, w->relative_base ? base - stext : 0);
	return add_range(key, p, start, end, w->relative_base);
}
