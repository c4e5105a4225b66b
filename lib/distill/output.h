/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that is written front to back, packed with zstd or as it is. */
#ifndef IRQM_DISTILL_OUTPUT_H
#define IRQM_DISTILL_OUTPUT_H

#include "base/base.h"

struct irqm_output;

/* 0, or -1 with err if there is something of that name: it is not replaced. */
int irqm_output_check(const char *path, struct irqm_error *err);

/*
 * A new file beside path, which takes its name when it is closed well, unless
 * that is taken; only the user may read it. Packed with zstd if path ends in
 * .zst. NULL with err.
 */
struct irqm_output *irqm_output_new(const char *path, struct irqm_error *err);
/* How many bytes will be written, before the first of them. */
void irqm_output_expect(struct irqm_output *o, uint64_t size);
/* 0, or -1 with err: the file is then given up with irqm_output_drop(). */
int irqm_output_write(struct irqm_output *o, const void *data, size_t len,
		      struct irqm_error *err);
/* Frees o in any case. ret_size: bytes of the file. 0, or -1 with err, and
 * path is as it was. */
int irqm_output_close(struct irqm_output *o, uint64_t *ret_size,
		      struct irqm_error *err);
void irqm_output_drop(struct irqm_output *o); /* NULL is fine */

#endif
