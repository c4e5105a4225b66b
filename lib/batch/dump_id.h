/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which dump a file is, to know it again: store/store.h has the id. */
#ifndef IRQM_BATCH_DUMP_ID_H
#define IRQM_BATCH_DUMP_ID_H

#include <sys/stat.h>

#include "store/store.h"

/* When the file was changed; all times from 2262 on, and before 1677, are one:
 * an archive may set any. */
int64_t irqm_mtime_ns(const struct stat *st);

/*
 * Of the files of one dump, in the order of the set: sizes, times and first
 * and last 64 KiB are read. fds are the files, open for reading. False with
 * errno if one of them cannot be read.
 */
bool irqm_dump_id(const int fds[], unsigned int nr, struct irqm_dump_id *ret);

/*
 * Of what cannot be opened: by its path, and what lstat() says, if that
 * works.
 */
void irqm_dump_id_unread(const char *path, struct irqm_dump_id *ret);

/* As strcmp(): 0 if they are of the same dump. */
int irqm_dump_id_compare(const struct irqm_dump_id *a,
			 const struct irqm_dump_id *b);

#endif
