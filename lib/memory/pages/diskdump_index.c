/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/pages/diskdump_index.h"

#include "memory/pages/pages.h"

#include <stdlib.h>
#include <string.h>

#define BITS_PER_BLOCK (8UL * IRQM_PAGE_SIZE)
#define WORDS_PER_BLOCK (BITS_PER_BLOCK / 64)
/* Blocks of the bitmap to cache, which cover 4 GiB together. The structures of a
 * kernel are spread over the whole memory. */
#define BLOCKS 32
/* About a page of descriptors, and the number of such groups to cache. */
#define DESCRIPTORS 170
#define GROUPS 64

struct descriptor {
	uint64_t offset;
	uint32_t size;
	uint32_t flags;
	uint64_t page_flags;
};

_Static_assert(sizeof(struct descriptor) == IRQM_DESCRIPTOR_SIZE, "as on disk");

struct block {
	const struct irqm_diskdump_file *file; /* NULL: empty */
	uint64_t number;
	unsigned char bits[IRQM_PAGE_SIZE];
	/* ranks[i]: bits set below bit i * 64 */
	uint16_t ranks[WORDS_PER_BLOCK + 1];
};

struct group {
	const struct irqm_diskdump_file *file;
	uint64_t number;
	size_t nr; /* fewer at the end of the file */
	struct descriptor descriptors[DESCRIPTORS];
};

struct irqm_diskdump_index {
	struct block blocks[BLOCKS];
	struct group groups[GROUPS];
	uint64_t expected; /* the group that was expected last */
};

struct irqm_diskdump_index *irqm_diskdump_index_new(void)
{
	return calloc(1, sizeof(struct irqm_diskdump_index));
}

void irqm_diskdump_index_free(struct irqm_diskdump_index *x)
{
	free(x);
}

/* Counts bits set; the builtin is a call into libgcc on plain x86-64. */
static unsigned int count_bits(uint64_t word)
{
	word -= word >> 1 & 0x5555555555555555;
	word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return word * 0x0101010101010101 >> 56;
}

/* Counts bits set below bit. */
static uint64_t rank_of(const struct block *b, size_t bit)
{
	uint64_t word;

	if (bit % 64 == 0)
		return b->ranks[bit / 64];
	memcpy(&word, b->bits + bit / 64 * 8, 8);
	return b->ranks[bit / 64] + count_bits(word & ((1ULL << bit % 64) - 1));
}

static struct block *load_block(struct irqm_diskdump_index *x,
				const struct irqm_diskdump_file *f,
				uint64_t number)
{
	struct block *b = &x->blocks[number % BLOCKS];
	uint64_t word;
	size_t i;

	if (b->file == f && b->number == number)
		return b;
	b->file = NULL;
	if (irqm_input_read(f->in, f->bitmap + number * IRQM_PAGE_SIZE, b->bits,
			    IRQM_PAGE_SIZE))
		return NULL;
	b->file = f;
	b->number = number;
	for (i = 0; i < WORDS_PER_BLOCK; i++) {
		memcpy(&word, b->bits + i * 8, 8);
		b->ranks[i + 1] = b->ranks[i] + count_bits(word);
	}
	return b;
}

/* Extends counts[] up to the block, at most to max_mapnr. */
static enum irqm_why count_up_to(struct irqm_diskdump_index *x,
				 struct irqm_diskdump_file *f, uint64_t number)
{
	uint64_t first = f->start_pfn / BITS_PER_BLOCK, at;
	const struct block *b;
	size_t from;

	if (!f->counts) {
		f->counts = calloc(f->max_mapnr / BITS_PER_BLOCK + 2 - first,
				   sizeof(*f->counts));
		if (!f->counts)
			return IRQM_INVALID;
		f->nr_counts = 1;
	}
	while (f->nr_counts <= number - first) {
		at = first + f->nr_counts - 1;
		b = load_block(x, f, at);
		if (!b)
			return IRQM_TRUNCATED;
		from = at == first ? f->start_pfn % BITS_PER_BLOCK : 0;
		f->counts[f->nr_counts] = f->counts[f->nr_counts - 1] +
					  rank_of(b, BITS_PER_BLOCK) -
					  rank_of(b, from);
		f->nr_counts++;
	}
	return IRQM_OK;
}

