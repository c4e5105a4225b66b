/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/input/stream.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define BUFFER (128 * 1024)
/* zstd's own limit for a window; xz -9 needs half of it. */
#define XZ_MEMORY (128ULL << 20)
/* The largest window; +16 requires a gzip header. */
#define GZIP_BITS (15 + 16)

/*
 * Limits on the unpacked bytes: a minimum, and a factor of the file's size.
 * zstd packs zeros 31,000 to 1, xz 6,800 to 1. But an idle machine's memory has
 * a struct page of 64 bytes for each 4096, which packs only about 100 to 1: an
 * idle machine of 1 TB packs to 160 MB.
 */
#define UNPACKED_LEAST (4ULL << 30)
#define UNPACKED_PER_BYTE 8192
/* Limits without zeros, which become holes. */
#define WRITTEN_LEAST (1ULL << 30)
#define WRITTEN_PER_BYTE 256

struct irqm_stream {
	const struct irqm_input *in;
	uint64_t held;     /* see irqm_input_held() */
	uint64_t unpacked; /* unpacked bytes so far */
	uint64_t offset;   /* bytes of the file read so far */
	uint64_t size;
	enum irqm_packing packing;
	/* the decompressor */
	ZSTD_DStream *zstd;
	z_stream gzip;
	lzma_stream xz;
	size_t packed_at, packed_len; /* position and length in packed_data */
	bool within;    /* within a frame or member, or before the first */
	size_t at, len; /* position and length in data */
	unsigned char data[BUFFER], packed_data[BUFFER];
};

enum irqm_packing irqm_stream_packing(const struct irqm_input *in)
{
	static const struct {
		const char *magic;
		size_t len;
		enum irqm_packing packing;
	} known[] = {
		{ "\x28\xb5\x2f\xfd", 4, IRQM_ZSTD },
		{ "\x1f\x8b", 2, IRQM_GZIP },
		{ "\xfd"
		  "7zXZ",
		  6, IRQM_XZ },
	};
	char head[6];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (irqm_input_read(in, 0, head, known[i].len) == IRQM_OK &&
		    memcmp(head, known[i].magic, known[i].len) == 0)
			return known[i].packing;
	return IRQM_PLAIN;
}

const char *irqm_packing_name(enum irqm_packing packing)
{
	static const char *const names[] = {
		[IRQM_PLAIN] = "nothing",
		[IRQM_ZSTD] = "zstd",
		[IRQM_GZIP] = "gzip",
		[IRQM_XZ] = "xz",
	};

	return names[packing];
}

/* An archive that is too damaged to be recognised may have a name. */
static const char *unpack_by_hand(const char *name)
{
	return strstr(name, ".tar.") || strstr(name, ".tgz") ||
			       strstr(name, ".txz") ?
		       "by its name it is a tar archive; unpack it with tar xf" :
		       "try to unpack it by hand";
}

/* Returns the size that the frame declares; good enough for a warning. */
static uint64_t unpacked_size(const struct irqm_input *in)
{
	unsigned char head[18]; /* ZSTD_FRAMEHEADERSIZE_MAX */
	size_t len = in->size < sizeof(head) ? in->size : sizeof(head);
	unsigned long long size;

	if (irqm_input_read(in, 0, head, len))
		return 0;
	size = ZSTD_getFrameContentSize(head, len);
	if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR)
		return 0;
	return size;
}

static bool begin_unpacking(struct irqm_stream *s)
{
	switch (s->packing) {
	case IRQM_ZSTD:
		s->zstd = ZSTD_createDStream();
		return s->zstd != NULL;
	case IRQM_GZIP:
		return inflateInit2(&s->gzip, GZIP_BITS) == Z_OK;
	case IRQM_XZ:
		return lzma_stream_decoder(&s->xz, XZ_MEMORY,
					   LZMA_CONCATENATED) == LZMA_OK;
	case IRQM_PLAIN:
		break;
	}
	return true;
}

