/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symbols of modules that are written down here, whole and spoiled. */
#include "unit.h"

#include <elf.h>

#include "distill/recorder.h"
#include "snapshot/reader.h"
#include "target/memory.h"

#define HEAD 0xffffffff82b27160ULL /* LIST_HEAD(modules) */
#define MODULES 3
#define TEXT(n) (0xffffffffc0000000ULL + (uint64_t)(n) * 0x40000)
#define TEXT_SIZE 0x8000U
/* Below what a module's data begins with; a gap only since 6.4. */
#define DATA(n) (TEXT(n) + TEXT_SIZE)
#define DATA_SIZE 0x10000U
/* In the data. */
#define KALLSYMS 0x800U
#define SYMTAB 0x1008U
#define STRTAB 0x9000U

enum kind { CORE_LAYOUT, MEM };

struct module {
	unsigned char data[DATA_SIZE];
	uint32_t nr, strings;
};

struct world {
	enum kind kind;
	struct module m[MODULES];
	uint64_t first;              /* what the list's head points at */
	struct irqm_memory *memory;
	struct irqm_target target;
	struct irqm_layout l;
	struct irqm_snapshot *s;
	struct reader r;
};

static struct irqm_member member(uint8_t kind, uint32_t offset, uint32_t size)
{
	return (struct irqm_member){ .exists = true, .kind = kind,
				     .offset = offset, .size = size };
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
	Elf64_Sym sym = { .st_name = m->strings, .st_value = value,
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
	w->r = (struct reader){ .target = t, .layout = &w->l, .s = w->s,
				.arena = w->s->arena };
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

/* What the name is now; "" if there is none. Nothing is ever noted. */
static const char *at(struct world *w, uint64_t addr)
{
	static char text[256];
	char name[128];
	uint64_t offset;

	text[0] = '\0';
	if (modules_symbol_at(&w->r, addr, name, sizeof(name), &offset))
		snprintf(text, sizeof(text), offset ? "%s+%llu" : "%s", name,
			 (unsigned long long)offset);
	assert_int_equal(w->s->nr_unread, 0);
	assert_false(w->r.no_memory);
	return text;
}

static void assert_at(struct world *w, uint64_t addr, const char *name)
{
	assert_string_equal(at(w, addr), name);
}

static const enum kind kinds[] = { CORE_LAYOUT, MEM };
#define FOR_EACH_KIND(w) \
	for (size_t k_ = 0; k_ < 2 && (make(w, kinds[k_]), 1); \
	     k_++, forget(w))

static struct world world; /* too large for a stack */
#define W (&world)

static void test_names(void **state)
{
	(void)state;
	FOR_EACH_KIND(W) {
		add(W, 1, TEXT(1) + 0x200, "later", 1);
		add(W, 1, TEXT(1) + 0x100, "between", 1);
		add(W, 1, TEXT(1) + 0x100, "alias", 1);
		add(W, 1, TEXT(1) + 0x180, "undefined", SHN_UNDEF);
		/* in no order of addresses */
		W->first = DATA(2) + 8;
		put(W, 2, 8, DATA(0) + 8, 8);
		put(W, 1, 8, HEAD, 8);
		/* the first of an ELF table is none, whatever is in it */
		put(W, 0, SYMTAB + 6, 1, 2);
		put(W, 0, SYMTAB + 8, TEXT(0) + 0x18, 8);
		put(W, 0, SYMTAB, 1, 4);
		commit(W);
		assert_at(W, TEXT(0) + 0x18, "first_0+8");
		assert_at(W, TEXT(0) + 0x10, "first_0");
		assert_at(W, TEXT(1) + 0x10, "first_1");
		assert_at(W, TEXT(2) + 0x10, "first_2");
		assert_at(W, TEXT(1) + 0xff, "first_1+239");
		assert_at(W, TEXT(1) + 0x100, "between");
		assert_at(W, TEXT(1) + 0x180, "between+128");
		assert_at(W, TEXT(1) + 0x200, "later");
		assert_at(W, TEXT(1) + TEXT_SIZE - 1, "later+32255");
	}
}

static void test_outside(void **state)
{
	(void)state;
	FOR_EACH_KIND(W) {
		commit(W);
		assert_at(W, TEXT(0) - 1, "");
		assert_at(W, TEXT(0), ""); /* before its first symbol */
		assert_at(W, DATA(0) + DATA_SIZE, "");
		assert_at(W, TEXT(MODULES), "");
		assert_at(W, 0, "");
		assert_at(W, UINT64_MAX, "");
	}
}

/* The kernel skips them, and so looks further down. */
static void test_unnamed(void **state)
{
	static const char *const unnamed[] = { "", "$x", ".LC0", "L0\001" };
	unsigned int i;

	(void)state;
	FOR_EACH_KIND(W) {
		for (i = 0; i < 4; i++)
			add(W, 0, TEXT(0) + 0x20, unnamed[i], 1);
		add(W, 0, TEXT(0) + 0x20, "named", 1);
		for (i = 0; i < 4; i++)
			add(W, 0, TEXT(0) + 0x30 + i, unnamed[i], 1);
		commit(W);
		assert_at(W, TEXT(0) + 0x20, "named");
		assert_at(W, TEXT(0) + 0x33, "named+19");
		for (i = 0; i < 1000; i++)
			add(W, 1, TEXT(1) + 0x20, "", 1);
		commit(W);
		assert_at(W, TEXT(1) + 0x20, "");
		assert_true(irqm_memory_reads(W->memory) < 1500);
	}
}

static void test_data(void **state)
{
	(void)state;
	FOR_EACH_KIND(W) {
		add(W, 0, DATA(0) + 0x700, "variable", 2);
		commit(W);
		assert_at(W, DATA(0) + 0x701, "variable+1");
		/* one piece of memory, or not the text's any more */
		assert_at(W, DATA(0) + 0x6ff,
			  W->kind == MEM ? "" : "first_0+34543");
	}
}

static void test_init_text(void **state)
{
	const uint64_t init = TEXT(0) + 0x20000;

	(void)state;
	FOR_EACH_KIND(W) {
		put(W, 0, W->kind == MEM ? 320 + 4 * 72 : 400, init, 8);
		put(W, 0, W->kind == MEM ? 320 + 4 * 72 + 12 : 408, 0x1000, 4);
		add(W, 0, init, "init_module", 3);
		commit(W);
		assert_at(W, init + 0xfff, "init_module+4095");
		assert_at(W, init + 0x1000, "");
	}
}

/* What comes before the bad place is known, and the walk ends. */
static void test_list(void **state)
{
	(void)state;
	FOR_EACH_KIND(W) {
		put(W, 1, 8, DATA(1) + 8, 8); /* itself */
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		assert_at(W, TEXT(1) + 0x10, "first_1");
		assert_at(W, TEXT(2) + 0x10, "");
		assert_true(irqm_memory_reads(W->memory) < 40000);
		put(W, 1, 8, DATA(0) + 8, 8);
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		put(W, 1, 8, 8, 8);
		commit(W);
		assert_at(W, TEXT(1) + 0x10, "first_1");
		assert_at(W, TEXT(2) + 0x10, "");
		put(W, 1, 8, UINT64_MAX, 8);
		commit(W);
		assert_at(W, TEXT(1) + 0x10, "first_1");
	}
}

static void test_list_cut(void **state)
{
	(void)state;
	FOR_EACH_KIND(W) {
		commit(W);
		irqm_memory_deny(W->memory, DATA(1), 4096, IRQM_EXCLUDED);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		assert_at(W, TEXT(1) + 0x10, "");
		assert_at(W, TEXT(2) + 0x10, "");
		commit(W);
		irqm_memory_deny(W->memory, HEAD, 8, IRQM_EXCLUDED);
		assert_at(W, TEXT(0) + 0x10, "");
		W->first = HEAD; /* no module */
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "");
	}
}

static void test_number_of_symbols(void **state)
{
	static const uint32_t bad[] = { 0, 1, UINT32_MAX, 0x10000,
					(DATA_SIZE - SYMTAB) / 24 + 1 };
	uint64_t before;
	size_t i;

	(void)state;
	FOR_EACH_KIND(W) {
		for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
			put(W, 0, KALLSYMS + 8, bad[i], 4);
			commit(W);
			assert_at(W, TEXT(1) + 0x10, "first_1");
			before = irqm_memory_reads(W->memory);
			assert_at(W, TEXT(0) + 0x10, "");
			assert_true(irqm_memory_reads(W->memory) <
				    before + 10);
		}
		put(W, 0, KALLSYMS + 8, (DATA_SIZE - SYMTAB) / 24, 4);
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
	}
}

