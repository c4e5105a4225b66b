/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/modules.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MODULES 4096U
#define MAX_PIECES 8U            /* of a module's memory; MOD_MEM_NUM_TYPES */
#define MAX_LOOKED_AT (1U << 24) /* symbols, for all names of a dump */
#define MAX_UNNAMED 256U         /* symbols, for one name */

/* A module's symbol table, and who covers the address that is asked for. */
struct search {
	uint64_t addr;
	const struct module_range *in; /* addr's piece of the module */
	char what[80];
	uint64_t symtab, strtab, strtab_end;
	uint32_t nr;

	uint32_t best;                /* index; 0: none */
	uint64_t value;               /* of the best */
	uint32_t name;                /* of the best, in strtab */
	uint32_t passed;              /* the last best, which has no name */
	bool holes;                   /* symbols that cannot be read */
	struct module_failure failed; /* the first read of this search */
};

/* The first failure is kept: what else is missing mostly follows. */
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

	/* one that wraps around covers nothing */
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

/* Of a list that is cut, what comes before. */
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

/* How much of the module's own memory there is from addr on. */
static uint64_t room_at(const struct reader *r, const struct search *s,
			uint64_t addr)
{
	const struct module_range *m = range_of(&r->modules, addr);

	return m && m->module == s->in->module ? m->end - addr : 0;
}

/* For the list of what a distilled dump holds. */
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

/* The tables lie in the module's own memory, so that is their bound. */
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

/* Sooner, if two are at one address. */
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

/* How many symbols from i on are whole on one page; 1 if it crosses. */
static uint32_t piece_at(const struct search *s, uint32_t i)
{
	uint64_t addr = s->symtab + i * sizeof(Elf64_Sym);
	uint32_t nr =
		(IRQM_PAGE_SIZE - addr % IRQM_PAGE_SIZE) / sizeof(Elf64_Sym);

	if (!nr)
		nr = 1;
	return nr < s->nr - i ? nr : s->nr - i;
}

/*
 * A page that is missing costs the symbols on it: one that is just at the
 * address is believed even so.
 */
static bool find_best(struct reader *r, struct search *s)
{
	Elf64_Sym piece[IRQM_PAGE_SIZE / sizeof(Elf64_Sym)];
	uint64_t passed_value = s->value;
	uint32_t i, j, nr;

	s->best = 0;
	/* the first is none (ELF) */
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

/* What the kernel takes for no name: is_mapping_symbol(). */
static bool is_unnamed(const char *name)
{
	return !name[0] || name[0] == '$' || strncmp(name, ".L", 2) == 0 ||
	       strncmp(name, "L0", 2) == 0;
}

/* A string that does not end in the module's memory is none. */
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
	/* if it is cut, its end was not read */
	irqm_reader_used(r, addr, len < size ? len : size - 1, s->what);
	return true;
}

/*
 * What finds it again in a distilled dump: one just at the address, itself;
 * else all the others too, since they are known not to be nearer.
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

/* Many names may be missing for one place: it is said once. */
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
