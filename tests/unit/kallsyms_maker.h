/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A maker of kallsyms' tables, in each encoding and each order:
 *
 *	struct made *t = make(PLACE, NEWER, true, NR);	// t->values[NR]
 *	t->names[...] = ...;
 *	write_tables(t, PLACE);			// and nothing is denied
 *	assert_int_equal(open_made(t), 0);
 *	assert_value(t, "_end", NR - 1);
 *	drop(t);
 *
 * big: with names of more than 127 bytes, as since 6.1. All is the including
 * test's own, hence short names.
 */
#ifndef KALLSYMS_MAKER_H
#define KALLSYMS_MAKER_H

#include "unit.h"

#include "memory/kallsyms/kallsyms.h"
#include "tests/mkdump/memory_target.h"

#define STEXT 0xffffffff9b200000ULL
#define TABLES (STEXT + 0x150000)
#define PERCPU 0x1efa0U
#define SPACE (1U << 20)
#define NR 1000U
/* As many symbols as the 128 KB between two looks need, and some more. */
#define MANY 36000U
#define BIG "big_name_that_no_token_shortens"

enum form {
	ABSOLUTE,
	RELATIVE,
	PERCPU_FORM,
	PLACE
};
/* OLDEST: before 4.20, with markers of 8 bytes. */
enum order {
	OLDEST,
	OLDER,
	NEWER
};

/* What a kernel would hold, and the memory that it is in. */
struct made {
	struct irqm_memory *m;
	struct irqm_target target;
	struct irqm_kallsyms_where where;
	unsigned char names[1 << 20];
	size_t names_len;
	uint32_t markers[256];
	unsigned int marker_size;
	char tokens[2048];
	size_t tokens_len;
	uint16_t index[256];
	uint64_t values[1 << 16];
	uint32_t nr;
	unsigned char image[SPACE]; /* from TABLES on */
	struct irqm_kallsyms *k;
};

static void make_tokens(struct made *t)
{
	unsigned int i;

	for (i = 0; i < 256; i++) {
		char text[16] = { (char)i };

		if (i == 0 || i > 250)
			text[0] = '\0'; /* an unused code */
		if (i == 200)
			strcpy(text, "irq_");
		if (i == 201)
			strcpy(text, "Tdo_");
		t->index[i] = t->tokens_len;
		strcpy(t->tokens + t->tokens_len, text);
		t->tokens_len += strlen(text) + 1;
	}
}

static void add_bytes(struct made *t, const void *tokens, size_t len, bool big)
{
	assert_true(t->names_len + len + 2 <= sizeof(t->names));
	if (t->nr % 256 == 0)
		t->markers[t->nr / 256] = t->names_len;
	if (big && len > 0x7f) {
		t->names[t->names_len++] = 0x80 | (len & 0x7f);
		t->names[t->names_len++] = len >> 7;
	} else {
		t->names[t->names_len++] = len;
	}
	memcpy(t->names + t->names_len, tokens, len);
	t->names_len += len;
}

static void add(struct made *t, uint64_t value, const char *typed, bool big)
{
	add_bytes(t, typed, strlen(typed), big);
	t->values[t->nr++] = value;
}

/* A name of n characters. */
static char *long_name(char *dst, size_t n)
{
	memset(dst, 'x', n);
	memcpy(dst, "Tlong_", 6);
	dst[n] = '\0';
	return dst;
}

static void make_symbols(struct made *t, enum form form, bool big, uint32_t nr)
{
	char name[512];
	uint64_t addr = STEXT;

	if (form == PERCPU_FORM || form == ABSOLUTE) {
		add(t, 0, "D__per_cpu_start", big);
		add(t, PERCPU, "Dvector_irq", big);
	}
	add(t, addr, "T_text", big);
	add(t, addr, "T_stext", big);
	while (t->nr < nr - 4) {
		addr += 0x40 + t->nr % 7 * 16;
		snprintf(name, sizeof(name), "tfunction_%u", t->nr);
		if (t->nr == 300) {
			/* "Tdo_" "irq_" "x" */
			add_bytes(t, "\311\310x", 3, big);
			t->values[t->nr++] = addr;
		} else if (t->nr == 600) {
			add(t, addr, long_name(name, big ? 300 : 140), big);
		} else if (t->nr == 700 || t->nr == 720) {
			add(t, addr, "ttwice", big);
		} else if (t->nr == 730 || t->nr == 731) {
			/* what ThinLTO makes of static names */
			add(t, addr,
			    t->nr == 730 ? "dmoved.llvm.71126373735" :
					   "dmoved.llvm.5",
			    big);
		} else if (t->nr == 732) {
			add(t, addr, "dtwice.llvm.1", big);
		} else if (t->nr == 733) {
			add(t, addr, "dnot_moved.llvm.1x2", big);
		} else {
			add(t, addr, name, big);
		}
	}
	add(t, addr + 0x100, "d" BIG, big);
	add(t, addr + 0x200, "drat_table", big);
	add(t, addr + 0x200, "dtar_table", big); /* an anagram, an alias */
	add(t, addr + 0x4000, "B_end", big);
}

