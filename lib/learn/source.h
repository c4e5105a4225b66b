/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a kernel is learned from: a vmlinux, packed with gzip, xz or zstd or
 * not, or the package of one: RPM or deb. Opens no file, so that whoever calls
 * can have given up the right to.
 */
#ifndef IRQM_LEARN_SOURCE_H
#define IRQM_LEARN_SOURCE_H

#include "target/input/tempfile.h"
#include "target/learned/learned.h"

struct irqm_learn {
	/* open; both are used again for each file */
	struct irqm_tempfile unpacked, extracted;
	uint64_t limit;         /* bytes, of both together */
	struct package_library *library; /* NULL: packages are refused */
	/* Something takes long: what, how far. May be NULL. */
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
};

/* limit: bytes of temporary files for a kernel; 0: none but the file
 * system's. 0, or -1 with err; to be closed in either case. */
int irqm_learn_open(struct irqm_learn *l, uint64_t limit,
		    struct irqm_error *err);
void irqm_learn_close(struct irqm_learn *l);

/*
 * Fills k, all but k->time, from a file that is open; name is its path. Of a
 * package the first vmlinux counts. 0, or -1 with err.
 */
int irqm_learn_file(struct irqm_learn *l, int fd, const char *name,
		    struct irqm_learned *k, struct irqm_error *err);

#endif
