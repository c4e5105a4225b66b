/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the tables if nothing names them. Reading the whole image would cost
 * more than all the rest of the program, but kallsyms_offsets is hundreds of
 * kilobytes of rising 32-bit numbers. So one page in 128 KB is examined until
 * one lies within such a table. The other tables are around it, in one of two
 * orders from scripts/kallsyms.c:
 *
 *	offsets, relative_base, num_syms, names, markers, [seqs_of_names,]
 *	token_table, token_index
 *
 *	num_syms, names, markers, token_table, token_index, offsets,
 *	[relative_base,] seqs_of_names
 */
#include <string.h>

#include "memory/kallsyms/kallsyms_tables.h"

#define STEP (128U << 10)
/* For a small kernel with functions only: 16,000 symbols take 63 KB. */
#define SMALL_STEP (16U << 10)
#define WORDS (IRQM_PAGE_SIZE / 4)
/* Largest distance between two symbols: there are gaps between sections. */
#define GAP (1LL << 26)
/* Limits on what is examined on either side of a hit. */
#define OFFSETS_MAX (1U << 24)
#define NAME_BYTES_MAX (2U + NAME_TOKENS_MAX)
/* Of all names, whose length is not known before they are read. Compressed, they
 * take about 13 bytes each. */
#define AVERAGE_NAME_MAX 64ULL

/* How offsets rise, for three of the forms in kallsyms_tables.h. */
enum shape {
	SHAPE_PERCPU,
	SHAPE_RELATIVE,
	SHAPE_PLACE,
	NR_SHAPES
};

/*
 * Limit on the work. A step examines a word or a name and takes about 3 ns.
 * Kernels from 5.10 to 7.2 take 300,000 steps, plus STEPS_TO_CONFIRM once. A
 * hostile dump may map 1 GiB of rising numbers onto a few pages.
 */
#define STEPS_MAX (1U << 26)
/* Lower limit on the steps around each hit. */
#define STEPS_PER_HIT (1U << 15)
/* Without markers, all names must be walked. */
#define STEPS_TO_CONFIRM (1U << 22)

struct scan {
	const struct irqm_target *memory;
	uint64_t start, end;
	struct irqm_kallsyms_where *ret;
	uint64_t *steps; /* steps left */
};

/* Returns false if no steps are left. */
static bool spend_steps(const struct scan *s, uint64_t steps)
{
	*s->steps -= steps < *s->steps ? steps : *s->steps;
	return *s->steps > 0;
}

static uint64_t align_to_8(uint64_t n)
{
	return (n + 7) & ~7ULL;
}

static bool read_u32(const struct scan *s, uint64_t addr, uint32_t *ret)
{
	return s->memory->read(s->memory->ctx, addr, ret, sizeof(*ret)) ==
	       IRQM_OK;
}

static bool is_rising(enum shape shape, int32_t a, int32_t b)
{
	int64_t step = (int64_t)b - a;

	switch (shape) {
	case SHAPE_PERCPU: /* per-CPU offsets, then falling negative numbers */
		if (a >= 0)
			return b < 0 || step >= 0;
		step = -step;
		break;
	case SHAPE_RELATIVE:
		break;
	default:
		/* relative to the entry's address, which rises by 4 */
		step += 4;
	}
	return step >= 0 && step < GAP;
}

/* Returns true if the page may be from the middle of the table: no word falls,
 * and few are equal to the one before. */
static bool page_rises(enum shape shape, const int32_t *words)
{
	unsigned int i, still = 0;

	for (i = 1; i < WORDS; i++) {
		if (!is_rising(shape, words[i - 1], words[i]))
			return false;
		still += words[i] == words[i - 1];
	}
	return still < WORDS / 2;
}

/* Extends the run of rising words around the page at hit. */
static void grow_run(const struct scan *s, struct irqm_window *w,
		     enum shape shape, uint64_t hit, uint64_t *start,
		     uint64_t *end)
{
	size_t from = hit - w->addr, to = from + IRQM_PAGE_SIZE;
	const int32_t *p;

	while (from >= 4 && (p = irqm_window_get(w, from - 4, 8)) &&
	       is_rising(shape, p[0], p[1]))
		from -= 4;
	while ((p = irqm_window_get(w, to - 4, 8)) &&
	       is_rising(shape, p[0], p[1]))
		to += 4;
	*start = w->addr + from;
	*end = w->addr + to;
	spend_steps(s, (to - from) / 4);
}

static bool run_around(const struct scan *s, enum shape shape, uint64_t hit,
		       uint64_t *start, uint64_t *end)
{
	uint64_t from = s->start, to = s->end;
	struct irqm_window w;

	if (hit - from > OFFSETS_MAX)
		from = hit - OFFSETS_MAX;
	if (to - hit > OFFSETS_MAX)
		to = hit + OFFSETS_MAX;
	if (irqm_window_open(&w, s->memory, from, to - from))
		return false;
	grow_run(s, &w, shape, hit, start, end);
	irqm_window_close(&w);
	return true;
}

