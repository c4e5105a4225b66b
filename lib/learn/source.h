/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Learns a kernel from a vmlinux (plain, or compressed with gzip, xz or zstd),
 * or from an RPM or deb package. Opens no files, so that the caller can give up
 * the right to do so.
 */
#ifndef IRQM_LEARN_SOURCE_H
#define IRQM_LEARN_SOURCE_H

#include "memory/input/tempfile.h"
#include "memory/learned/learned.h"

struct irqm_learn {
	/* both stay open and are reused for each file */
	struct irqm_tempfile unpacked, extracted;
	uint64_t limit;                  /* bytes, of both together */
	struct package_library *library; /* NULL: packages are refused */
	/* Reports progress of long steps. May be NULL. */
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
};

/*
 * limit is the most bytes of temporary files for a kernel; with 0, only the
 * file system limits them. Returns 0, or -1 with err; close l in either case.
 */
int irqm_learn_open(struct irqm_learn *l, uint64_t limit,
		    struct irqm_error *err);
void irqm_learn_close(struct irqm_learn *l);

/*
 * Fills k, except for k->time, from an open file; name is its path. Uses the
 * first vmlinux of a package. Returns 0, or -1 with err.
 */
int irqm_learn_file(struct irqm_learn *l, int fd, const char *name,
		    struct irqm_learned *k, struct irqm_error *err);

#endif
