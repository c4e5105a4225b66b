/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target/vmlinux/vmlinux.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "layout/btf.h"
#include "target/vmcoreinfo.h"
#include "target/vmlinux/elf_file.h"

/* __NEW_UTS_LEN, and its end. */
#define RELEASE_SIZE 65

struct place {
	uint64_t value;
	uint32_t sym;
};

struct irqm_vmlinux {
	struct irqm_elf_file file;
	const Elf64_Sym *sym;  /* in the mapped file */
	uint32_t nr;
	const char *names;
	size_t names_size;     /* the last byte is 0 */
	uint64_t text, end;    /* of the kernel image as it was linked */
	uint64_t offset;       /* KERNELOFFSET */
	char release[RELEASE_SIZE]; /* "" if the file does not say */

	uint32_t *slot;        /* names' hash: symbol + 1; 0: empty */
	uint32_t mask;
	struct place *place;   /* sorted by value */
	uint32_t nr_places;
};

/* What the dump says about its kernel. */
struct dump {
	const char *vmcoreinfo;
	char release[RELEASE_SIZE];
	char build_id[IRQM_BUILD_ID_HEX];
	uint64_t stext, offset;
};

static const char *name_of(const struct irqm_vmlinux *v, uint32_t i)
{
	uint32_t at = v->sym[i].st_name;

	return at < v->names_size ? v->names + at : "";
}

/* Is it a name for something in the kernel, and not for a file? */
static bool is_named(const struct irqm_vmlinux *v, uint32_t i)
{
	unsigned int type = ELF64_ST_TYPE(v->sym[i].st_info);

	return v->sym[i].st_shndx != SHN_UNDEF && type != STT_SECTION &&
	       type != STT_FILE && name_of(v, i)[0];
}

/*
 * What lies outside of the image does not move: constants, and the per-CPU
 * variables that are offsets before 6.15. From 9d7de2aa8b41
 * ("x86/percpu/64: Use relative percpu offsets") on these are addresses in
 * the image like all others, and move.
 */
static uint64_t relocated(const struct irqm_vmlinux *v, uint64_t value)
{
	return value >= v->text && value <= v->end ? value + v->offset : value;
}

static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261U;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619U;
	return h ^ h >> 15;
}

/* Of two symbols with one name: a global one, else the lower, the first. */
static bool is_better(const struct irqm_vmlinux *v, uint32_t a, uint32_t b)
{
	bool local_a = ELF64_ST_BIND(v->sym[a].st_info) == STB_LOCAL;
	bool local_b = ELF64_ST_BIND(v->sym[b].st_info) == STB_LOCAL;

	if (local_a != local_b)
		return local_b;
	return v->sym[a].st_value < v->sym[b].st_value;
}

/* Where a name is in the hash, or is to go. */
static uint32_t *slot_of(struct irqm_vmlinux *v, const char *name)
{
	uint32_t h = hash(name) & v->mask;

	while (v->slot[h] && strcmp(name_of(v, v->slot[h] - 1), name) != 0)
		h = (h + 1) & v->mask;
	return &v->slot[h];
}

static bool index_names(struct irqm_vmlinux *v)
{
	uint32_t i, size = 1, *slot;

	if (v->slot)
		return true;
	while (size < 2 * v->nr)
		size *= 2;
	v->slot = calloc(size, sizeof(*v->slot));
	if (!v->slot)
		return false;
	v->mask = size - 1;
	for (i = 0; i < v->nr; i++) {
		if (!is_named(v, i))
			continue;
		slot = slot_of(v, name_of(v, i));
		if (!*slot || is_better(v, i, *slot - 1))
			*slot = i + 1;
	}
	return true;
}

/* The symbol so named, as it was linked. */
static const Elf64_Sym *find(struct irqm_vmlinux *v, const char *name)
{
	uint32_t *slot;

	if (!index_names(v))
		return NULL;
	slot = slot_of(v, name);
	return *slot ? &v->sym[*slot - 1] : NULL;
}

/* __sched_text_start and the like: the function that is there says more. */
static bool is_marker(const char *name)
{
	static const char end[] = "_text_start";
	size_t len = strlen(name);

	return len >= sizeof(end) - 1 &&
	       strcmp(name + len - (sizeof(end) - 1), end) == 0;
}

/* Of several names for one address crash takes the first by the alphabet. */
static int by_value(const void *a, const void *b, void *vmlinux)
{
	const struct irqm_vmlinux *v = vmlinux;
	const struct place *x = a, *y = b;
	const char *name_x, *name_y;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	name_x = name_of(v, x->sym);
	name_y = name_of(v, y->sym);
	if (is_marker(name_x) != is_marker(name_y))
		return is_marker(name_x) ? 1 : -1;
	return strcmp(name_x, name_y);
}

