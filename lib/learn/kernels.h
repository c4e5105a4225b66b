/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of learned kernels that is added to: it is read, and replaced as a
 * whole when all is there, so that whoever reads it meanwhile has the old one.
 */
#ifndef IRQM_LEARN_KERNELS_H
#define IRQM_LEARN_KERNELS_H

#include "target/learned/learned.h"

struct irqm_kernels;

/*
 * Opens path, which need not be there, for one process at a time: a second one
 * waits. All files are open then; what is left is to rename one in its
 * directory. NULL with err: it is another kind of file, or a damaged one.
 */
struct irqm_kernels *irqm_kernels_open(const char *path,
				       struct irqm_error *err);

/*
 * Puts a kernel in; the one of the same build that was there is replaced, and
 * *ret_replaced true. ret_size: bytes of it. 0, or -1 with err.
 */
int irqm_kernels_put(struct irqm_kernels *f, const struct irqm_learned *k,
		     bool *ret_replaced, size_t *ret_size,
		     struct irqm_error *err);

/* How many are in it now, and their bytes. */
unsigned int irqm_kernels_count(const struct irqm_kernels *f,
				uint64_t *ret_size);

/* The name of the new file until it is written: for whoever is interrupted to
 * remove. "": there is none any more. */
const char *irqm_kernels_temporary(const struct irqm_kernels *f);

/* Writes the file. 0, or -1 with err, and it is as it was. */
int irqm_kernels_write(struct irqm_kernels *f, struct irqm_error *err);
void irqm_kernels_close(struct irqm_kernels *f); /* NULL is fine */

#endif
