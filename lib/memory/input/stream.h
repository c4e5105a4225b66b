/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes of a file from its start, unpacked if it is packed with zstd, gzip
 * or xz. What that takes of memory is bounded: windows of up to 128 MiB. What
 * it takes of time is proportional to the file: it is refused if more comes out
 * than of any sound file of its size.
 * Private to lib/memory.
 */
#ifndef IRQM_MEMORY_STREAM_H
#define IRQM_MEMORY_STREAM_H

#include "memory/input/input.h"
#include "memory/input/tempfile.h"

struct irqm_stream;

enum irqm_packing { IRQM_PLAIN, IRQM_ZSTD, IRQM_GZIP, IRQM_XZ };

/* By its first bytes. */
enum irqm_packing irqm_stream_packing(const struct irqm_input *in);

/* NULL without memory. The input is to outlive it. */
struct irqm_stream *irqm_stream_new(const struct irqm_input *in,
				    enum irqm_packing packing);
void irqm_stream_free(struct irqm_stream *s); /* NULL is fine */

/*
 * The next bytes, up to max of them, valid until the next call: how many, 0
 * at the end, -1 with err where it is cut short or spoiled.
 */
long irqm_stream_next(struct irqm_stream *s, size_t max, const void **ret,
		      struct irqm_error *err);
/* Exactly len bytes: 1; 0 if the stream ends before them; -1 with err. */
int irqm_stream_read(struct irqm_stream *s, void *buf, size_t len,
		     struct irqm_error *err);
/* All that is left, to the end of the file. 0, or -1 with err. */
int irqm_stream_copy(struct irqm_stream *s, struct irqm_tempfile *to,
		     struct irqm_error *err);
/* Of what comes next; up to a few bytes, and takes none. */
bool irqm_stream_begins_with(struct irqm_stream *s, const void *what,
			     size_t len);

/* Bytes of the file that take space on disk, see irqm_input_held(). */
uint64_t irqm_stream_held(const struct irqm_stream *s);
/* Bytes but zeros that a sound file of this size unpacks to at most. */
uint64_t irqm_stream_most(const struct irqm_stream *s);

/* Bytes in all, unpacked, if the file says so, else 0. */
uint64_t irqm_stream_size(const struct irqm_stream *s);

#endif
