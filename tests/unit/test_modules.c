/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of functions in modules that are written down here. */
#include "modules_maker.h"

#include "distill/recorder.h"
#include "snapshot/functions.h"

static void test_names(void **state)
{
	(void)state;
	FOR_EACH_KIND(W)
	{
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
	FOR_EACH_KIND(W)
	{
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
	FOR_EACH_KIND(W)
	{
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
	FOR_EACH_KIND(W)
	{
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
	FOR_EACH_KIND(W)
	{
		put(W, 0, W->kind == MEM ? 320 + 4 * 72 : 400, init, 8);
		put(W, 0, W->kind == MEM ? 320 + 4 * 72 + 12 : 408, 0x1000, 4);
		add(W, 0, init, "init_module", 3);
		commit(W);
		assert_at(W, init + 0xfff, "init_module+4095");
		assert_at(W, init + 0x1000, "");
	}
}

/* Types that lack one, or have something else there. */
static void test_layouts(void **state)
{
	struct irqm_layout whole;
	unsigned int i, found;

	(void)state;
	FOR_EACH_KIND(W)
	{
		struct irqm_member *m[] = {
			&W->l.module.list,
			&W->l.module.kallsyms,
			&W->l.module.core_base,
			&W->l.module.core_size,
			&W->l.module.mem,
			&W->l.module_memory.base,
			&W->l.module_memory.len,
			&W->l.mod_kallsyms.symtab,
			&W->l.mod_kallsyms.num_symtab,
			&W->l.mod_kallsyms.strtab,
		};

		whole = W->l;
		for (found = i = 0; i < ARRAY_SIZE(m); i++) {
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
		assert_at(W, TEXT(0) + 0x10, W->kind == MEM ? "" : "first_0");
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
	FOR_EACH_KIND(W)
	{
		commit(W);
		W->target.symbol_at = kernel_symbol_at;
		assert_string_equal(irqm_reader_function(&W->r, HEAD + 16),
				    "modules+0x10");
		assert_null(irqm_reader_function(&W->r, 0));
		assert_int_equal(irqm_memory_reads(W->memory), 0);
		assert_string_equal(irqm_reader_function(&W->r, TEXT(0) + 0x10),
				    "first_0");
		assert_string_equal(irqm_reader_function(&W->r, TEXT(1) + 0x20),
				    "first_1+0x10");
		assert_null(irqm_reader_function(&W->r, TEXT(1)));
		reads = irqm_memory_reads(W->memory);
		assert_null(irqm_reader_function(&W->r, TEXT(1)));
		assert_string_equal(irqm_reader_function(&W->r, TEXT(0) + 0x10),
				    "first_0");
		assert_int_equal(irqm_memory_reads(W->memory), reads);
		W->target.symbol_at = NULL;
		assert_null(irqm_reader_function(&W->r, HEAD));
		assert_string_equal(irqm_reader_function(&W->r, TEXT(2) + 0x10),
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
		{ 0, 400 * 0x10, "wanted" },
		{ 1, 0x20, "named" },
		{ 2, 0x1f, "first_2+15" },
		{ 2, 0x0f, "" },
	};
	struct irqm_recorder r;
	unsigned int i, lines;

	(void)state;
	FOR_EACH_KIND(W)
	{
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
		irqm_recorder_deinit(&r);
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
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_many_pieces),
		cmocka_unit_test(test_function),
		cmocka_unit_test(test_distilled),
	};

	return RUN(tests);
}
