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
/* Blocks to read at once where many are counted. */
#define STEP 64UL

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
	unsigned char step[STEP * IRQM_PAGE_SIZE];
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

static struct block *place_of(struct irqm_diskdump_index *x, uint64_t number)
{
	return &x->blocks[number % BLOCKS];
}

static bool is_loaded(const struct block *b, const struct irqm_diskdump_file *f,
		      uint64_t number)
{
	return b->file == f && b->number == number;
}

/* The block's bits were read. */
static void rank_block(struct block *b, const struct irqm_diskdump_file *f,
		       uint64_t number)
{
	uint64_t word;
	size_t i;

	for (i = 0; i < WORDS_PER_BLOCK; i++) {
		memcpy(&word, b->bits + i * 8, 8);
		b->ranks[i + 1] = b->ranks[i] + count_bits(word);
	}
	b->file = f;
	b->number = number;
}

static struct block *load_block(struct irqm_diskdump_index *x,
				const struct irqm_diskdump_file *f,
				uint64_t number)
{
	struct block *b = place_of(x, number);

	if (is_loaded(b, f, number))
		return b;
	b->file = NULL;
	if (irqm_input_read(f->in, f->bitmap + number * IRQM_PAGE_SIZE, b->bits,
			    IRQM_PAGE_SIZE))
		return NULL;
	rank_block(b, f, number);
	return b;
}

/* Counts the bits of a block. Most of a large machine's bitmap are long runs. */
static unsigned int count_block(const unsigned char *bits)
{
	uint64_t line[8], any, all;
	unsigned int nr = 0;
	size_t at, i;

	for (at = 0; at < IRQM_PAGE_SIZE; at += sizeof(line)) {
		memcpy(line, bits + at, sizeof(line));
		any = 0;
		all = ~0ULL;
		for (i = 0; i < ARRAY_SIZE(line); i++) {
			any |= line[i];
			all &= line[i];
		}
		if (any == 0)
			continue;
		if (all == ~0ULL) {
			nr += 8 * sizeof(line);
			continue;
		}
		for (i = 0; i < ARRAY_SIZE(line); i++)
			nr += count_bits(line[i]);
	}
	return nr;
}

static void add_count(struct irqm_diskdump_file *f, uint64_t nr)
{
	f->counts[f->nr_counts] = f->counts[f->nr_counts - 1] + nr;
	f->nr_counts++;
}

/* Counts the bits of a block that was read into step, i-th of those there. Keeps
 * the block where all fit into the cache. */
static unsigned int take_block(struct irqm_diskdump_index *x,
			       const struct irqm_diskdump_file *f,
			       uint64_t number, size_t i, bool keep)
{
	const unsigned char *bits = x->step + i * IRQM_PAGE_SIZE;
	struct block *b = place_of(x, number);

	if (!keep)
		return count_block(bits);
	memcpy(b->bits, bits, IRQM_PAGE_SIZE);
	rank_block(b, f, number);
	return rank_of(b, BITS_PER_BLOCK);
}

/* Counts at most nr blocks from the one at, of which the first frames may be in
 * the previous file of a split set. */
static enum irqm_why count_blocks(struct irqm_diskdump_index *x,
				  struct irqm_diskdump_file *f, uint64_t at,
				  uint64_t nr)
{
	const struct block *b = place_of(x, at);
	size_t from = f->start_pfn % BITS_PER_BLOCK, i;

	if (f->nr_counts == 1 && from) {
		b = load_block(x, f, at);
		if (!b)
			return IRQM_TRUNCATED;
		add_count(f, rank_of(b, BITS_PER_BLOCK) - rank_of(b, from));
		return IRQM_OK;
	}
	if (is_loaded(b, f, at)) {
		add_count(f, rank_of(b, BITS_PER_BLOCK));
		return IRQM_OK;
	}
	if (nr > STEP)
		nr = STEP;
	if (irqm_input_read(f->in, f->bitmap + at * IRQM_PAGE_SIZE, x->step,
			    nr * IRQM_PAGE_SIZE))
		return IRQM_TRUNCATED;
	for (i = 0; i < nr; i++)
		add_count(f, take_block(x, f, at + i, i, nr <= BLOCKS));
	return IRQM_OK;
}

/* Extends counts[] to the blocks before end, at most to max_mapnr. All of them
 * have to be read, and each is counted once. */
static enum irqm_why count_up_to(struct irqm_diskdump_index *x,
				 struct irqm_diskdump_file *f, uint64_t end)
{
	uint64_t first = f->start_pfn / BITS_PER_BLOCK, at;
	enum irqm_why why;

	if (!f->counts) {
		f->counts = calloc(f->max_mapnr / BITS_PER_BLOCK + 2 - first,
				   sizeof(*f->counts));
		if (!f->counts)
			return IRQM_INVALID;
		f->nr_counts = 1;
	}
	while (f->nr_counts <= end - first) {
		at = first + f->nr_counts - 1;
		why = count_blocks(x, f, at, end - at);
		if (why != IRQM_OK)
			return why;
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

	why = count_up_to(x, f, number + 1);
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

/* Returns the first block from number on, or end, that has not only frames that
 * are there, or not only others. */
static uint64_t skip_blocks(struct irqm_diskdump_index *x,
			    struct irqm_diskdump_file *f, uint64_t number,
			    uint64_t end, bool there)
{
	uint64_t first = f->start_pfn / BITS_PER_BLOCK, ahead, nr;

	for (; number < end; number++) {
		ahead = end - number < STEP ? end : number + STEP;
		if (f->nr_counts <= number + 1 - first &&
		    count_up_to(x, f, ahead) != IRQM_OK)
			break;
		nr = f->counts[number + 1 - first] - f->counts[number - first];
		if (nr != (there ? BITS_PER_BLOCK : 0))
			break;
	}
	return number;
}

uint64_t irqm_diskdump_next_frame(struct irqm_diskdump_index *x,
				  const struct irqm_diskdump_file *f,
				  uint64_t pfn, bool there)
{
	/* the counts change, the content does not */
	struct irqm_diskdump_file *counted = (struct irqm_diskdump_file *)f;
	uint64_t end = (f->end_pfn + BITS_PER_BLOCK - 1) / BITS_PER_BLOCK;
	uint64_t number = pfn / BITS_PER_BLOCK;
	size_t bit = pfn % BITS_PER_BLOCK;
	const struct block *b;

	while (number < end) {
		b = load_block(x, f, number);
		if (!b)
			break;
		bit = next_bit(b, bit, there);
		pfn = number * BITS_PER_BLOCK + bit;
		if (bit < BITS_PER_BLOCK)
			return pfn < f->end_pfn ? pfn : f->end_pfn;
		bit = 0;
		number++;
		/* terabytes of nothing are counted on the way */
		if (number > f->start_pfn / BITS_PER_BLOCK)
			number = skip_blocks(x, counted, number, end, !there);
	}
	return f->end_pfn;
}
