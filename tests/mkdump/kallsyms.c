/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's symbol table, as scripts/kallsyms.c has written it. */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILLER_OFFSET 0x10000 /* behind the functions with a meaning */
#define FILLER_SIZE 0x20
#define MARKER_EVERY 256
#define MAX_LEN 511 /* KSYM_NAME_LEN and the type, since 6.1 */

struct entry {
	uint64_t value;
	unsigned int order;
	unsigned int len;
	unsigned char *code; /* type and name; later tokens */
};

struct table {
	struct entry *e;
	unsigned int nr;
	char tokens[256][64];
};

static void add(struct table *t, uint64_t value, char type, const char *name)
{
	struct entry *e;

	if ((t->nr & (t->nr - 1)) == 0)
		t->e = must(
			realloc(t->e, (t->nr ? t->nr * 2 : 1) * sizeof(*t->e)));
	e = &t->e[t->nr];
	e->value = value;
	e->order = t->nr++;
	e->len = strlen(name) + 1;
	e->code = must(malloc(e->len));
	e->code[0] = type;
	memcpy(e->code + 1, name, e->len - 1);
}

static char type_of(const struct fk *fk, uint64_t value)
{
	if (value < 1 << 20)
		return 'A'; /* per-CPU before 6.15 */
	return value < fk->regions[FK_RODATA].base ? 'T' :
	       value < fk->regions[FK_DATA].base   ? 'R' :
						     'D';
}

static void add_filler(struct table *t, uint64_t text, unsigned int nr)
{
	static const char *const words[] = {
		"get",   "put",   "alloc",  "free",   "init", "exit",  "page",
		"node",  "inode", "queue",  "device", "bus",  "probe", "remove",
		"timer", "lock",  "read",   "write",  "show", "store", "attr",
		"file",  "net",   "skb",    "acpi",   "pci",  "irq",   "trace",
		"event", "mem",   "cgroup", "sched",
	};
	char name[96];
	unsigned int i;

	for (i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "%s_%s_%s_%u", words[i % 32],
			 words[i / 32 % 32], words[i / 1024 % 32], i % 97);
		add(t, text + FILLER_OFFSET + (uint64_t)i * FILLER_SIZE, 't',
		    name);
	}
}

static int by_value(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* How often each pair of bytes stands somewhere, in the first names. */
static unsigned int best_pair(const struct table *t)
{
	unsigned int *count = must(calloc(65536, sizeof(*count)));
	unsigned int i, j, best = 0;

	for (i = 0; i < t->nr && i < 8192; i++)
		for (j = 0; j + 1 < t->e[i].len; j++)
			count[t->e[i].code[j] << 8 | t->e[i].code[j + 1]]++;
	for (i = 1; i < 65536; i++)
		if (count[i] > count[best] &&
		    strlen(t->tokens[i >> 8]) + strlen(t->tokens[i & 255]) <
			    sizeof(t->tokens[0]))
			best = i;
	if (count[best] < 2)
		best = 0;
	free(count);
	return best;
}

static void replace_pair(struct entry *e, unsigned int pair, unsigned char by)
{
	unsigned int from, to = 0;

	for (from = 0; from < e->len; from++) {
		if (from + 1 < e->len && e->code[from] == pair >> 8 &&
		    e->code[from + 1] == (pair & 255)) {
			e->code[to++] = by;
			from++;
		} else {
			e->code[to++] = e->code[from];
		}
	}
	e->len = to;
}

/* Bytes that no name has stand for the pairs that are most frequent. */
static void compress(struct table *t)
{
	bool used[256] = { false };
	unsigned int i, j, c, pair;

	for (i = 0; i < t->nr; i++)
		for (j = 0; j < t->e[i].len; j++)
			used[t->e[i].code[j]] = true;
	for (c = 1; c < 256; c++)
		if (used[c])
			t->tokens[c][0] = c;
	for (c = 0; c < 256; c++) {
		if (used[c])
			continue;
		pair = best_pair(t);
		if (!pair)
			break;
		snprintf(t->tokens[c], sizeof(t->tokens[c]), "%s%.31s",
			 t->tokens[pair >> 8], t->tokens[pair & 255]);
		for (i = 0; i < t->nr; i++)
			replace_pair(&t->e[i], pair, c);
	}
}

/* Tables are assembled here; labels are offsets until the address is known. */
struct output {
	struct mk_buf b;
	bool wide; /* num_syms and markers of 8 bytes */
};

static uint64_t label(struct output *o)
{
	static const char zero[8];

	mk_put(&o->b, zero, -o->b.len & 7);
	return o->b.len;
}

static void number(struct output *o, uint64_t value)
{
	mk_put(&o->b, &value, o->wide ? 8 : 4);
}

static void put_names(struct output *o, const struct table *t,
		      struct mk_kallsyms *k)
{
	unsigned int *markers = must(calloc(t->nr / MARKER_EVERY + 1, 4));
	unsigned int i;
	unsigned char len[2];

	k->names = label(o);
	for (i = 0; i < t->nr; i++) {
		if (i % MARKER_EVERY == 0)
			markers[i / MARKER_EVERY] = o->b.len - k->names;
		/* since 6.1 (73bbb94466fd) two bytes, if need be */
		len[0] = t->e[i].len | (t->e[i].len > 127 ? 128 : 0);
		len[1] = t->e[i].len >> 7;
		mk_put(&o->b, len, t->e[i].len > 127 ? 2 : 1);
		mk_put(&o->b, t->e[i].code, t->e[i].len);
	}
	k->markers = label(o);
	for (i = 0; i < t->nr; i += MARKER_EVERY)
		number(o, markers[i / MARKER_EVERY]);
	free(markers);
}

static void put_tokens(struct output *o, const struct table *t,
		       struct mk_kallsyms *k)
{
	uint16_t index[256];
	unsigned int c;

	k->token_table = label(o);
	for (c = 0; c < 256; c++) {
		index[c] = o->b.len - k->token_table;
		mk_put(&o->b, t->tokens[c], strlen(t->tokens[c]) + 1);
	}
	k->token_index = label(o);
	mk_put(&o->b, index, sizeof(index));
}

/* base: where the tables will be; text: what offsets count from. */
static int put_values(struct output *o, const struct table *t,
		      struct mk_kallsyms *k, enum mk_encoding encoding,
		      uint64_t base, uint64_t text, struct irqm_error *err)
{
	unsigned int i;
	int64_t offset;

	if (encoding == MK_ABSOLUTE) {
		k->addresses = label(o);
		for (i = 0; i < t->nr; i++)
			mk_put(&o->b, &t->e[i].value, 8);
		return 0;
	}
	k->offsets = label(o);
	for (i = 0; i < t->nr; i++) {
		uint64_t v = t->e[i].value;

		if (encoding == MK_PLACE_RELATIVE)
			offset = v - (base + o->b.len);
		else if (encoding == MK_RELATIVE)
			offset = v - text;
		else
			offset = v < text ? v : text - 1 - v;
		if (offset != (int32_t)offset &&
		    (encoding != MK_RELATIVE || offset >> 32)) {
			irqm_error_set(err,
				       "kallsyms: %#llx cannot be said in "
				       "this encoding; per-CPU symbols that "
				       "are offsets need absolute or "
				       "absolute-percpu",
				       (unsigned long long)v);
			return -1;
		}
		mk_put32(&o->b, offset);
	}
	if (encoding != MK_PLACE_RELATIVE) {
		k->relative_base = label(o);
		mk_put(&o->b, &text, 8);
	}
	return 0;
}

static int put_tables(struct output *o, const struct table *t, struct mk *mk,
		      uint64_t base, struct irqm_error *err)
{
	struct mk_kallsyms *k = &mk->kallsyms;
	uint64_t text = mk_image_start(mk);
	bool new = mk->o.tables == MK_TABLES_6_4;
	unsigned int i;

	o->wide = mk->o.tables == MK_TABLES_4_15;
	if (!new &&put_values(o, t, k, mk->o.encoding, base, text, err) != 0)
		return -1;
	k->num_syms = label(o);
	number(o, t->nr);
	put_names(o, t, k);
	put_tokens(o, t, k);
	if (!new)
		return 0;
	if (put_values(o, t, k, mk->o.encoding, base, text, err) != 0)
		return -1;
	/* seqs_of_names, 3 bytes each; nobody needs it sorted here */
	label(o);
	for (i = 0; i < t->nr; i++)
		mk_put(&o->b, (unsigned char[]){ i >> 16, i >> 8, i }, 3);
	label(o);
	return 0;
}

static void relocate(struct mk_kallsyms *k, uint64_t base)
{
	uint64_t *const labels[] = { &k->num_syms, &k->names, &k->markers,
				     &k->token_table, &k->token_index };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(labels); i++)
		*labels[i] += base;
}

