/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/pages/diskdump.h"

#include "memory/pages/cache.h"
#include "memory/pages/diskdump_index.h"
#include "memory/pages/pages.h"
#include "memory/pages/unpack.h"
#include "memory/vmcoreinfo.h"

#include <stdlib.h>
#include <string.h>

/* Pages to unpack at once: a large page of a mapping. */
#define MANY_MAX 512

struct irqm_diskdump {
	struct irqm_diskdump_file *files; /* sorted by start_pfn */
	unsigned int nr, threads;
	struct irqm_diskdump_index *index;
	struct irqm_unpacker *unpacker;
	uint64_t next_offset; /* end of the page read last */
	char *vmcoreinfo;
	struct irqm_notes notes; /* used if there is no VMCOREINFO */
	struct irqm_page_cache *cache;
	struct irqm_stored_page many[MANY_MAX];
};

/* Failure is no error: memory can be read without VMCOREINFO. */
static char *read_vmcoreinfo(const struct irqm_diskdump_file *f)
{
	size_t size = f->vmcoreinfo_len < IRQM_VMCOREINFO_MAX ?
			      f->vmcoreinfo_len :
			      IRQM_VMCOREINFO_MAX;
	char *info = size ? calloc(1, size + 1) : NULL;

	if (info && irqm_input_read(f->in, f->vmcoreinfo, info, size)) {
		free(info);
		info = NULL;
	}
	return info;
}

static int another_dump(const struct irqm_diskdump_file *f,
			struct irqm_error *err)
{
	irqm_error_set(err,
		       "%s: from another dump than the other files; name "
		       "files that were written together",
		       f->in->name);
	return -1;
}

/* All files of a split set have the same text; two dumps of the same kernel
 * differ at least by KASLR. */
static int take_vmcoreinfo(struct irqm_diskdump *d,
			   const struct irqm_diskdump_file *f,
			   struct irqm_error *err)
{
	char *info = read_vmcoreinfo(f);
	int ret = 0;

	if (!d->vmcoreinfo) {
		d->vmcoreinfo = info;
		return 0;
	}
	if (info && strcmp(info, d->vmcoreinfo) != 0)
		ret = another_dump(f, err);
	free(info);
	return ret;
}

static int open_file(struct irqm_diskdump *d, struct irqm_diskdump_file *f,
		     const struct irqm_input *in, struct irqm_error *err)
{
	if (irqm_diskdump_file_open(f, in, err) < 0)
		return -1;
	if (d->nr > 1 && !f->split) {
		irqm_error_set(err,
			       "%s: a whole dump, not part of a split "
			       "set; name it alone",
			       in->name);
		return -1;
	}
	if (irqm_unpacker_load(d->unpacker, f->packing, err) < 0)
		return -1;
	return take_vmcoreinfo(d, f, err);
}

static int by_start(const void *a, const void *b)
{
	const struct irqm_diskdump_file *l = a, *r = b;

	return l->start_pfn < r->start_pfn ? -1 : l->start_pfn > r->start_pfn;
}

/* Checks that a split set is complete and has each file once. */
static int check_set(struct irqm_diskdump *d, struct irqm_error *err)
{
	const struct irqm_diskdump_file *f = d->files;
	uint64_t next = 0;
	unsigned int i;

	for (i = 0; i < d->nr; i++, f++) {
		if (f->max_mapnr != d->files->max_mapnr)
			return another_dump(f, err);
		if (f->start_pfn < next) {
			irqm_error_set(err,
				       "%s: has the same pages as another "
				       "of the files; name each file of the "
				       "split set once",
				       f->in->name);
			return -1;
		}
		if (f->start_pfn > next)
			break;
		next = f->end_pfn;
	}
	if (i == d->nr && next >= d->files->max_mapnr)
		return 0;
	irqm_error_set(err,
		       "%s: part of a split dump, but the file with page "
		       "frame %llu is missing; name all files of the set",
		       d->files->in->name, (unsigned long long)next);
	return -1;
}

int irqm_diskdump_open(const struct irqm_input in[], unsigned int nr,
		       unsigned int threads, struct irqm_diskdump **ret,
		       struct irqm_error *err)
{
	struct irqm_diskdump *d;
	unsigned int i;

	d = calloc(1, sizeof(*d));
	if (!d)
		goto nomem;
	d->nr = nr;
	d->threads = threads;
	d->files = calloc(nr, sizeof(*d->files));
	d->cache = irqm_page_cache_new();
	d->index = irqm_diskdump_index_new();
	d->unpacker = irqm_unpacker_new();
	if (!d->files || !d->cache || !d->index || !d->unpacker)
		goto nomem;
	for (i = 0; i < nr; i++)
		if (open_file(d, &d->files[i], &in[i], err) < 0)
			goto fail;
	qsort(d->files, nr, sizeof(*d->files), by_start);
	if (check_set(d, err) < 0)
		goto fail;
	if (!d->vmcoreinfo &&
	    irqm_notes_read(&d->notes, d->files->in, d->files->notes,
			    d->files->notes_len) < 0)
		goto nomem;
	*ret = d;
	return 0;
nomem:
	irqm_error_memory(err);
fail:
	irqm_diskdump_close(d);
	return -1;
}

