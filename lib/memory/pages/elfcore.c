/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/pages/elfcore.h"

#include "memory/input/foreign.h"
#include "memory/input/frames.h"
#include "memory/pages/cache.h"
#include "memory/pages/pages.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

/* makedumpfile -E makes a segment for each run of pages that it includes. */
#define SEGMENTS_MAX (1U << 20)

struct segment {
	uint64_t paddr, size, offset; /* of the part that is in the file */
};

struct irqm_elfcore {
	const struct irqm_input *in;
	struct segment *segments; /* sorted by paddr */
	size_t nr;
	uint64_t memory_end; /* includes memory that is not in the file */
	struct irqm_notes notes;
	/* NULL until pages are expected to be read: those of a running machine
	 * never are, because they change. */
	struct irqm_page_cache *cache;
	/* page that stored() returned last */
	unsigned char page[IRQM_PAGE_SIZE];
};

static const char *machine_name(unsigned int machine)
{
	switch (machine) {
	case EM_386:
		return "32-bit x86";
	case EM_AARCH64:
		return "arm64";
	case EM_ARM:
		return "32-bit Arm";
	case EM_PPC64:
		return "ppc64";
	case EM_S390:
		return "s390x";
	case EM_RISCV:
		return "RISC-V";
	default:
		return "another architecture";
	}
}

static int check_header(const struct irqm_input *in, const Elf64_Ehdr *eh,
			struct irqm_error *err)
{
	if (eh->e_ident[EI_DATA] != ELFDATA2LSB || eh->e_machine != EM_X86_64) {
		irqm_error_set(err,
			       "%s: ELF of %s; irqmatrix reads dumps of "
			       "x86-64 only",
			       in->name,
			       eh->e_ident[EI_DATA] == ELFDATA2LSB ?
				       machine_name(eh->e_machine) :
				       "a big-endian machine");
		return -1;
	}
	if (eh->e_type != ET_CORE) {
		irqm_error_set(err,
			       "%s: an ELF program or object, not a dump; "
			       "name the vmcore",
			       in->name);
		return -1;
	}
	if (eh->e_ident[EI_CLASS] != ELFCLASS64 ||
	    eh->e_phentsize != sizeof(Elf64_Phdr)) {
		irqm_error_set(err,
			       "%s: an ELF core with 32-bit or unknown "
			       "program headers; copy /proc/vmcore as ELF64",
			       in->name);
		return -1;
	}
	return 0;
}

/* Returns the number of program headers, which does not fit in the ELF header
 * from 65535 on. */
static int count_headers(const struct irqm_input *in, const Elf64_Ehdr *eh,
			 size_t *ret, struct irqm_error *err)
{
	Elf64_Shdr sh;

	*ret = eh->e_phnum;
	if (eh->e_phnum == PN_XNUM) {
		if (irqm_input_read(in, eh->e_shoff, &sh, sizeof(sh)))
			goto cut;
		*ret = sh.sh_info;
		if (*ret < PN_XNUM)
			goto cut;
	}
	if (*ret > SEGMENTS_MAX) {
		irqm_error_set(err,
			       "%s: %zu program headers, too many for a "
			       "dump",
			       in->name, *ret);
		return -1;
	}
	return 0;
cut:
	irqm_error_set(err,
		       "%s: truncated: only the ELF header of a dump, "
		       "without its program headers; copy the dump "
		       "again",
		       in->name);
	return -1;
}

static void add_segment(struct irqm_elfcore *e, const Elf64_Phdr *ph)
{
	struct segment *s = &e->segments[e->nr];
	uint64_t end;

	if (!__builtin_add_overflow(ph->p_paddr, ph->p_memsz, &end) &&
	    end > e->memory_end)
		e->memory_end = end;
	s->paddr = ph->p_paddr;
	s->size = ph->p_filesz < ph->p_memsz ? ph->p_filesz : ph->p_memsz;
	s->offset = ph->p_offset;
	/* skip a segment that wraps around */
	if (s->size > 0 && !__builtin_add_overflow(s->paddr, s->size, &end) &&
	    !__builtin_add_overflow(s->offset, s->size, &end))
		e->nr++;
}

static int by_paddr(const void *a, const void *b)
{
	const struct segment *l = a, *r = b;

	return l->paddr < r->paddr ? -1 : l->paddr > r->paddr;
}

/* /proc/vmcore has the kernel's text twice: as a segment of its own, and within
 * its RAM. A search must see each byte once. */