static bool index_places(struct irqm_vmlinux *v)
{
	uint32_t i;

	if (v->place)
		return true;
	v->place = malloc(((size_t)v->nr + 1) * sizeof(*v->place));
	if (!v->place)
		return false;
	for (i = 0; i < v->nr; i++) {
		uint64_t value = v->sym[i].st_value;

		if (value < v->text || value >= v->end || !is_named(v, i))
			continue;
		v->place[v->nr_places++] = (struct place){ value, i };
	}
	qsort_r(v->place, v->nr_places, sizeof(*v->place), by_value, v);
	return true;
}

bool irqm_vmlinux_symbol(struct irqm_vmlinux *v, const char *name,
			 uint64_t *ret_value)
{
	const Elf64_Sym *sym = find(v, name);

	if (sym)
		*ret_value = relocated(v, sym->st_value);
	return sym != NULL;
}

bool irqm_vmlinux_at(struct irqm_vmlinux *v, uint64_t addr, char *name,
		     size_t size, uint64_t *ret_offset)
{
	uint32_t low = 0, high, mid;

	addr -= v->offset;
	if (addr < v->text || addr >= v->end || !index_places(v))
		return false;
	/* the first place above addr ... */
	for (high = v->nr_places; low < high;) {
		mid = low + (high - low) / 2;
		if (v->place[mid].value <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return false;
	/* ... and the first of those that share the one before it */
	for (low--; low && v->place[low - 1].value == v->place[low].value;)
		low--;
	snprintf(name, size, "%s", name_of(v, v->place[low].sym));
	*ret_offset = addr - v->place[low].value;
	return true;
}

static Elf_Scn *symbol_table(const struct irqm_vmlinux *v, GElf_Shdr *sh)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(v->file.elf, scn)) != NULL) {
		if (gelf_getshdr(scn, sh) && sh->sh_type == SHT_SYMTAB)
			return scn;
	}
	return NULL;
}

/* Ends where the last section ends that is loaded. */
static void find_end(struct irqm_vmlinux *v)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	uint64_t end;

	while ((scn = elf_nextscn(v->file.elf, scn)) != NULL) {
		if (!gelf_getshdr(scn, &sh) || !(sh.sh_flags & SHF_ALLOC) ||
		    sh.sh_addr < v->text ||
		    __builtin_add_overflow(sh.sh_addr, sh.sh_size, &end))
			continue;
		if (end > v->end)
			v->end = end;
	}
}

static int read_symbols(struct irqm_vmlinux *v, struct irqm_error *err)
{
	const Elf64_Sym *stext, *text;
	Elf_Data *syms, *names;
	GElf_Shdr sh;
	Elf_Scn *scn = symbol_table(v, &sh);

	if (!scn) {
		irqm_error_set(err, "no symbols in it: a stripped vmlinux? "
			       "install the kernel's debug package");
		return -1;
	}
	syms = elf_getdata(scn, NULL);
	scn = elf_getscn(v->file.elf, sh.sh_link);
	names = scn ? elf_getdata(scn, NULL) : NULL;
	if (!syms || !syms->d_buf || syms->d_type != ELF_T_SYM || !names ||
	    !names->d_buf || !names->d_size ||
	    ((const char *)names->d_buf)[names->d_size - 1] != '\0' ||
	    syms->d_size / sizeof(*v->sym) > UINT32_MAX / 4) {
		irqm_error_set(err, "its symbol table is damaged: is the file "
			       "complete?");
		return -1;
	}
	v->sym = syms->d_buf;
	v->nr = syms->d_size / sizeof(*v->sym);
	v->names = names->d_buf;
	v->names_size = names->d_size;
	stext = find(v, "_stext");
	if (!stext) {
		irqm_error_set(err, "no symbol _stext in it: not a kernel");
		return -1;
	}
	text = find(v, "_text");
	v->text = text && text->st_value < stext->st_value ?
		text->st_value : stext->st_value;
	find_end(v);
	return 0;
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
	const Elf64_Sym *banner = find(v, "linux_banner");
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
	irqm_elf_hex(own, f->note + 4, f->id_size);
	return strcasecmp(own, hex) == 0;
}

static bool is_in_image(const struct irqm_vmlinux *v, uint64_t linked)
{
	return linked >= v->text && linked < v->end;
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
	sym = find(v, copy);
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
		irqm_elf_hex(id, v->file.note + IRQM_BUILD_ID_HEADER,
			     v->file.id_size);
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
	const Elf64_Sym *stext = find(v, "_stext");

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
	    read_dump(&d, vmcoreinfo, err) < 0 || read_symbols(v, err) < 0) {
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
	irqm_elf_close(&v->file);
	free(v->slot);
	free(v->place);
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