/* They may lie in the module's own memory only. */
static void test_tables_elsewhere(void **state)
{
	const uint64_t bad[] = { 0, 8, HEAD, DATA(1) + STRTAB, UINT64_MAX,
				 DATA(0) + DATA_SIZE, DATA(0) + DATA_SIZE - 1,
				 DATA_SIZE - STRTAB };
	size_t i;

	(void)state;
	FOR_EACH_KIND(W) {
		for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
			put(W, 0, KALLSYMS, bad[i], 8);
			commit(W);
			assert_at(W, TEXT(0) + 0x10, "");
			put(W, 0, KALLSYMS, DATA(0) + SYMTAB, 8);
			put(W, 0, KALLSYMS + 16, bad[i], 8);
			commit(W);
			assert_at(W, TEXT(0) + 0x10, "");
			put(W, 0, KALLSYMS + 16, DATA(0) + STRTAB, 8);
			put(W, 0, SYMTAB + 24, bad[i], 4); /* st_name */
			commit(W);
			if ((uint32_t)bad[i] >= DATA_SIZE - STRTAB)
				assert_at(W, TEXT(0) + 0x10, "");
			put(W, 0, SYMTAB + 24, 1, 4);
		}
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
	}
}

static void test_string_without_end(void **state)
{
	char text[300];

	(void)state;
	FOR_EACH_KIND(W) {
		uint32_t last = DATA_SIZE - STRTAB - 64;

		memset(W->m[0].data + STRTAB + last, 'x', 64);
		put(W, 0, SYMTAB + 24, last, 4);
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "");
		W->m[0].data[DATA_SIZE - 1] = '\0';
		commit(W);
		assert_int_equal(strlen(at(W, TEXT(0) + 0x10)), 63);
		/* one that is too long is cut as others are */
		memset(text, 'y', sizeof(text));
		text[sizeof(text) - 1] = '\0';
		add(W, 1, TEXT(1) + 0x40, text, 1);
		commit(W);
		text[127] = '\0';
		assert_at(W, TEXT(1) + 0x40, text);
	}
}

