/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that is written front to back, compressed with zstd or not. */
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
/* Announces the number of bytes; call it before the first write. */
void irqm_output_expect(struct irqm_output *o, uint64_t size);
/* Returns 0, or -1 with err: then call irqm_output_drop(). */
int irqm_output_write(struct irqm_output *o, const void *data, size_t len,
		      struct irqm_error *err);
/* Frees o, also on failure. *ret_size is the size of the file. Returns 0, or -1
 * with err and path unchanged. */
int irqm_output_close(struct irqm_output *o, uint64_t *ret_size,
		      struct irqm_error *err);
void irqm_output_drop(struct irqm_output *o); /* NULL is fine */

#endif