/* Returns true if token_table is at addr, and token_index follows it. */
static bool tokens_from(const struct scan *s, uint64_t addr)
{
	uint16_t index[TOKENS];
	struct irqm_window w;
	size_t len, at = 0;
	unsigned int i;
	bool ok;

	if (irqm_window_open(&w, s->memory, addr, TOKEN_TABLE_MAX))
		return false;
	for (i = 0; i < TOKENS; i++) {
		len = irqm_window_there(&w, at, 512);
		len = strnlen((char *)w.data + at, len) + 1;
		at += len;
		if (len > irqm_window_there(&w, at - len, len))
			break;
	}
	s->ret->token_table = addr;
	s->ret->token_index = align_to_8(addr + at);
	ok = i == TOKENS &&
	     s->memory->read(s->memory->ctx, s->ret->token_index, index,
			     sizeof(index)) == IRQM_OK &&
	     irqm_kallsyms_tokens_len((char *)w.data, at, index) == at;
	irqm_window_close(&w);
	return ok;
}

/* Returns the end of nr names from offset 0 of w, or 0. */
static size_t names_end(const struct scan *s, struct irqm_window *w,
			uint32_t nr)
{
	size_t at = 0, there = 0, n;

	if (!spend_steps(s, nr))
		return 0;
	while (nr--) {
		if (at + NAME_BYTES_MAX > there)
			there = at + irqm_window_there(w, at, 1U << 18);
		if (at + 2 > there)
			return 0;
		n = w->data[at++];
		if (n & 0x80)
			n = (n & 0x7f) | (size_t)w->data[at++] << 7;
		if (!n || n > there - at)
			return 0;
		at += n;
	}
	return at;
}

/*
 * Checks what is between names and token_table: markers (8 bytes each before
 * 80ffbaa5b1bd "kallsyms: reduce size a little on 64-bit", 4.20), and since 6.2
 * seqs_of_names (3 or 4 bytes each).
 */
static bool older_rest(const struct scan *s, uint32_t nr)
{
	uint64_t blocks = (nr + BLOCK - 1) / BLOCK, len = NAMES_MAX, after;
	uint64_t between[] = {
		align_to_8(blocks * 4),
		align_to_8(blocks * 4) + align_to_8(nr * 3ULL),
		align_to_8(blocks * 4) + align_to_8(nr * 4ULL),
		blocks * 8,
	};
	struct irqm_window w;
	unsigned int i;

	if (len > nr * AVERAGE_NAME_MAX)
		len = nr * AVERAGE_NAME_MAX;
	if (len > s->end - s->ret->names)
		len = s->end - s->ret->names;
	if (irqm_window_open(&w, s->memory, s->ret->names, len))
		return false;
	len = names_end(s, &w, nr);
	irqm_window_close(&w);
	if (!len)
		return false;
	after = align_to_8(s->ret->names + len);
	for (i = 0; i < ARRAY_SIZE(between); i++)
		if (tokens_from(s, after + between[i]))
			return true;
	return false;
}

/* Finds relative_base and num_syms after offsets, whose end is only roughly
 * known. */
static bool older_order(const struct scan *s, uint64_t start, uint64_t end)
{
	uint64_t addr, base;
	uint32_t nr;

	for (addr = align_to_8(end) - 16; addr <= align_to_8(end) + 16;
	     addr += 8) {
		if (s->memory->read(s->memory->ctx, addr, &base,
				    sizeof(base)) != IRQM_OK ||
		    base > s->start || base < s->start - GAP ||
		    !read_u32(s, addr + 8, &nr) || nr < WORDS ||
		    nr > (addr - start) / 4 + 4)
			continue;
		s->ret->relative_base = addr;
		s->ret->num_syms = addr + 8;
		s->ret->names = addr + 16;
		s->ret->offsets = addr - align_to_8(nr * 4ULL);
		if (s->ret->names < s->end && older_rest(s, nr))
			return true;
	}
	return false;
}

/* Finds token_table, which ends 0 to 7 bytes of padding before index. */
static bool tokens_before(const struct scan *s, uint64_t index_addr)
{
	char table[TOKEN_TABLE_MAX + 512];
	uint16_t index[TOKENS];
	size_t least, len, n;

	if (s->memory->read(s->memory->ctx, index_addr, index, sizeof(index)) !=
		    IRQM_OK ||
	    index[0] || index[TOKENS - 1] < TOKENS)
		return false;
	least = align_to_8(index[TOKENS - 1] + 1U);
	for (len = least; len <= least + 512; len += 8) {
		if (s->memory->read(s->memory->ctx, index_addr - len, table,
				    len) != IRQM_OK)
			return false;
		n = irqm_kallsyms_tokens_len(table, len, index);
		if (n && align_to_8(n) == len) {
			s->ret->token_table = index_addr - len;
			s->ret->token_index = index_addr;
			return true;
		}
	}
	return false;
}

/* Returns true if the first 256 names end at the second marker. */
static bool names_end_at(const struct scan *s, uint64_t markers)
{
	struct irqm_window w;
	uint32_t second;
	bool ok;

	if (!spend_steps(s, STEPS_PER_HIT) ||
	    !read_u32(s, markers + 4, &second) ||
	    irqm_window_open(&w, s->memory, s->ret->names,
			     (size_t)BLOCK * NAME_BYTES_MAX))
		return false;
	ok = names_end(s, &w, BLOCK) == second;
	irqm_window_close(&w);
	return ok;
}

