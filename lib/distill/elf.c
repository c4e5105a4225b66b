/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "distill/elf.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "distill/elf_header.h"
#include "memory/pages/notes.h"

/*
 * The most pages of a frame: a lookup in a table needs a few of its pages, but
 * matches across frames are lost. The rest is read nearly whole.
 */
#define SEARCHED_PAGES 32
#define PARSED_PAGES 256
#define REST_PAGES 16384
/* Fewer pages of a table get no frame of their own. */
#define TABLE_LEAST 16

/* What pages hold, and so, which frames they are in. */
enum kind {
	REST,
	SEARCHED,
	PARSED,
	NR_KINDS
};

/* A run of consecutive pages, by page number. */
struct run {
	uint64_t first, nr;
};

/* A frame of the packed file: this many pages, in the order of the file. */
struct frame {
	uint64_t nr;
	enum kind kind;
};

/* The layout of the file before the pages. */
struct shape {
	struct run *runs;
	size_t nr_runs;
	uint64_t nr_pages;
	struct frame *frames; /* the first one also holds what precedes */
	size_t nr_frames, room;
	uint64_t note, note_size; /* offset and size of the notes */
	uint64_t data;            /* offset of the first page */
	/* runs of pages, the notes, and the top page table if known */
	uint64_t nr_segments;
};

static uint64_t round_up(uint64_t n, uint64_t to)
{
	return (n + to - 1) / to * to;
}

/*
 * Finds the runs of pages that the ranges touch; if s->runs is NULL, only
 * counts them. Returns false if there are more pages than IRQM_ELF_MAX_PAGES.
 */
static bool find_runs(const struct irqm_ranges *keep, struct shape *s)
{
	uint64_t behind = 0; /* first page after the last run */
	size_t i;

	s->nr_runs = 0;
	s->nr_pages = 0;
	for (i = 0; i < keep->nr; i++) {
		uint64_t first = keep->r[i].start / IRQM_PAGE_SIZE;
		uint64_t last = (keep->r[i].end - 1) / IRQM_PAGE_SIZE;

		if (s->nr_runs && first < behind)
			first = behind; /* two ranges share a page */
		if (first > last)
			continue;
		if (last - first >= IRQM_ELF_MAX_PAGES - s->nr_pages)
			return false;
		if (!s->nr_runs || first != behind) {
			if (s->runs)
				s->runs[s->nr_runs] = (struct run){ first, 0 };
			s->nr_runs++;
		}
		if (s->runs)
			s->runs[s->nr_runs - 1].nr += last - first + 1;
		s->nr_pages += last - first + 1;
		behind = last + 1;
	}
	return true;
}

/* Begins another frame. Returns it, or NULL if out of memory. */
static struct frame *add_frame(struct shape *s, enum kind kind)
{
	size_t room = s->room ? 2 * s->room : 64;
	struct frame *grown;

	if (s->nr_frames == s->room) {
		grown = realloc(s->frames, room * sizeof(*grown));
		if (!grown)
			return NULL;
		s->frames = grown;
		s->room = room;
	}
	s->frames[s->nr_frames] = (struct frame){ 0, kind };
	return &s->frames[s->nr_frames++];
}

/* Adds pages to the frames. A piece of a table begins a frame. */
static bool add_pages(struct shape *s, uint64_t nr, enum kind kind)
{
	static const uint64_t most[NR_KINDS] = {
		[REST] = REST_PAGES,
		[SEARCHED] = SEARCHED_PAGES,
		[PARSED] = PARSED_PAGES,
	};
	struct frame *f = &s->frames[s->nr_frames - 1];
	uint64_t part;

	if (kind != REST || f->kind != REST)
		f = add_frame(s, kind);
	for (; f && nr; nr -= part) {
		if (f->nr == most[kind])
			f = add_frame(s, kind);
		if (!f)
			break;
		part = nr < most[kind] - f->nr ? nr : most[kind] - f->nr;
		f->nr += part;
	}
	return f;
}

