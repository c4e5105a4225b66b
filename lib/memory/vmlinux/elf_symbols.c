/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/vmlinux/elf_symbols.h"

#include "memory/variables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The kernel's KSYM_NAME_LEN: scripts/kallsyms refuses longer names. */
#define NAME_LEN_MAX 512U
/* Limit on steps for each symbol, and for each byte of the names. Symbols share
 * bytes only if one name ends in another. */
#define STEPS_PER_SYMBOL 128ULL
#define STEPS_PER_BYTE 4ULL

struct irqm_elf_place {
	uint64_t value;
	uint32_t sym;
};

static const char *name_of(const struct irqm_elf_symbols *s, uint32_t i)
{
	uint32_t at = s->sym[i].st_name;

	return at < s->names_size ? s->names + at : "";
}

/* Returns true if the name is not empty and not longer than the kernel
 * allows. */
static bool has_name(const struct irqm_elf_symbols *s, uint32_t i)
{
	size_t len = strnlen(name_of(s, i), NAME_LEN_MAX);

	return len && len < NAME_LEN_MAX;
}

/* Returns true for a symbol that names something in the kernel, not a source
 * file. */
static bool is_named(const struct irqm_elf_symbols *s, uint32_t i)
{
	unsigned int type = ELF64_ST_TYPE(s->sym[i].st_info);

	return s->sym[i].st_shndx != SHN_UNDEF && type != STT_SECTION &&
	       type != STT_FILE && has_name(s, i);
}

static uint32_t hash_name(const char *s, size_t len)
{
	uint32_t h = 2166136261U;
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619U;
	return h ^ h >> 15;
}

static bool is_changed(const struct irqm_elf_symbols *s, uint32_t i)
{
	const char *name = name_of(s, i);

	return name[irqm_source_name(name)] != '\0';
}

/* Chooses between two symbols with one name: without LTO's suffix before with
 * it, then global before local, then the lower address, then the first. */
static bool is_better(const struct irqm_elf_symbols *s, uint32_t a, uint32_t b)
{
	bool local_a = ELF64_ST_BIND(s->sym[a].st_info) == STB_LOCAL;
	bool local_b = ELF64_ST_BIND(s->sym[b].st_info) == STB_LOCAL;

	if (is_changed(s, a) != is_changed(s, b))
		return is_changed(s, b);
	if (local_a != local_b)
		return local_b;
	return s->sym[a].st_value < s->sym[b].st_value;
}

static bool spend_steps(struct irqm_elf_symbols *s, size_t steps)
{
	if (s->steps < steps)
		return false;
	s->steps -= steps;
	return true;
}

/* Finds the place of a name in the hash table. Returns NULL if no steps are
 * left. */
static uint32_t *slot_of(struct irqm_elf_symbols *s, const char *name)
{
	size_t len = irqm_source_name(name), there_len;
	uint32_t h = hash_name(name, len) & s->mask;
	const char *there;

	if (!spend_steps(s, len + 1))
		return NULL;
	for (; s->slot[h]; h = (h + 1) & s->mask) {
		there = name_of(s, s->slot[h] - 1);
		there_len = irqm_source_name(there);
		if (!spend_steps(s, there_len + 1))
			return NULL;
		if (there_len == len && memcmp(there, name, len) == 0)
			break;
	}
	return &s->slot[h];
}

static bool index_names(struct irqm_elf_symbols *s)
{
	uint32_t i, size = 1, *slot;

	if (s->slot)
		return true;
	while (size < 2 * s->nr)
		size *= 2;
	s->slot = calloc(size, sizeof(*s->slot));
	if (!s->slot)
		return false;
	s->mask = size - 1;
	s->steps = STEPS_PER_SYMBOL * s->nr + STEPS_PER_BYTE * s->names_size;
	for (i = 0; i < s->nr; i++) {
		if (!is_named(s, i))
			continue;
		slot = slot_of(s, name_of(s, i));
		if (!slot)
			goto fail;
		if (!*slot || is_better(s, i, *slot - 1))
			*slot = i + 1;
	}
	s->steps = UINT64_MAX;
	return true;
fail:
	free(s->slot);
	s->slot = NULL;
	return false;
}

const Elf64_Sym *irqm_elf_symbol(struct irqm_elf_symbols *s, const char *name)
{
	uint32_t *slot;

	if (!index_names(s))
		return NULL;
	slot = slot_of(s, name);
	return *slot ? &s->sym[*slot - 1] : NULL;
}

bool irqm_elf_is_symbol(const struct irqm_elf_symbols *s, const char *name,
			uint64_t value)
{
	uint32_t i;

	for (i = 0; i < s->nr; i++) {
		if (s->sym[i].st_value == value && is_named(s, i) &&
		    strcmp(name_of(s, i), name) == 0)
			return true;
	}
	return false;
}

const Elf64_Sym *irqm_elf_symbol_next(const struct irqm_elf_symbols *s,
				      const char *name, uint32_t *i)
{
	while (*i < s->nr) {
		uint32_t at = (*i)++;

		if (is_named(s, at) && strcmp(name_of(s, at), name) == 0)
			return &s->sym[at];
	}
	return NULL;
}

/* Returns true for markers such as __sched_text_start: the function at the same
 * address tells more. */
static bool is_marker(const char *name)
{
	static const char end[] = "_text_start";
	size_t len = strlen(name);

	return len >= sizeof(end) - 1 &&
	       strcmp(name + len - (sizeof(end) - 1), end) == 0;
}

/* If an address has several names, crash uses the first in alphabetical
 * order. */