/* Finds num_syms, which precedes the names and is about nr. The last marker
 * gives the length of the names, except for the last block. */
static bool names_before(const struct scan *s, uint64_t markers,
			 uint32_t blocks, uint32_t nr)
{
	uint32_t last, count, i;
	uint64_t addr, top;

	if (!read_u32(s, markers + 4 * (blocks - 1ULL), &last) ||
	    last > NAMES_MAX || last > markers - s->start)
		return false;
	top = (markers - last) & ~3ULL;
	for (i = 0; i < BLOCK * 128; i++) {
		addr = top - 4ULL * i;
		if (addr < s->start || !spend_steps(s, 16) ||
		    !read_u32(s, addr, &count))
			return false;
		if (count > nr + 4 || nr > count + 4 ||
		    (count + BLOCK - 1) / BLOCK != blocks)
			continue;
		s->ret->num_syms = addr;
		/* aligned to 8, or not aligned since 7.0 */
		for (s->ret->names = addr + 4; s->ret->names <= addr + 8;
		     s->ret->names += 4)
			if (names_end_at(s, markers))
				return true;
	}
	return false;
}

static bool is_confirmed(const struct scan *s)
{
	struct irqm_kallsyms *k;
	struct irqm_error err;

	if (!spend_steps(s, STEPS_TO_CONFIRM) ||
	    irqm_kallsyms_new(s->memory, s->ret, s->start, &k, &err))
		return false;
	irqm_kallsyms_free(k);
	return true;
}

/* Finds relative_base after offsets, until 6.19. s->ret->offsets and nr are
 * only roughly known. */
static void base_behind(const struct scan *s, uint64_t end)
{
	uint64_t addr, base;

	s->ret->relative_base = 0;
	for (addr = align_to_8(end) - 16; addr <= align_to_8(end) + 16;
	     addr += 8)
		if (s->memory->read(s->memory->ctx, addr, &base,
				    sizeof(base)) == IRQM_OK &&
		    base <= s->start && base >= s->start - GAP) {
			s->ret->relative_base = addr;
			return;
		}
}

/* Finds all that precedes offsets, whose start is known and whose end is
 * not. */
static bool newer_order(const struct scan *s, uint64_t start, uint64_t end)
{
	uint32_t nr = (end - start) / 4, blocks, more;

	if (!tokens_before(s, start - TOKENS * 2))
		return false;
	s->ret->offsets = start;
	base_behind(s, end);
	/* the run may include what follows, which may count as another block */
	for (more = 0; more < 2; more++) {
		blocks = (nr + BLOCK - 1) / BLOCK - more;
		if (blocks > 1 &&
		    names_before(
			    s, s->ret->token_table - align_to_8(blocks * 4ULL),
			    blocks, nr) &&
		    is_confirmed(s))
			return true;
	}
	return false;
}

/* Looks for tables around hit. *ret_end is the end of the run of rising
 * numbers, in which other hits would give the same result. */
static bool tables_around(const struct scan *s, enum shape shape, uint64_t hit,
			  uint64_t *ret_end)
{
	uint64_t start, end, at;

	*ret_end = hit;
	if (!spend_steps(s, STEPS_PER_HIT) ||
	    !run_around(s, shape, hit, &start, &end))
		return false;
	*ret_end = end;
	memset(s->ret, 0, sizeof(*s->ret));
	if (older_order(s, start, end) && is_confirmed(s))
		return true;
	for (at = align_to_8(start) - 8; at <= align_to_8(start) + 8; at += 8) {
		memset(s->ret, 0, sizeof(*s->ret));
		if (newer_order(s, at, end))
			return true;
	}
	return false;
}

static bool find_tables(const struct scan *s, uint32_t step)
{
	uint64_t seen[NR_SHAPES] = { 0 }; /* end of the last run */
	int32_t words[WORDS];
	enum shape shape;
	uint64_t addr;

	for (addr = s->start & ~(uint64_t)(IRQM_PAGE_SIZE - 1);
	     addr >= s->start && addr < s->end && s->end - addr >= step &&
	     *s->steps > 0;
	     addr += step) {
		if (s->memory->read(s->memory->ctx, addr, words,
				    sizeof(words)) != IRQM_OK)
			continue;
		for (shape = 0; shape < NR_SHAPES; shape++)
			if (addr >= seen[shape] && page_rises(shape, words) &&
			    tables_around(s, shape, addr, &seen[shape]))
				return true;
	}
	return false;
}

bool irqm_kallsyms_scan(const struct irqm_target *memory, uint64_t start,
			uint64_t end, struct irqm_kallsyms_where *ret)
{
	uint64_t steps = STEPS_MAX;
	const struct scan s = { memory, start, end, ret, &steps };

	if (find_tables(&s, STEP) || find_tables(&s, SMALL_STEP))
		return true;
	memset(ret, 0, sizeof(*ret));
	return false;
}
