/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/modules.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MODULES 4096U
#define MAX_PIECES 8U /* parts of a module's memory; MOD_MEM_NUM_TYPES */
/* Limits on symbols read, for all names of a dump, and on symbols without a
 * name, for one lookup. */
#define MAX_LOOKED_AT (1U << 24)
#define MAX_UNNAMED 256U

/* A module's symbol table, and the best symbol for an address so far. */
struct search {
	uint64_t addr;
	/* the part of the module that has addr */
	const struct module_range *in;
	char what[80];
	uint64_t symtab, strtab, strtab_end;
	uint32_t nr;

	uint32_t best;  /* index; 0: none */
	uint64_t value; /* of the best symbol */
	uint32_t name;  /* of the best symbol, in strtab */
	/* previous best symbol, which has no name */
	uint32_t passed;
	bool holes;                   /* some symbols cannot be read */
	struct module_failure failed; /* first failed read of this search */
};

/* Records only the first failure; others mostly follow from it. */
static bool try_read(struct reader *r, uint64_t addr, void *buf, size_t len,
		     struct module_failure *failed)
{
	enum irqm_why why = irqm_reader_try(r, addr, buf, len);

	if (why != IRQM_OK && failed->why == IRQM_OK)
		*failed = (struct module_failure){ why, addr };
	return why == IRQM_OK;
}

static bool read_word(struct reader *r, uint64_t addr, size_t size,
		      const char *what, uint64_t *ret,
		      struct module_failure *failed)
{
	*ret = 0;
	if (!try_read(r, addr, ret, size, failed))
		return false;
	irqm_reader_used(r, addr, size, what);
	return true;
}

static bool read_number(struct reader *r, uint64_t object,
			const struct irqm_member *m, const char *what,
			uint64_t *ret, struct module_failure *failed)
{
	return m->exists && !m->bit_size && m->size <= sizeof(*ret) &&
	       read_word(r, object + m->offset, m->size, what, ret, failed);
}

static bool grow_ranges(struct reader *r)
{
	struct modules *m = &r->modules;
	struct module_range *more;

	m->room = m->room ? m->room * 2 : 256;
	more = irqm_reader_alloc(r, m->room, sizeof(*more));
	if (!more)
		return false;
	if (m->nr)
		memcpy(more, m->ranges, m->nr * sizeof(*more));
	m->ranges = more;
	return true;
}

static void add_range(struct reader *r, uint64_t module, uint64_t base,
		      uint64_t size)
{
	struct modules *m = &r->modules;

	/* ignore one that wraps around */
	if (!size || (m->nr == m->room && !grow_ranges(r)))
		return;
	m->ranges[m->nr++] = (struct module_range){ base, base + size, module };
}

/* module.mem[], since ac3b43283923 ("module: replace module_layout with
 * module_memory", 6.4). */
static void add_memory(struct reader *r, uint64_t module)
{
	const struct irqm_member *mem = &r->layout->module.mem;
	const struct irqm_member *base = &r->layout->module_memory.base;
	const struct irqm_member *size = &r->layout->module_memory.len;
	char copy[READER_STRUCT_MAX];
	unsigned int i;

	if (mem->kind != IRQM_KIND_ARRAY || mem->size > sizeof(copy) ||
	    mem->elem_size != r->layout->module_memory.size || !base->exists ||
	    !size->exists ||
	    !try_read(r, module + mem->offset, copy, mem->size,
		      &r->modules.list))
		return;
	irqm_reader_used(r, module + mem->offset, mem->size, "module list");
	for (i = 0; i < mem->count && i < MAX_PIECES; i++) {
		const char *m = copy + (size_t)i * mem->elem_size;

		add_range(r, module, irqm_get(m, base), irqm_get(m, size));
	}
}

static void add_layout(struct reader *r, uint64_t module,
		       const struct irqm_member *base,
		       const struct irqm_member *size)
{
	struct module_failure *failed = &r->modules.list;
	uint64_t start, len;

	if (read_number(r, module, base, "module list", &start, failed) &&
	    read_number(r, module, size, "module list", &len, failed))
		add_range(r, module, start, len);
}