static const struct descriptor *
load_descriptor(struct irqm_diskdump_index *x,
		const struct irqm_diskdump_file *f, uint64_t index)
{
	uint64_t number = index / DESCRIPTORS, offset;
	struct group *g = &x->groups[number % GROUPS];
	size_t nr;

	if (g->file != f || g->number != number) {
		g->file = NULL;
		offset = f->descriptors + number * sizeof(g->descriptors);
		if (offset >= f->in->size)
			return NULL;
		nr = (f->in->size - offset) / sizeof(g->descriptors[0]);
		g->nr = nr < DESCRIPTORS ? nr : DESCRIPTORS;
		if (irqm_input_read(f->in, offset, g->descriptors,
				    g->nr * sizeof(g->descriptors[0])))
			return NULL;
		g->file = f;
		g->number = number;
	}
	index %= DESCRIPTORS;
	return index < g->nr ? &g->descriptors[index] : NULL;
}

/* Finds the number of the page's descriptor. */
static enum irqm_why find_number(struct irqm_diskdump_index *x,
				 struct irqm_diskdump_file *f, uint64_t pfn,
				 uint64_t *ret)
{
	uint64_t first = f->start_pfn / BITS_PER_BLOCK;
	uint64_t number = pfn / BITS_PER_BLOCK;
	size_t bit = pfn % BITS_PER_BLOCK, from;
	const struct block *b;
	enum irqm_why why;

	why = count_up_to(x, f, number);
	if (why != IRQM_OK)
		return why;
	b = load_block(x, f, number);
	if (!b)
		return IRQM_TRUNCATED;
	if (!(b->bits[bit / 8] >> (bit % 8) & 1))
		return IRQM_EXCLUDED;
	from = number == first ? f->start_pfn % BITS_PER_BLOCK : 0;
	*ret = f->counts[number - first] + rank_of(b, bit) - rank_of(b, from);
	return IRQM_OK;
}

void irqm_diskdump_index_expect(struct irqm_diskdump_index *x,
				struct irqm_diskdump_file *f, uint64_t pfn)
{
	const struct group *g;
	uint64_t number;

	if (pfn < f->start_pfn || pfn >= f->end_pfn ||
	    find_number(x, f, pfn, &number) != IRQM_OK)
		return;
	number /= DESCRIPTORS;
	g = &x->groups[number % GROUPS];
	if ((g->file == f && g->number == number) || x->expected == number)
		return;
	x->expected = number;
	irqm_input_expect(f->in,
			  f->descriptors + number * sizeof(g->descriptors),
			  sizeof(g->descriptors));
}

enum irqm_why irqm_diskdump_find(struct irqm_diskdump_index *x,
				 struct irqm_diskdump_file *f, uint64_t pfn,
				 struct irqm_stored_page *ret)
{
	const struct descriptor *d;
	uint64_t number;
	enum irqm_why why = find_number(x, f, pfn, &number);

	if (why != IRQM_OK)
		return why;
	d = load_descriptor(x, f, number);
	/* offset 0: makedumpfile ran out of space before the page */
	if (!d || d->offset == 0)
		return IRQM_TRUNCATED;
	if (d->size == 0 || d->size > IRQM_STORED_MAX)
		return IRQM_INVALID;
	*ret = (struct irqm_stored_page){
		.in = f->in,
		.offset = d->offset,
		.size = d->size,
		.packing = d->flags & IRQM_PACKED,
	};
	return IRQM_OK;
}

/* Returns the first bit at or after `from` that equals set, or
 * BITS_PER_BLOCK. */
static size_t next_bit(const struct block *b, size_t from, bool set)
{
	uint64_t word;

	while (from < BITS_PER_BLOCK) {
		memcpy(&word, b->bits + from / 64 * 8, 8);
		word = (set ? word : ~word) >> from % 64;
		if (word)
			return from + __builtin_ctzll(word);
		from = (from / 64 + 1) * 64;
	}
	return BITS_PER_BLOCK;
}

uint64_t irqm_diskdump_next_frame(struct irqm_diskdump_index *x,
				  const struct irqm_diskdump_file *f,
				  uint64_t pfn, bool there)
{
	const struct block *b;
	size_t bit;

	while (pfn < f->end_pfn) {
		b = load_block(x, f, pfn / BITS_PER_BLOCK);
		if (!b)
			break;
		bit = next_bit(b, pfn % BITS_PER_BLOCK, there);
		pfn = pfn / BITS_PER_BLOCK * BITS_PER_BLOCK + bit;
		if (bit < BITS_PER_BLOCK)
			return pfn < f->end_pfn ? pfn : f->end_pfn;
	}
	return f->end_pfn;
}
