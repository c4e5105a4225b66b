/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks for dumps in trees of files: by content, not by name.
 *
 * - A regular file whose first bytes may be a dump's is one to look at, also
 *   a packed one (.xz, .zst, .gz): whether there is a dump in it shows when
 *   it is unpacked.
 * - The files of a set that makedumpfile --split wrote, in one directory, are
 *   one dump.
 * - What is not a dump but is called one (irqm_is_dump_name) or was given by
 *   the user is found as well, with a reason where it cannot be opened: it may
 *   be one that was spoiled. Anything else is passed over.
 * - FIFOs, sockets and devices are never opened. A symbolic link to a file is
 *   followed, one to a directory only if it was given by the user. A file that
 *   has several names is found once.
 * - A directory that cannot be read is found, with the reason.
 *
 * Names are taken in the order of their bytes, the files of a directory before
 * the directories in it.
 */
#ifndef IRQM_FLEET_FIND_FIND_H
#define IRQM_FLEET_FIND_FIND_H

#include "fleet/store/store.h"

/* Whether a process is still writing the dump. */
enum irqm_writing {
	IRQM_WRITTEN, /* no process has it open for writing */
	/* a process has it open, or kdump's name for an incomplete dump */
	IRQM_WRITING,
	/* on a network file system, or owned by another user */
	IRQM_WRITING_UNKNOWN,
};

struct irqm_found {
	const char *const *paths; /* of a set, in its order */
	unsigned int nr;
	const char *reason; /* why it was not opened, or NULL */
	/* the user named it: report it even if it is not a dump */
	bool named;
	/* to notice changes: sum of the sizes, latest mtime */
	uint64_t size;
	int64_t mtime_ns;
	/* irqm_dump_files(), or "" if not opened */
	char files[IRQM_DUMP_HASH_LEN + 1];
	enum irqm_writing writing; /* set only with watch */
};

struct irqm_dump_finder {
	/* Return false to end the search. directory may be NULL without
	 * watch. */
	bool (*found)(void *ctx, const struct irqm_found *found);
	bool (*directory)(void *ctx, const char *path);
	void *ctx;
	bool watch;
};

/*
 * Searches paths, which are files or directories. Returns 0, or -1 with err if
 * the search ended early. For a path that does not exist, calls found() with a
 * reason.
 */
int irqm_find_dumps(const struct irqm_dump_finder *f, const char *const paths[],
		    unsigned int nr, struct irqm_error *err);

#endif
