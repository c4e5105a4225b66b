/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dump file on its own as a target: pages, translation, symbols and types
 * put together. Needs nothing but the dump on kernels from 6.0 on.
 */
#ifndef IRQM_MEMORY_DUMPFILE_H
#define IRQM_MEMORY_DUMPFILE_H

#include "layout/layout.h"
#include "memory/paging.h"
#include "memory/target.h"

struct irqm_dumpfile;
struct irqm_files;

struct irqm_dumpfile_options {
	const char *vmlinux;   /* take symbols and types from here; NULL: from
				  the dump, else from where debuginfo is found */
	const char *vmlinux_dir; /* looked in before the usual places, see
				  vmlinux.h; NULL: none */
	const char *kernels;   /* learned ones (learned/learned.h), a file or a
				  directory, looked in before the dump itself;
				  NULL: none */
	const char *const *kernel_places; /* the same, but looked in only if
				  the dump itself is not enough, and they need
				  not be there; ends with NULL, may be NULL */
	const char *cache_dir; /* of known kernels; NULL: do without */
	const struct irqm_files *files; /* open all of these, and the dump: see
				  files.h; NULL: this process does. The paths
				  are for messages then */
	uint64_t temp_limit;   /* bytes of temporary files; 0: no limit */
	unsigned int threads;  /* that unpack large reads, see pages.h; 0: by
				  the number of CPUs, 1: the caller alone */

	/* Something takes long: what, how far. May be NULL. */
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
};

/*
 * 0, or -1 with err: what is missing and what to do. *ret is to be closed; the
 * target's path is paths[0] itself, which has to stay as long.
 */
int irqm_dumpfile_open(const char *const paths[], unsigned int nr,
		       const struct irqm_dumpfile_options *options,
		       struct irqm_dumpfile **ret, struct irqm_error *err);
/* What opens the files of such a dump, for irqm_files_local_init(). */
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

/* A piece of memory that opening a dump takes whole. */
struct irqm_dumpfile_table {
	uint64_t addr, len;
	const char *what;
};

/*
 * The kernel's own symbol table and types in its memory, which are looked
 * for even if a vmlinux was in their place; and what that vmlinux was matched
 * by. Returns how many pieces the dump has.
 */
#define IRQM_DUMPFILE_TABLES 16
unsigned int irqm_dumpfile_tables(struct irqm_dumpfile *f,
				  struct irqm_dumpfile_table ret[]);

#endif
