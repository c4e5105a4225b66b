/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target/stream.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define BUFFER (128 * 1024)

struct irqm_stream {
	const struct irqm_input *in;
	uint64_t offset;        /* of the file, read so far */
	uint64_t size;
	ZSTD_DStream *zstd;     /* NULL: not packed */
	ZSTD_inBuffer packed;   /* of packed_data */
	bool within_frame;
	size_t at, len;         /* of data */
	unsigned char data[BUFFER], packed_data[BUFFER];
};

/* The frame's claim, good enough to warn by. */
static uint64_t unpacked_size(const struct irqm_input *in)
{
	unsigned char head[18]; /* ZSTD_FRAMEHEADERSIZE_MAX */
	size_t len = in->size < sizeof(head) ? in->size : sizeof(head);
	unsigned long long size;

	if (irqm_input_read(in, 0, head, len))
		return 0;
	size = ZSTD_getFrameContentSize(head, len);
	return size == ZSTD_CONTENTSIZE_UNKNOWN ||
	       size == ZSTD_CONTENTSIZE_ERROR ? 0 : size;
}

struct irqm_stream *irqm_stream_new(const struct irqm_input *in, bool packed)
{
	struct irqm_stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->in = in;
	s->size = packed ? unpacked_size(in) : in->size;
	s->packed.src = s->packed_data;
	if (packed) {
		s->zstd = ZSTD_createDStream();
		if (!s->zstd) {
			free(s);
			return NULL;
		}
	}
	return s;
}

void irqm_stream_free(struct irqm_stream *s)
{
	if (!s)
		return;
	ZSTD_freeDStream(s->zstd);
	free(s);
}

uint64_t irqm_stream_size(const struct irqm_stream *s)
{
	return s->size;
}

/* The next piece of the file: 1, 0 at its end, -1 with err. */
static int read_piece(struct irqm_stream *s, void *buf, size_t *ret_len,
		      struct irqm_error *err)
{
	uint64_t left = s->in->size - s->offset;

	*ret_len = left < BUFFER ? left : BUFFER;
	if (*ret_len == 0)
		return 0;
	if (irqm_input_read(s->in, s->offset, buf, *ret_len)) {
		irqm_error_set(err, "%s: truncated: it cannot be read to its "
			       "end", s->in->name);
		return -1;
	}
	s->offset += *ret_len;
	return 1;
}

static int unpack(struct irqm_stream *s, struct irqm_error *err)
{
	ZSTD_outBuffer out = { s->data, sizeof(s->data), 0 };
	size_t code;
	int more;

	/* each turn takes input, gives output, or is the last */
	while (out.pos == 0) {
		if (s->packed.pos == s->packed.size) {
			more = read_piece(s, s->packed_data, &s->packed.size,
					  err);
			s->packed.pos = 0;
			if (more < 0)
				return -1;
			/* output may wait within although all input is taken */
			if (more == 0 && !s->within_frame)
				return 0;
		}
		code = ZSTD_decompressStream(s->zstd, &out, &s->packed);
		if (ZSTD_isError(code)) {
			irqm_error_set(err, "%s: cannot unpack it: %s; try "
				       "zstd -d", s->in->name,
				       ZSTD_getErrorName(code));
			return -1;
		}
		s->within_frame = code != 0;
		if (out.pos == 0 && s->within_frame && s->packed.size == 0) {
			irqm_error_set(err, "%s: truncated: its zstd data end "
				       "early; copy the dump again",
				       s->in->name);
			return -1;
		}
	}
	s->len = out.pos;
	return 1;
}

static int fill(struct irqm_stream *s, struct irqm_error *err)
{
	if (s->at < s->len)
		return 1;
	s->at = s->len = 0;
	return s->zstd ? unpack(s, err) :
			 read_piece(s, s->data, &s->len, err);
}

long irqm_stream_next(struct irqm_stream *s, size_t max, const void **ret,
		      struct irqm_error *err)
{
	int more = fill(s, err);
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

bool irqm_stream_begins_with(struct irqm_stream *s, const void *what,
			     size_t len)
{
	return fill(s, NULL) > 0 && s->len - s->at >= len &&
	       memcmp(s->data + s->at, what, len) == 0;
}
