/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vmlinux that the made-up kernel was booted from: symbols where they
 * were linked, build-id, banner, types as BTF. Text is a hole, and data that
 * the kernel has changed since is left out.
 */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "distill/elf_header.h"

#define ALIGN 4096

enum {
	NONE,
	TEXT,
	RODATA,
	NOTES,
	BSS,
	PERCPU,
	BTF,
	SYMTAB,
	STRTAB,
	SHSTRTAB,
	NR_SECTIONS
};

static const char *const names[NR_SECTIONS] = {
	"",     ".text",   ".rodata", ".notes",    ".bss", ".data..percpu",
	".BTF", ".symtab", ".strtab", ".shstrtab",
};

struct vmlinux {
	const struct mk *mk;
	int fd, error;
	uint64_t end; /* of the file so far */
	Elf64_Shdr sections[NR_SECTIONS];
	struct mk_buf symbols, strings;
};

void mk_banner(const struct mk *mk, char *buf, size_t size)
{
	snprintf(buf, size,
		 "Linux version %s (made@up) (gcc (GCC) 12.2.0, GNU "
		 "ld 2.40) #1 SMP Thu Jan 1 00:00:00 UTC 1970\n",
		 mk->m.release);
}

static void place(struct mk *mk, const char *name, const void *data, size_t len)
{
	uint64_t addr = fk_alloc(mk->fk, FK_RODATA, len, 32);

	memcpy(fk_at(mk->fk, addr), data, len);
	fk_symbol(mk->fk, name, addr);
}

void mk_add_identity(struct mk *mk)
{
	const char *hex = mk->m.build_id;
	struct mk_buf note = { 0 };
	unsigned char id[20];
	char text[256];
	size_t n;

	for (n = 0; n < sizeof(id) && hex[2 * n]; n++)
		if (sscanf(hex + 2 * n, "%2hhx", &id[n]) != 1)
			break;
	mk_note(&note, "GNU", NT_GNU_BUILD_ID, id, n);
	place(mk, "__start_notes", note.data, note.len);
	fk_symbol(mk->fk, "__stop_notes",
		  fk_symbol_value(mk->fk, "__start_notes") + note.len);
	free(note.data);
	mk_banner(mk, text, sizeof(text));
	place(mk, "linux_banner", text, strlen(text) + 1);
}

/* Before KASLR. */
static uint64_t linked(const struct mk *mk, uint64_t value)
{
	return value < mk_image_start(mk) ? value : value - mk->fk->gen.kaslr;
}

static void section(struct vmlinux *v, unsigned int i, uint32_t type,
		    uint64_t flags, uint64_t addr, const void *data,
		    size_t size)
{
	v->end = (v->end + ALIGN - 1) & ~(uint64_t)(ALIGN - 1);
	v->sections[i] = (Elf64_Shdr){
		.sh_type = type,
		.sh_flags = flags,
		.sh_addr = addr,
		.sh_offset = v->end,
		.sh_size = size,
		.sh_addralign = 1,
	};
	if (data && !v->error)
		v->error = kd_pwrite(v->fd, data, size, v->end);
	if (type != SHT_NOBITS)
		v->end += size;
}

static unsigned int section_of(const struct mk *mk, uint64_t value)
{
	const struct fk_region *r = mk->fk->regions;

	if (value < mk_image_start(mk) || value >= mk_image_end(mk))
		return PERCPU;
	return value >= r[FK_DATA].base   ? BSS :
	       value >= r[FK_RODATA].base ? RODATA :
					    TEXT;
}

static void symbol(struct vmlinux *v, const char *name, uint64_t value)
{
	unsigned int scn = section_of(v->mk, value);
	Elf64_Sym s = {
		.st_name = v->strings.len,
		.st_info = ELF64_ST_INFO(STB_GLOBAL,
					 scn == TEXT ? STT_FUNC : STT_OBJECT),
		.st_shndx = scn,
		.st_value = linked(v->mk, value),
	};

	mk_put(&v->symbols, &s, sizeof(s));
	mk_put(&v->strings, name, strlen(name) + 1);
}

