/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Three modules, each with its symbols, that a test changes, commits and then
 * asks for names.
 */
#ifndef MODULES_MAKER_H
#define MODULES_MAKER_H

#include "unit.h"

#include <elf.h>

#include "snapshot/modules.h"
#include "tests/mkdump/memory_target.h"

#define HEAD 0xffffffff82b27160ULL /* LIST_HEAD(modules) */
#define MODULES 3
#define TEXT(n) (0xffffffffc0000000ULL + (uint64_t)(n)*0x40000)
#define TEXT_SIZE 0x8000U
/* Below what a module's data begins with; a gap only since 6.4. */
#define DATA(n) (TEXT(n) + TEXT_SIZE)
#define DATA_SIZE 0x10000U
/* In the data. */
#define KALLSYMS 0x800U
#define SYMTAB 0x1008U
#define STRTAB 0x9000U

enum kind {
	CORE_LAYOUT,
	MEM
};

struct module {
	unsigned char data[DATA_SIZE];
	uint32_t nr, strings;
};

struct world {
	enum kind kind;
	struct module m[MODULES];
	uint64_t first; /* what the list's head points at */
	struct irqm_memory *memory;
	struct irqm_target target;
	struct irqm_layout l;
	struct irqm_snapshot *s;
	struct reader r;
};

static struct irqm_member member(uint8_t kind, uint32_t offset, uint32_t size)
{
	return (struct irqm_member){
		.exists = true, .kind = kind, .offset = offset, .size = size
	};
}

/* Offsets of Debian's 6.1 and 7.2. */
static void make_layout(struct irqm_layout *l, enum kind kind)
{
	const uint8_t n = IRQM_KIND_INT, p = IRQM_KIND_POINTER;

	l->module.exists = l->mod_kallsyms.exists = true;
	l->module.size = kind == MEM ? 1280 : 896;
	l->module.list = member(IRQM_KIND_STRUCT, 8, 16);
	l->module.name = member(IRQM_KIND_ARRAY, 24, 56);
	l->module.kallsyms = member(p, kind == MEM ? 904 : 544, 8);
	l->mod_kallsyms.size = 32;
	l->mod_kallsyms.symtab = member(p, 0, 8);
	l->mod_kallsyms.num_symtab = member(n, 8, 4);
	l->mod_kallsyms.strtab = member(p, 16, 8);
	if (kind == MEM) {
		l->module.mem = member(IRQM_KIND_ARRAY, 320, 504);
		l->module.mem.count = 7;
		l->module.mem.elem_size = 72;
		l->module_memory.exists = true;
		l->module_memory.size = 72;
		l->module_memory.base = member(p, 0, 8);
		l->module_memory.len = member(n, 12, 4);
	} else {
		l->module.core_base = member(p, 320, 8);
		l->module.core_size = member(n, 328, 4);
		l->module.init_base = member(p, 400, 8);
		l->module.init_size = member(n, 408, 4);
	}
}

static void put(struct world *w, int n, uint32_t at, uint64_t value,
		uint32_t size)
{
	memcpy(w->m[n].data + at, &value, size);
}

static void add(struct world *w, int n, uint64_t value, const char *name,
		uint16_t section)
{
	struct module *m = &w->m[n];
	Elf64_Sym sym = { .st_name = m->strings,
			  .st_value = value,
			  .st_shndx = section };

	memcpy(m->data + SYMTAB + m->nr++ * sizeof(sym), &sym, sizeof(sym));
	strcpy((char *)m->data + STRTAB + m->strings, name);
	m->strings += strlen(name) + 1;
	put(w, n, KALLSYMS + 8, m->nr, 4);
}

static void make_module(struct world *w, int n)
{
	const uint64_t next = n + 1 < MODULES ? DATA(n + 1) + 8 : HEAD;
	char name[24];

	put(w, n, 8, next, 8);
	snprintf((char *)w->m[n].data + 24, 56, "module%d", n);
	if (w->kind == MEM) {
		put(w, n, 320, TEXT(n), 8);
		put(w, n, 320 + 8, 0x101, 4); /* is_rox, before size */
		put(w, n, 320 + 12, TEXT_SIZE, 4);
		put(w, n, 320 + 72, DATA(n), 8);
		put(w, n, 320 + 72 + 12, DATA_SIZE, 4);
		put(w, n, 904, DATA(n) + KALLSYMS, 8);
	} else {
		put(w, n, 320, TEXT(n), 8);
		put(w, n, 328, TEXT_SIZE + DATA_SIZE, 4);
		put(w, n, 544, DATA(n) + KALLSYMS, 8);
	}
	put(w, n, KALLSYMS, DATA(n) + SYMTAB, 8);
	put(w, n, KALLSYMS + 16, DATA(n) + STRTAB, 8);
	add(w, n, 0, "", SHN_UNDEF);
	snprintf(name, sizeof(name), "first_%d", n);
	add(w, n, TEXT(n) + 0x10, name, 1);
}

static void make(struct world *w, enum kind kind)
{
	int n;

	memset(w, 0, sizeof(*w));
	w->kind = kind;
	w->first = DATA(0) + 8;
	make_layout(&w->l, kind);
	for (n = 0; n < MODULES; n++)
		make_module(w, n);
}

static void forget(struct world *w)
{
	irqm_snapshot_free(w->s);
	irqm_memory_free(w->memory);
}

static void start_reader(struct world *w, struct irqm_target *t)
{
	irqm_snapshot_free(w->s);
	w->s = irqm_snapshot_new();
	assert_non_null(w->s);
	w->r = (struct reader){
		.target = t, .layout = &w->l, .s = w->s, .arena = w->s->arena
	};
	w->r.functions.arena = w->s->arena;
}

/* The memory as it was put down, and a reader that has read nothing. */
static void commit(struct world *w)
{
	static const char behind[256] = { [64] = 'b', 'e', 'h', 'i', 'n' };
	int n;

	irqm_memory_free(w->memory);
	w->memory = irqm_memory_new();
	assert_non_null(w->memory);
	/* what stands behind a module's memory */
	for (n = 0; n < MODULES; n++)
		irqm_memory_write(w->memory, DATA(n) + DATA_SIZE - 64, behind,
				  sizeof(behind));
	for (n = 0; n < MODULES; n++)
		irqm_memory_write(w->memory, DATA(n), w->m[n].data, DATA_SIZE);
	irqm_memory_write(w->memory, HEAD, &w->first, 8);
	irqm_memory_symbol(w->memory, "modules", HEAD);
	w->target = irqm_memory_target(w->memory);
	start_reader(w, &w->target);
}

/* What the name is now; "" if there is none. Nothing is noted for one that is
 * there. */
static const char *at(struct world *w, uint64_t addr)
{
	static char text[256];
	unsigned int before = w->s->nr_unread;
	char name[128];
	uint64_t offset;

	text[0] = '\0';
	if (irqm_modules_symbol_at(&w->r, addr, name, sizeof(name), &offset)) {
		snprintf(text, sizeof(text), offset ? "%s+%llu" : "%s", name,
			 (unsigned long long)offset);
		assert_int_equal(w->s->nr_unread, before);
	}
	assert_false(w->r.no_memory);
	return text;
}

static void assert_at(struct world *w, uint64_t addr, const char *name)
{
	assert_string_equal(at(w, addr), name);
}

static const enum kind kinds[] = { CORE_LAYOUT, MEM };
#define FOR_EACH_KIND(w)                                                       \
	for (size_t k_ = 0; k_ < 2 && (make(w, kinds[k_]), 1); k_++, forget(w))

static struct world world; /* too large for a stack */
#define W (&world)

#endif