static void remove_overlaps(struct irqm_elfcore *e)
{
	uint64_t covered = 0, cut;
	struct segment *s;
	size_t i, kept = 0;

	for (i = 0; i < e->nr; i++) {
		s = &e->segments[kept];
		*s = e->segments[i];
		cut = s->paddr < covered ? covered - s->paddr : 0;
		if (cut >= s->size)
			continue;
		s->paddr += cut;
		s->offset += cut;
		s->size -= cut;
		covered = s->paddr + s->size;
		kept++;
	}
	e->nr = kept;
}

/* Returns 0, or -1 if out of memory. */
static int take_header(struct irqm_elfcore *e, const Elf64_Phdr *ph)
{
	if (ph->p_type == PT_LOAD)
		add_segment(e, ph);
	if (ph->p_type == PT_NOTE)
		return irqm_notes_read(&e->notes, e->in, ph->p_offset,
				       ph->p_filesz);
	return 0;
}

/* Headers to read at once: a page of them. */
#define HEADERS 73

/* Reads nr headers, at most HEADERS; if that fails, those that can be read. */
static int take_headers(struct irqm_elfcore *e, uint64_t offset, size_t nr)
{
	Elf64_Phdr ph[HEADERS];
	bool whole;
	size_t i;

	whole = irqm_input_read(e->in, offset, ph, nr * sizeof(*ph)) == IRQM_OK;
	for (i = 0; i < nr; i++) {
		if (!whole && irqm_input_read(e->in, offset + i * sizeof(*ph),
					      &ph[i], sizeof(*ph)))
			continue;
		if (take_header(e, &ph[i]) < 0)
			return -1;
	}
	return 0;
}

static int read_headers(struct irqm_elfcore *e, uint64_t offset, size_t nr,
			struct irqm_error *err)
{
	size_t i, part;

	if (offset > e->in->size ||
	    nr * sizeof(Elf64_Phdr) > e->in->size - offset) {
		irqm_error_set(err,
			       "%s: truncated within its program "
			       "headers; copy the dump again",
			       e->in->name);
		return -1;
	}
	e->segments = calloc(nr + 1, sizeof(*e->segments));
	if (!e->segments)
		goto nomem;
	for (i = 0; i < nr; i += part) {
		part = nr - i < HEADERS ? nr - i : HEADERS;
		if (take_headers(e, offset + i * sizeof(Elf64_Phdr), part) < 0)
			goto nomem;
	}
	qsort(e->segments, e->nr, sizeof(*e->segments), by_paddr);
	remove_overlaps(e);
	return 0;
nomem:
	irqm_error_set(err, "%s: out of memory", e->in->name);
	irqm_error_is(err, IRQM_ERROR_MEMORY);
	return -1;
}

/* Sets err to what an ELF core without memory is. */
static void refuse_empty(const struct irqm_input *in, const Elf64_Ehdr *eh,
			 struct irqm_error *err)
{
	const char *format = eh->e_shnum ? irqm_foreign_elf(in) : NULL;

	if (format)
		irqm_error_set(err, "%s: irqmatrix cannot read this file, %s",
			       in->name, format);
	else
		irqm_error_set(err,
			       "%s: an ELF core without any memory; copy "
			       "the dump again",
			       in->name);
}

int irqm_elfcore_open(const struct irqm_input *in, struct irqm_elfcore **ret,
		      struct irqm_error *err)
{
	struct irqm_elfcore *e;
	Elf64_Ehdr eh;
	size_t nr;

	if (irqm_input_read(in, 0, &eh, sizeof(eh))) {
		irqm_error_set(err,
			       "%s: truncated within its ELF header; copy "
			       "the dump again",
			       in->name);
		return -1;
	}
	if (check_header(in, &eh, err) < 0) {
		irqm_error_is(err, IRQM_ERROR_FORMAT);
		return -1;
	}
	if (count_headers(in, &eh, &nr, err) < 0)
		return -1;
	e = calloc(1, sizeof(*e));
	if (!e) {
		irqm_error_set(err, "%s: out of memory", in->name);
		irqm_error_is(err, IRQM_ERROR_MEMORY);
		return -1;
	}
	e->in = in;
	if (read_headers(e, eh.e_phoff, nr, err) < 0)
		goto fail;
	if (e->notes.has_auxv && !e->notes.vmcoreinfo) {
		irqm_error_set(err,
			       "%s: the core of a process, not of a "
			       "kernel; name the vmcore",
			       in->name);
		irqm_error_is(err, IRQM_ERROR_FORMAT);
		goto fail;
	}
	if (e->nr == 0) {
		refuse_empty(in, &eh, err);
		goto fail;
	}
	*ret = e;
	return 0;
fail:
	irqm_elfcore_close(e);
	return -1;
}

