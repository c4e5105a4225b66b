/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target/vmlinux/vmlinux.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "layout/btf.h"
#include "target/vmcoreinfo.h"
#include "target/vmlinux/elf_file.h"
#include "target/vmlinux/elf_symbols.h"

/* __NEW_UTS_LEN, and its end. */
#define RELEASE_SIZE 65

struct irqm_vmlinux {
	struct irqm_elf_file file;
	struct irqm_elf_symbols symbols;
	uint64_t offset;       /* KERNELOFFSET */
	char release[RELEASE_SIZE]; /* "" if the file does not say */
};

/* What the dump says about its kernel. */
struct dump {
	const char *vmcoreinfo;
	char release[RELEASE_SIZE];
	char build_id[IRQM_BUILD_ID_HEX];
	uint64_t stext, offset;
};

/*
 * What lies outside of the image does not move: constants, and the per-CPU
 * variables that are offsets before 6.15. From 9d7de2aa8b41
 * ("x86/percpu/64: Use relative percpu offsets") on these are addresses in
 * the image like all others, and move.
 */
static uint64_t relocated(const struct irqm_vmlinux *v, uint64_t value)
{
	const struct irqm_elf_symbols *s = &v->symbols;

	return value >= s->text && value <= s->end ? value + v->offset : value;
}

bool irqm_vmlinux_symbol(struct irqm_vmlinux *v, const char *name,
			 uint64_t *ret_value)
{
	const Elf64_Sym *sym = irqm_elf_symbol(&v->symbols, name);

	if (sym)
		*ret_value = relocated(v, sym->st_value);
	return sym != NULL;
}

bool irqm_vmlinux_at(struct irqm_vmlinux *v, uint64_t addr, char *name,
		     size_t size, uint64_t *ret_offset)
{
	return irqm_elf_symbol_at(&v->symbols, addr - v->offset, name, size,
				  ret_offset);
}

/* The bytes at an address of the image, if the file has them. */
static const char *bytes_at(const struct irqm_vmlinux *v, uint64_t addr,
			    size_t *ret_size)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	Elf_Data *d;

	while ((scn = elf_nextscn(v->file.elf, scn)) != NULL) {
		if (!gelf_getshdr(scn, &sh) || !(sh.sh_flags & SHF_ALLOC) ||
		    sh.sh_type == SHT_NOBITS || addr < sh.sh_addr ||
		    addr - sh.sh_addr >= sh.sh_size)
			continue;
		d = elf_rawdata(scn, NULL);
		if (!d || !d->d_buf || d->d_size <= addr - sh.sh_addr)
			return NULL;
		*ret_size = d->d_size - (addr - sh.sh_addr);
		return (const char *)d->d_buf + (addr - sh.sh_addr);
	}
	return NULL;
}

/* "Linux version RELEASE (who@where) ..." */
static void read_release(struct irqm_vmlinux *v)
{
	static const char start[] = "Linux version ";
	const Elf64_Sym *banner = irqm_elf_symbol(&v->symbols, "linux_banner");
	const char *s, *end;
	size_t size;

	s = banner ? bytes_at(v, banner->st_value, &size) : NULL;
	if (!s || size < sizeof(start) ||
	    memcmp(s, start, sizeof(start) - 1) != 0)
		return;
	s += sizeof(start) - 1;
	size -= sizeof(start) - 1;
	if (size > RELEASE_SIZE)
		size = RELEASE_SIZE;
	end = memchr(s, ' ', size);
	if (end)
		memcpy(v->release, s, end - s);
}

static int read_dump(struct dump *d, const char *vmcoreinfo,
		     struct irqm_error *err)
{
	d->vmcoreinfo = vmcoreinfo;
	if (!irqm_vmcoreinfo_value(vmcoreinfo, "OSRELEASE", d->release,
				   sizeof(d->release)))
		d->release[0] = '\0';
	if (!irqm_vmcoreinfo_value(vmcoreinfo, "BUILD-ID", d->build_id,
				   sizeof(d->build_id)))
		d->build_id[0] = '\0';
	/* absent: not moved, which _stext has to bear out */
	if (!irqm_vmcoreinfo_hex(vmcoreinfo, "KERNELOFFSET", &d->offset))
		d->offset = 0;
	if (irqm_vmcoreinfo_symbol(vmcoreinfo, "_stext", &d->stext))
		return 0;
	irqm_error_set(err, "the dump's VMCOREINFO has no SYMBOL(_stext): "
		       "no vmlinux can be told to belong to it");
	return -1;
}

/*
 * A stable backport of 905415ff3ffb ("lib/buildid: harden build ID parsing
 * logic") forgot the note's header: 6.11.3-9, 6.10.14, 6.6.55-62,
 * 6.1.113-118 and some 5.15 wrote as BUILD-ID what stands 12 bytes before
 * it, sizes and name of the note and the first 8 bytes of the build-id. Those
 * bytes of the file's own note are all the same in no other build.
 */
static bool is_misread_id(const struct irqm_elf_file *f, const char *hex)
{
	char own[IRQM_BUILD_ID_HEX];

	/* 8 bytes of a build-id at least, or it would tell too little */
	if (f->id_size < 20)
		return false;
	irqm_hex(f->note + 4, f->id_size, own);
	return strcasecmp(own, hex) == 0;
}

static bool is_in_image(const struct irqm_vmlinux *v, uint64_t linked)
{
	return linked >= v->symbols.text && linked < v->symbols.end;
}