static int by_value(const void *a, const void *b, void *symbols)
{
	const struct irqm_elf_symbols *s = symbols;
	const struct irqm_elf_place *x = a, *y = b;
	const char *name_x, *name_y;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	name_x = name_of(s, x->sym);
	name_y = name_of(s, y->sym);
	if (is_marker(name_x) != is_marker(name_y))
		return is_marker(name_x) ? 1 : -1;
	return strcmp(name_x, name_y);
}

static bool index_places(struct irqm_elf_symbols *s)
{
	uint32_t i;

	if (s->place)
		return true;
	s->place = malloc(((size_t)s->nr + 1) * sizeof(*s->place));
	if (!s->place)
		return false;
	for (i = 0; i < s->nr; i++) {
		uint64_t value = s->sym[i].st_value;

		if (value < s->text || value >= s->end || !is_named(s, i))
			continue;
		s->place[s->nr_places++] = (struct irqm_elf_place){ value, i };
	}
	qsort_r(s->place, s->nr_places, sizeof(*s->place), by_value, s);
	return true;
}

bool irqm_elf_symbol_at(struct irqm_elf_symbols *s, uint64_t addr, char *name,
			size_t size, uint64_t *ret_offset)
{
	uint32_t low = 0, high, mid;

	if (addr < s->text || addr >= s->end || !index_places(s))
		return false;
	/* find the first place above addr ... */
	for (high = s->nr_places; low < high;) {
		mid = low + (high - low) / 2;
		if (s->place[mid].value <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return false;
	/* ... and the first of those with the same value as the one
	 * before it */
	for (low--; low && s->place[low - 1].value == s->place[low].value;)
		low--;
	snprintf(name, size, "%s", name_of(s, s->place[low].sym));
	*ret_offset = addr - s->place[low].value;
	return true;
}

static Elf_Scn *symbol_table(Elf *elf, GElf_Shdr *sh)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(elf, scn)) != NULL) {
		if (gelf_getshdr(scn, sh) && sh->sh_type == SHT_SYMTAB)
			return scn;
	}
	return NULL;
}

static int read_table(struct irqm_elf_symbols *s, Elf *elf,
		      struct irqm_error *err)
{
	Elf_Data *syms, *names;
	GElf_Shdr sh;
	Elf_Scn *scn = symbol_table(elf, &sh);

	if (!scn) {
		irqm_error_set(err, "has no symbols: a stripped vmlinux? "
				    "install the kernel's debug package");
		return -1;
	}
	syms = elf_getdata(scn, NULL);
	scn = elf_getscn(elf, sh.sh_link);
	names = scn ? elf_getdata(scn, NULL) : NULL;
	if (!syms || !syms->d_buf || syms->d_type != ELF_T_SYM || !names ||
	    !names->d_buf || !names->d_size ||
	    ((const char *)names->d_buf)[names->d_size - 1] != '\0' ||
	    syms->d_size / sizeof(*s->sym) > UINT32_MAX / 4) {
		irqm_error_set(err, "its symbol table is damaged: is the file "
				    "complete?");
		return -1;
	}
	s->sym = syms->d_buf;
	s->nr = syms->d_size / sizeof(*s->sym);
	s->names = names->d_buf;
	s->names_size = names->d_size;
	return 0;
}

/* Returns the end of the last section that is loaded. */
static uint64_t image_end(Elf *elf, uint64_t text)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	uint64_t end, last = 0;

	while ((scn = elf_nextscn(elf, scn)) != NULL) {
		if (!gelf_getshdr(scn, &sh) || !(sh.sh_flags & SHF_ALLOC) ||
		    sh.sh_addr < text ||
		    __builtin_add_overflow(sh.sh_addr, sh.sh_size, &end))
			continue;
		if (end > last)
			last = end;
	}
	return last;
}

int irqm_elf_symbols_open(struct irqm_elf_symbols *s, Elf *elf,
			  struct irqm_error *err)
{
	const Elf64_Sym *stext, *text;

	if (read_table(s, elf, err) < 0)
		return -1;
	if (!index_names(s)) {
		irqm_error_set(err, "its symbol table is damaged, takes too "
				    "long to read, or does not fit in memory");
		return -1;
	}
	stext = irqm_elf_symbol(s, "_stext");
	if (!stext) {
		irqm_error_set(err, "has no symbol _stext: not a kernel");
		return -1;
	}
	text = irqm_elf_symbol(s, "_text");
	s->text = text && text->st_value < stext->st_value ? text->st_value :
							     stext->st_value;
	s->end = image_end(elf, s->text);
	return 0;
}

/* Returns the bytes at an address of the image, or NULL if the file lacks
 * them. */
static const char *bytes_at(Elf *elf, uint64_t addr, size_t *ret_size)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	Elf_Data *d;

	while ((scn = elf_nextscn(elf, scn)) != NULL) {
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

void irqm_elf_banner(struct irqm_elf_symbols *s, Elf *elf, struct irqm_build *b)
{
	const Elf64_Sym *banner = irqm_elf_symbol(s, "linux_banner");
	const char *text, *end;
	size_t size;

	text = banner ? bytes_at(elf, banner->st_value, &size) : NULL;
	end = text ? memchr(text, '\0',
			    size < sizeof(b->banner) ? size :
						       sizeof(b->banner)) :
		     NULL;
	if (!end)
		return;
	memcpy(b->banner, text, end - text);
	b->banner_at = banner->st_value;
}

void irqm_elf_symbols_close(struct irqm_elf_symbols *s)
{
	free(s->slot);
	free(s->place);
}
