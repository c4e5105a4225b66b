/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learned kernels in a file of them or a directory of files; a dump's. */
#ifndef IRQM_TARGET_LEARNED_SEARCH_H
#define IRQM_TARGET_LEARNED_SEARCH_H

#include "target/learned/learned.h"

/* Files of a directory that are looked at, by name. */
#define IRQM_LEARNED_FILES 4096

/* What is done with each kernel of a walk. */
struct irqm_learned_visitor {
	/* More than 0 ends the walk. name is the file's. */
	int (*kernel)(void *ctx, const char *name,
		      const struct irqm_learned_text *t);
	/* A file of a directory is damaged, or cannot be read. */
	void (*bad)(void *ctx, const char *name, const struct irqm_error *why);
	void *ctx;
};

/*
 * Walks over the kernels of path. In a directory, files that are none of
 * learned kernels are passed over. Returns what kernel() returned last, or 0;
 * -1 with err: path cannot be read, or is a file that is damaged.
 */
int irqm_learned_walk(const char *path, const struct irqm_learned_visitor *v,
		      struct irqm_error *err);

/* What was looked at, for the message if the kernel is not there. */
struct irqm_learned_seen {
	const char *where;      /* the last path that was there, or NULL */
	unsigned int nr;        /* kernels */
	struct irqm_error near; /* why one of the dump's release is not it */
	struct irqm_error bad;  /* what is wrong with a file or a kernel */
};

/*
 * Looks for the dump's kernel in path. 1: it is in *k, with the offset of
 * irqm_build_check(); 0: it is not there; -1 as irqm_learned_walk().
 */
int irqm_learned_search(const char *path, const struct irqm_target *dump,
			struct irqm_learned *k, uint64_t *ret_offset,
			struct irqm_learned_seen *seen,
			struct irqm_error *err);

/* All of a file, which has to be a regular one of at most
 * IRQM_LEARNED_FILE_MAX bytes: to free(), NULL with err. fd stays open. */
char *irqm_learned_read(int fd, size_t *ret_len, struct irqm_error *err);

#endif
