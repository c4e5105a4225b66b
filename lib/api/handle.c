/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The handle, its options and error, and sets. */
#include "api/handle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *irqmatrix_version(void)
{
	return IRQMATRIX_VERSION;
}

struct irqmatrix *irqmatrix_new(void)
{
	return calloc(1, sizeof(struct irqmatrix));
}

void irqm_api_forget(struct irqmatrix *m)
{
	irqm_analysis_free(m->analysis);
	irqm_snapshot_free(m->snapshot);
	m->analysis = NULL;
	m->snapshot = NULL;
}

void irqmatrix_free(struct irqmatrix *m)
{
	if (!m)
		return;
	irqm_api_forget(m);
	free(m->vmlinux);
	free(m->kernels);
	free(m->cache);
	free(m);
}

int irqm_api_fail(struct irqmatrix *m, enum irqm_error_code code,
		  const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	irqm_error_vset(&m->err, fmt, ap);
	va_end(ap);
	irqm_error_is(&m->err, code);
	return -1;
}

int irqm_api_no_memory(struct irqmatrix *m)
{
	irqm_error_memory(&m->err);
	return -1;
}

bool irqm_api_has_read(struct irqmatrix *m)
{
	if (m->analysis)
		return true;
	irqm_api_fail(m, IRQM_ERROR_USAGE,
		      "nothing was read: call irqmatrix_read_dump() first");
	return false;
}

enum irqmatrix_error_code irqmatrix_error_code(const struct irqmatrix *m)
{
	/* the two enumerations have the same values */
	return m ? (enum irqmatrix_error_code)m->err.code :
		   IRQMATRIX_ERROR_MEMORY;
}

const char *irqmatrix_error(const struct irqmatrix *m)
{
	return m ? m->err.msg : "out of memory";
}

static int set_string(struct irqmatrix *m, char **s, const char *value)
{
	char *copy = value ? strdup(value) : NULL;

	if (value && !copy)
		return irqm_api_no_memory(m);
	free(*s);
	*s = copy;
	return 0;
}

int irqmatrix_set_vmlinux(struct irqmatrix *m, const char *path)
{
	return set_string(m, &m->vmlinux, path);
}

int irqmatrix_set_kernels(struct irqmatrix *m, const char *path)
{
	return set_string(m, &m->kernels, path);
}

int irqmatrix_set_cache(struct irqmatrix *m, const char *folder)
{
	return set_string(m, &m->cache, folder);
}

void irqmatrix_set_temp_limit(struct irqmatrix *m, uint64_t bytes)
{
	m->temp_limit = bytes;
}

void irqmatrix_set_threads(struct irqmatrix *m, unsigned int threads)
{
	m->threads = threads;
}

void irqmatrix_set_progress(struct irqmatrix *m, irqmatrix_progress *progress,
			    void *ctx)
{
	m->progress = progress;
	m->progress_ctx = ctx;
}

static const struct irqm_bits *bits_of(const struct irqmatrix_bits *b)
{
	return (const struct irqm_bits *)b;
}

unsigned int irqmatrix_bits_weight(const struct irqmatrix_bits *b)
{
	return b ? irqm_bits_weight(bits_of(b)) : 0;
}

int64_t irqmatrix_bits_next(const struct irqmatrix_bits *b, unsigned int from)
{
	unsigned int n;

	if (!b || from >= bits_of(b)->nbits)
		return -1;
	n = irqm_bits_next(bits_of(b), from);
	return n < bits_of(b)->nbits ? (int64_t)n : -1;
}

char *irqmatrix_bits_list(const struct irqmatrix_bits *b)
{
	return b ? irqm_bits_list(bits_of(b)) : NULL;
}
