/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A maker of vmlinux files, by libelf: write_elf() writes one to file, which is
 * in a directory of its own. All is the including test's, which gives setup and
 * teardown to its group.
 */
#ifndef VMLINUX_MAKER_H
#define VMLINUX_MAKER_H

#include "unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <gelf.h>
#include <unistd.h>

#include "base/base.h"

#define TEXT 0xffffffff81000000ULL
#define DATA 0xffffffff81002000ULL
#define RELEASE "6.1.0-test-amd64"
#define ID "00112233445566778899aabbccddeeff01234567"
#define OFFSET 0x10000000ULL

/* What makes one file differ from another. */
struct form {
	unsigned int machine, type; /* 0: x86-64, ET_EXEC */
	const char *release;        /* NULL: RELEASE */
	unsigned int id_byte;       /* the first of the build-id */
	uint64_t stext;             /* 0: TEXT */
	bool no_id, short_id, no_symbols, nobits, per_cpu_in_image;
};

static char dir[] = "/tmp/test_vmlinux.XXXXXX";
static char file[64];

static const char info[] = "OSRELEASE=" RELEASE "\n"
			   "BUILD-ID=" ID "\n"
			   "PAGESIZE=4096\n"
			   "SYMBOL(_stext)=ffffffff91000000\n"
			   "SYMBOL(mem_section)=ffff8cfb3edf0000\n"
			   "SYMBOL(prb)=ffffffff91002100\n"
			   "KERNELOFFSET=10000000\n";

/* The strings of symbols and of sections, as offsets into them. */
static char names[1024];
static size_t names_size;

static uint32_t name(const char *s)
{
	uint32_t at = names_size;

	strcpy(names + at, s);
	names_size += strlen(s) + 1;
	return at;
}

static size_t section(Elf *elf, const char *s, uint32_t type, uint64_t flags,
		      uint64_t addr, void *data, size_t size, Elf_Type form)
{
	Elf_Scn *scn = elf_newscn(elf);
	Elf_Data *d = elf_newdata(scn);
	GElf_Shdr sh;

	d->d_buf = type == SHT_NOBITS ? NULL : data;
	d->d_size = size;
	d->d_type = form;
	d->d_align = 8;
	gelf_getshdr(scn, &sh);
	sh.sh_name = name(s);
	sh.sh_type = type;
	sh.sh_flags = flags;
	sh.sh_addr = addr;
	if (type == SHT_SYMTAB) {
		sh.sh_entsize = sizeof(Elf64_Sym);
		sh.sh_link = elf_ndxscn(scn) + 1;
	}
	gelf_update_shdr(scn, &sh);
	return elf_ndxscn(scn);
}

static void symbol(Elf64_Sym *s, const char *n, uint64_t value, int bind,
		   int type, int shndx)
{
	*s = (Elf64_Sym){ .st_name = name(n),
			  .st_value = value,
			  .st_info = ELF64_ST_INFO(bind, type),
			  .st_shndx = shndx };
}

