/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file that is written front to back, compressed with zstd or not. If it is,
 * it consists of frames, and a table of them is at its end (memory/input/seek.h)
 * from which a reader finds the frame that it needs.
 */
#ifndef IRQM_DISTILL_OUTPUT_H
#define IRQM_DISTILL_OUTPUT_H

#include "base/base.h"

struct irqm_output;

/* Returns 0, or -1 with err if path exists: it is not replaced. */
int irqm_output_check(const char *path, struct irqm_error *err);

/*
 * Creates a temporary file beside path, readable only by the user. Closing it
 * renames it to path, unless path exists by then. Compresses with zstd if path
 * ends in .zst. Returns NULL with err.
 */
struct irqm_output *irqm_output_new(const char *path, struct irqm_error *err);
/*
 * Begins a frame: the next size bytes can be unpacked without the others.
 * Everything is written in frames of less than 4 GiB. Returns as
 * irqm_output_write().
 */
int irqm_output_frame(struct irqm_output *o, uint64_t size,
		      struct irqm_error *err);
/* Returns 0, or -1 with err: then call irqm_output_drop(). */
int irqm_output_write(struct irqm_output *o, const void *data, size_t len,
		      struct irqm_error *err);
/* Frees o, also on failure. *ret_size is the size of the file. Returns 0, or -1
 * with err and path unchanged. */
int irqm_output_close(struct irqm_output *o, uint64_t *ret_size,
		      struct irqm_error *err);
void irqm_output_drop(struct irqm_output *o); /* NULL is fine */

#endif
