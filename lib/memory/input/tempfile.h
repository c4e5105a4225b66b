/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An unnamed file in $TMPDIR or /var/tmp, which disappears however the program
 * ends. Private to lib/memory.
 */
#ifndef IRQM_MEMORY_TEMPFILE_H
#define IRQM_MEMORY_TEMPFILE_H

#include "base/base.h"

/* 64 TiB: larger than any valid offset of a dump. */
#define IRQM_TEMPFILE_MAX (1ULL << 46)

struct irqm_files;

struct irqm_tempfile {
	int fd;
	uint64_t size; /* up to the last byte, including holes */
	/* bytes on disk, at most: whole blocks, without holes */
	uint64_t written;
	uint64_t limit; /* limit for written */
	/* bytes of blocks, each counted as often as it was written */
	uint64_t touched;
	/* limit for touched: what valid files need; 0: unknown */
	uint64_t most;
	/* limit for written from the file system; set by open */
	uint64_t spare;
	uint64_t block;   /* bytes that one byte occupies; set by open */
	uint64_t last;    /* block that was written last, + 1 */
	uint64_t needed;  /* expected value of written at the end, or 0 */
	const char *name; /* source of the data, for messages */
	const struct irqm_files *files; /* opens it; NULL: this process does */
};

/* Returns $TMPDIR, or /var/tmp. */
const char *irqm_tempfile_directory(void);
/* Returns a descriptor to close, or -1 with errno. */
int irqm_tempfile_new(void);
int irqm_tempfile_open(struct irqm_tempfile *t, struct irqm_error *err);
/* Empties the file. Returns 0, or -1 with err. */
int irqm_tempfile_reset(struct irqm_tempfile *t, struct irqm_error *err);
/*
 * Returns how many of a file system's free bytes may be written: a tenth of the
 * file system, or 1 GiB if that is less, stays free.
 */
uint64_t irqm_tempfile_spare(uint64_t total, uint64_t free);
/* The same for the directory of temporary files; UINT64_MAX if unknown. */
uint64_t irqm_tempfile_room(void);
/* Writes len bytes at offset; zeros beyond the end so far become holes. Returns
 * 0, or -1 with err. */
int irqm_tempfile_write(struct irqm_tempfile *t, uint64_t offset,
			const void *data, size_t len, struct irqm_error *err);
/* Call this at the end: it extends the file if it ends in a hole. */
int irqm_tempfile_finish(struct irqm_tempfile *t, struct irqm_error *err);

#endif
