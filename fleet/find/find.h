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

/* Does somebody write it still? */
enum irqm_writing {
	IRQM_WRITTEN,         /* no process has it open for writing */
	IRQM_WRITING,         /* one has, or its name is one that kdump
				     gives to what is not complete */
	IRQM_WRITING_UNKNOWN, /* a file of another user, or of a network */
};

struct irqm_found {
	const char *const *paths; /* of a set in its order */
	unsigned int nr;
	const char *reason; /* it was not opened, why; else NULL */
	bool named;         /* say so if it is no dump */
	/* to see that it changes: of all its files together */
	uint64_t size;
	int64_t mtime_ns;
	char files[IRQM_DUMP_HASH_LEN + 1]; /* irqm_dump_files(); "": not
				     opened */
	enum irqm_writing writing;          /* only with watch */
};

struct irqm_dump_finder {
	/* Each returns false to end the search. Directories only with watch;
	 * may be NULL else. */
	bool (*found)(void *ctx, const struct irqm_found *found);
	bool (*directory)(void *ctx, const char *path);
	void *ctx;
	bool watch;
};

/*
 * Searches the paths, files or directories. 0; -1 with err if it did not come
 * to its end. A path that does not exist is found with a reason.
 */
int irqm_find_dumps(const struct irqm_dump_finder *f, const char *const paths[],
		    unsigned int nr, struct irqm_error *err);

/*
 * Is a file with this name expected to be a dump? With "vmcore" in it, "dump"
 * at its beginning, or .dump, .kdump, .elf or .flat at its end; but not a log,
 * a text or a sum beside a dump: "vmcore-dmesg.txt", "dump.sha256".
 */
bool irqm_is_dump_name(const char *name);

#endif