void irqm_elfcore_close(struct irqm_elfcore *e)
{
	if (!e)
		return;
	free(e->segments);
	irqm_notes_deinit(&e->notes);
	irqm_page_cache_free(e->cache);
	free(e);
}

const struct irqm_notes *irqm_elfcore_notes(const struct irqm_elfcore *e)
{
	return &e->notes;
}

/* Returns the last segment that begins at or before paddr. */
static const struct segment *find_segment(const struct irqm_elfcore *e,
					  uint64_t paddr)
{
	size_t low = 0, high = e->nr, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (e->segments[mid].paddr <= paddr)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &e->segments[low - 1] : NULL;
}

/* Finds where the whole page is in the file. */
static bool find_whole_page(const struct irqm_elfcore *e, uint64_t paddr,
			    uint64_t *ret_offset)
{
	const struct segment *s = find_segment(e, paddr);
	uint64_t into;

	if (!s)
		return false;
	into = paddr - s->paddr;
	*ret_offset = s->offset + into;
	return into < s->size && s->size - into >= IRQM_PAGE_SIZE;
}

/* Returns the page in the cache, after getting it there, or NULL. */
static const unsigned char *get_page(struct irqm_elfcore *e, uint64_t paddr)
{
	uint64_t pfn = paddr >> IRQM_PAGE_SHIFT, offset;
	const unsigned char *page;
	unsigned char *room;

	if (!e->cache)
		return NULL;
	page = irqm_page_cache_find(e->cache, pfn);
	if (page || !find_whole_page(e, pfn << IRQM_PAGE_SHIFT, &offset))
		return page;
	irqm_page_cache_begin(e->cache);
	room = irqm_page_cache_room(e->cache, pfn);
	if (irqm_input_read(e->in, offset, room, IRQM_PAGE_SIZE))
		return NULL;
	irqm_page_cache_keep(e->cache, pfn, room);
	return room;
}

/* Copies bytes up to the end of the page or the segment. */
static enum irqm_why read_part(struct irqm_elfcore *e, uint64_t paddr,
			       void *buf, size_t len, size_t *ret_len)
{
	size_t into = paddr % IRQM_PAGE_SIZE;
	const unsigned char *page;
	const struct segment *s;

	/* large ranges are read once */
	page = len < IRQM_PAGE_SIZE ? get_page(e, paddr) : NULL;
	if (page) {
		*ret_len = len < IRQM_PAGE_SIZE - into ? len :
							 IRQM_PAGE_SIZE - into;
		memcpy(buf, page + into, *ret_len);
		return IRQM_OK;
	}
	s = find_segment(e, paddr);
	if (!s || paddr - s->paddr >= s->size)
		return IRQM_EXCLUDED;
	*ret_len = s->size - (paddr - s->paddr);
	if (*ret_len > len)
		*ret_len = len;
	return irqm_input_read(e->in, s->offset + (paddr - s->paddr), buf,
			       *ret_len);
}

enum irqm_why irqm_elfcore_read(void *ctx, uint64_t paddr, void *buf,
				size_t len)
{
	enum irqm_why why;
	size_t part;

	while (len > 0) {
		why = read_part(ctx, paddr, buf, len, &part);
		if (why != IRQM_OK)
			return why;
		buf = (char *)buf + part;
		paddr += part;
		len -= part;
	}
	return IRQM_OK;
}

static void advise_file(const struct irqm_elfcore *e, const uint64_t paddrs[],
			size_t nr)
{
	uint64_t offset, start = 0, end = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!find_whole_page(e, paddrs[i], &offset))
			continue;
		if (offset != end) {
			if (end)
				irqm_input_expect(e->in, start, end - start);
			start = offset;
		}
		end = offset + IRQM_PAGE_SIZE;
	}
	if (end)
		irqm_input_expect(e->in, start, end - start);
}

static void cache_pages(struct irqm_elfcore *e, const uint64_t paddrs[],
			size_t nr)
{
	unsigned char *room;
	uint64_t pfn, offset;
	size_t i;

	irqm_page_cache_begin(e->cache);
	for (i = 0; i < nr; i++) {
		pfn = paddrs[i] >> IRQM_PAGE_SHIFT;
		if (irqm_page_cache_find(e->cache, pfn) ||
		    !find_whole_page(e, paddrs[i], &offset))
			continue;
		room = irqm_page_cache_room(e->cache, pfn);
		if (room && irqm_input_read(e->in, offset, room,
					    IRQM_PAGE_SIZE) == IRQM_OK)
			irqm_page_cache_keep(e->cache, pfn, room);
	}
}

