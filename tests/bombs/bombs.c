/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Input that is made to cost more than it has bytes, for each reader.
 *
 * usage: bombs			prints the kinds
 *	  bombs KIND BYTES FILE	writes one
 *	  bombs KIND FILE	reads it, which callgrind counts: measured()
 *
 * Each kind was a real one: what it cost grew with the square of its size, or
 * not with its size at all.
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/findings/log.h"
#include "layout/btf.h"
#include "memory/kallsyms/kallsyms.h"
#include "memory/pages/pages.h"
#include "memory/vmlinux/elf_file.h"
#include "memory/vmlinux/elf_symbols.h"

#define TEXT 0xffffffff81000000ULL

struct bomb {
	unsigned char *data;
	size_t len;
	const char *path; /* of the same bytes */
};

static void put(struct bomb *b, size_t at, const void *data, size_t len)
{
	if (at + len > b->len) {
		b->data = realloc(b->data, at + len);
		if (!b->data)
			abort();
		memset(b->data + b->len, 0, at + len - b->len);
		b->len = at + len;
	}
	memcpy(b->data + at, data, len);
}

static void add(struct bomb *b, const void *data, size_t len)
{
	put(b, b->len, data, len);
}

static void fill(struct bomb *b, size_t len, char with)
{
	size_t from = b->len;

	put(b, from + len - 1, &with, 1);
	memset(b->data + from, with, len);
}

/* Structures, half of the bytes, share one name, the other half. */
static void make_btf(struct bomb *b, size_t bytes)
{
	uint32_t nr = bytes / 2 / 12, i;
	uint32_t head[] = {
		0x0001eb9f, 24, 0, nr * 12, nr * 12, bytes / 2 + 2
	};
	uint32_t type[] = { 1, 4U << 24, 8 };

	add(b, head, sizeof(head));
	for (i = 0; i < nr; i++)
		add(b, type, sizeof(type));
	fill(b, 1, '\0');
	fill(b, bytes / 2, 'a');
	fill(b, 1, '\0');
}

static void read_btf(struct bomb *b)
{
	static struct irqm_layout l;
	struct irqm_error err;

	irqm_layout_from_btf(&l, b->data, b->len, &err);
}

/* Segments of notes, half of the bytes, all of the other half. */
static void make_notes(struct bomb *b, size_t bytes)
{
	uint32_t nr = bytes / 2 / sizeof(Elf64_Phdr), i;
	Elf64_Ehdr eh = { .e_ident = ELFMAG,
			  .e_type = ET_CORE,
			  .e_machine = EM_X86_64,
			  .e_version = EV_CURRENT,
			  .e_phoff = sizeof(eh),
			  .e_ehsize = sizeof(eh),
			  .e_phentsize = sizeof(Elf64_Phdr) };
	Elf64_Phdr ph = { .p_type = PT_NOTE, .p_filesz = bytes / 2 };
	Elf64_Shdr sh = { 0 };

	eh.e_ident[EI_CLASS] = ELFCLASS64;
	eh.e_ident[EI_DATA] = ELFDATA2LSB;
	eh.e_ident[EI_VERSION] = EV_CURRENT;
	eh.e_phnum = nr + 1 < PN_XNUM ? nr + 1 : PN_XNUM;
	ph.p_offset = sizeof(eh) + (nr + 1) * sizeof(ph);
	eh.e_shoff = ph.p_offset + bytes / 2;
	sh.sh_info = nr + 1;
	add(b, &eh, sizeof(eh));
	for (i = 0; i < nr; i++)
		add(b, &ph, sizeof(ph));
	ph.p_type = PT_LOAD;
	ph.p_memsz = ph.p_filesz;
	add(b, &ph, sizeof(ph));
	fill(b, bytes / 2, '\0');
	add(b, &sh, sizeof(sh));
}

static void read_pages(struct bomb *b)
{
	const char *path = b->path;
	struct irqm_error err;
	struct irqm_pages p;

	if (irqm_pages_open(&path, 1, 0, 1, &p, &err) == 0)
		p.close(p.ctx);
}

/* A kernel image in which all numbers rise. */
static enum irqm_why rising(void *ctx, uint64_t addr, void *buf, size_t len)
{
	size_t bytes = *(size_t *)ctx, i;
	uint32_t *words = buf;

