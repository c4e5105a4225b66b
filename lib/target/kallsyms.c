/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target/kallsyms.h"

#include <stdlib.h>
#include <string.h>

#include "target/vmcoreinfo.h"
#include "target/window.h"

#define TOKENS 256
/* An index is 16 bits wide; the last token begins at most there. */
#define TOKEN_TABLE_MAX (UINT16_MAX + 512U)
/* Bounds, not facts: a kernel with everything built in stays far below. */
#define SYMBOLS_MAX (1U << 22)
#define NAMES_MAX (1U << 26)
/* kallsyms_markers: the position of every 256th name. */
#define BLOCK 256U
/* Symbols that share one address: a handful; a hostile table has only one. */
#define ALIASES_MAX 1024U
/* 7 bits and 7 bits since 6.1, 73bbb94466fd. */
#define NAME_TOKENS_MAX 0x3fffU
/* The kernel's, since 6.1; no name has more tokens than characters. */
#define KSYM_NAME_LEN 512U

enum form {
	FORM_ABSOLUTE, /* kallsyms_addresses, until 6.11 */
	FORM_RELATIVE, /* unsigned, from kallsyms_relative_base; 6.15 to 6.19 */
	FORM_PERCPU,   /* so, but >= 0 is a per-CPU offset; until 6.14 */
	FORM_PLACE,    /* from the entry's own address; since 7.0 */
	NR_FORMS
};

struct irqm_kallsyms {
	struct irqm_kallsyms_where where;
	uint64_t stext;
	uint32_t nr;
	enum form form;
	uint64_t base;

	char tokens[TOKEN_TABLE_MAX + 1];
	uint16_t token[TOKENS];
	uint16_t token_len[TOKENS];
	uint32_t token_hash[TOKENS];

	struct irqm_window names;
	struct irqm_window values;

	/*
	 * Where each block of 256 names begins in names. All are known if
	 * kallsyms_markers was found, else those that a walk came past.
	 */
	uint32_t *positions;
	uint32_t nr_positions, nr_blocks;
	uint64_t markers; /* or 0 */
};

bool irqm_kallsyms_from_vmcoreinfo(const char *vmcoreinfo,
				   struct irqm_kallsyms_where *ret)
{
	const struct {
		const char *name;
		uint64_t *value;
		bool needed;
	} symbols[] = {
		{ "kallsyms_names", &ret->names, true },
		{ "kallsyms_num_syms", &ret->num_syms, true },
		{ "kallsyms_token_table", &ret->token_table, true },
		{ "kallsyms_token_index", &ret->token_index, true },
		{ "kallsyms_offsets", &ret->offsets, false },
		{ "kallsyms_relative_base", &ret->relative_base, false },
		{ "kallsyms_addresses", &ret->addresses, false },
	};
	unsigned int i;

