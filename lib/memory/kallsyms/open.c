/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/kallsyms/kallsyms_tables.h"

#include <stdlib.h>
#include <string.h>

#include "memory/vmcoreinfo.h"

/* A limit: a kernel with everything built in has far fewer. */
#define SYMBOLS_MAX (1U << 22)
/* Limit on symbols with one address. A kernel has a handful; in a hostile table
 * all may share one. */
#define ALIASES_MAX 1024U

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
	for (i = 0; i < ARRAY_SIZE(symbols); i++)
		if (!irqm_vmcoreinfo_symbol(vmcoreinfo, symbols[i].name,
					    symbols[i].value) &&
		    symbols[i].needed)
			return false;
	return ret->offsets || ret->addresses;
}

bool irqm_kallsyms_value(struct irqm_kallsyms *k, enum kallsyms_form form,
			 uint32_t i, uint64_t *ret)
{
	size_t size = form == FORM_ABSOLUTE ? 8 : 4;
	const void *p = irqm_window_get(&k->values, i * size, size);
	int32_t offset;

	if (!p) {
		k->unread = k->values.addr + i * size;
		return false;
	}
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

bool irqm_kallsyms_search(struct irqm_kallsyms *k, enum kallsyms_form form,
			  uint64_t addr, uint32_t *ret, uint64_t *ret_value)
{
	uint32_t low = 0, high = k->nr, aliases = 0;
	uint64_t value, below;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (!irqm_kallsyms_value(k, form, mid, &value))
			return false;
		if (value <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || !irqm_kallsyms_value(k, form, --low, &value))
		return false;
	while (low && aliases++ < ALIASES_MAX &&
	       irqm_kallsyms_value(k, form, low - 1, &below) && below == value)
		low--;
	*ret = low;
	*ret_value = value;
	return true;
}

/* Returns 2 if this form gives _stext this address, 1 if it may, because a
 * name at the address could not be read, 0 if not. */
static int form_score(struct irqm_kallsyms *k, enum kallsyms_form form,
		      uint64_t stext)
{
	char name[sizeof("_stext") + 1];
	uint64_t value;
	uint32_t i, n;
	bool named = true;

	if (!irqm_kallsyms_search(k, form, stext, &i, &value) || value != stext)
		return 0;
	for (n = 0; n < ALIASES_MAX && i < k->nr; n++, i++) {
		if (!irqm_kallsyms_value(k, form, i, &value) || value != stext)
			break;
		if (!irqm_kallsyms_name(k, i, name, sizeof(name)))
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
	enum kallsyms_form form;

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
		irqm_error_set(err, "kallsyms_num_syms cannot be read or is "
				    "not a plausible count; give the kernel's "
				    "vmlinux");
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
	if (irqm_kallsyms_read_tokens(k, memory)) {
		irqm_error_set(err, "the tokens of kallsyms cannot be read or "
				    "are invalid; give the kernel's vmlinux");
		err->addr = w->token_table;
		return -1;
	}
	if (irqm_kallsyms_open_names(k, memory) ||
	    irqm_window_open(&k->values, memory,
			     w->addresses ? w->addresses : w->offsets,
			     (size_t)k->nr * (w->addresses ? 8 : 4))) {
		irqm_error_set(err, "kallsyms ends beyond the last address, or "
				    "does not fit in memory; give the kernel's "
				    "vmlinux");
		return -1;
	}
	if (!choose_form(k, stext)) {
		irqm_error_set(err, "kallsyms and VMCOREINFO give different "
				    "addresses for _stext; give the kernel's "
				    "vmlinux");
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
		irqm_error_memory(err);
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

bool irqm_kallsyms_moves(const struct irqm_kallsyms *k, uint64_t value,
			 bool *ret)
{
	/*
	 * 31 bits, absolute or relative to the base. A relative one wraps
	 * around only if the symbol is 1 GiB beyond the base, which no kernel
	 * is.
	 */
	bool percpu = value <= INT32_MAX;
	bool relative = value >= k->base && value - k->base <= INT32_MAX;

	if (k->form == FORM_ABSOLUTE ||
	    (k->form == FORM_PERCPU && percpu == relative))
		return false;
	*ret = k->form != FORM_PERCPU || relative;
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

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		if (!ranges[i].addr)
			continue;
		addr[nr] = ranges[i].addr;
		len[nr++] = ranges[i].len;
	}
	return nr;
}