	if (addr < TEXT || addr + len > TEXT + bytes || addr % 4 || len % 4)
		return IRQM_UNMAPPED;
	for (i = 0; i < len / 4; i++)
		words[i] = (addr - TEXT) / 4 + i;
	return IRQM_OK;
}

static void make_rising(struct bomb *b, size_t bytes)
{
	fill(b, bytes, '\0');
}

static void read_rising(struct bomb *b)
{
	const struct irqm_target memory = { .ctx = &b->len, .read = rising };
	struct irqm_kallsyms_where where;

	irqm_kallsyms_scan(&memory, TEXT, TEXT + b->len, &where);
}

/* A vmlinux of these symbols, which has what is asked of one. */
static void make_vmlinux(struct bomb *b, const char *names, size_t names_len,
			 const Elf64_Sym *sym, uint32_t nr)
{
	static const char sections[] = "\0.text\0.symtab\0.strtab\0.shstrtab";
	Elf64_Ehdr eh = { .e_ident = ELFMAG,
			  .e_type = ET_EXEC,
			  .e_machine = EM_X86_64,
			  .e_version = EV_CURRENT,
			  .e_ehsize = sizeof(eh),
			  .e_shnum = 5,
			  .e_shstrndx = 4,
			  .e_shentsize = sizeof(Elf64_Shdr) };
	Elf64_Shdr sh[5] = {
		[1] = { 1, SHT_PROGBITS, SHF_ALLOC, TEXT, 64, 64, 0, 0, 1, 0 },
		[2] = { 7, SHT_SYMTAB, 0, 0, 128, nr * sizeof(*sym), 3, 1, 8,
			sizeof(*sym) },
		[3] = { 15, SHT_STRTAB, 0, 0, 0, names_len, 0, 0, 1, 0 },
		[4] = { 23, SHT_STRTAB, 0, 0, 0, sizeof(sections), 0, 0, 1, 0 },
	};

	eh.e_ident[EI_CLASS] = ELFCLASS64;
	eh.e_ident[EI_DATA] = ELFDATA2LSB;
	eh.e_ident[EI_VERSION] = EV_CURRENT;
	add(b, &eh, sizeof(eh));
	put(b, 127, "", 1);
	add(b, sym, nr * sizeof(*sym));
	sh[3].sh_offset = b->len;
	add(b, names, names_len);
	sh[4].sh_offset = b->len;
	add(b, sections, sizeof(sections));
	put(b, (b->len + 7) & ~(size_t)7, "", 0);
	while (b->len % 8)
		fill(b, 1, '\0');
	eh.e_shoff = b->len;
	put(b, 0, &eh, sizeof(eh));
	add(b, sh, sizeof(sh));
}

static Elf64_Sym symbol(uint32_t name, uint64_t value)
{
	return (Elf64_Sym){ .st_name = name,
			    .st_shndx = 1,
			    .st_value = value,
			    .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC) };
}

/* Symbols, half of the bytes, are the ends of one name, the other half. */
static void make_suffixes(struct bomb *b, size_t bytes)
{
	uint32_t nr = bytes / 2 / sizeof(Elf64_Sym), i;
	Elf64_Sym *sym = calloc(nr + 2, sizeof(*sym));
	struct bomb names = { 0 };

	fill(&names, 1, '\0');
	fill(&names, bytes / 2, 'a');
	fill(&names, 1, '\0');
	for (i = 0; i < nr; i++)
		sym[i + 1] = symbol(1 + i, TEXT + i);
	sym[nr + 1] = symbol(names.len, TEXT);
	add(&names, "_stext", 7);
	make_vmlinux(b, (char *)names.data, names.len, sym, nr + 2);
	free(names.data);
	free(sym);
}

/* As elf_symbols.c has it; only that they collide depends on it. */
static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261U;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619U;
	return h ^ h >> 15;
}

/* Symbols whose names all have the same place in the hash. */
static void make_colliding(struct bomb *b, size_t bytes)
{
	uint32_t nr = bytes / (sizeof(Elf64_Sym) + 12), i = 0, n, size = 1;
	Elf64_Sym *sym = calloc(nr + 2, sizeof(*sym));
	struct bomb names = { 0 };
	char name[16];

	while (size < 2 * (nr + 2))
		size *= 2;
	fill(&names, 1, '\0');
	for (n = 0; i < nr; n++) {
		snprintf(name, sizeof(name), "f%u", n);
		if (hash(name) & (size - 1))
			continue;
		i++;
		sym[i] = symbol(names.len, TEXT + i);
		add(&names, name, strlen(name) + 1);
	}
	sym[nr + 1] = symbol(names.len, TEXT);
	add(&names, "_stext", 7);
	make_vmlinux(b, (char *)names.data, names.len, sym, nr + 2);
	free(names.data);
	free(sym);
}