	memset(ret, 0, sizeof(*ret));
	for (i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (!irqm_vmcoreinfo_symbol(vmcoreinfo, symbols[i].name,
					    symbols[i].value) &&
		    symbols[i].needed)
			return false;
	return ret->offsets || ret->addresses;
}

/*
 * A hash that does not depend on the order of the characters, so that a name
 * has the sum of its tokens' hashes and is never expanded to be compared.
 */
static uint32_t char_hash(char c)
{
	uint32_t h = ((unsigned char)c + 1U) * 0x9e3779b1U;

	return h ^ h >> 15;
}

static uint32_t string_hash(const char *s)
{
	uint32_t h = 0;

	while (*s)
		h += char_hash(*s++);
	return h;
}

/* The tokens lie one behind the other, and the index says where. */
static bool tokens_agree(struct irqm_kallsyms *k, size_t len)
{
	size_t at = 0, n;
	unsigned int i;

	for (i = 0; i < TOKENS; i++) {
		if (k->token[i] != at)
			return false;
		n = strnlen(k->tokens + at, len - at);
		if (n == len - at)
			return false;
		k->token_len[i] = n;
		k->token_hash[i] = string_hash(k->tokens + at);
		at += n + 1;
	}
	return true;
}

static int read_tokens(struct irqm_kallsyms *k,
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
	return len && tokens_agree(k, len) ? 0 : -1;
}

static bool read_value(struct irqm_kallsyms *k, enum form form, uint32_t i,
		       uint64_t *ret)
{
	size_t size = form == FORM_ABSOLUTE ? 8 : 4;
	const void *p = irqm_window_get(&k->values, i * size, size);
	int32_t offset;

	if (!p)
		return false;
	if (form == FORM_ABSOLUTE) {
		memcpy(ret, p, sizeof(*ret));
		return true;
	}
	memcpy(&offset, p, sizeof(offset));
	if (form == FORM_RELATIVE)
		*ret = k->base + (uint32_t)offset;
	else if (form == FORM_PLACE)
		*ret = k->where.offsets + 4ULL * i + (uint64_t)(int64_t)offset;
	else if (offset >= 0)
		*ret = (uint64_t)offset;
	else
		*ret = k->base - 1 - (uint64_t)(int64_t)offset;
	return true;
}

/*
 * The first of the symbols with the greatest value <= addr, as the kernel
 * has it. False if there is none or an entry that it depends on is missing.
 */
static bool search(struct irqm_kallsyms *k, enum form form, uint64_t addr,
		   uint32_t *ret, uint64_t *ret_value)
{
	uint32_t low = 0, high = k->nr, aliases = 0;
	uint64_t value, below;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (!read_value(k, form, mid, &value))
			return false;
		if (value <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || !read_value(k, form, --low, &value))
		return false;
	while (low && aliases++ < ALIASES_MAX &&
	       read_value(k, form, low - 1, &below) && below == value)
		low--;
	*ret = low;
	*ret_value = value;
	return true;
}

/* One name of the table: its tokens. */
struct name {
	const unsigned char *tokens;
	size_t nr;
};

/* Steps over one name; NULL if the bytes up to end do not hold it. */
static const unsigned char *next_name(const unsigned char *p,
				      const unsigned char *end, bool big,
				      struct name *ret)
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

/* A block's bytes, as far as they are there. */
struct block {
	const unsigned char *p, *end;
	unsigned int nr; /* names that it should hold */
	bool big;        /* lengths may be of two bytes */
};

/* After nr names; NULL if they are not all there. */
static const unsigned char *skip_names(const struct block *b, unsigned int nr,
				       bool big)
{
	const unsigned char *p = b->p;
	struct name name;

	while (nr-- && p)
		p = next_name(p, b->end, big, &name);
	return p;
}

/*
 * Lengths of two bytes came with 6.1 and nothing tells of them, but only the
 * right reading ends where the next block begins. A block where none does is
 * corrupt: names in it would get others' values.
 */
static bool ends_block(const struct block *b, bool big, size_t padding)
{
	const unsigned char *p = skip_names(b, b->nr, big);

	return p && (size_t)(b->end - p) <= padding;
}

static bool block_big(struct block *b, bool whole, size_t padding)
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

/* Block number `block`, whose position is known. */
static bool open_known(struct irqm_kallsyms *k, uint32_t block,
		       struct block *ret)
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
	/* markers behind the last are aligned to 8 */
	return there && block_big(ret, (ends || last) && there == to - from,
				  last ? 7 : 0);
}

/* As open_known(), walking there if need be. */
static bool open_block(struct irqm_kallsyms *k, uint32_t block,
		       struct block *ret)
{
	const unsigned char *p;

	while (k->nr_positions <= block) {
		if (!open_known(k, k->nr_positions - 1, ret))
			return false;
		p = skip_names(ret, BLOCK, ret->big);
		if (!p || p == k->names.data + k->names.len)
			return false;
		k->positions[k->nr_positions++] = p - k->names.data;
	}
	return open_known(k, block, ret);
}

/* The name without its type; cut to size. False if it is empty. */
static bool expand(const struct irqm_kallsyms *k, const struct name *name,
		   char *dst, size_t size)
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

static bool name_of(struct irqm_kallsyms *k, uint32_t i, char *dst,
		    size_t size)
{
	const unsigned char *p;
	struct block b;
	struct name name;

	if (!size || !open_block(k, i / BLOCK, &b))
		return false;
	p = skip_names(&b, i % BLOCK, b.big);
	return p && next_name(p, b.end, b.big, &name) &&
	       expand(k, &name, dst, size);
}

/*
 * kallsyms_markers has no entry in VMCOREINFO. It lies behind the names and
 * before the tokens, since 6.2 with kallsyms_seqs_of_names (3 or 4 bytes
 * each) between; what is there is believed if it can be a list of positions.
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

static int open_names(struct irqm_kallsyms *k,
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

/* 2: the form gives _stext this address, 1: gives it one, 0: it does not. */
static int form_score(struct irqm_kallsyms *k, enum form form, uint64_t stext)
{
	char name[sizeof("_stext") + 1];
	uint64_t value;
	uint32_t i, n;
	bool named = true;

	if (!search(k, form, stext, &i, &value) || value != stext)
		return 0;
	for (n = 0; n < ALIASES_MAX && i < k->nr; n++, i++) {
		if (!read_value(k, form, i, &value) || value != stext)
			break;
		if (!name_of(k, i, name, sizeof(name)))
			named = false;
		else if (strcmp(name, "_stext") == 0)
			return 2;
	}
	return !named;
}