/* Memory anew: the image, and nothing denied. */
static void refresh(struct made *t)
{
	irqm_kallsyms_free(t->k);
	t->k = NULL;
	irqm_memory_free(t->m);
	t->m = irqm_memory_new();
	assert_non_null(t->m);
	t->target = irqm_memory_target(t->m);
	assert_int_equal(irqm_memory_write(t->m, TABLES, t->image, SPACE), 0);
}

static void put(struct made *t, uint64_t addr, const void *p, size_t len)
{
	assert_in_range(addr, TABLES, TABLES + SPACE - len);
	memcpy(t->image + (addr - TABLES), p, len);
}

static int32_t offset_of(const struct made *t, enum form form, uint32_t i)
{
	uint64_t v = t->values[i];

	if (form == RELATIVE)
		return (int32_t)(v - STEXT);
	if (form == PLACE)
		return (int32_t)(v - (t->where.offsets + 4ULL * i));
	return v < STEXT ? (int32_t)v : (int32_t)(STEXT - 1 - v);
}

#define UP(n) (((n) + 7) & ~7ULL)

/* Lays the tables out as scripts/kallsyms.c does, and seqs_of_names. */
static void place(struct made *t, enum form form, enum order order)
{
	struct irqm_kallsyms_where *w = &t->where;
	uint64_t at = TABLES, markers, blocks = (t->nr + 255) / 256;
	uint64_t seqs = order == OLDER ? UP(t->nr * 3) : 0;
	uint64_t *values = form == ABSOLUTE ? &w->addresses : &w->offsets;
	unsigned int size = form == ABSOLUTE ? 8 : 4;

	t->marker_size = order == OLDEST ? 8 : 4;
	if (order != NEWER) {
		*values = at;
		at = UP(at + t->nr * size);
		if (form == RELATIVE || form == PERCPU_FORM) {
			w->relative_base = at;
			at += 8;
		}
	}
	w->num_syms = at;
	w->names = at + (form == PLACE ? 4 : 8);
	markers = UP(w->names + t->names_len);
	w->token_table = UP(markers + t->marker_size * blocks) + seqs;
	w->token_index = UP(w->token_table + t->tokens_len);
	at = w->token_index + 512;
	if (order == NEWER) {
		*values = at;
		at = UP(at + t->nr * size);
		if (form == RELATIVE || form == PERCPU_FORM)
			w->relative_base = at;
	}
	memset(t->names + t->names_len, 0, 8);
}

static void write_tables(struct made *t, enum form form)
{
	const struct irqm_kallsyms_where *w = &t->where;
	uint64_t stext = STEXT;
	int32_t offset;
	uint32_t i;

	for (i = 0; i < t->nr; i++) {
		if (form == ABSOLUTE) {
			put(t, w->addresses + 8 * i, &t->values[i], 8);
			continue;
		}
		offset = offset_of(t, form, i);
		put(t, w->offsets + 4 * i, &offset, 4);
	}
	if (w->relative_base)
		put(t, w->relative_base, &stext, 8);
	put(t, w->num_syms, &t->nr, 4);
	put(t, w->names, t->names, t->names_len);
	for (i = 0; i < (t->nr + 255) / 256; i++)
		put(t, UP(w->names + t->names_len) + i * t->marker_size,
		    &t->markers[i], 4);
	put(t, w->token_table, t->tokens, t->tokens_len);
	put(t, w->token_index, t->index, sizeof(t->index));
	refresh(t);
}

static struct made *make(enum form form, enum order order, bool big,
			 uint32_t nr)
{
	struct made *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	make_tokens(t);
	make_symbols(t, form, big, nr);
	place(t, form, order);
	write_tables(t, form);
	return t;
}

static int open_made(struct made *t)
{
	struct irqm_error err = { .msg = "" };
	int rc;

	irqm_kallsyms_free(t->k);
	rc = irqm_kallsyms_new(&t->target, &t->where, STEXT, &t->k, &err);
	assert_int_equal(rc != 0, t->k == NULL);
	assert_int_equal(rc != 0, err.msg[0] != '\0');
	return rc;
}

static void drop(struct made *t)
{
	irqm_kallsyms_free(t->k);
	irqm_memory_free(t->m);
	free(t);
}

static bool find(const struct made *t, const char *name, uint64_t *value)
{
	bool found = false;

	irqm_kallsyms_find(t->k, 0, &name, 1, value, &found);
	return found;
}

static void assert_value(const struct made *t, const char *name, uint32_t i)
{
	uint64_t value = 0;

	assert_true(find(t, name, &value));
	assert_true(value == t->values[i]);
}

static void assert_at(const struct made *t, uint64_t addr, const char *name,
		      uint64_t offset)
{
	uint64_t ret = ~0ULL;
	char text[512];

	assert_true(irqm_kallsyms_at(t->k, addr, text, sizeof(text), &ret));
	assert_string_equal(text, name);
	assert_true(ret == offset);
}

#endif
