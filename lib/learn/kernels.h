/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds kernels to a file of learned kernels. The file is read, and replaced as
 * a whole at the end, so that other programs see the old file or the new one.
 */
#ifndef IRQM_LEARN_KERNELS_H
#define IRQM_LEARN_KERNELS_H

#include "memory/learned/learned.h"

struct irqm_kernels;

/*
 * Opens path, which need not exist, and locks it: a second process waits. Opens
 * no file after this; only the rename in path's directory remains. Returns NULL
 * with err if path is not a file of learned kernels, or damaged.
 */
struct irqm_kernels *irqm_kernels_open(const char *path,
				       struct irqm_error *err);

/*
 * Adds a kernel, or replaces one of the same build and sets *ret_replaced.
 * *ret_size is its size in bytes. Returns 0, or -1 with err.
 */
int irqm_kernels_put(struct irqm_kernels *f, const struct irqm_learned *k,
		     bool *ret_replaced, size_t *ret_size,
		     struct irqm_error *err);

/* Returns the number of kernels, and the size of the file. */
unsigned int irqm_kernels_count(const struct irqm_kernels *f,
				uint64_t *ret_size);

/* Returns the name of the temporary file, which a program that is interrupted
 * must remove, or "" after it was written. */
const char *irqm_kernels_temporary(const struct irqm_kernels *f);

/* Writes the file. Returns 0, or -1 with err and the file unchanged. */
int irqm_kernels_write(struct irqm_kernels *f, struct irqm_error *err);
void irqm_kernels_close(struct irqm_kernels *f); /* NULL is fine */

#endif
