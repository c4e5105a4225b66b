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
	const char *vmlinux;     /* take symbols and types from here; NULL: from
				  the dump, else from where debuginfo is found */
	const char *vmlinux_dir; /* looked in before the usual places, see
				  vmlinux.h; NULL: none */
	const char *kernels; /* learned ones (learned/learned.h), a file or a
				  directory, looked in before the dump itself;
				  NULL: none */
	const char *const *kernel_places; /* the same, but looked in only if
				  the dump itself is not enough, and they need
				  not be there; ends with NULL, may be NULL */
	const char *cache_dir;          /* of known kernels; NULL: do without */
	const struct irqm_files *files; /* open all of these, and the dump: see
				  files.h; NULL: this process does. The paths
				  are for messages then */
	uint64_t temp_limit;  /* bytes of temporary files; 0: no limit */
	unsigned int threads; /* that unpack large reads, see pages.h; 0: by
				  the number of CPUs, 1: the caller alone */

	/* Called while something takes long; what it is. May be NULL. */
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
void irqm_dumpfile_close(struct irqm_dumpfile *f); /* NULL is fine */

/* Both live as long as the file. */
struct irqm_target *irqm_dumpfile_target(struct irqm_dumpfile *f);
const struct irqm_layout *irqm_dumpfile_layout(const struct irqm_dumpfile *f);

/* What the target reads, and how; as long as the file. */
const struct irqm_pages *irqm_dumpfile_pages(const struct irqm_dumpfile *f);
const struct irqm_paging *irqm_dumpfile_paging(const struct irqm_dumpfile *f);

/* A range of memory that opening a dump needs as a whole. */
struct irqm_dumpfile_table {
	uint64_t addr, len;
	const char *what;
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