static void defaults(struct mk_options *o)
{
	if (o->encoding == MK_ENCODING_DEFAULT)
		o->encoding = o->gen.percpu_addresses ? MK_RELATIVE :
							MK_ABSOLUTE_PERCPU;
	if (o->tables == MK_TABLES_DEFAULT)
		o->tables = o->gen.container == FK_MAPLE_TREE ? MK_TABLES_6_4 :
								MK_TABLES_4_20;
}

static int place(struct mk *mk, struct table *t, struct irqm_error *err)
{
	struct fk_region *r = &mk->fk->regions[FK_RODATA];
	struct mk_kallsyms *k = &mk->kallsyms;
	struct output o = { .wide = false };
	uint64_t addr, base;

	/* fk_alloc() leaves 24 bytes before what it is asked for */
	base = r->base + ((r->used + 24 + 4095) & ~4095ULL);
	if (put_tables(&o, t, mk, base, err) != 0) {
		free(o.b.data);
		return -1;
	}
	addr = fk_alloc(mk->fk, FK_RODATA, o.b.len, 4096);
	if (addr != base)
		abort();
	memcpy(fk_at(mk->fk, addr), o.b.data, o.b.len);
	free(o.b.data);
	relocate(k, base);
	if (mk->o.encoding == MK_ABSOLUTE)
		k->addresses += base;
	else
		k->offsets += base;
	if (mk->o.encoding == MK_RELATIVE ||
	    mk->o.encoding == MK_ABSOLUTE_PERCPU)
		k->relative_base += base;
	return 0;
}

int mk_add_kallsyms(struct mk *mk, struct irqm_error *err)
{
	struct table *t = must(calloc(1, sizeof(*t)));
	struct fk *fk = mk->fk;
	unsigned int i;
	int ret = 0;

	defaults(&mk->o);
	for (i = 0; i < fk->nr_symbols; i++)
		add(t, fk->symbols[i].value, type_of(fk, fk->symbols[i].value),
		    fk->symbols[i].name);
	add_filler(t, mk_image_start(mk), mk->o.symbols);
	qsort(t->e, t->nr, sizeof(*t->e), by_value);
	compress(t);
	for (i = 0; i < t->nr && !ret; i++)
		if (t->e[i].len > MAX_LEN) {
			irqm_error_set(err, "a symbol's name is too long");
			ret = -1;
		}
	if (!ret)
		ret = place(mk, t, err);
	for (i = 0; i < t->nr; i++)
		free(t->e[i].code);
	free(t->e);
	free(t);
	return ret;
}
