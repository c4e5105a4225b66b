/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computes the id that recognises a dump (store/store.h). */
#ifndef IRQM_FLEET_FIND_DUMP_ID_H
#define IRQM_FLEET_FIND_DUMP_ID_H

#include <sys/stat.h>

#include "fleet/store/store.h"

/* When the file was changed. Times outside 1677 to 2262 are clamped: an archive
 * can set any time. */
int64_t irqm_mtime_ns(const struct stat *st);

/*
 * The state of a file on this machine: if none of these changes, its content
 * has not changed either. Programs cannot set ctime, so it also reveals a copy
 * that was completed in place with its old mtime (rsync -t --inplace).
 */
struct irqm_file_state {
	uint64_t dev, ino, size;
	int64_t mtime_ns, ctime_ns;
};

void irqm_file_state(const struct stat *st, struct irqm_file_state *ret);

/* Hashes the states of the files of one dump, in the order of the set. */
void irqm_dump_files(const struct irqm_file_state states[], unsigned int nr,
		     char ret[IRQM_DUMP_HASH_LEN + 1]);
/* The same, but calls stat(). Sets ret to "" if one of the files does not
 * exist. */
void irqm_dump_files_at(const char *const paths[], unsigned int nr,
			char ret[IRQM_DUMP_HASH_LEN + 1]);

/* How much of a file is hashed for its id: the whole file up to this size; of a
 * larger file, this number of blocks, evenly spread. */
#define IRQM_DUMP_ID_WHOLE (16U << 20)
#define IRQM_DUMP_ID_BLOCK (64U << 10)
#define IRQM_DUMP_ID_BLOCKS (IRQM_DUMP_ID_WHOLE / IRQM_DUMP_ID_BLOCK)

/* The id of a dump, and the state of its files. */
struct irqm_dump_found {
	struct irqm_dump_id id;
	char files[IRQM_DUMP_HASH_LEN + 1]; /* irqm_dump_files() */
	/* false if a file changed so recently that another change might have
	 * the same time */
	bool settled;
};

/* fds are the files of a dump in the order of the set, open for reading.
 * Returns false with errno if one of them cannot be read. */
bool irqm_dump_id(const int fds[], unsigned int nr,
		  struct irqm_dump_found *ret);

/* For a file that cannot be opened: makes an id from its path and, if lstat()
 * works, its size and time. */
void irqm_dump_id_unread(const char *path, struct irqm_dump_id *ret);

/* Like strcmp(): 0 if both are the id of the same dump. */
int irqm_dump_id_compare(const struct irqm_dump_id *a,
			 const struct irqm_dump_id *b);

#endif