struct irqm_stream *irqm_stream_new(const struct irqm_input *in,
				    enum irqm_packing packing)
{
	struct irqm_stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->in = in;
	s->held = irqm_input_held(in->fd);
	s->packing = packing;
	s->within = true;
	s->size = packing == IRQM_PLAIN ? in->size :
		  packing == IRQM_ZSTD  ? unpacked_size(in) :
					  0;
	if (begin_unpacking(s))
		return s;
	irqm_stream_free(s);
	return NULL;
}

void irqm_stream_free(struct irqm_stream *s)
{
	if (!s)
		return;
	ZSTD_freeDStream(s->zstd);
	inflateEnd(&s->gzip);
	lzma_end(&s->xz);
	free(s);
}

uint64_t irqm_stream_held(const struct irqm_stream *s)
{
	return s->held;
}

/* A file has fewer than 2^63 bytes, so this cannot overflow. */
static uint64_t in_proportion(const struct irqm_stream *s, uint64_t least,
			      uint64_t per_byte)
{
	uint64_t n;

	if (__builtin_mul_overflow(s->held, per_byte, &n) ||
	    __builtin_add_overflow(n, least, &n))
		return UINT64_MAX;
	return n;
}

uint64_t irqm_stream_most(const struct irqm_stream *s)
{
	return in_proportion(s, WRITTEN_LEAST, WRITTEN_PER_BYTE);
}

uint64_t irqm_stream_size(const struct irqm_stream *s)
{
	return s->size;
}

/* Reads the next piece of the file. Returns 1, 0 at the end, or -1 with err. */
static int read_piece(struct irqm_stream *s, void *buf, size_t *ret_len,
		      struct irqm_error *err)
{
	uint64_t left = s->in->size - s->offset;

	*ret_len = left < BUFFER ? left : BUFFER;
	if (*ret_len == 0)
		return 0;
	if (irqm_input_read(s->in, s->offset, buf, *ret_len)) {
		irqm_error_set(err,
			       "%s: truncated: cannot read it to its end; "
			       "copy it again",
			       s->in->name);
		return -1;
	}
	s->offset += *ret_len;
	return 1;
}

/* One step of each decompressor: consumes packed_data, fills data, and sets
 * within. Returns NULL, or an error message. */
static const char *step_zstd(struct irqm_stream *s)
{
	ZSTD_outBuffer out = { s->data, sizeof(s->data), 0 };
	ZSTD_inBuffer in = { s->packed_data, s->packed_len, s->packed_at };
	size_t code = ZSTD_decompressStream(s->zstd, &out, &in);

	if (ZSTD_isError(code))
		return ZSTD_getErrorName(code);
	s->packed_at = in.pos;
	s->len = out.pos;
	s->within = code != 0;
	return NULL;
}

static const char *step_gzip(struct irqm_stream *s)
{
	z_stream *z = &s->gzip;
	int code;

	z->next_in = s->packed_data + s->packed_at;
	z->avail_in = s->packed_len - s->packed_at;
	z->next_out = s->data;
	z->avail_out = sizeof(s->data);
	code = inflate(z, Z_NO_FLUSH);
	if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
		return z->msg ? z->msg : "damaged";
	s->packed_at = s->packed_len - z->avail_in;
	s->len = sizeof(s->data) - z->avail_out;
	/* another member may follow; without input, none has begun */
	s->within = code == Z_OK || (code == Z_BUF_ERROR && s->within);
	return code == Z_STREAM_END && inflateReset(z) != Z_OK ? "damaged" :
								 NULL;
}

static const char *step_xz(struct irqm_stream *s)
{
	bool last = s->offset == s->in->size;
	lzma_ret code;

	s->xz.next_in = s->packed_data + s->packed_at;
	s->xz.avail_in = s->packed_len - s->packed_at;
	s->xz.next_out = s->data;
	s->xz.avail_out = sizeof(s->data);
	code = lzma_code(&s->xz, last ? LZMA_FINISH : LZMA_RUN);
	if (code == LZMA_MEMLIMIT_ERROR)
		return "needs too much memory";
	if (code != LZMA_OK && code != LZMA_STREAM_END &&
	    code != LZMA_BUF_ERROR)
		return "damaged";
	s->packed_at = s->packed_len - s->xz.avail_in;
	s->len = sizeof(s->data) - s->xz.avail_out;
	s->within = code != LZMA_STREAM_END;
	return NULL;
}

