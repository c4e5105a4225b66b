/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In blocks of a page: the header, the sub header with the notes behind it,
 * two bitmaps (is RAM, is in the dump), a descriptor for each page of the
 * dump, and the pages. Facts of makedumpfile's and QEMU's files.
 */
#include "tests/mkdump/kdump.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUB_SIZE 104

struct descriptor {
	uint64_t offset;
	uint32_t size, flags;
	uint64_t page_flags;
};

struct writer {
	const struct kd_source *source;
	const struct kd_options *o;
	int fd;
	int error;         /* errno of the first write that failed */
	uint64_t flat_end; /* where the stream goes on */
	unsigned char *bitmaps;
	size_t bitmap_len;           /* of one, whole blocks */
	uint64_t start, end;         /* page frames of this file */
	uint64_t descriptors, pages; /* where they go on */
	uint64_t zero_page;          /* where it is; 0: not yet */
};

int kd_pwrite(int fd, const void *data, size_t len, uint64_t offset)
{
	ssize_t n;

	for (; len; len -= n, offset += n) {
		n = pwrite(fd, data, len, offset);
		if (n < 0)
			return errno;
		data = (const char *)data + n;
	}
	return 0;
}

static void put_raw(struct writer *w, const void *data, size_t len,
		    uint64_t offset)
{
	if (!w->error)
		w->error = kd_pwrite(w->fd, data, len, offset);
}

/* makedumpfile -F: each write with its place before it, big endian. */
static void put_flat(struct writer *w, const void *data, size_t len,
		     uint64_t offset)
{
	uint64_t head[2] = { htobe64(offset), htobe64(len) };

	put_raw(w, head, sizeof(head), w->flat_end);
	w->flat_end += sizeof(head);
	if (data)
		put_raw(w, data, len, w->flat_end);
	w->flat_end += data ? len : 0;
}

static void put(struct writer *w, const void *data, size_t len, uint64_t offset)
{
	if (w->o->flattened)
		put_flat(w, data, len, offset);
	else
		put_raw(w, data, len, offset);
}

static void begin_flat(struct writer *w)
{
	unsigned char head[KD_PAGE] = "makedumpfile";
	uint64_t type_version[2] = { htobe64(1), htobe64(1) };

	memcpy(head + 16, type_version, sizeof(type_version));
	put_raw(w, head, sizeof(head), 0);
	w->flat_end = sizeof(head);
}

static unsigned int version(const struct writer *w)
{
	return w->o->version ? w->o->version : 6;
}

static uint32_t sub_blocks(const struct writer *w)
{
	return (SUB_SIZE + w->source->notes_len + KD_PAGE - 1) / KD_PAGE;
}

static void put_header(struct writer *w)
{
	unsigned char h[KD_PAGE] = "KDUMP   ";
	uint32_t v = version(w), numbers[] = {
		kd_status(w->o->packing),
		KD_PAGE,
		sub_blocks(w),
		2 * w->bitmap_len / KD_PAGE,
		w->source->max_pfn,
		0,
		0,
		0,
		0,
		w->source->nr_cpus,
	};
	uint64_t time[2] = { w->source->time, 0 };

	memcpy(h + 8, &v, 4);
	strcpy((char *)h + 12, "Linux");
	strcpy((char *)h + 12 + 65, "made-up");
	snprintf((char *)h + 12 + 130, 65, "%s", w->source->release);
	strcpy((char *)h + 12 + 195, "#1 SMP");
	strcpy((char *)h + 12 + 260, "x86_64");
	strcpy((char *)h + 12 + 325, "(none)");
	memcpy(h + 408, time, sizeof(time));
	memcpy(h + 424, numbers, sizeof(numbers));
	put(w, h, sizeof(h), 0);
}

/* Fields that a version has not got yet are 0. */
static void put_sub_header(struct writer *w)
{
	const struct kd_source *s = w->source;
	uint64_t notes = KD_PAGE + SUB_SIZE;
	bool split = w->o->files > 1;
	uint64_t sub[SUB_SIZE / 8] = {
		s->phys_base,
		w->o->level | (uint64_t)split << 32,
		split ? w->start : 0,
		split ? w->end : 0,
		notes + s->vmcoreinfo_at,
		s->vmcoreinfo_len,
		notes,
		s->notes_len,
		0,
		0, /* erased */
		split ? w->start : 0,
		split ? w->end : 0,
		s->max_pfn,
	};
	static const size_t bytes[] = { 0, 12, 32, 48, 64, 80, SUB_SIZE };
	unsigned char *block = calloc(sub_blocks(w), KD_PAGE);

	if (!block)
		abort();
	memcpy(block, sub, bytes[version(w)]);
	memcpy(block + SUB_SIZE, s->notes, s->notes_len);
	put(w, block, (size_t)sub_blocks(w) * KD_PAGE, KD_PAGE);
	free(block);
}