/* One line SYMBOL(name)=hex: does the file say the same? */
static bool line_agrees(struct irqm_vmlinux *v, const struct dump *d,
			const char *name, size_t len)
{
	const Elf64_Sym *sym;
	uint64_t value;
	char copy[128];

	if (len >= sizeof(copy))
		return true;
	memcpy(copy, name, len);
	copy[len] = '\0';
	if (!irqm_vmcoreinfo_symbol(d->vmcoreinfo, copy, &value) ||
	    !is_in_image(v, value - v->offset))
		return true; /* mem_section and vmemmap are what they hold */
	sym = irqm_elf_symbol(&v->symbols, copy);
	return sym && sym->st_value == value - v->offset;
}

/*
 * All of VMCOREINFO's addresses in the image. Two builds of one release agree
 * on their build-id or on this, hardly ever on this by chance.
 */
static bool symbols_agree(struct irqm_vmlinux *v, const struct dump *d)
{
	static const char start[] = "SYMBOL(";
	const char *line, *name, *end;

	for (line = d->vmcoreinfo; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, start, sizeof(start) - 1) != 0)
			continue;
		name = line + sizeof(start) - 1;
		end = name + strcspn(name, ")\n");
		if (*end == ')' && !line_agrees(v, d, name, end - name))
			return false;
	}
	return true;
}

static int refuse(const struct irqm_vmlinux *v, const struct dump *d,
		  struct irqm_error *err)
{
	char theirs[RELEASE_SIZE], ours[RELEASE_SIZE];
	char id[IRQM_BUILD_ID_HEX] = "none";

	if (v->file.id_size)
		irqm_hex(v->file.note + IRQM_BUILD_ID_HEADER,
			 v->file.id_size, id);
	irqm_escape(theirs, sizeof(theirs), d->release);
	irqm_escape(ours, sizeof(ours), v->release);
	irqm_error_set(err, "of another kernel than the dump: dump %.50s, "
		       "build-id %.40s; file %.50s, build-id %.40s",
		       theirs[0] ? theirs : "unknown",
		       d->build_id[0] ? d->build_id : "none",
		       ours[0] ? ours : "unknown", id);
	return -1;
}

/*
 * A build-id says it all. Without one, and where it was misread, the release
 * and all addresses that VMCOREINFO has must be the same.
 */
static bool is_same_build(struct irqm_vmlinux *v, const struct dump *d)
{
	bool known = d->build_id[0] && v->file.id_size;
	bool same_release = d->release[0] &&
			    strcmp(d->release, v->release) == 0;

	if (known && irqm_elf_is_build_id(&v->file, d->build_id))
		return true;
	if (known)
		/* the release only if the file has it: not in a debug file */
		return is_misread_id(&v->file, d->build_id) &&
		       (same_release || !v->release[0]) &&
		       symbols_agree(v, d);
	return same_release && symbols_agree(v, d);
}

static int check(struct irqm_vmlinux *v, const struct dump *d,
		 struct irqm_error *err)
{
	const Elf64_Sym *stext = irqm_elf_symbol(&v->symbols, "_stext");

	v->offset = d->offset;
	if (!is_same_build(v, d))
		return refuse(v, d, err);
	if (stext && stext->st_value + d->offset == d->stext)
		return 0;
	irqm_error_set(err, "its _stext moved by KERNELOFFSET %#llx is not the "
		       "dump's %#llx: VMCOREINFO is damaged, or the file is",
		       (unsigned long long)d->offset,
		       (unsigned long long)d->stext);
	return -1;
}

int irqm_vmlinux_open(const char *path, const char *vmcoreinfo,
		      struct irqm_vmlinux **ret, struct irqm_error *err)
{
	struct irqm_vmlinux *v = calloc(1, sizeof(*v));
	struct dump d;

	*ret = NULL;
	if (!v) {
		irqm_error_set(err, "out of memory");
		return -1;
	}
	if (irqm_elf_open(&v->file, path, err) < 0 ||
	    read_dump(&d, vmcoreinfo, err) < 0 ||
	    irqm_elf_symbols_open(&v->symbols, v->file.elf, err) < 0) {
		irqm_vmlinux_close(v);
		return -1;
	}
	read_release(v);
	if (check(v, &d, err) < 0) {
		irqm_vmlinux_close(v);
		return -1;
	}
	*ret = v;
	return 0;
}

void irqm_vmlinux_close(struct irqm_vmlinux *v)
{
	if (!v)
		return;
	irqm_elf_symbols_close(&v->symbols);
	irqm_elf_close(&v->file);
	free(v);
}

int irqm_elf_layout(const struct irqm_elf_file *f, struct irqm_layout *l,
		    const char **ret_types, struct irqm_error *err)
{
	Elf_Scn *scn = irqm_elf_section(f, ".BTF");
	Elf_Data *d;

	if (!scn || irqm_elf_section(f, ".debug_info")) {
		*ret_types = "dwarf";
		if (irqm_layout_from_dwarf(l, f->fd, err) == 0)
			return 0;
	}
	d = scn ? elf_rawdata(scn, NULL) : NULL;
	if (!d || !d->d_buf)
		return -1; /* err is DWARF's */
	*ret_types = "btf";
	return irqm_layout_from_btf(l, d->d_buf, d->d_size, err);
}

int irqm_vmlinux_layout(struct irqm_vmlinux *v, struct irqm_layout *l,
			const char **ret_types, struct irqm_error *err)
{
	return irqm_elf_layout(&v->file, l, ret_types, err);
}
