/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/kallsyms/kallsyms_tables.h"
#include "memory/variables.h"

#include <stdlib.h>
#include <string.h>

/* What one pass looks for. */
#define WANTED_BITS 4096U
/*
 * Limit on the bytes of names to expand: those with the hash of a wanted name,
 * or with an ending like LTO's. A kernel needs 4 MB; a token of a hostile table
 * may expand to 64 KB.
 */
#define EXPANDED_MAX (64U << 20)

struct wanted {
	const char *const *names;
	uint32_t *hash;
	bool *found;
	uint64_t *values;
	/* set if the value comes from a name that LTO changed */
	bool *promoted;
	unsigned int nr, left;
	size_t to_expand; /* bytes of names that may still be expanded */
	uint64_t filter[WANTED_BITS / 64];
};

static uint32_t filter_bit(uint32_t hash)
{
	return hash % WANTED_BITS;
}

static bool is_wanted(const struct wanted *w, uint32_t hash)
{
	uint32_t bit = filter_bit(hash);

	return w->filter[bit / 64] >> bit % 64 & 1;
}

static bool expand_name(struct irqm_kallsyms *k, struct wanted *w,
			const struct kallsyms_name *name, char *text,
			size_t size)
{
	size_t len;

	if (!w->to_expand)
		return false;
	if (!irqm_kallsyms_expand(k, name, text, size))
		return false;
	len = strlen(text) + name->nr;
	w->to_expand -= len < w->to_expand ? len : w->to_expand;
	return true;
}

static void compare_wanted(struct irqm_kallsyms *k, struct wanted *w,
			   uint32_t hash, const struct kallsyms_name *name,
			   uint32_t index)
{
	char text[NAME_TOKENS_MAX + 1];
	unsigned int i;

	for (i = 0; i < w->nr; i++) {
		if (w->found[i] || w->hash[i] != hash ||
		    !expand_name(k, w, name, text, sizeof(text)) ||
		    strcmp(text, w->names[i]) != 0)
			continue;
		if (irqm_kallsyms_value(k, k->form, index, &w->values[i])) {
			w->found[i] = true;
			w->left--;
		}
	}
}

/* Names with LTO's ".llvm.NUMBER" end in a digit, few others do. */
static bool ends_in_digit(const struct irqm_kallsyms *k,
			  const struct kallsyms_name *name)
{
	unsigned int token = name->tokens[name->nr - 1];
	const char *last = k->tokens + k->token[token];
	size_t len = k->token_len[token];

	return len && last[len - 1] >= '0' && last[len - 1] <= '9';
}

/* A name with LTO's suffix counts only if the plain name is not found. */
static void compare_promoted(struct irqm_kallsyms *k, struct wanted *w,
			     const struct kallsyms_name *name, uint32_t index)
{
	char text[NAME_TOKENS_MAX + 1];
	unsigned int i;
	uint32_t hash;
	size_t len;

	if (!expand_name(k, w, name, text, sizeof(text)))
		return;
	len = irqm_source_name(text);
	if (!text[len])
		return;
	text[len] = '\0';
	hash = irqm_kallsyms_hash(text);
	if (!is_wanted(w, hash))
		return;
	for (i = 0; i < w->nr; i++) {
		if (!w->found[i] && !w->promoted[i] && w->hash[i] == hash &&
		    strcmp(text, w->names[i]) == 0)
			w->promoted[i] = irqm_kallsyms_value(k, k->form, index,
							     &w->values[i]);
	}
}

static void find_in_block(struct irqm_kallsyms *k,
			  const struct kallsyms_block *b, uint32_t index,
			  struct wanted *w)
{
	const unsigned char *p = b->p;
	struct kallsyms_name name;
	uint32_t hash;
	unsigned int i;

	for (i = 0; i < b->nr; i++) {
		p = irqm_kallsyms_next_name(p, b->end, b->big, &name);
		if (!p) {
			k->unread = k->names.addr + (b->end - k->names.data);
			return;
		}
		hash = irqm_kallsyms_name_hash(k, &name);
		if (is_wanted(w, hash))
			compare_wanted(k, w, hash, &name, index + i);
		if (ends_in_digit(k, &name))
			compare_promoted(k, w, &name, index + i);
	}
}

