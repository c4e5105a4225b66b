/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes of a file from its start, unpacked if it is compressed with zstd,
 * gzip or xz. Memory is limited: windows have at most 128 MiB. Time is
 * proportional to the size of the file: a file is refused if it unpacks to more
 * than any valid dump of its size. Private to lib/memory.
 */
#ifndef IRQM_MEMORY_STREAM_H
#define IRQM_MEMORY_STREAM_H

#include "memory/input/input.h"
#include "memory/input/tempfile.h"

struct irqm_stream;

enum irqm_packing {
	IRQM_PLAIN,
	IRQM_ZSTD,
	IRQM_GZIP,
	IRQM_XZ
};

/* Returns the compression by the first bytes. */
enum irqm_packing irqm_stream_packing(const struct irqm_input *in);

/* Returns "xz", "gzip" or "zstd"; "nothing" for IRQM_PLAIN. */
const char *irqm_packing_name(enum irqm_packing packing);

/* Returns NULL if out of memory. in must outlive the stream. */
struct irqm_stream *irqm_stream_new(const struct irqm_input *in,
				    enum irqm_packing packing);
void irqm_stream_free(struct irqm_stream *s); /* NULL is fine */

/*
 * Gets the next bytes, at most max, valid until the next call. Returns how
 * many, 0 at the end, or -1 with err if the file is truncated or damaged.
 */
long irqm_stream_next(struct irqm_stream *s, size_t max, const void **ret,
		      struct irqm_error *err);
/* Reads exactly len bytes. Returns 1, 0 if the stream ends before them, or -1
 * with err. */
int irqm_stream_read(struct irqm_stream *s, void *buf, size_t len,
		     struct irqm_error *err);
/* Copies the rest of the stream to the end of a file. Returns 0, or -1 with
 * err. */
int irqm_stream_copy(struct irqm_stream *s, struct irqm_tempfile *to,
		     struct irqm_error *err);
/* Returns true if the next bytes, a few at most, are these. Consumes none. */
bool irqm_stream_begins_with(struct irqm_stream *s, const void *what,
			     size_t len);

/* Bytes of the file that take space on disk, see irqm_input_held(). */
uint64_t irqm_stream_held(const struct irqm_stream *s);
/* Returns the most bytes, zeros not counted, that a valid dump of this size
 * unpacks to. */
uint64_t irqm_stream_most(const struct irqm_stream *s);

/* Returns the unpacked size in bytes that the file states, or 0. */
uint64_t irqm_stream_size(const struct irqm_stream *s);

#endif
