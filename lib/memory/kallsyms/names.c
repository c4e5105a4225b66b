/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compressed names: for each a length and that number of one-byte tokens,
 * in blocks of 256 names. */
#include "memory/kallsyms/kallsyms_tables.h"

#include <stdlib.h>
#include <string.h>

/* The kernel's limit since 6.1; a name has at most as many tokens as
 * characters. */
#define KSYM_NAME_LEN 512U

/*
 * Hash of a character. A name's hash is the sum over its characters,
 * independent of their order. So it is the sum of its tokens' hashes, and names
 * are compared without expanding them.
 */
static uint32_t char_hash(char c)
{
	uint32_t h = ((unsigned char)c + 1U) * 0x9e3779b1U;

	return h ^ h >> 15;
}

uint32_t irqm_kallsyms_hash(const char *s)
{
	uint32_t h = 0;

	while (*s)
		h += char_hash(*s++);
	return h;
}

/* Sums the tokens' hashes, minus that of the first character, which is the
 * type. */
uint32_t irqm_kallsyms_name_hash(const struct irqm_kallsyms *k,
				 const struct kallsyms_name *name)
{
	uint32_t h = 0;
	size_t i;

	for (i = 0; i < name->nr; i++)
		h += k->token_hash[name->tokens[i]];
	return h - char_hash(k->tokens[k->token[name->tokens[0]]]);
}

size_t irqm_kallsyms_tokens_len(const char *table, size_t len,
				const uint16_t index[TOKENS])
{
	size_t at = 0, n;
	unsigned int i;

	for (i = 0; i < TOKENS; i++) {
		if (index[i] != at)
			return 0;
		n = strnlen(table + at, len - at);
		if (n == len - at)
			return 0;
		at += n + 1;
	}
	return at;
}

static void measure_tokens(struct irqm_kallsyms *k)
{
	const char *token;
	unsigned int i;

	for (i = 0; i < TOKENS; i++) {
		token = k->tokens + k->token[i];
		k->token_len[i] = strlen(token);
		k->token_hash[i] = irqm_kallsyms_hash(token);
	}
}

int irqm_kallsyms_read_tokens(struct irqm_kallsyms *k,
			      const struct irqm_target *memory)
{
	struct irqm_window w;
	size_t len;

	if (memory->read(memory->ctx, k->where.token_index, k->token,
			 sizeof(k->token)) != IRQM_OK)
		return -1;
	len = k->token[TOKENS - 1] + 512;
	if (irqm_window_open(&w, memory, k->where.token_table, len))
		return -1;
	len = irqm_window_there(&w, 0, len);
	memcpy(k->tokens, w.data, len);
	irqm_window_close(&w);
	if (!irqm_kallsyms_tokens_len(k->tokens, len, k->token))
		return -1;
	measure_tokens(k);
	return 0;
}

const unsigned char *irqm_kallsyms_next_name(const unsigned char *p,
					     const unsigned char *end, bool big,
					     struct kallsyms_name *ret)
{
	if (p >= end)
		return NULL;
	ret->nr = *p++;
	if (big && ret->nr & 0x80) {
		if (p >= end)
			return NULL;
		ret->nr = (ret->nr & 0x7f) | (size_t)*p++ << 7;
	}
	if (!ret->nr || ret->nr > NAME_TOKENS_MAX ||
	    (size_t)(end - p) < ret->nr)
		return NULL;
	ret->tokens = p;
	return p + ret->nr;
}

/* Returns the position after nr names, or NULL if they are not complete. */
static const unsigned char *skip_names(const struct kallsyms_block *b,
				       unsigned int nr, bool big)
{
	const unsigned char *p = b->p;
	struct kallsyms_name name;

	while (nr-- && p)
		p = irqm_kallsyms_next_name(p, b->end, big, &name);
	return p;
}

/*
 * Since 6.1 a length may have two bytes, and nothing says if it may. But only
 * the right reading ends where the next block begins. If neither does, the
 * block is corrupt, and its names would get wrong values.
 */
static bool ends_block(const struct kallsyms_block *b, bool big, size_t padding)
{
	const unsigned char *p = skip_names(b, b->nr, big);

	return p && (size_t)(b->end - p) <= padding;
}

static bool block_big(struct kallsyms_block *b, bool whole, size_t padding)
{
	b->big = true;
	if (!whole || ends_block(b, true, padding))
		return true;
	b->big = false;
	return ends_block(b, false, padding);
}

static unsigned int names_in(const struct irqm_kallsyms *k, uint32_t block)
{
	uint32_t left = k->nr - block * BLOCK;

	return left < BLOCK ? left : BLOCK;
}

/* Opens a block whose position is known. */
static bool open_known(struct irqm_kallsyms *k, uint32_t block,
		       struct kallsyms_block *ret)
{
	size_t from = k->positions[block], to = k->names.len, there;
	bool last = k->markers && block + 1 == k->nr_blocks;
	bool ends = block + 1 < k->nr_positions;

