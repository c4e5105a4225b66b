/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The opaque types of libirqmatrix.h. Private to lib/api: the tool and the
 * extension call the stages directly. */
#ifndef IRQM_API_HANDLE_H
#define IRQM_API_HANDLE_H

#include "analysis/analysis.h"
#include "libirqmatrix.h"

struct irqmatrix {
	char *vmlinux, *kernels, *cache;
	uint64_t temp_limit;
	unsigned int threads;
	irqmatrix_progress *progress;
	void *progress_ctx;

	struct irqm_snapshot *snapshot; /* both set, or both NULL */
	struct irqm_analysis *analysis;
	struct irqm_error err;
};

/* Sets the error. Returns -1. */
__attribute__((format(printf, 3, 4))) int
irqm_api_fail(struct irqmatrix *m, enum irqm_error_code code, const char *fmt,
	      ...);
/* Sets the error "out of memory". Returns -1. */
int irqm_api_no_memory(struct irqmatrix *m);

/* Returns false and sets the error if no dump was read. */
bool irqm_api_has_read(struct irqmatrix *m);

/* Frees the snapshot and the analysis. */
void irqm_api_forget(struct irqmatrix *m);

/* Converts a set to the type in the public API. */
static inline const struct irqmatrix_bits *
irqm_api_bits(const struct irqm_bits *b)
{
	return irqm_bits_known(b) ? (const struct irqmatrix_bits *)b : NULL;
}

#endif