/*
 * Returns the kind of the page `first`, and sets *nr, the number of pages from
 * there on, to how many are in the same range of the same table, or in none.
 * at has the first range of each kind that may have them, and is advanced.
 */
static enum kind kind_of_pages(const struct irqm_elf *e, size_t at[NR_KINDS],
			       uint64_t first, uint64_t *nr)
{
	const struct irqm_ranges *ranges[NR_KINDS] = {
		[SEARCHED] = e->searched,
		[PARSED] = e->parsed,
	};
	enum kind kind, ret = REST;
	uint64_t start, end;

	for (kind = SEARCHED; kind < NR_KINDS; kind++)
		for (; at[kind] < ranges[kind]->nr; at[kind]++) {
			start = ranges[kind]->r[at[kind]].start /
				IRQM_PAGE_SIZE;
			end = ranges[kind]->r[at[kind]].end / IRQM_PAGE_SIZE;
			if (end <= first)
				continue;
			if (start <= first)
				ret = kind;
			else
				end = start;
			if (*nr > end - first)
				*nr = end - first;
			break;
		}
	return ret;
}

/* Divides the pages into frames. Returns false if out of memory. */
static bool find_frames(const struct irqm_elf *e, struct shape *s)
{
	uint64_t first, end, nr;
	size_t run, at[NR_KINDS] = { 0 };
	enum kind kind;

	if (!add_frame(s, REST))
		return false;
	for (run = 0; run < s->nr_runs; run++) {
		first = s->runs[run].first;
		end = first + s->runs[run].nr;
		for (; first < end; first += nr) {
			nr = end - first;
			kind = kind_of_pages(e, at, first, &nr);
			if (nr < TABLE_LEAST)
				kind = REST;
			if (!add_pages(s, nr, kind))
				return false;
		}
	}
	return true;
}

struct note {
	const char *name;
	uint32_t type;
	const char *desc;
};

struct notes {
	struct note note[6];
	unsigned int nr;
};

static void add_note(struct notes *n, const char *name, uint32_t type,
		     const char *desc)
{
	n->note[n->nr++] = (struct note){ name, type, desc };
}

/* The notes of the file. */
static struct notes notes_of(const struct irqm_elf *e)
{
	struct notes n = { .nr = 0 };

	add_note(&n, "VMCOREINFO", 0, e->vmcoreinfo);
	if (e->left_out.log)
		add_note(&n, IRQM_NOTE_NAME, IRQM_NOTE_LOG_LEFT_OUT, "");
	if (e->left_out.host)
		add_note(&n, IRQM_NOTE_NAME, IRQM_NOTE_HOST_LEFT_OUT, "");
	if (!e->left_out.identity)
		add_note(&n, IRQM_NOTE_NAME, IRQM_NOTE_IDENTITY, "");
	if (!e->left_out.remap_tables)
		add_note(&n, IRQM_NOTE_NAME, IRQM_NOTE_REMAP_TABLES, "");
	if (e->live)
		add_note(&n, IRQM_NOTE_NAME, IRQM_NOTE_LIVE, "");
	return n;
}

static uint64_t note_size(const struct note *n)
{
	return sizeof(Elf64_Nhdr) + round_up(strlen(n->name) + 1, 4) +
	       round_up(strlen(n->desc), 4);
}

/* From 65535 segments on, the number is in section 0, the only section
 * (PN_XNUM). */
static bool has_many_segments(const struct shape *s)
{
	return s->nr_segments >= PN_XNUM;
}

static void place_parts(const struct irqm_elf *e, struct shape *s)
{
	struct notes n = notes_of(e);
	unsigned int i;

	s->nr_segments = s->nr_runs + 1 + (e->root_vaddr != 0);
	s->note = sizeof(Elf64_Ehdr) + s->nr_segments * sizeof(Elf64_Phdr) +
		  (has_many_segments(s) ? sizeof(Elf64_Shdr) : 0);
	s->note_size = 0;
	for (i = 0; i < n.nr; i++)
		s->note_size += note_size(&n.note[i]);
	s->data = round_up(s->note + s->note_size, IRQM_PAGE_SIZE);
}

