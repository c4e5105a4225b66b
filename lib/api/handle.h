/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is behind the opaque types of libirqmatrix.h, which is the manual.
 * Private to lib/api: what the project itself consists of uses the stages.
 */
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

	struct irqm_snapshot *snapshot; /* both or none */
	struct irqm_analysis *analysis;
	struct irqm_error err;
};

/* Sets the error. Returns -1. */
__attribute__((format(printf, 3, 4))) int
irqm_api_fail(struct irqmatrix *m, enum irqm_error_code code, const char *fmt,
	      ...);
/* The same for "out of memory". */
int irqm_api_no_memory(struct irqmatrix *m);

/* Sets the error unless something was read. */
bool irqm_api_has_read(struct irqmatrix *m);

/* Forgets what was read. */
void irqm_api_forget(struct irqmatrix *m);

/* A set as the caller sees it. */
static inline const struct irqmatrix_bits *
irqm_api_bits(const struct irqm_bits *b)
{
	return irqm_bits_known(b) ? (const struct irqmatrix_bits *)b : NULL;
}

#endif
