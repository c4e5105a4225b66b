/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/known/dump_key.h"

#include <string.h>

/* Limit on the tables (12 MB in 7.2) and on BTF. */
#define LEN_MAX (64ULL << 20)
#define SYMBOLS_MAX (1U << 22)
#define TOKENS 256
/* These mark a missing page, and a frame; how a page is packed has 32 bits. */
#define NOT_THERE (1ULL << 32)
#define FRAME (1ULL << 33)

static void add_number(struct irqm_known_key *key, uint64_t n)
{
	irqm_known_key_add(key, &n, sizeof(n));
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

/* Returns true if the pages of [addr, end) map the memory from paddr on, page by
 * page. */
static bool maps_memory(struct irqm_paging *p, uint64_t addr, uint64_t end,
			uint64_t paddr)
{
	uint64_t at, len;

	for (; addr < end; addr += IRQM_PAGE_SIZE, paddr += IRQM_PAGE_SIZE)
		if (irqm_translate(p, addr, &at, &len) != IRQM_OK ||
		    at != paddr)
			return false;
	return true;
}

/*
 * Adds the page at addr in its packed form, which identifies its content, or
 * the frame that begins with it, if the frame is what is at [addr, end), or at
 * the beginning of it. A page within a frame is added unpacked: its content
 * depends on its place in the frame. A distilled dump has the tables but not
 * what is between them, so also adds that a page is missing. Returns how many
 * bytes of memory were added, 0 if there is no key.
 */
static uint64_t add_stored(struct irqm_known_key *key, struct irqm_paging *p,
			   uint64_t addr, uint64_t end)
{
	uint64_t paddr, len;
	enum irqm_why why = irqm_translate(p, addr, &paddr, &len);
	struct irqm_stored s;

	if (why == IRQM_OK && len < IRQM_PAGE_SIZE)
		return 0;
	if (why == IRQM_OK)
		why = p->pages->stored(p->pages->ctx, paddr, &s);
	if (why == IRQM_EXCLUDED || why == IRQM_UNMAPPED) {
		add_number(key, NOT_THERE + why);
		return IRQM_PAGE_SIZE;
	}
	if (why != IRQM_OK)
		return 0;
	if (s.is_frame && (s.len > end - addr ||
			   !maps_memory(p, addr, addr + s.len, paddr))) {
		add_number(key, 0); /* as a page that is not packed */
		return add_plain(key, p, addr, addr + IRQM_PAGE_SIZE, 0) ?
			       IRQM_PAGE_SIZE :
			       0;
	}
	add_number(key, s.is_frame ? FRAME : s.packing);
	if (s.is_frame)
		add_number(key, s.len);
	irqm_known_key_add(key, s.data, s.size);
	return s.len;
}

/* Returns the end of the pages from addr on that are not added as add_plain()
 * does: whole ones, without the word at base. */
static uint64_t stored_end(uint64_t addr, uint64_t end, uint64_t base)
{
	end &= ~(uint64_t)(IRQM_PAGE_SIZE - 1);
	if (base && base + 8 > addr && base < end)
		end = base & ~(uint64_t)(IRQM_PAGE_SIZE - 1);
	return addr % IRQM_PAGE_SIZE || end < addr ? addr : end;
}

static bool add_range(struct irqm_known_key *key, struct irqm_paging *p,
		      uint64_t addr, uint64_t end, uint64_t base)
{
	uint64_t next, stored, len;

	if (!p->pages->stored || addr >= end || end - addr > LEN_MAX)
		return false;
	/* the offset in the page tells where its bytes belong */
	add_number(key, addr % IRQM_PAGE_SIZE);
	add_number(key, end - addr);
	irqm_paging_expect(p, &(struct irqm_extent){ addr, end - addr }, 1,
			   IRQM_PAGE_STORED);
	while (addr < end) {
		stored = stored_end(addr, end, base);
		for (; addr < stored; addr += len) {
			len = add_stored(key, p, addr, stored);
			if (!len)
				return false;
		}
		if (addr == end)
			break;
		next = (addr | (IRQM_PAGE_SIZE - 1)) + 1;
		if (next > end || next == 0)
			next = end;
		if (!add_plain(key, p, addr, next, base))
			return false;
		addr = next;
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