uint64_t irqm_elf_size(const struct irqm_elf *e)
{
	struct shape s = { 0 };

	if (!find_runs(e->keep, &s))
		return 0;
	place_parts(e, &s);
	return s.data + s.nr_pages * IRQM_PAGE_SIZE;
}

static int write_header(const struct shape *s, struct irqm_output *out,
			struct irqm_error *err)
{
	Elf64_Ehdr h = irqm_elf_header(has_many_segments(s) ? PN_XNUM :
							      s->nr_segments);

	if (has_many_segments(s)) {
		h.e_shoff = s->note - sizeof(Elf64_Shdr);
		h.e_shentsize = sizeof(Elf64_Shdr);
		h.e_shnum = 1;
	}
	return irqm_output_write(out, &h, sizeof(h), err);
}

/* Returns the number of pages that precede a physical address in the file, or
 * the number of all pages if the address is in none of the runs. */
static uint64_t pages_before(const struct shape *s, uint64_t paddr)
{
	uint64_t page = paddr / IRQM_PAGE_SIZE, pages = 0;
	size_t i;

	for (i = 0; i < s->nr_runs; pages += s->runs[i++].nr)
		if (page >= s->runs[i].first &&
		    page - s->runs[i].first < s->runs[i].nr)
			return pages + page - s->runs[i].first;
	return pages;
}

static int write_root(const struct irqm_elf *e, const struct shape *s,
		      struct irqm_output *out, struct irqm_error *err)
{
	uint64_t before = pages_before(s, e->root);
	uint64_t size = before < s->nr_pages ? IRQM_PAGE_SIZE : 0;
	Elf64_Phdr p = {
		.p_type = size ? PT_LOAD : PT_NULL,
		.p_flags = PF_R | PF_W | PF_X,
		.p_offset = s->data + before * IRQM_PAGE_SIZE,
		.p_vaddr = e->root_vaddr,
		.p_paddr = e->root,
		.p_filesz = size,
		.p_memsz = size,
	};

	return irqm_output_write(out, &p, sizeof(p), err);
}

static int write_segments(const struct irqm_elf *e, const struct shape *s,
			  struct irqm_output *out, struct irqm_error *err)
{
	Elf64_Shdr count = { .sh_info = s->nr_segments };
	Elf64_Phdr p = {
		.p_type = PT_NOTE,
		.p_offset = s->note,
		.p_filesz = s->note_size,
		.p_memsz = s->note_size,
	};
	uint64_t offset = s->data;
	size_t i;

	if (irqm_output_write(out, &p, sizeof(p), err))
		return -1;
	for (i = 0; i < s->nr_runs; i++) {
		uint64_t size = s->runs[i].nr * IRQM_PAGE_SIZE;

		p = (Elf64_Phdr){
			.p_type = PT_LOAD,
			.p_flags = PF_R | PF_W | PF_X,
			.p_offset = offset,
			.p_vaddr = e->direct_map +
				   s->runs[i].first * IRQM_PAGE_SIZE,
			.p_paddr = s->runs[i].first * IRQM_PAGE_SIZE,
			.p_filesz = size,
			.p_memsz = size,
		};
		if (irqm_output_write(out, &p, sizeof(p), err))
			return -1;
		offset += size;
	}
	if (e->root_vaddr && write_root(e, s, out, err))
		return -1;
	return has_many_segments(s) ?
		       irqm_output_write(out, &count, sizeof(count), err) :
		       0;
}

static int write_zeros(uint64_t nr, struct irqm_output *out,
		       struct irqm_error *err)
{
	static const char zeros[IRQM_PAGE_SIZE];

	/* nr is always less than a page. */
	return irqm_output_write(out, zeros, nr, err);
}

/* Pads to a multiple of 4 bytes. */
static int write_padded(const char *data, size_t len, struct irqm_output *out,
			struct irqm_error *err)
{
	if (irqm_output_write(out, data, len, err) ||
	    write_zeros(round_up(len, 4) - len, out, err))
		return -1;
	return 0;
}