void irqm_diskdump_close(struct irqm_diskdump *d)
{
	unsigned int i;

	if (!d)
		return;
	for (i = 0; d->files && i < d->nr; i++)
		irqm_diskdump_file_close(&d->files[i]);
	free(d->files);
	irqm_diskdump_index_free(d->index);
	irqm_unpacker_free(d->unpacker);
	irqm_page_cache_free(d->cache);
	free(d->vmcoreinfo);
	irqm_notes_deinit(&d->notes);
	free(d);
}

const char *irqm_diskdump_vmcoreinfo(const struct irqm_diskdump *d)
{
	return d->vmcoreinfo ? d->vmcoreinfo : d->notes.vmcoreinfo;
}

const struct irqm_notes *irqm_diskdump_notes(const struct irqm_diskdump *d)
{
	return &d->notes;
}

uint64_t irqm_diskdump_end(const struct irqm_diskdump *d)
{
	return d->files->max_mapnr << IRQM_PAGE_SHIFT;
}

uint64_t irqm_diskdump_most(const struct irqm_diskdump *d)
{
	uint64_t most = 0;
	unsigned int i;

	for (i = 0; i < d->nr; i++)
		most += d->files[i].in->size / IRQM_DESCRIPTOR_SIZE;
	return most << IRQM_PAGE_SHIFT;
}

bool irqm_diskdump_next(void *ctx, uint64_t paddr, uint64_t *ret_start,
			uint64_t *ret_end)
{
	struct irqm_diskdump *d = ctx;
	uint64_t pfn = (paddr + IRQM_PAGE_SIZE - 1) >> IRQM_PAGE_SHIFT, start;
	const struct irqm_diskdump_file *f;
	unsigned int i;

	for (i = 0; i < d->nr; i++) {
		f = &d->files[i];
		if (pfn >= f->end_pfn)
			continue;
		/* frames before start_pfn are in the previous file */
		start = irqm_diskdump_next_frame(d->index, f, pfn, true);
		if (start == f->end_pfn)
			continue;
		*ret_start = start << IRQM_PAGE_SHIFT;
		*ret_end = irqm_diskdump_next_frame(d->index, f, start, false)
			   << IRQM_PAGE_SHIFT;
		return true;
	}
	return false;
}

static enum irqm_why find_page(struct irqm_diskdump *d, uint64_t pfn,
			       struct irqm_stored_page *ret)
{
	unsigned int i;

	for (i = 0; i < d->nr; i++)
		if (pfn >= d->files[i].start_pfn && pfn < d->files[i].end_pfn)
			return irqm_diskdump_find(d->index, &d->files[i], pfn,
						  ret);
	return IRQM_EXCLUDED;
}

/* Reads far ahead only if pages are read in order. */
static uint64_t ahead_of(struct irqm_diskdump *d,
			 const struct irqm_stored_page *p)
{
	uint64_t ahead = p->offset == d->next_offset ? UINT64_MAX : 0;

	d->next_offset = p->offset + p->size;
	return ahead;
}

static enum irqm_why load_page(struct irqm_diskdump *d, uint64_t pfn,
			       void *page)
{
	struct irqm_stored_page p;
	enum irqm_why why = find_page(d, pfn, &p);

	if (why != IRQM_OK)
		return why;
	return irqm_unpack(d->unpacker, &p, ahead_of(d, &p), page);
}

static enum irqm_why get_page(struct irqm_diskdump *d, uint64_t pfn,
			      const unsigned char **ret)
{
	unsigned char *room;
	enum irqm_why why;

	*ret = irqm_page_cache_find(d->cache, pfn);
	if (*ret)
		return IRQM_OK;
	irqm_page_cache_begin(d->cache);
	room = irqm_page_cache_room(d->cache, pfn);
	why = load_page(d, pfn, room);
	if (why != IRQM_OK)
		return why;
	irqm_page_cache_keep(d->cache, pfn, room);
	*ret = room;
	return IRQM_OK;
}