/* Which one is the nearest is not known any more, only one that is there. */
static void test_missing_page(void **state)
{
	char name[16];
	unsigned int i;

	(void)state;
	FOR_EACH_KIND(W) {
		for (i = 2; i < 600; i++) {
			snprintf(name, sizeof(name), "f%u", i);
			add(W, 0, TEXT(0) + i * 0x10, name, 1);
		}
		commit(W);
		assert_at(W, TEXT(0) + 599 * 0x10 + 1, "f599+1");
		irqm_memory_deny(W->memory, DATA(0) + 0x2000, 4096,
				 IRQM_TRUNCATED);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		assert_at(W, TEXT(0) + 599 * 0x10, "f599");
		assert_at(W, TEXT(0) + 599 * 0x10 + 1, "");
		assert_at(W, TEXT(0) + 300 * 0x10, "");
		commit(W);
		irqm_memory_deny(W->memory, DATA(0) + STRTAB, 4096,
				 IRQM_TRUNCATED);
		assert_at(W, TEXT(0) + 0x10, "");
	}
}

static void test_bad_ranges(void **state)
{
	static const struct {
		uint64_t base, size;
	} bad[] = {
		{ 0, 0x1000 }, { TEXT(0), 0 }, { TEXT(1) + 8, 0 },
		{ 0x400000, UINT32_MAX }, { UINT64_MAX - 5000, UINT32_MAX },
	};
	size_t i;

	(void)state;
	FOR_EACH_KIND(W) {
		for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
			put(W, 0, 320, bad[i].base, 8);
			put(W, 0, W->kind == MEM ? 332 : 328, bad[i].size, 4);
			commit(W);
			assert_at(W, TEXT(0) + 0x10, "");
			assert_at(W, TEXT(1) + 0x10, "first_1");
		}
	}
}

/* Any word is anything: it ends, nothing is noted, no memory is missed. */
static void test_spoiled(void **state)
{
	static const uint32_t where[] = { 8, 320, 328, 332, 392, 404, 544,
					  904, KALLSYMS, KALLSYMS + 8,
					  KALLSYMS + 16, SYMTAB + 24,
					  SYMTAB + 32 };
	const uint64_t what[] = { 0, 8, UINT64_MAX, UINT32_MAX, HEAD, DATA(0),
				  DATA(0) + 8, DATA(1) + SYMTAB, TEXT(2),
				  DATA(2) + DATA_SIZE, 0x10000 };
	unsigned int i, j, n;

	(void)state;
	srand(1);
	for (i = 0; i < 1000; i++) {
		make(W, kinds[i % 2]);
		for (j = rand() % 6; j; j--)
			put(W, 1, where[rand() % 13],
			    what[rand() % 11] + rand() % 3 * 8, 4 + rand() % 5);
		commit(W);
		for (n = 0; n < MODULES * 3; n++)
			at(W, TEXT(n / 3) + n % 3 * 0x4010);
		forget(W);
	}
}

