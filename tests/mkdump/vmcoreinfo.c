/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VMCOREINFO: the text, and the kernel's own copies of it. */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VMEMMAP_START 0xffffea0000000000ULL
#define SIZE_OF_NODEMASK 128
#define N_ONLINE 1
#define CRASH_KERNEL (64ULL << 20) /* how far it is behind the last page */
#define MANY_SYMBOLS 40000         /* the smallest kernel seen has 60,000 */

#define GENERATION(name, from) #name,
#define LINE(...)
#define SAME(...)
const char *const mk_generations[] = {
#include "tests/mkdump/vmcoreinfo.def"
	NULL
};
#undef GENERATION
#undef LINE
#undef SAME

#define NR_GENERATIONS (ARRAY_SIZE(mk_generations) - 1)

#define GENERATION(name, from)
#define LINE(key, a, b, c, d, e, f, g, h, i)                                   \
	{ #key, { #a, #b, #c, #d, #e, #f, #g, #h, #i } },
#define SAME(key, a) LINE(key, a, =, =, =, =, =, =, =, =)
static const struct row {
	const char *key;
	const char *cells[NR_GENERATIONS];
} rows[] = {
#include "tests/mkdump/vmcoreinfo.def"
};

#define NR_ROWS ARRAY_SIZE(rows)

__attribute__((format(printf, 2, 3))) static void say(struct mk *mk,
						      const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(mk->info + mk->info_len,
			sizeof(mk->info) - mk->info_len, fmt, ap);
	va_end(ap);
	mk->info_len += len;
	if (mk->info_len >= sizeof(mk->info))
		abort(); /* the kernel has a page for it, too */
}

static const char *cell_of(const struct mk *mk, const struct row *r)
{
	unsigned int i = mk->o.generation;

	while (strcmp(r->cells[i], "=") == 0)
		i--;
	return r->cells[i];
}

static bool has_line(const struct mk *mk, const char *key)
{
	size_t i;

	for (i = 0; i < NR_ROWS; i++)
		if (strcmp(rows[i].key, key) == 0)
			return strcmp(cell_of(mk, &rows[i]), "-") != 0;
	return false;
}

/* What is in SYMBOL(). */
static bool is_symbol(const char *key, char name[64])
{
	return sscanf(key, "SYMBOL(%63[^)]", name) == 1;
}

/* Before 6.15 with CONFIG_KALLSYMS_BASE_RELATIVE, or kallsyms_addresses. */
static void say_kallsyms(struct mk *mk, const char *name)
{
	const struct mk_kallsyms *k = &mk->kallsyms;
	const struct {
		const char *name;
		uint64_t value;
	} tables[] = {
		{ "kallsyms_names", k->names },
		{ "kallsyms_num_syms", k->num_syms },
		{ "kallsyms_token_table", k->token_table },
		{ "kallsyms_token_index", k->token_index },
		{ "kallsyms_offsets", k->offsets },
		{ "kallsyms_relative_base", k->relative_base },
	};
	size_t i;

	if (mk->o.no_kallsyms_info)
		return;
	if (strcmp(name, "kallsyms_offsets") == 0 && k->addresses)
		say(mk, "SYMBOL(kallsyms_addresses)=%" PRIx64 "\n",
		    k->addresses);
	for (i = 0; i < ARRAY_SIZE(tables); i++)
		if (strcmp(name, tables[i].name) == 0 && tables[i].value)
			say(mk, "SYMBOL(%s)=%" PRIx64 "\n", name,
			    tables[i].value);
}

/* Two are macros, in no symbol table, and two are what a variable holds. */
static uint64_t symbol_value(const struct mk *mk, const char *name)
{
	const struct fk *fk = mk->fk;
	uint64_t value;

	if (strcmp(name, "swapper_pg_dir") == 0)
		return mk->root;
	if (strcmp(name, "node_online_map") == 0)
		return fk_symbol_value(fk, "node_states") +
		       N_ONLINE * SIZE_OF_NODEMASK;
	if (strcmp(name, "vmemmap") == 0)
		return VMEMMAP_START;
	value = fk_symbol_value(fk, name);
	if (strcmp(name, "mem_section") == 0)
		memcpy(&value, fk_at(mk->fk, value), sizeof(value));
	return value;
}

static void say_own(struct mk *mk, const char *key)
{
	const struct fk_machine *m = &mk->m;
	char name[64];

	if (strncmp(key, "SYMBOL(kallsyms_", 16) == 0) {
		is_symbol(key, name);
		say_kallsyms(mk, name);
	} else if (is_symbol(key, name)) {
		say(mk, "%s=%" PRIx64 "\n", key, symbol_value(mk, name));
	} else if (strcmp(key, "OSRELEASE") == 0) {
		say(mk, "%s=%s\n", key, m->release);
	} else if (strcmp(key, "BUILD-ID") == 0) {
		say(mk, "%s=%s\n", key, m->build_id);
	} else if (strcmp(key, "NUMBER(VMALLOC_START)") == 0) {
		say(mk, "%s=0x%llx\n", key, MK_VMALLOC_START);
	} else if (strcmp(key, "NUMBER(phys_base)") == 0) {
		say(mk, "%s=%" PRId64 "\n", key, mk->phys_base);
	} else if (strcmp(key, "NUMBER(pgtable_l5_enabled)") == 0) {
		say(mk, "%s=%d\n", key, mk->o.levels == 5);
	} else if (strcmp(key, "KERNELOFFSET") == 0) {
		say(mk, "%s=%" PRIx64 "\n", key, mk->fk->gen.kaslr);
	} else if (strcmp(key, "NUMBER(sme_mask)") == 0) {
		say(mk, "%s=%" PRId64 "\n", key, mk->o.sme_mask);
	} else if (strcmp(key, "CRASHTIME") != 0) {
		abort();
	}
}

static void compose(struct mk *mk)
{
	unsigned int i;

	if (mk->o.vmcoreinfo_3_10) {
		say(mk,
		    "OSRELEASE=%s\nPAGESIZE=4096\nSYMBOL(swapper_pg_dir)="
		    "%" PRIx64 "\nSYMBOL(_stext)=%" PRIx64 "\nSYMBOL(phys_base"
		    ")=%" PRIx64 "\nSYMBOL(init_level4_pgt)=%" PRIx64 "\n",
		    mk->m.release, mk->root, mk_image_start(mk),
		    mk_image_start(mk), mk->root);
		return;
	}
	for (i = 0; i < NR_ROWS; i++) {
		const char *cell = cell_of(mk, &rows[i]);

		if (strcmp(cell, "*") == 0)
			say_own(mk, rows[i].key);
		else if (strcmp(cell, "-") != 0)
			say(mk, "%s=%s\n", rows[i].key, cell);
	}
	for (i = 0; i < mk->o.nr_vmcoreinfo; i++)
		say(mk, "%s\n", mk->o.vmcoreinfo[i]);
}

/* The generation by what the layout and the options have; see README.md. */
static unsigned int guess(const struct mk *mk)
{
	const struct irqm_layout *l = &mk->fk->layout;
	const char *name = !l->printk_ringbuffer.exists         ? "4.19" :
			   mk->o.encoding == MK_PLACE_RELATIVE  ? "7" :
			   mk->o.gen.container == FK_MAPLE_TREE ? "6.12" :
			   l->msi_device_data.exists            ? "6.1" :
								  "5.10";
	unsigned int i = 0;

	while (strcmp(mk_generations[i], name) != 0)
		i++;
	return i;
}

/* struct new_utsname, which fk_new() has behind a counter, begins the
 * structure where VMCOREINFO says so. */
static void put_name(struct mk *mk)
{
	char *at = fk_at(mk->fk, fk_symbol_value(mk->fk, "init_uts_ns"));

	if (has_line(mk, "OFFSET(uts_namespace.name)"))
		memmove(at, at + 4, 6 * 65);
}

/* Variables that VMCOREINFO names, and that nothing else has made. */
int mk_add_vmcoreinfo_symbols(struct mk *mk, struct irqm_error *err)
{
	static char names[NR_ROWS][64]; /* symbols keep a pointer to theirs */
	struct fk *fk = mk->fk;
	size_t i;

	if (!mk->o.generation_given)
		mk->o.generation = guess(mk);
	if ((mk->o.levels == 5 &&
	     !has_line(mk, "NUMBER(pgtable_l5_enabled)")) ||
	    (mk->o.sme_mask && !has_line(mk, "NUMBER(sme_mask)"))) {
		irqm_error_set(err,
			       "VMCOREINFO of generation %s has no line "
			       "for levels 5 or an encryption-bit",
			       mk_generations[mk->o.generation]);
		return -1;
	}
	/* then they are searched for, which takes as many as kernels have */
	if (!mk->o.symbols &&
	    (mk->o.no_kallsyms_info || !has_line(mk, "SYMBOL(kallsyms_names)")))
		mk->o.symbols = MANY_SYMBOLS;
	put_name(mk);
	variable(fk, "node_states", 6 * SIZE_OF_NODEMASK);
	variable_set(fk, "mem_section", 8, heap(fk, 2048 * 8));
	for (i = 0; i < NR_ROWS; i++)
		if (is_symbol(rows[i].key, names[i]) &&
		    strncmp(names[i], "kallsyms_", 9) != 0 &&
		    strcmp(cell_of(mk, &rows[i]), "-") != 0 &&
		    !symbol_value(mk, names[i]))
			variable(fk, names[i], 64);
	return 0;
}

static uint64_t copy(struct mk *mk, const void *data, size_t len)
{
	uint64_t addr = fk_alloc(mk->fk, FK_HEAP, len, 4096);

	memcpy(fk_at(mk->fk, addr), data, len);
	return addr;
}

static void set(struct mk *mk, const char *name, uint64_t value)
{
	fk_put64(mk->fk, fk_symbol_value(mk->fk, name), value);
}

/*
 * fk_new() left short ones. A kernel that has loaded a crash kernel adds
 * CRASHTIME to the note, and vmcoreinfo_data is then in the memory of that
 * one, which is in no dump. The page that it was at before is.
 */
void mk_add_vmcoreinfo(struct mk *mk)
{
	char note[24 + sizeof(mk->info)] = "";
	uint32_t header[2] = { sizeof("VMCOREINFO"), 0 };

	compose(mk);
	set(mk, "vmcoreinfo_data", copy(mk, mk->info, mk->info_len));
	set(mk, "vmcoreinfo_size", mk->info_len);
	if (mk->fk->gen.no_note)
		return;
	say(mk, "CRASHTIME=%" PRId64 "\n", mk->m.crash_time);
	set(mk, "vmcoreinfo_data",
	    mk_map_elsewhere(mk, (mk_ram_end(mk) + CRASH_KERNEL) & ~4095ULL));
	set(mk, "vmcoreinfo_size", mk->info_len);
	header[1] = mk->info_len;
	memcpy(note, header, sizeof(header));
	strcpy(note + 12, "VMCOREINFO");
	memcpy(note + 24, mk->info, mk->info_len);
	set(mk, "vmcoreinfo_note", copy(mk, note, 24 + mk->info_len));
}
