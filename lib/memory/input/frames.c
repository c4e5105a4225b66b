/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/input/frames.h"

#include "memory/input/seek_table.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

struct frame {
	const unsigned char *packed;
	size_t packed_size;
	uint64_t start, size; /* of the content */
	bool unpacked, damaged;
};

struct irqm_frames {
	unsigned char *data;    /* the file */
	unsigned char *content; /* of the frames that are unpacked */
	uint64_t size;          /* of the content */
	struct frame *frames;   /* those with content, in order */
	size_t nr;
	ZSTD_DCtx *zstd;
};

_Static_assert(sizeof(struct irqm_seek_footer) == IRQM_FRAMES_END, "the end");

bool irqm_frames_expected(const unsigned char end[IRQM_FRAMES_END])
{
	struct irqm_seek_footer footer;

	memcpy(&footer, end, sizeof(footer));
	return footer.magic == IRQM_SEEK_MAGIC;
}

/* The entries of a table, and where the table begins. */
struct table {
	const unsigned char *entries;
	size_t nr, entry_size, start;
};

static bool find_table(const unsigned char *data, size_t size,
		       struct table *ret)
{
	struct irqm_seek_header header;
	struct irqm_seek_footer footer;
	uint64_t entries;

	if (size < sizeof(header) + sizeof(footer))
		return false;
	memcpy(&footer, data + size - sizeof(footer), sizeof(footer));
	if (footer.magic != IRQM_SEEK_MAGIC ||
	    (footer.descriptor & ~IRQM_SEEK_CHECKSUMS))
		return false;
	ret->nr = footer.nr_frames;
	ret->entry_size = sizeof(struct irqm_seek_entry);
	if (footer.descriptor & IRQM_SEEK_CHECKSUMS)
		ret->entry_size += sizeof(uint32_t);
	entries = (uint64_t)ret->nr * ret->entry_size;
	if (entries > size - sizeof(header) - sizeof(footer))
		return false;
	ret->entries = data + size - sizeof(footer) - entries;
	ret->start = size - sizeof(footer) - entries - sizeof(header);
	memcpy(&header, data + ret->start, sizeof(header));
	return header.magic == IRQM_SEEK_SKIP &&
	       header.size == entries + sizeof(footer);
}

/* Returns true if the entry is that of one frame, whose bytes follow, and the
 * frame says that it unpacks to the size in the entry. */
static bool is_frame(const struct irqm_seek_entry *e,
		     const unsigned char *packed)
{
	uint32_t magic;

	if (e->packed < sizeof(magic) ||
	    ZSTD_findFrameCompressedSize(packed, e->packed) != e->packed)
		return false;
	memcpy(&magic, packed, sizeof(magic));
	/* a frame to skip */
	if (!e->unpacked)
		return (magic & ZSTD_MAGIC_SKIPPABLE_MASK) ==
		       ZSTD_MAGIC_SKIPPABLE_START;
	/* the key of a cache covers all that is packed: not more than needed */
	return magic == ZSTD_MAGICNUMBER &&
	       e->packed <= ZSTD_compressBound(e->unpacked) &&
	       ZSTD_getFrameContentSize(packed, e->packed) == e->unpacked;
}

static bool add_frame(struct irqm_frames *f, const struct irqm_seek_entry *e,
		      const unsigned char *packed)
{
	if (!is_frame(e, packed) || e->unpacked > IRQM_FRAMES_MOST - f->size)
		return false;
	if (!e->unpacked)
		return true;
	f->frames[f->nr++] = (struct frame){
		.packed = packed,
		.packed_size = e->packed,
		.start = f->size,
		.size = e->unpacked,
	};
	f->size += e->unpacked;
	return true;
}

static bool add_frames(struct irqm_frames *f, const struct table *t)
{
	struct irqm_seek_entry e;
	size_t at = 0, i;

	for (i = 0; i < t->nr; i++) {
		memcpy(&e, t->entries + i * t->entry_size, sizeof(e));
		if (e.packed > t->start - at || !add_frame(f, &e, f->data + at))
			return false;
		at += e.packed;
	}
	return at == t->start;
}

static bool open_table(struct irqm_frames *f, size_t size)
{
	struct table t;

	if (!find_table(f->data, size, &t))
		return false;
	f->frames = calloc(t.nr + 1, sizeof(*f->frames));
	if (!f->frames || !add_frames(f, &t) || !f->nr)
		return false;
	/* here, so that memory cannot be short later */
	f->content = malloc(f->size);
	f->zstd = ZSTD_createDCtx();
	return f->content && f->zstd;
}

struct irqm_frames *irqm_frames_new(unsigned char *data, size_t size)
{
	struct irqm_frames *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->data = data;
	if (open_table(f, size))
		return f;
	f->data = NULL;
	irqm_frames_free(f);
	return NULL;
}

void irqm_frames_free(struct irqm_frames *f)
{
	if (!f)
		return;
	ZSTD_freeDCtx(f->zstd);
	free(f->content);
	free(f->frames);
	free(f->data);
	free(f);
}

uint64_t irqm_frames_size(const struct irqm_frames *f)
{
	return f->size;
}

/* Returns the frame with the byte at offset, which is within the content. */
static struct frame *find_frame(const struct irqm_frames *f, uint64_t offset)
{
	size_t low = 0, high = f->nr, mid;

	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (f->frames[mid].start <= offset)
			low = mid;
		else
			high = mid;
	}
	return &f->frames[low];
}

static bool unpack_frame(struct irqm_frames *f, struct frame *frame)
{
	size_t n;

	if (frame->unpacked || frame->damaged)
		return frame->unpacked;
	n = ZSTD_decompressDCtx(f->zstd, f->content + frame->start, frame->size,
				frame->packed, frame->packed_size);
	frame->unpacked = n == frame->size;
	frame->damaged = !frame->unpacked;
	return frame->unpacked;
}

enum irqm_why irqm_frames_read(struct irqm_frames *f, uint64_t offset,
			       void *buf, size_t len)
{
	struct frame *frame, *end = f->frames + f->nr;

	if (offset > f->size || len > f->size - offset)
		return IRQM_TRUNCATED;
	if (!len)
		return IRQM_OK;
	for (frame = find_frame(f, offset);
	     frame < end && frame->start < offset + len; frame++)
		if (!unpack_frame(f, frame))
			return IRQM_INVALID;
	memcpy(buf, f->content + offset, len);
	return IRQM_OK;
}

bool irqm_frames_packed(const struct irqm_frames *f, uint64_t offset,
			const void **ret_data, size_t *ret_size,
			uint64_t *ret_len)
{
	const struct frame *frame = find_frame(f, offset);

	if (frame->start != offset)
		return false;
	*ret_data = frame->packed;
	*ret_size = frame->packed_size;
	*ret_len = frame->size;
	return true;
}