static bool choose_form(struct irqm_kallsyms *k, uint64_t stext)
{
	const bool possible[NR_FORMS] = {
		[FORM_ABSOLUTE] = k->where.addresses,
		[FORM_RELATIVE] = k->where.offsets && k->where.relative_base,
		[FORM_PERCPU] = k->where.offsets && k->where.relative_base,
		[FORM_PLACE] = k->where.offsets && !k->where.relative_base,
	};
	int best = 0, score;
	enum form form;

	for (form = 0; form < NR_FORMS; form++) {
		score = possible[form] ? form_score(k, form, stext) : 0;
		if (score > best) {
			best = score;
			k->form = form;
		}
	}
	return best > 0;
}

static int open_tables(struct irqm_kallsyms *k,
		       const struct irqm_target *memory, uint64_t stext,
		       struct irqm_error *err)
{
	const struct irqm_kallsyms_where *w = &k->where;

	if (memory->read(memory->ctx, w->num_syms, &k->nr, sizeof(k->nr)) !=
		    IRQM_OK ||
	    !k->nr || k->nr > SYMBOLS_MAX) {
		irqm_error_set(err, "kallsyms_num_syms cannot be read or is"
			       " no count; give the kernel's vmlinux");
		err->addr = w->num_syms;
		return -1;
	}
	if (w->offsets && w->relative_base &&
	    memory->read(memory->ctx, w->relative_base, &k->base,
			 sizeof(k->base)) != IRQM_OK) {
		irqm_error_set(err, "kallsyms_relative_base cannot be read;"
			       " give the kernel's vmlinux");
		err->addr = w->relative_base;
		return -1;
	}
	if (read_tokens(k, memory)) {
		irqm_error_set(err, "kallsyms' tokens cannot be read or are"
			       " none; give the kernel's vmlinux");
		err->addr = w->token_table;
		return -1;
	}
	if (open_names(k, memory) ||
	    irqm_window_open(&k->values, memory,
			     w->addresses ? w->addresses : w->offsets,
			     (size_t)k->nr * (w->addresses ? 8 : 4))) {
		irqm_error_set(err, "no memory for kallsyms");
		return -1;
	}
	if (!choose_form(k, stext)) {
		irqm_error_set(err, "kallsyms does not have _stext where"
			       " VMCOREINFO has it; give the kernel's"
			       " vmlinux");
		err->addr = stext;
		return -1;
	}
	return 0;
}

int irqm_kallsyms_new(const struct irqm_target *memory,
		      const struct irqm_kallsyms_where *where, uint64_t stext,
		      struct irqm_kallsyms **ret, struct irqm_error *err)
{
	struct irqm_kallsyms *k = calloc(1, sizeof(*k));

	*ret = NULL;
	if (!k) {
		irqm_error_set(err, "no memory for kallsyms");
		return -1;
	}
	k->where = *where;
	k->stext = stext;
	if (open_tables(k, memory, stext, err)) {
		irqm_kallsyms_free(k);
		return -1;
	}
	*ret = k;
	return 0;
}

void irqm_kallsyms_free(struct irqm_kallsyms *k)
{
	if (!k)
		return;
	irqm_window_close(&k->names);
	irqm_window_close(&k->values);
	free(k->positions);
	free(k);
}

/* What is looked for, in one pass. */
#define WANTED_BITS 4096U
struct wanted {
	const char *const *names;
	uint32_t *hash;
	bool *found;
	uint64_t *values;
	unsigned int nr, left;
	uint64_t filter[WANTED_BITS / 64];
};

static uint32_t filter_bit(uint32_t hash)
{
	return hash % WANTED_BITS;
}

/* All tokens' hashes, less that of the type, which is the first character. */
static uint32_t name_hash(const struct irqm_kallsyms *k,
			  const struct name *name)
{
	uint32_t h = 0;
	size_t i;

	for (i = 0; i < name->nr; i++)
		h += k->token_hash[name->tokens[i]];
	return h - char_hash(k->tokens[k->token[name->tokens[0]]]);
}

static void compare(struct irqm_kallsyms *k, struct wanted *w, uint32_t hash,
		    const struct name *name, uint32_t index)
{
	char text[NAME_TOKENS_MAX + 1];
	unsigned int i;

	for (i = 0; i < w->nr; i++) {
		if (w->found[i] || w->hash[i] != hash ||
		    !expand(k, name, text, sizeof(text)) ||
		    strcmp(text, w->names[i]) != 0)
			continue;
		if (read_value(k, k->form, index, &w->values[i])) {
			w->found[i] = true;
			w->left--;
		}
	}
}

static void find_in_block(struct irqm_kallsyms *k, const struct block *b,
			  uint32_t index, struct wanted *w)
{
	const unsigned char *p = b->p;
	struct name name;
	uint32_t hash, bit;
	unsigned int i;

	for (i = 0; i < b->nr; i++) {
		p = next_name(p, b->end, b->big, &name);
		if (!p)
			return;
		hash = name_hash(k, &name);
		bit = filter_bit(hash);
		if (w->filter[bit / 64] >> bit % 64 & 1)
			compare(k, w, hash, &name, index + i);
	}
}