void irqm_elfcore_expect(void *ctx, const uint64_t paddrs[], size_t nr,
			 enum irqm_page_use use)
{
	struct irqm_elfcore *e = ctx;

	if (!e->cache && use == IRQM_PAGE_READ)
		e->cache = irqm_page_cache_new();
	advise_file(e, paddrs, nr);
	if (e->cache && use == IRQM_PAGE_READ)
		cache_pages(e, paddrs, nr);
}

enum irqm_why irqm_elfcore_why(const struct irqm_elfcore *e, uint64_t paddr,
			       size_t len)
{
	const struct segment *s = find_segment(e, paddr);
	uint64_t into = s ? paddr - s->paddr : 0, end;

	if (!s || into >= s->size)
		return paddr < e->memory_end ? IRQM_EXCLUDED : IRQM_UNMAPPED;
	if (len > s->size - into)
		return IRQM_EXCLUDED;
	if (__builtin_add_overflow(s->offset + into, len, &end) ||
	    end > e->in->size)
		return IRQM_TRUNCATED;
	return IRQM_OK;
}

/* Returns true if a part of the page at paddr is in the file, so that
 * find_segment() finds its segment. */
static bool has_part_of(const struct irqm_elfcore *e, uint64_t paddr)
{
	const struct segment *s = find_segment(e, paddr + IRQM_PAGE_SIZE - 1);

	return s && (s->paddr >= paddr || paddr - s->paddr < s->size);
}

/* Returns true if a frame of whole pages begins at paddr, all of it in one
 * segment. */
static bool find_frame(const struct irqm_elfcore *e, uint64_t paddr,
		       struct irqm_stored *ret)
{
	const struct segment *s = find_segment(e, paddr);
	uint64_t into = s ? paddr - s->paddr : 0;

	ret->is_frame = e->in->frames && s && into < s->size &&
			irqm_frames_packed(e->in->frames, s->offset + into,
					   &ret->data, &ret->size, &ret->len) &&
			ret->len % IRQM_PAGE_SIZE == 0 &&
			ret->len <= s->size - into;
	return ret->is_frame;
}

enum irqm_why irqm_elfcore_stored(void *ctx, uint64_t paddr,
				  struct irqm_stored *ret)
{
	struct irqm_elfcore *e = ctx;
	enum irqm_why why;

	paddr &= ~(uint64_t)(IRQM_PAGE_SIZE - 1);
	ret->packing = 0;
	if (find_frame(e, paddr, ret))
		return IRQM_OK;
	why = irqm_elfcore_read(e, paddr, e->page, sizeof(e->page));
	ret->data = e->page;
	ret->size = ret->len = sizeof(e->page);
	if (why == IRQM_EXCLUDED && has_part_of(e, paddr))
		return IRQM_INVALID;
	return why;
}

uint64_t irqm_elfcore_end(const struct irqm_elfcore *e)
{
	return e->nr ? e->segments[e->nr - 1].paddr +
			       e->segments[e->nr - 1].size :
		       0;
}

/*
 * Finds pages of a segment from paddr on that are not holes. The segment may
 * have only part of its first and last page; the next one may have the rest.
 */
static bool segment_run(const struct irqm_elfcore *e, const struct segment *s,
			uint64_t paddr, uint64_t *ret_start, uint64_t *ret_end)
{
	const uint64_t mask = IRQM_PAGE_SIZE - 1;
	uint64_t end = s->paddr + s->size, from, at;

	if (end > UINT64_MAX - mask || paddr >= ((end + mask) & ~mask))
		return false;
	from = paddr > s->paddr ? paddr : s->paddr;
	at = from - s->paddr + s->offset;
	if (!irqm_input_data(e->in, &at, s->offset + s->size, &end))
		return false;
	*ret_start = (at - s->offset + s->paddr) & ~mask;
	*ret_end = (end - s->offset + s->paddr + mask) & ~mask;
	return true;
}

bool irqm_elfcore_next(void *ctx, uint64_t paddr, uint64_t *ret_start,
		       uint64_t *ret_end)
{
	const struct irqm_elfcore *e = ctx;
	const struct segment *s = find_segment(e, paddr);

	for (s = s ? s : e->segments; s < e->segments + e->nr; s++)
		if (segment_run(e, s, paddr, ret_start, ret_end))
			return true;
	return false;
}