/* Finds blocks [*ret_first, *ret_end), which have only symbols of text. It
 * decides by symbol values, so the start of each block must be known. */
static void find_text(struct irqm_kallsyms *k, uint64_t text_end,
		      uint32_t *ret_first, uint32_t *ret_end)
{
	uint32_t first, last;
	uint64_t value;

	*ret_first = *ret_end = 0;
	if (!k->markers || text_end <= k->stext ||
	    !irqm_kallsyms_search(k, k->form, k->stext, &first, &value) ||
	    !irqm_kallsyms_search(k, k->form, text_end - 1, &last, &value) ||
	    last <= first)
		return;
	*ret_first = first / BLOCK + 1;
	*ret_end = last / BLOCK;
	if (*ret_end <= *ret_first)
		*ret_first = *ret_end = 0;
}

static void find_in_blocks(struct irqm_kallsyms *k, uint32_t first,
			   uint32_t end, struct wanted *w)
{
	struct kallsyms_block b;
	size_t from, to;

	if (first >= end)
		return;
	if (k->markers) {
		from = k->positions[first];
		to = end < k->nr_blocks ? k->positions[end] : k->names.len;
		irqm_window_load(&k->names, from, to - from);
	}
	for (; first < end && w->left; first++) {
		if (irqm_kallsyms_open_block(k, first, &b))
			find_in_block(k, &b, first * BLOCK, w);
		if (!w->to_expand) {
			k->unread = k->names.addr + (b.p - k->names.data);
			return;
		}
	}
}

uint64_t irqm_kallsyms_find(const struct irqm_kallsyms *kallsyms,
			    uint64_t text_end, const char *const names[],
			    unsigned int nr, uint64_t values[], bool found[])
{
	/* the cache changes, the content does not */
	struct irqm_kallsyms *k = (struct irqm_kallsyms *)kallsyms;
	struct wanted w = { .names = names,
			    .found = found,
			    .values = values,
			    .nr = nr,
			    .left = nr,
			    .to_expand = EXPANDED_MAX };
	uint32_t bit, text, after;
	unsigned int i;

	memset(found, 0, nr * sizeof(*found));
	w.hash = calloc(nr ? nr : 1, sizeof(*w.hash));
	w.promoted = calloc(nr ? nr : 1, sizeof(*w.promoted));
	k->unread = k->names.addr;
	if (!w.hash || !w.promoted)
		goto out;
	for (i = 0; i < nr; i++) {
		w.hash[i] = irqm_kallsyms_hash(names[i]);
		bit = filter_bit(w.hash[i]);
		w.filter[bit / 64] |= 1ULL << bit % 64;
	}
	find_text(k, text_end, &text, &after);
	k->unread = 0;
	find_in_blocks(k, 0, text, &w);
	find_in_blocks(k, after, k->nr_blocks, &w);
	for (i = 0; i < nr; i++)
		found[i] |= w.promoted[i];
out:
	free(w.hash);
	free(w.promoted);
	return w.left ? k->unread : 0;
}

bool irqm_kallsyms_last(const struct irqm_kallsyms *kallsyms, uint64_t *ret)
{
	struct irqm_kallsyms *k = (struct irqm_kallsyms *)kallsyms;

	/* it is _end or later, and the kernel ends there */
	return irqm_kallsyms_value(k, k->form, k->nr - 1, ret);
}

bool irqm_kallsyms_at(const struct irqm_kallsyms *kallsyms, uint64_t addr,
		      char *name, size_t size, uint64_t *ret_offset)
{
	struct irqm_kallsyms *k = (struct irqm_kallsyms *)kallsyms;
	uint64_t value, last;
	uint32_t i;

	k->unread = 0;
	if (!irqm_kallsyms_last(k, &last) || addr > last ||
	    !irqm_kallsyms_search(k, k->form, addr, &i, &value) ||
	    !irqm_kernel_address(value) ||
	    !irqm_kallsyms_name(k, i, name, size)) {
		*ret_offset = k->unread;
		return false;
	}
	*ret_offset = addr - value;
	return true;
}