static int by_start(const void *a, const void *b)
{
	const struct module_range *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* Reads the list of modules. If it is broken, uses the modules before that. */
static void walk_modules(struct reader *r)
{
	const struct irqm_layout *l = r->layout;
	uint64_t head, at, module;
	unsigned int i;

	r->modules.walked = true;
	if (!l->module.list.exists || !irqm_reader_symbol(r, "modules", &head))
		return;
	at = head;
	for (i = 0; i <= MAX_MODULES; i++) {
		if (!read_word(r, at, sizeof(at), "module list", &at,
			       &r->modules.list) ||
		    at == head || !irqm_reader_step(r, at, "modules"))
			break;
		module = at - l->module.list.offset;
		add_memory(r, module);
		add_layout(r, module, &l->module.core_base,
			   &l->module.core_size);
		add_layout(r, module, &l->module.init_base,
			   &l->module.init_size);
	}
	if (r->modules.nr)
		qsort(r->modules.ranges, r->modules.nr,
		      sizeof(*r->modules.ranges), by_start);
}

static const struct module_range *range_of(const struct modules *m,
					   uint64_t addr)
{
	unsigned int low = 0, high = m->nr, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (m->ranges[mid].start <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || addr >= m->ranges[low - 1].end)
		return NULL;
	return &m->ranges[low - 1];
}

/* Returns how many bytes from addr on are in the module's own memory. */
static uint64_t room_at(const struct reader *r, const struct search *s,
			uint64_t addr)
{
	const struct module_range *m = range_of(&r->modules, addr);

	return m && m->module == s->in->module ? m->end - addr : 0;
}

/* Gets the module's name for the list of a distilled dump. */
static void name_module(struct reader *r, struct search *s)
{
	const struct irqm_member *m = &r->layout->module.name;
	uint64_t addr = s->in->module + m->offset;
	char name[56] = ""; /* MODULE_NAME_LEN */
	uint32_t len = m->size < sizeof(name) ? m->size : sizeof(name);

	if (m->exists && len &&
	    irqm_reader_try(r, addr, name, len) == IRQM_OK) {
		name[len - 1] = '\0';
		irqm_reader_used(r, addr, strlen(name) + 1, "module list");
	}
	snprintf(s->what, sizeof(s->what), "module %s: kallsyms", name);
}

/* The tables are in the module's own memory, which limits their size. */
static bool open_tables(struct reader *r, struct search *s)
{
	const struct irqm_layout *l = r->layout;
	uint64_t kallsyms, nr;

	name_module(r, s);
	if (!read_number(r, s->in->module, &l->module.kallsyms, s->what,
			 &kallsyms, &s->failed) ||
	    !read_number(r, kallsyms, &l->mod_kallsyms.symtab, s->what,
			 &s->symtab, &s->failed) ||
	    !read_number(r, kallsyms, &l->mod_kallsyms.num_symtab, s->what, &nr,
			 &s->failed) ||
	    !read_number(r, kallsyms, &l->mod_kallsyms.strtab, s->what,
			 &s->strtab, &s->failed))
		return false;
	if (nr > room_at(r, s, s->symtab) / sizeof(Elf64_Sym) ||
	    nr > MAX_LOOKED_AT)
		return false;
	s->nr = nr;
	s->strtab_end = s->strtab + room_at(r, s, s->strtab);
	return true;
}

/* Of two symbols at one address, the first is better. */
static bool is_better(const struct search *s, uint32_t i, const Elf64_Sym *sym,
		      uint64_t passed_value)
{
	if (sym->st_shndx == SHN_UNDEF || sym->st_value > s->addr ||
	    sym->st_value < s->in->start)
		return false;
	if (s->passed && (sym->st_value > passed_value ||
			  (sym->st_value == passed_value && i <= s->passed)))
		return false;
	return !s->best || sym->st_value > s->value;
}

/* Returns how many symbols from i on are complete on the page; 1 if the first
 * crosses its end. */
static uint32_t piece_at(const struct search *s, uint32_t i)
{
	uint64_t addr = s->symtab + i * sizeof(Elf64_Sym);
	uint32_t nr =
		(IRQM_PAGE_SIZE - addr % IRQM_PAGE_SIZE) / sizeof(Elf64_Sym);

	if (!nr)
		nr = 1;
	return nr < s->nr - i ? nr : s->nr - i;
}

/* Finds the nearest symbol. If a page of the table is missing, only a symbol
 * exactly at the address counts. */
static bool find_best(struct reader *r, struct search *s)
{
	Elf64_Sym piece[IRQM_PAGE_SIZE / sizeof(Elf64_Sym)];
	uint64_t passed_value = s->value;
	uint32_t i, j, nr;

	s->best = 0;
	/* the first symbol is always empty (ELF) */
	for (i = 1; i < s->nr; i += nr) {
		nr = piece_at(s, i);
		if (r->modules.looked_at > MAX_LOOKED_AT)
			return false;
		r->modules.looked_at += nr;
		if (!try_read(r, s->symtab + i * sizeof(*piece), piece,
			      nr * sizeof(*piece), &s->failed)) {
			s->holes = true;
			continue;
		}
		for (j = 0; j < nr; j++) {
			if (!is_better(s, i + j, &piece[j], passed_value))
				continue;
			s->best = i + j;
			s->value = piece[j].st_value;
			s->name = piece[j].st_name;
			if (s->value == s->addr)
				return true;
		}
	}
	return s->best && !s->holes;
}

/* Returns true for names that the kernel ignores: is_mapping_symbol(). */
static bool is_unnamed(const char *name)
{
	return !name[0] || name[0] == '$' || strncmp(name, ".L", 2) == 0 ||
	       strncmp(name, "L0", 2) == 0;
}

/* Reads a name, which must end within the module's memory. */
static bool read_name(struct reader *r, struct search *s, char *name,
		      size_t size)
{
	uint64_t addr = s->strtab + s->name, bad;
	enum irqm_why why;
	size_t len;

	if (addr >= s->strtab_end)
		return false;
	why = irqm_reader_try_string(r, addr, name, size, &bad);
	if (why != IRQM_OK) {
		s->failed = (struct module_failure){ why, bad };
		return false;
	}
	len = strlen(name) + 1;
	if (len > s->strtab_end - addr)
		return false;
	/* if the name was cut, its end was not read */
	irqm_reader_used(r, addr, len < size ? len : size - 1, s->what);
	return true;
}

/*
 * Records what a distilled dump needs to find the same symbol: only that symbol
 * if it is exactly at the address, otherwise the whole table, to show that no
 * other one is nearer.
 */
static void use_symbols(struct reader *r, const struct search *s)
{
	if (s->value == s->addr)
		irqm_reader_used(r, s->symtab + s->best * sizeof(Elf64_Sym),
				 sizeof(Elf64_Sym), s->what);
	else
		irqm_reader_used(r, s->symtab, s->nr * sizeof(Elf64_Sym),
				 s->what);
}

static bool find_name(struct reader *r, struct search *s, char *name,
		      size_t size, uint64_t *ret_offset)
{
	unsigned int i;

	if (!open_tables(r, s))
		return false;
	for (i = 0; i < MAX_UNNAMED && find_best(r, s); i++) {
		if (!read_name(r, s, name, size))
			return false;
		if (!is_unnamed(name)) {
			use_symbols(r, s);
			*ret_offset = s->addr - s->value;
			return true;
		}
		s->passed = s->best;
	}
	return false;
}

/* Many names may fail for the same reason; records it once. */
static void note_failure(struct reader *r, const struct module_failure *f,
			 const char *what)
{
	if (f->addr == r->modules.noted)
		return;
	r->modules.noted = f->addr;
	irqm_reader_note(r, f->why, f->addr, "%s", what);
}

bool irqm_modules_symbol_at(struct reader *r, uint64_t addr, char *name,
			    size_t size, uint64_t *ret_offset)
{
	struct search s = { .addr = addr, .what = "module list" };
	const struct module_failure *list = &r->modules.list;

	if (!r->modules.walked)
		walk_modules(r);
	s.in = range_of(&r->modules, addr);
	if (s.in && find_name(r, &s, name, size, ret_offset))
		return true;
	if (s.failed.why != IRQM_OK)
		note_failure(r, &s.failed, s.what);
	else if (list->why != IRQM_OK)
		note_failure(r, list, "module list");
	return false;
}