static const char *unpack_step(struct irqm_stream *s)
{
	switch (s->packing) {
	case IRQM_ZSTD:
		return step_zstd(s);
	case IRQM_GZIP:
		return step_gzip(s);
	default:
		return step_xz(s);
	}
}

static int too_much(const struct irqm_stream *s, struct irqm_error *err)
{
	irqm_error_set(err,
		       "%s: unpacks to more than %llu MB, too much for a "
		       "dump of its size; if it is a dump, unpack it by hand",
		       s->in->name, (unsigned long long)(s->unpacked >> 20));
	return -1;
}

static int unpack_some(struct irqm_stream *s, struct irqm_error *err)
{
	const char *wrong;
	int more = 1;

	/* each iteration consumes input, produces output, or is the last */
	for (;;) {
		if (s->packed_at == s->packed_len) {
			more = read_piece(s, s->packed_data, &s->packed_len,
					  err);
			s->packed_at = 0;
			if (more < 0)
				return -1;
			/* the decompressor may hold output after all input is
			 * consumed */
			if (more == 0 && !s->within)
				return 0;
		}
		wrong = unpack_step(s);
		if (wrong) {
			irqm_error_set(err,
				       "%s: packed with %s, cannot unpack it: "
				       "%s; %s",
				       s->in->name,
				       irqm_packing_name(s->packing), wrong,
				       unpack_by_hand(s->in->name));
			return -1;
		}
		s->unpacked += s->len;
		if (s->unpacked >
		    in_proportion(s, UNPACKED_LEAST, UNPACKED_PER_BYTE))
			return too_much(s, err);
		if (s->len > 0)
			return 1;
		if (more == 0 && s->within) {
			irqm_error_set(err,
				       "%s: truncated: its packed data "
				       "end early; copy it again",
				       s->in->name);
			return -1;
		}
	}
}

static int fill_buffer(struct irqm_stream *s, struct irqm_error *err)
{
	if (s->at < s->len)
		return 1;
	s->at = s->len = 0;
	return s->packing == IRQM_PLAIN ? read_piece(s, s->data, &s->len, err) :
					  unpack_some(s, err);
}

long irqm_stream_next(struct irqm_stream *s, size_t max, const void **ret,
		      struct irqm_error *err)
{
	int more = fill_buffer(s, err);
	size_t len = s->len - s->at < max ? s->len - s->at : max;

	if (more <= 0)
		return more;
	*ret = s->data + s->at;
	s->at += len;
	return (long)len;
}

int irqm_stream_read(struct irqm_stream *s, void *buf, size_t len,
		     struct irqm_error *err)
{
	const void *data;
	long got;

	while (len > 0) {
		got = irqm_stream_next(s, len, &data, err);
		if (got <= 0)
			return (int)got;
		memcpy(buf, data, got);
		buf = (char *)buf + got;
		len -= got;
	}
	return 1;
}

int irqm_stream_copy(struct irqm_stream *s, struct irqm_tempfile *to,
		     struct irqm_error *err)
{
	const void *data;
	long got;

	to->most = irqm_stream_most(s);
	while ((got = irqm_stream_next(s, SIZE_MAX, &data, err)) > 0)
		if (irqm_tempfile_write(to, to->size, data, got, err) < 0)
			return -1;
	return (int)got;
}

bool irqm_stream_begins_with(struct irqm_stream *s, const void *what,
			     size_t len)
{
	return fill_buffer(s, NULL) > 0 && s->len - s->at >= len &&
	       memcmp(s->data + s->at, what, len) == 0;
}