/* Types that lack one, or have something else there. */
static void test_layouts(void **state)
{
	struct irqm_layout whole;
	unsigned int i, found;

	(void)state;
	FOR_EACH_KIND(W) {
		struct irqm_member *m[] = {
			&W->l.module.list, &W->l.module.kallsyms,
			&W->l.module.core_base, &W->l.module.core_size,
			&W->l.module.mem, &W->l.module_memory.base,
			&W->l.module_memory.len, &W->l.mod_kallsyms.symtab,
			&W->l.mod_kallsyms.num_symtab,
			&W->l.mod_kallsyms.strtab,
		};

		whole = W->l;
		for (found = i = 0; i < sizeof(m) / sizeof(m[0]); i++) {
			memset(m[i], 0, sizeof(*m[i]));
			commit(W);
			found += at(W, TEXT(0) + 0x10)[0] != '\0';
			W->l = whole;
		}
		/* those of the other kind are not missed */
		assert_int_equal(found, W->kind == MEM ? 2 : 3);
		memset(&W->l.module.name, 0, sizeof(W->l.module.name));
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		W->l.module_memory.size = 80; /* not what mem[] holds */
		commit(W);
		assert_at(W, TEXT(0) + 0x10,
			  W->kind == MEM ? "" : "first_0");
	}
}

/* A type that says there are more pieces than a module has. */
static void test_many_pieces(void **state)
{
	(void)state;
	make(W, MEM);
	W->l.module.mem.count = 9;
	W->l.module.mem.size = 9 * 72;
	W->l.module.kallsyms.offset = 1000;
	put(W, 0, 1000, DATA(0) + KALLSYMS, 8);
	put(W, 0, 320 + 7 * 72, TEXT(0) + 0x20000, 8);
	put(W, 0, 320 + 7 * 72 + 12, 0x1000, 4);
	put(W, 0, 320 + 8 * 72, TEXT(0) + 0x22000, 8);
	put(W, 0, 320 + 8 * 72 + 12, 0x1000, 4);
	add(W, 0, TEXT(0) + 0x20000, "eighth", 1);
	add(W, 0, TEXT(0) + 0x22000, "ninth", 1);
	commit(W);
	assert_at(W, TEXT(0) + 0x20000, "eighth");
	assert_at(W, TEXT(0) + 0x22000, "");
	forget(W);
}

static void test_work_is_bounded(void **state)
{
	(void)state;
	FOR_EACH_KIND(W) {
		commit(W);
		assert_at(W, TEXT(0) + 0x10, "first_0");
		W->r.modules.looked_at = (1U << 24) + 1;
		assert_at(W, TEXT(0) + 0x10, "");
	}
}

static bool kernel_symbol_at(void *ctx, uint64_t addr, char *name, size_t size,
			     uint64_t *ret_offset)
{
	(void)ctx;
	if (addr < HEAD || addr >= HEAD + 0x100)
		return false;
	snprintf(name, size, "modules");
	*ret_offset = addr - HEAD;
	return true;
}

static void test_function(void **state)
{
	uint64_t reads;

	(void)state;
	FOR_EACH_KIND(W) {
		commit(W);
		W->target.symbol_at = kernel_symbol_at;
		assert_string_equal(reader_function(&W->r, HEAD + 16),
				    "modules+0x10");
		assert_null(reader_function(&W->r, 0));
		assert_int_equal(irqm_memory_reads(W->memory), 0);
		assert_string_equal(reader_function(&W->r, TEXT(0) + 0x10),
				    "first_0");
		assert_string_equal(reader_function(&W->r, TEXT(1) + 0x20),
				    "first_1+0x10");
		assert_null(reader_function(&W->r, TEXT(1)));
		reads = irqm_memory_reads(W->memory);
		assert_null(reader_function(&W->r, TEXT(1)));
		assert_string_equal(reader_function(&W->r, TEXT(0) + 0x10),
				    "first_0");
		assert_int_equal(irqm_memory_reads(W->memory), reads);
		W->target.symbol_at = NULL;
		assert_null(reader_function(&W->r, HEAD));
		assert_string_equal(reader_function(&W->r, TEXT(2) + 0x10),
				    "first_2");
	}
}