/*
 * Blocks [*ret_first, *ret_end) have no symbol but of text. They are known by
 * their symbols' values, so where a block begins has to be known, too.
 */
static void find_text(struct irqm_kallsyms *k, uint64_t text_end,
		      uint32_t *ret_first, uint32_t *ret_end)
{
	uint32_t first, last;
	uint64_t value;

	*ret_first = *ret_end = 0;
	if (!k->markers || text_end <= k->stext ||
	    !search(k, k->form, k->stext, &first, &value) ||
	    !search(k, k->form, text_end - 1, &last, &value) || last <= first)
		return;
	*ret_first = first / BLOCK + 1;
	*ret_end = last / BLOCK;
	if (*ret_end <= *ret_first)
		*ret_first = *ret_end = 0;
}

static void find_in_blocks(struct irqm_kallsyms *k, uint32_t first,
			   uint32_t end, struct wanted *w)
{
	struct block b;
	size_t from, to;

	if (first >= end)
		return;
	if (k->markers) {
		from = k->positions[first];
		to = end < k->nr_blocks ? k->positions[end] : k->names.len;
		irqm_window_load(&k->names, from, to - from);
	}
	for (; first < end && w->left; first++)
		if (open_block(k, first, &b))
			find_in_block(k, &b, first * BLOCK, w);
}

void irqm_kallsyms_find(const struct irqm_kallsyms *kallsyms, uint64_t text_end,
			const char *const names[], unsigned int nr,
			uint64_t values[], bool found[])
{
	/* What it changes is a copy of the dump, not what it says. */
	struct irqm_kallsyms *k = (struct irqm_kallsyms *)kallsyms;
	struct wanted w = { .names = names, .found = found, .values = values,
			    .nr = nr, .left = nr };
	uint32_t bit, text, after;
	unsigned int i;

	memset(found, 0, nr * sizeof(*found));
	w.hash = calloc(nr ? nr : 1, sizeof(*w.hash));
	if (!w.hash)
		return;
	for (i = 0; i < nr; i++) {
		w.hash[i] = string_hash(names[i]);
		bit = filter_bit(w.hash[i]);
		w.filter[bit / 64] |= 1ULL << bit % 64;
	}
	find_text(k, text_end, &text, &after);
	find_in_blocks(k, 0, text, &w);
	find_in_blocks(k, after, k->nr_blocks, &w);
	free(w.hash);
}

bool irqm_kallsyms_moves(const struct irqm_kallsyms *k, uint64_t value,
			 bool *ret)
{
	/*
	 * 31 bits, absolute or from the base. One from the base wraps around
	 * only if it is 1 GiB behind it, which is no kernel's.
	 */
	bool percpu = value <= INT32_MAX;
	bool relative = value >= k->base && value - k->base <= INT32_MAX;

	if (k->form == FORM_ABSOLUTE ||
	    (k->form == FORM_PERCPU && percpu == relative))
		return false;
	*ret = k->form != FORM_PERCPU || relative;
	return true;
}

bool irqm_kallsyms_at(const struct irqm_kallsyms *kallsyms, uint64_t addr,
		      char *name, size_t size, uint64_t *ret_offset)
{
	struct irqm_kallsyms *k = (struct irqm_kallsyms *)kallsyms;
	uint64_t value, last;
	uint32_t i;

	/* The last is _end or later: beyond it nothing is the kernel's. */
	if (!read_value(k, k->form, k->nr - 1, &last) || addr > last ||
	    !search(k, k->form, addr, &i, &value) ||
	    !irqm_kernel_address(value) || !name_of(k, i, name, size))
		return false;
	*ret_offset = addr - value;
	return true;
}

unsigned int irqm_kallsyms_ranges(const struct irqm_kallsyms *k,
				  uint64_t addr[], uint64_t len[])
{
	const struct {
		uint64_t addr, len;
	} ranges[] = {
		{ k->names.addr, k->names.len },
		{ k->values.addr, k->values.len },
		{ k->markers, k->nr_blocks * sizeof(*k->positions) },
		{ k->where.token_table,
		  k->token[TOKENS - 1] + k->token_len[TOKENS - 1] + 1 },
		{ k->where.token_index, sizeof(k->token) },
		{ k->where.num_syms, sizeof(k->nr) },
		{ k->where.relative_base, sizeof(k->base) },
	};
	unsigned int i, nr = 0;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (!ranges[i].addr)
			continue;
		addr[nr] = ranges[i].addr;
		len[nr++] = ranges[i].len;
	}
	return nr;
}