	if (ends)
		to = k->positions[block + 1];
	else if (to - from > BLOCK * (KSYM_NAME_LEN + 2))
		to = from + BLOCK * (KSYM_NAME_LEN + 2);
	there = irqm_window_there(&k->names, from, to - from);
	ret->p = k->names.data + from;
	ret->end = ret->p + there;
	ret->nr = names_in(k, block);
	/* the last block ends at the markers, which are aligned to 8 */
	if (there &&
	    block_big(ret, (ends || last) && there == to - from, last ? 7 : 0))
		return true;
	k->unread = k->names.addr + from + (there < to - from ? there : 0);
	return false;
}

/* Opens a block, after finding its position if needed. */
bool irqm_kallsyms_open_block(struct irqm_kallsyms *k, uint32_t block,
			      struct kallsyms_block *ret)
{
	const unsigned char *p;

	while (k->nr_positions <= block) {
		if (!open_known(k, k->nr_positions - 1, ret))
			return false;
		p = skip_names(ret, BLOCK, ret->big);
		if (!p || p == k->names.data + k->names.len) {
			k->unread = k->names.addr + (ret->end - k->names.data);
			return false;
		}
		k->positions[k->nr_positions++] = p - k->names.data;
	}
	return open_known(k, block, ret);
}

bool irqm_kallsyms_expand(const struct irqm_kallsyms *k,
			  const struct kallsyms_name *name, char *dst,
			  size_t size)
{
	size_t at = 0, i, n;
	bool type = true;
	const char *s;

	for (i = 0; i < name->nr; i++) {
		s = k->tokens + k->token[name->tokens[i]];
		n = k->token_len[name->tokens[i]];
		if (type && n) {
			type = false;
			s++;
			n--;
		}
		if (n > size - 1 - at)
			n = size - 1 - at;
		memcpy(dst + at, s, n);
		at += n;
	}
	dst[at] = '\0';
	return at > 0;
}

bool irqm_kallsyms_name(struct irqm_kallsyms *k, uint32_t i, char *dst,
			size_t size)
{
	const unsigned char *p;
	struct kallsyms_block b;
	struct kallsyms_name name;

	if (!size || !irqm_kallsyms_open_block(k, i / BLOCK, &b))
		return false;
	p = skip_names(&b, i % BLOCK, b.big);
	if (p && irqm_kallsyms_next_name(p, b.end, b.big, &name))
		return irqm_kallsyms_expand(k, &name, dst, size);
	k->unread = k->names.addr + (b.end - k->names.data);
	return false;
}

/*
 * Finds kallsyms_markers, which VMCOREINFO does not have. It is after the names
 * and before the tokens, since 6.2 with kallsyms_seqs_of_names (3 or 4 bytes
 * each) in between. Accepts it if it can be a list of positions.
 */
static bool markers_at(struct irqm_kallsyms *k,
		       const struct irqm_target *memory, uint64_t addr)
{
	uint64_t len = addr - k->where.names;
	uint32_t i;

	if (addr <= k->where.names || len > NAMES_MAX ||
	    memory->read(memory->ctx, addr, k->positions,
			 k->nr_blocks * sizeof(*k->positions)) != IRQM_OK)
		return false;
	if (k->positions[0])
		return false;
	for (i = 1; i < k->nr_blocks; i++)
		if (k->positions[i] <= k->positions[i - 1] ||
		    k->positions[i] - k->positions[i - 1] < BLOCK * 2)
			return false;
	return k->positions[k->nr_blocks - 1] < len;
}

static void find_markers(struct irqm_kallsyms *k,
			 const struct irqm_target *memory)
{
	uint64_t nr = k->nr, end = k->where.token_table;
	uint64_t between[] = { 0, nr * 3, nr * 4 };
	unsigned int i;

	end -= (k->nr_blocks * 4 + 7) & ~7ULL;
	for (i = 0; i < 3; i++) {
		uint64_t addr = end - ((between[i] + 7) & ~7ULL);

		if (markers_at(k, memory, addr)) {
			k->markers = addr;
			k->nr_positions = k->nr_blocks;
			return;
		}
	}
	k->positions[0] = 0;
	k->nr_positions = 1;
}

int irqm_kallsyms_open_names(struct irqm_kallsyms *k,
			     const struct irqm_target *memory)
{
	uint64_t len = NAMES_MAX;

	k->nr_blocks = (k->nr + BLOCK - 1) / BLOCK;
	k->positions = calloc(k->nr_blocks, sizeof(*k->positions));
	if (!k->positions)
		return -1;
	find_markers(k, memory);
	if (k->markers)
		len = k->markers - k->where.names;
	else if (k->where.token_table > k->where.names &&
		 k->where.token_table - k->where.names < len)
		len = k->where.token_table - k->where.names;
	if (len > 0 - k->where.names - 1)
		len = 0 - k->where.names - 1;
	return irqm_window_open(&k->names, memory, k->where.names, len);
}