static uint64_t next_frame(const struct writer *w, uint64_t pfn)
{
	/* it is empty where both are the same */
	return ++pfn == w->source->gap_start ? w->source->gap_end : pfn;
}

static void fill_bitmaps(struct writer *w)
{
	uint64_t pfn;

	w->bitmap_len = (w->source->max_pfn + 8 * KD_PAGE - 1) / (8 * KD_PAGE) *
			KD_PAGE;
	w->bitmaps = calloc(2, w->bitmap_len);
	if (!w->bitmaps)
		abort();
	for (pfn = 0; pfn < w->source->max_pfn; pfn = next_frame(w, pfn)) {
		enum kd_page kind = w->source->page(w->source->ctx, pfn, NULL);

		if (kind != KD_NONE)
			w->bitmaps[pfn / 8] |= 1 << pfn % 8;
		if (kind == KD_STORED)
			w->bitmaps[w->bitmap_len + pfn / 8] |= 1 << pfn % 8;
	}
}

static bool is_stored(const struct writer *w, uint64_t pfn)
{
	return w->bitmaps[w->bitmap_len + pfn / 8] >> pfn % 8 & 1;
}

static bool is_zero(const unsigned char *page)
{
	return !page[0] && memcmp(page, page + 1, KD_PAGE - 1) == 0;
}

static uint64_t put_page(struct writer *w, const void *data, size_t len)
{
	uint64_t at = w->pages;

	put(w, data, len, at);
	w->pages += len;
	return at;
}

/* Where pages of zeros are excluded, all of them are one that is not packed. */
static void put_stored(struct writer *w, uint64_t pfn)
{
	unsigned char page[KD_PAGE], packed[KD_PAGE];
	struct descriptor d = { .size = KD_PAGE };
	size_t len;

	w->source->page(w->source->ctx, pfn, page);
	if (w->o->level & 1 && is_zero(page)) {
		if (!w->zero_page)
			w->zero_page = put_page(w, page, KD_PAGE);
		d.offset = w->zero_page;
	} else {
		len = kd_pack(w->o->packing, pfn, page, packed, &d.flags);
		if (len)
			d.size = len;
		d.offset = put_page(w, len ? packed : page, d.size);
	}
	put(w, &d, sizeof(d), w->descriptors);
	w->descriptors += sizeof(d);
}

/* A gap of terabytes is a hole in the file. */
static void put_bitmaps(struct writer *w, uint64_t at)
{
	size_t len = 2 * w->bitmap_len, i;

	if (w->source->gap_end == w->source->gap_start) {
		put(w, w->bitmaps, len, at);
		return;
	}
	for (i = 0; i < len; i += KD_PAGE)
		if (!is_zero(w->bitmaps + i))
			put(w, w->bitmaps + i, KD_PAGE, at + i);
}

static void put_file(struct writer *w)
{
	uint64_t bitmaps = (1 + (uint64_t)sub_blocks(w)) * KD_PAGE;
	uint64_t pfn, nr = 0;

	for (pfn = w->start; pfn < w->end; pfn = next_frame(w, pfn))
		nr += is_stored(w, pfn);
	w->descriptors = bitmaps + 2 * w->bitmap_len;
	w->pages = w->descriptors + nr * sizeof(struct descriptor);
	w->zero_page = 0;
	if (w->o->flattened)
		begin_flat(w);
	put_header(w);
	put_sub_header(w);
	put_bitmaps(w, bitmaps);
	for (pfn = w->start; pfn < w->end; pfn = next_frame(w, pfn))
		if (is_stored(w, pfn))
			put_stored(w, pfn);
	if (w->o->flattened)
		put_flat(w, NULL, -1, -1);
}

static void write_file(struct writer *w, const char *path)
{
	w->fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (w->fd < 0) {
		w->error = errno;
		return;
	}
	put_file(w);
	if (close(w->fd) != 0 && !w->error)
		w->error = errno;
}

int kd_write(const struct kd_source *source, const struct kd_options *options,
	     const char *path, struct irqm_error *err)
{
	struct writer w = { .source = source, .o = options };
	unsigned int i, nr = options->files ? options->files : 1;
	char name[4096];

	fill_bitmaps(&w);
	for (i = 0; i < nr && !w.error; i++) {
		w.start = source->max_pfn * i / nr;
		w.end = source->max_pfn * (i + 1) / nr;
		snprintf(name, sizeof(name), nr > 1 ? "%s.%u" : "%s", path,
			 i + 1);
		write_file(&w, name);
	}
	free(w.bitmaps);
	if (!w.error)
		return 0;
	irqm_error_set(err, "%s: %s", path, strerror(w.error));
	return -1;
}
