/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks over learned kernels in files and directories, and finds that of a
 * dump. */
#ifndef IRQM_MEMORY_LEARNED_SEARCH_H
#define IRQM_MEMORY_LEARNED_SEARCH_H

#include "memory/learned/learned.h"

/* Limit on the files of a directory to read, in the order of names. */
#define IRQM_LEARNED_FILES 4096

/* Called for each kernel of a walk. */
struct irqm_learned_visitor {
	/* name is the file's. Return a value above 0 to end the walk. */
	int (*kernel)(void *ctx, const char *name,
		      const struct irqm_learned_text *t);
	/* Called for a damaged or unreadable file in a directory. */
	void (*bad)(void *ctx, const char *name, const struct irqm_error *why);
	void *ctx;
};

/* A file or a directory, which files (files.h) open by its number. */
struct irqm_files;
struct irqm_learned_place {
	const struct irqm_files *files;
	unsigned int nr;
	const char *path; /* for messages */
};

/*
 * Walks over the kernels of a place. In a directory, skips files without
 * learned kernels. Returns the last result of kernel(), or 0; -1 with err if
 * the place cannot be read or is a damaged file.
 */
int irqm_learned_walk(const struct irqm_learned_place *place,
		      const struct irqm_learned_visitor *v,
		      struct irqm_error *err);

/* What the search saw, for the error message if it found no kernel. */
struct irqm_learned_seen {
	const char *where;      /* the last path that exists, or NULL */
	unsigned int nr;        /* number of kernels */
	struct irqm_error near; /* why a kernel of the dump's release differs */
	struct irqm_error bad;  /* what is wrong with a file or a kernel */
};

/*
 * Looks for the dump's kernel in a place. Returns 1 with the kernel in *k and
 * the offset from irqm_build_check() in *ret_offset; 0 if there is none; -1 as
 * irqm_learned_walk().
 */
int irqm_learned_search(const struct irqm_learned_place *place,
			const struct irqm_target *dump,
			struct irqm_learned_seen *seen, struct irqm_learned *k,
			uint64_t *ret_offset, struct irqm_error *err);

/* Reads a regular file of at most IRQM_LEARNED_FILE_MAX bytes. Returns its
 * text, to be freed with free(), or NULL with err. Does not close fd. */
char *irqm_learned_read(int fd, size_t *ret_len, struct irqm_error *err);

#endif