/* As distill does it: pages with nothing but what was used. */
static void keep_used(struct world *w, const struct irqm_recorder *r)
{
	struct irqm_memory *kept = irqm_memory_new();
	uint64_t page, from, to;
	unsigned char copy[4096];
	size_t i, j;
	int n;

	for (n = 0; n < MODULES; n++) {
		for (i = 0; i < DATA_SIZE / 4096; i++) {
			bool any = false;

			page = DATA(n) + i * 4096;
			memset(copy, 0, sizeof(copy));
			for (j = 0; j < r->used.nr; j++) {
				from = r->used.r[j].start;
				to = r->used.r[j].end;
				from = from > page ? from : page;
				to = to < page + 4096 ? to : page + 4096;
				if (from >= to)
					continue;
				any = true;
				memcpy(copy + (from - page),
				       w->m[n].data + (from - DATA(n)),
				       to - from);
			}
			if (!any)
				memset(w->m[n].data + i * 4096, 0, 4096);
			else
				memcpy(w->m[n].data + i * 4096, copy, 4096);
			if (!any)
				irqm_memory_deny(kept, page, 4096,
						 IRQM_EXCLUDED);
		}
		irqm_memory_write(kept, DATA(n), w->m[n].data, DATA_SIZE);
	}
	irqm_memory_write(kept, HEAD, &w->first, 8);
	irqm_memory_symbol(kept, "modules", HEAD);
	irqm_memory_free(w->memory);
	w->memory = kept;
	w->target = irqm_memory_target(kept);
	start_reader(w, &w->target);
}

static bool holds(const struct world *w, const char *text)
{
	int n;

	for (n = 0; n < MODULES; n++)
		if (memmem(w->m[n].data, DATA_SIZE, text, strlen(text)))
			return true;
	return false;
}

/* Of the module's symbols, those that are left. */
static unsigned int symbols_of(const struct world *w, int n)
{
	unsigned int i, nr = 0;
	Elf64_Sym sym;

	for (i = 0; i < w->m[n].nr; i++) {
		memcpy(&sym, w->m[n].data + SYMTAB + i * sizeof(sym),
		       sizeof(sym));
		nr += sym.st_value != 0;
	}
	return nr;
}

static void make_for_distill(struct world *w)
{
	char name[16];
	unsigned int i;

	for (i = 2; i < 600; i++) {
		snprintf(name, sizeof(name), "secret%u", i);
		add(w, 0, TEXT(0) + i * 0x10, i == 400 ? "wanted" : name, 1);
		add(w, 2, TEXT(2) + i * 0x10, name, 1);
	}
	add(w, 1, TEXT(1) + 0x20, "$d", 1);
	add(w, 1, TEXT(1) + 0x20, "named", 1);
	add(w, 2, TEXT(2) + 0x18, "", 1);
	put(w, 0, 100, 0x7365637265743030ULL, 8); /* in struct module */
	commit(w);
}

static void test_distilled(void **state)
{
	static const struct {
		int n;
		uint64_t offset;
		const char *name;
	} asked[] = {
		{ 0, 400 * 0x10, "wanted" }, { 1, 0x20, "named" },
		{ 2, 0x1f, "first_2+15" }, { 2, 0x0f, "" },
	};
	struct irqm_recorder r;
	unsigned int i, lines;

	(void)state;
	FOR_EACH_KIND(W) {
		make_for_distill(W);
		irqm_recorder_init(&r, &W->target);
		start_reader(W, &r.target);
		for (i = 0; i < 4; i++)
			assert_at(W, TEXT(asked[i].n) + asked[i].offset,
				  asked[i].name);
		irqm_ranges_sort(&r.used);
		keep_used(W, &r);
		for (i = 0; i < 4; i++)
			assert_at(W, TEXT(asked[i].n) + asked[i].offset,
				  asked[i].name);
		assert_true(holds(W, "wanted"));
		assert_false(holds(W, "secret"));
		assert_false(holds(W, "00terces"));
		assert_int_equal(symbols_of(W, 0), 1);
		assert_int_equal(symbols_of(W, 1), 1);
		assert_int_equal(symbols_of(W, 2), W->m[2].nr - 1);
		for (lines = i = 0; i < r.nr_list; i++)
			lines += !strcmp(r.list[i].what,
					 "module module0: kallsyms") ||
				 !strcmp(r.list[i].what, "module list");
		assert_int_equal(lines, 2);
		irqm_recorder_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_unnamed),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_init_text),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_list_cut),
		cmocka_unit_test(test_number_of_symbols),
		cmocka_unit_test(test_tables_elsewhere),
		cmocka_unit_test(test_string_without_end),
		cmocka_unit_test(test_missing_page),
		cmocka_unit_test(test_bad_ranges),
		cmocka_unit_test(test_spoiled),
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_many_pieces),
		cmocka_unit_test(test_work_is_bounded),
		cmocka_unit_test(test_function),
		cmocka_unit_test(test_distilled),
	};

	return RUN(tests);
}