static int write_notes(const struct irqm_elf *e, const struct shape *s,
		       struct irqm_output *out, struct irqm_error *err)
{
	struct notes notes = notes_of(e);
	const struct note *n;

	for (n = notes.note; n < notes.note + notes.nr; n++) {
		Elf64_Nhdr h = { .n_namesz = strlen(n->name) + 1,
				 .n_descsz = strlen(n->desc),
				 .n_type = n->type };

		if (irqm_output_write(out, &h, sizeof(h), err) ||
		    write_padded(n->name, h.n_namesz, out, err) ||
		    write_padded(n->desc, h.n_descsz, out, err))
			return -1;
	}
	return write_zeros(s->data - s->note - s->note_size, out, err);
}

/* Fills in the bytes of a page that are included. *i is the first range that
 * may be in the page, and is advanced. */
static int fill_page(const struct irqm_elf *e, uint64_t page, size_t *i,
		     unsigned char buf[IRQM_PAGE_SIZE], struct irqm_error *err)
{
	uint64_t start = page * IRQM_PAGE_SIZE, end = start + IRQM_PAGE_SIZE;
	uint64_t from, to;
	const struct irqm_range *r;
	enum irqm_why why;

	memset(buf, 0, IRQM_PAGE_SIZE);
	for (; *i < e->keep->nr && e->keep->r[*i].start < end; ++*i) {
		r = &e->keep->r[*i];
		from = r->start > start ? r->start : start;
		to = r->end < end ? r->end : end;
		why = from < to ?
			      e->pages->read(e->pages->ctx, from,
					     buf + (from - start), to - from) :
			      IRQM_OK;
		if (why != IRQM_OK) {
			irqm_error_set(err,
				       "physical address 0x%" PRIx64
				       " cannot be read again: %s",
				       from, irqm_why_name(why));
			return -1;
		}
		if (r->end > end)
			break;
	}
	return 0;
}

static int write_pages(const struct irqm_elf *e, const struct shape *s,
		       struct irqm_output *out, struct irqm_error *err)
{
	const struct frame *frame = s->frames;
	unsigned char buf[IRQM_PAGE_SIZE];
	uint64_t n, left = frame->nr;
	size_t i = 0, run;

	for (run = 0; run < s->nr_runs; run++)
		for (n = 0; n < s->runs[run].nr; n++, left--) {
			if (!left) {
				left = (++frame)->nr;
				if (irqm_output_frame(
					    out, left * IRQM_PAGE_SIZE, err))
					return -1;
			}
			if (fill_page(e, s->runs[run].first + n, &i, buf,
				      err) ||
			    irqm_output_write(out, buf, IRQM_PAGE_SIZE, err))
				return -1;
		}
	return 0;
}

static int write_file(const struct irqm_elf *e, struct shape *s,
		      struct irqm_output *out, struct irqm_error *err)
{
	s->runs = calloc(s->nr_runs + 1, sizeof(*s->runs));
	if (!s->runs || !find_runs(e->keep, s) || !find_frames(e, s)) {
		irqm_error_memory(err);
		return -1;
	}
	place_parts(e, s);
	if (irqm_output_frame(out, s->data + s->frames->nr * IRQM_PAGE_SIZE,
			      err) ||
	    write_header(s, out, err) || write_segments(e, s, out, err) ||
	    write_notes(e, s, out, err))
		return -1;
	return write_pages(e, s, out, err);
}

int irqm_elf_write(const struct irqm_elf *e, struct irqm_output *out,
		   struct irqm_error *err)
{
	struct shape s = { 0 };
	int rc;

	if (!find_runs(e->keep, &s)) {
		irqm_error_set(
			err,
			"the distilled dump would have more than %llu "
			"pages: the dump's lists or pointers are damaged",
			IRQM_ELF_MAX_PAGES);
		return -1;
	}
	rc = write_file(e, &s, out, err);
	free(s.frames);
	free(s.runs);
	return rc;
}
