/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dump file as a target, without crash: combines pages, address translation,
 * symbols and types. For kernels since 6.0 the dump alone is enough.
 */
#ifndef IRQM_MEMORY_DUMPFILE_H
#define IRQM_MEMORY_DUMPFILE_H

#include "layout/layout.h"
#include "memory/paging.h"
#include "memory/target.h"

struct irqm_dumpfile;
struct irqm_files;

struct irqm_dumpfile_options {
	/* vmlinux to read symbols and types from; NULL: from the dump, or from
	 * where debuginfo is installed */
	const char *vmlinux;
	/* directory to search before the usual places, see vmlinux.h; NULL:
	 * none */
	const char *vmlinux_dir;
	/* learned kernels (learned/learned.h), a file or a directory, to use
	 * before the dump itself; NULL: none */
	const char *kernels;
	/* the same, but only used if the dump itself is not enough, and they
	 * may be missing; ends with NULL, may be NULL */
	const char *const *kernel_places;
	const char *cache_dir; /* cache of known kernels; NULL: none */
	bool live;             /* the file is /proc/kcore */
	/* opens all of these, and the dump: see files.h. The paths are then
	 * only for messages. NULL: this process opens them. They have to be
	 * valid until irqm_dumpfile_keep() */
	const struct irqm_files *files;
	uint64_t temp_limit; /* bytes of temporary files; 0: no limit */
	/* threads that unpack large reads, see pages.h; 0: by the number of
	 * CPUs, 1: only the caller */
	unsigned int threads;

	/* Called during long operations; what names the operation. May be
	 * NULL. */
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
};

/*
 * Returns 0, or -1 with err, which says what is missing and what to do. Close
 * *ret. The target keeps the pointer paths[0] as its path.
 */
int irqm_dumpfile_open(const char *const paths[], unsigned int nr,
		       const struct irqm_dumpfile_options *options,
		       struct irqm_dumpfile **ret, struct irqm_error *err);
/* Fills ret, for irqm_files_local_init(), to open the files of this dump. */
struct irqm_files_local;
void irqm_dumpfile_files(struct irqm_files_local *ret,
			 const char *const paths[], unsigned int nr,
			 const struct irqm_dumpfile_options *options);
/* Adds a kernel that the cache did not have. Call this when the snapshot was
 * read: the names of the functions in it are kept, too. */
void irqm_dumpfile_keep(struct irqm_dumpfile *f);
void irqm_dumpfile_close(struct irqm_dumpfile *f); /* NULL is fine */

/* Valid as long as the file is open. */
struct irqm_target *irqm_dumpfile_target(struct irqm_dumpfile *f);
const struct irqm_layout *irqm_dumpfile_layout(const struct irqm_dumpfile *f);

/* What the target reads from, and how. Valid as long as the file is open. */
const struct irqm_pages *irqm_dumpfile_pages(const struct irqm_dumpfile *f);
const struct irqm_paging *irqm_dumpfile_paging(const struct irqm_dumpfile *f);

/* A range of memory that opening a dump reads in full. */
struct irqm_dumpfile_table {
	uint64_t addr, len;
	const char *what;
	bool searched; /* by lookups, if the kernel is known */
};

/*
 * Lists the ranges of the kernel's symbol table and types in its memory, even
 * if a vmlinux was used instead of them, and the data that the vmlinux was
 * matched by. Returns the number of ranges, at most IRQM_DUMPFILE_TABLES.
 */
#define IRQM_DUMPFILE_TABLES 16
unsigned int irqm_dumpfile_tables(struct irqm_dumpfile *f,
				  struct irqm_dumpfile_table ret[]);

#endif