static void read_vmlinux(struct bomb *b)
{
	struct irqm_elf_symbols s = { 0 };
	struct irqm_elf_file f;
	struct irqm_error err;

	if (irqm_elf_open(&f, b->path, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		abort();
	}
	irqm_elf_symbols_open(&s, f.elf, &err);
	irqm_elf_symbols_close(&s);
	irqm_elf_close(&f);
}

static void be64(struct bomb *b, uint64_t n)
{
	n = __builtin_bswap64(n);
	add(b, &n, sizeof(n));
}

/* A flattened dump in pieces of a byte, stride bytes from each other. */
static void make_flat(struct bomb *b, size_t bytes, size_t stride)
{
	size_t i;

	add(b, "makedumpfile\0\0\0", 16);
	put(b, 4095, "", 1);
	for (i = 0; i < bytes / 17; i++) {
		be64(b, i * stride);
		be64(b, 1);
		add(b, "K", 1);
	}
	be64(b, -1);
	be64(b, -1);
}

static void make_flat_blocks(struct bomb *b, size_t bytes)
{
	make_flat(b, bytes, 4096);
}

static void make_flat_again(struct bomb *b, size_t bytes)
{
	make_flat(b, bytes, 0);
}

/* A line of the kernel log that begins again and again what is not its end. It
 * has all pairs of characters of the message. */
static void make_log_line(struct bomb *b, size_t bytes)
{
	static const char begin[] = "Flags mismatch irq 0. 0 (";

	add(b, ") vs. ", 6);
	while (b->len < bytes)
		add(b, begin, sizeof(begin) - 1);
	fill(b, 1, '\0');
}

static void read_log_line(struct bomb *b)
{
	struct log_forms forms;
	struct log_match match;

	irqm_log_forms_init(&forms);
	if (irqm_log_match(&forms, (const char *)b->data, &match))
		abort();
}

static const struct kind {
	const char *name;
	void (*make)(struct bomb *b, size_t bytes);
	void (*read)(struct bomb *b);
} kinds[] = {
	{ "btf-one-name", make_btf, read_btf },
	{ "elf-notes", make_notes, read_pages },
	{ "kallsyms-rising", make_rising, read_rising },
	{ "vmlinux-suffixes", make_suffixes, read_vmlinux },
	{ "vmlinux-colliding", make_colliding, read_vmlinux },
	{ "flat-blocks", make_flat_blocks, read_pages },
	{ "flat-again", make_flat_again, read_pages },
	{ "log-line", make_log_line, read_log_line },
};

__attribute__((noinline)) void measured(const struct kind *k, struct bomb *b);
void measured(const struct kind *k, struct bomb *b)
{
	k->read(b);
}

static int make(const struct kind *k, size_t bytes, const char *path)
{
	FILE *out = fopen(path, "w");
	struct bomb b = { 0 };

	k->make(&b, bytes);
	return !out || fwrite(b.data, b.len, 1, out) != 1 || fclose(out);
}

static int read_file(const struct kind *k, const char *path)
{
	struct bomb b = { .path = path };
	FILE *in = fopen(path, "r");
	char buf[4096];
	size_t n;

	while (in && (n = fread(buf, 1, sizeof(buf), in)) > 0)
		add(&b, buf, n);
	if (!b.len)
		return 1;
	measured(k, &b);
	return 0;
}

int main(int argc, char **argv)
{
	const size_t nr = ARRAY_SIZE(kinds);
	size_t i;

	for (i = 0; i < nr; i++) {
		if (argc == 1)
			puts(kinds[i].name);
		else if (strcmp(kinds[i].name, argv[1]) == 0)
			return argc == 4 ? make(&kinds[i],
						strtoul(argv[2], NULL, 10),
						argv[3]) :
					   read_file(&kinds[i], argv[2]);
	}
	return argc == 1 ? 0 : 2;
}