static void write_symbols(Elf *elf, const struct form *f, Elf64_Sym *s)
{
	uint64_t per_cpu = f->per_cpu_in_image ? DATA + 0x800 : 0;
	unsigned int n = 1;

	symbol(&s[n++], "file.c", TEXT + 0x10, STB_LOCAL, STT_FILE, SHN_ABS);
	symbol(&s[n++], "twice", DATA + 0x10, STB_LOCAL, STT_OBJECT, 3);
	symbol(&s[n++], "twice.llvm.123", DATA + 8, STB_GLOBAL, STT_OBJECT, 3);
	symbol(&s[n++], "moved.llvm.7099112751976373735", DATA + 0x30,
	       STB_GLOBAL, STT_OBJECT, 3);
	symbol(&s[n++], "not_moved.llvm.", DATA + 0x30, STB_GLOBAL, STT_OBJECT,
	       3);
	symbol(&s[n++], "second", TEXT + 0x20, STB_LOCAL, STT_FUNC, 1);
	symbol(&s[n++], "_text", TEXT, STB_GLOBAL, STT_NOTYPE, 1);
	symbol(&s[n++], "_stext", f->stext ? f->stext : TEXT, STB_GLOBAL,
	       STT_NOTYPE, 1);
	symbol(&s[n++], "alias", TEXT + 0x20, STB_GLOBAL, STT_FUNC, 1);
	symbol(&s[n++], "a_text_start", TEXT + 0x20, STB_GLOBAL, STT_FUNC, 1);
	symbol(&s[n++], "handler", TEXT + 0x40, STB_GLOBAL, STT_FUNC, 1);
	symbol(&s[n++], "twice", DATA + 0x20, STB_GLOBAL, STT_OBJECT, 3);
	symbol(&s[n++], "prb", DATA + 0x100, STB_GLOBAL, STT_OBJECT, 3);
	symbol(&s[n++], "linux_banner", DATA + 0x200, STB_GLOBAL, STT_OBJECT,
	       3);
	symbol(&s[n++], "__per_cpu_start", per_cpu, STB_GLOBAL, 0, 3);
	symbol(&s[n++], "vector_irq", per_cpu + 0x40, STB_GLOBAL, STT_OBJECT,
	       3);
	symbol(&s[n++], "minus", -16ULL, STB_LOCAL, STT_NOTYPE, SHN_ABS);
	symbol(&s[n++], "init_top_pgt", DATA + 0x1000, STB_GLOBAL, STT_OBJECT,
	       3);
	symbol(&s[n++], "_end", DATA + 0x1000, STB_GLOBAL, STT_NOTYPE, 3);
	section(elf, ".symtab", SHT_SYMTAB, 0, 0, s, n * sizeof(*s), ELF_T_SYM);
}

static void write_elf(const struct form *f)
{
	static unsigned char text[0x1000], data[0x1000], note[20 + 36];
	static const unsigned char id[20] = { 0x00, 0x11, 0x22, 0x33, 0x44,
					      0x55, 0x66, 0x77, 0x88, 0x99,
					      0xaa, 0xbb, 0xcc, 0xdd, 0xee,
					      0xff, 0x01, 0x23, 0x45, 0x67 };
	/* another note, and the build-id's */
	static const uint32_t head[] = { 4, 3,  1, 0x00554e47, 0,
					 4, 20, 3, 0x00554e47 };
	uint32_t bits = f->nobits ? SHT_NOBITS : SHT_PROGBITS;
	static Elf64_Sym syms[32];
	size_t strings;
	GElf_Ehdr eh;
	Elf *elf;
	int fd;

	names_size = 1;
	memset(syms, 0, sizeof(syms));
	memcpy(note, head, sizeof(head));
	memcpy(note + sizeof(head), id, 20);
	note[sizeof(head)] = f->id_byte;
	snprintf((char *)data + 0x200, 100, "Linux version %s (who) #1",
		 f->release ? f->release : RELEASE);
	elf_version(EV_CURRENT);
	fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	gelf_newehdr(elf, ELFCLASS64);
	section(elf, ".text", bits, SHF_ALLOC, TEXT, text, sizeof(text),
		ELF_T_BYTE);
	section(elf, ".notes", f->no_id ? SHT_PROGBITS : SHT_NOTE, SHF_ALLOC,
		TEXT + 0x1000, note,
		f->no_id    ? 19 :
		f->short_id ? 55 :
			      sizeof(note),
		ELF_T_BYTE);
	section(elf, ".rodata", bits, SHF_ALLOC, DATA, data, sizeof(data),
		ELF_T_BYTE);
	if (!f->no_symbols)
		write_symbols(elf, f, syms);
	/* last: its own name is in it */
	strings = section(elf, ".strtab", SHT_STRTAB, 0, 0, names, 1024,
			  ELF_T_BYTE);
	gelf_getehdr(elf, &eh);
	eh.e_machine = f->machine ? f->machine : EM_X86_64;
	eh.e_type = f->type ? f->type : ET_EXEC;
	eh.e_ident[EI_DATA] = ELFDATA2LSB;
	eh.e_shstrndx = strings;
	gelf_update_ehdr(elf, &eh);
	assert_true(elf_update(elf, ELF_C_WRITE) > 0);
	elf_end(elf);
	close(fd);
}

static struct irqm_error err;

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(file, sizeof(file), "%s/vmlinux", dir);
	return 0;
}

static int forget(const char *path, const struct stat *st, int type,
		  struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int teardown(void **state)
{
	(void)state;
	return nftw(dir, forget, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