static void put_symbols(struct vmlinux *v)
{
	const struct fk *fk = v->mk->fk;
	unsigned int i;

	mk_put(&v->symbols, &(Elf64_Sym){ 0 }, sizeof(Elf64_Sym));
	mk_put(&v->strings, "", 1);
	for (i = 0; i < fk->nr_symbols; i++)
		symbol(v, fk->symbols[i].name, fk->symbols[i].value);
	symbol(v, "kallsyms_names", v->mk->kallsyms.names);
	symbol(v, "kallsyms_num_syms", v->mk->kallsyms.num_syms);
	symbol(v, "kallsyms_token_table", v->mk->kallsyms.token_table);
	symbol(v, "kallsyms_token_index", v->mk->kallsyms.token_index);
	section(v, SYMTAB, SHT_SYMTAB, 0, 0, v->symbols.data, v->symbols.len);
	v->sections[SYMTAB].sh_link = STRTAB;
	v->sections[SYMTAB].sh_info = 1;
	v->sections[SYMTAB].sh_entsize = sizeof(Elf64_Sym);
	section(v, STRTAB, SHT_STRTAB, 0, 0, v->strings.data, v->strings.len);
	free(v->symbols.data);
	free(v->strings.data);
}

/* The notes are the first of what is read-only. */
static void put_image(struct vmlinux *v)
{
	const struct fk_region *r = v->mk->fk->regions;
	uint64_t text = linked(v->mk, mk_image_start(v->mk));
	uint64_t notes = fk_symbol_value(v->mk->fk, "__start_notes");
	uint64_t rodata = fk_symbol_value(v->mk->fk, "__stop_notes");
	uint64_t rest = r[FK_RODATA].base + r[FK_RODATA].size - rodata;
	uint64_t data = linked(v->mk, r[FK_DATA].base);
	uint64_t percpu = fk_symbol_value(v->mk->fk, "__per_cpu_start");

	section(v, TEXT, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, text, NULL,
		linked(v->mk, r[FK_RODATA].base) - text);
	section(v, NOTES, SHT_NOTE, SHF_ALLOC, linked(v->mk, notes),
		fk_at(v->mk->fk, notes), rodata - notes);
	section(v, RODATA, SHT_PROGBITS, SHF_ALLOC, linked(v->mk, rodata),
		fk_at(v->mk->fk, rodata), rest);
	section(v, BSS, SHT_NOBITS, SHF_ALLOC | SHF_WRITE, data, NULL,
		linked(v->mk, mk_image_end(v->mk)) - data);
	section(v, PERCPU, SHT_NOBITS, SHF_ALLOC | SHF_WRITE,
		linked(v->mk, percpu), NULL, v->mk->fk->percpu_used);
}

static void put_headers(struct vmlinux *v)
{
	Elf64_Ehdr h = irqm_elf_header(0);
	struct mk_buf strings = { 0 };
	unsigned int i;

	for (i = 0; i < NR_SECTIONS; i++) {
		v->sections[i].sh_name = strings.len;
		mk_put(&strings, names[i], strlen(names[i]) + 1);
	}
	i = v->sections[SHSTRTAB].sh_name;
	section(v, SHSTRTAB, SHT_STRTAB, 0, 0, strings.data, strings.len);
	v->sections[SHSTRTAB].sh_name = i;
	free(strings.data);
	h.e_type = ET_EXEC;
	h.e_phoff = 0;
	h.e_shoff = (v->end + 7) & ~7ULL;
	h.e_shentsize = sizeof(Elf64_Shdr);
	h.e_shnum = NR_SECTIONS;
	h.e_shstrndx = SHSTRTAB;
	if (!v->error)
		v->error = kd_pwrite(v->fd, v->sections, sizeof(v->sections),
				     h.e_shoff);
	if (!v->error)
		v->error = kd_pwrite(v->fd, &h, sizeof(h), 0);
}

int mk_write_vmlinux(struct mk *mk, const struct text *types, const char *path,
		     struct irqm_error *err)
{
	struct vmlinux v = { .mk = mk, .end = sizeof(Elf64_Ehdr) };
	struct mk_buf btf = { 0 };

	v.fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (v.fd < 0) {
		irqm_error_set(err, "%s: %s", path, strerror(errno));
		return -1;
	}
	mk_btf(types, &btf);
	put_image(&v);
	section(&v, BTF, SHT_PROGBITS, 0, 0, btf.data, btf.len);
	put_symbols(&v);
	put_headers(&v);
	free(btf.data);
	if (close(v.fd) != 0 && !v.error)
		v.error = errno;
	if (!v.error)
		return 0;
	irqm_error_set(err, "%s: %s", path, strerror(v.error));
	return -1;
}