/* Gets the pages that are not cached into the cache. nr: at most MANY_MAX. */
static void cache_pages(struct irqm_diskdump *d, const uint64_t paddrs[],
			size_t nr)
{
	uint64_t pfns[MANY_MAX], pfn;
	struct irqm_stored_page *p;
	size_t n = 0, i;

	irqm_page_cache_begin(d->cache);
	for (i = 0; i < nr; i++) {
		pfn = paddrs[i] >> IRQM_PAGE_SHIFT;
		p = &d->many[n];
		if (irqm_page_cache_find(d->cache, pfn) ||
		    find_page(d, pfn, p) != IRQM_OK)
			continue;
		p->page = irqm_page_cache_room(d->cache, pfn);
		if (p->page)
			pfns[n++] = pfn;
	}
	irqm_unpack_many(d->unpacker, d->threads, d->many, n);
	for (i = 0; i < n; i++)
		if (d->many[i].why == IRQM_OK)
			irqm_page_cache_keep(d->cache, pfns[i],
					     d->many[i].page);
}

/* The same for pages that will only be looked at. */
static void expect_stored(struct irqm_diskdump *d, const uint64_t paddrs[],
			  size_t nr)
{
	size_t n = 0, i;

	for (i = 0; i < nr; i++)
		if (find_page(d, paddrs[i] >> IRQM_PAGE_SHIFT, &d->many[n]) ==
		    IRQM_OK)
			n++;
	irqm_unpack_expect(d->many, n);
}

/* Where the pages are in the file is read first, also of all of them. */
static void expect_index(struct irqm_diskdump *d, const uint64_t paddrs[],
			 size_t nr)
{
	struct irqm_diskdump_file *f;
	size_t i;

	for (f = d->files; f < d->files + d->nr; f++)
		for (i = 0; i < nr; i++)
			irqm_diskdump_index_expect(
				d->index, f, paddrs[i] >> IRQM_PAGE_SHIFT);
}

void irqm_diskdump_expect(void *ctx, const uint64_t paddrs[], size_t nr,
			  enum irqm_page_use use)
{
	size_t part;

	for (; nr; paddrs += part, nr -= part) {
		part = nr < MANY_MAX ? nr : MANY_MAX;
		expect_index(ctx, paddrs, part);
		if (use == IRQM_PAGE_READ)
			cache_pages(ctx, paddrs, part);
		else
			expect_stored(ctx, paddrs, part);
	}
}

/*
 * Unpacks as many of nr whole pages as possible at once. Bypasses the cache,
 * because such large ranges are read once. Reads none if that is not worth it,
 * or if the first page is missing or cached: the caller then reads page by
 * page.
 */
static enum irqm_why read_many(struct irqm_diskdump *d, uint64_t pfn, size_t nr,
			       unsigned char *buf, size_t *ret_nr)
{
	size_t n = 0, i;

	*ret_nr = 0;
	if (nr < IRQM_UNPACK_MANY)
		return IRQM_OK;
	while (n < nr && n < MANY_MAX &&
	       !irqm_page_cache_find(d->cache, pfn + n) &&
	       find_page(d, pfn + n, &d->many[n]) == IRQM_OK) {
		d->many[n].page = buf + n * IRQM_PAGE_SIZE;
		n++;
	}
	if (n < IRQM_UNPACK_MANY)
		return IRQM_OK;
	irqm_unpack_many(d->unpacker, d->threads, d->many, n);
	for (i = 0; i < n; i++)
		if (d->many[i].why != IRQM_OK)
			return d->many[i].why;
	*ret_nr = n;
	return IRQM_OK;
}

enum irqm_why irqm_diskdump_read(void *ctx, uint64_t paddr, void *buf,
				 size_t len)
{
	struct irqm_diskdump *d = ctx;
	const unsigned char *page;
	size_t into, part, many;
	enum irqm_why why;

	while (len > 0) {
		into = paddr % IRQM_PAGE_SIZE;
		part = len < IRQM_PAGE_SIZE - into ? len :
						     IRQM_PAGE_SIZE - into;
		why = read_many(d, paddr >> IRQM_PAGE_SHIFT,
				into ? 0 : len / IRQM_PAGE_SIZE, buf, &many);
		if (why == IRQM_OK && many) {
			part = many * IRQM_PAGE_SIZE;
		} else {
			if (why == IRQM_OK)
				why = get_page(d, paddr >> IRQM_PAGE_SHIFT,
					       &page);
			if (why != IRQM_OK)
				return why;
			memcpy(buf, page + into, part);
		}
		buf = (char *)buf + part;
		paddr += part;
		len -= part;
	}
	return IRQM_OK;
}

enum irqm_why irqm_diskdump_stored(void *ctx, uint64_t paddr,
				   struct irqm_stored *ret)
{
	struct irqm_diskdump *d = ctx;
	struct irqm_stored_page p;
	enum irqm_why why = find_page(d, paddr >> IRQM_PAGE_SHIFT, &p);

	if (why != IRQM_OK)
		return why;
	*ret = (struct irqm_stored){
		.data = irqm_unpack_look(d->unpacker, &p, ahead_of(d, &p)),
		.size = p.size,
		.packing = p.packing,
		.len = IRQM_PAGE_SIZE,
	};
	return ret->data ? IRQM_OK : IRQM_TRUNCATED;
}
