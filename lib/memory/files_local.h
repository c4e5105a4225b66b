/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens the files that reading a dump takes, in this process. */
#ifndef IRQM_MEMORY_FILES_LOCAL_H
#define IRQM_MEMORY_FILES_LOCAL_H

#include "memory/files.h"

/* Opens them in this process. All zeros but for what is known. */
struct irqm_files_local {
	const char *const *dump;
	unsigned int nr_dump;
	const char *root; /* for tests: what the places are below */
	const char *vmlinux, *vmlinux_dir, *kernels;
	const char *const *kernel_places;
	const char *cache_dir;
	bool careful; /* who asks may have been taken over */
	/* True if the cache has a good entry of that name, which then stays;
	 * NULL: if careful, nothing is written. */
	bool (*knows)(const struct irqm_files *files, const char *name);
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
	/* True if nothing waits for the file any more, which ends a download.
	 * May be NULL. */
	bool (*left)(void *ctx);
	void *left_ctx;

	/* private */
	struct irqm_files files;
	int cache;            /* the directory */
	struct dirent **list; /* of learned kernels in a directory */
	int nr_list, list_dir;
	uint32_t list_place;
	unsigned int nr_kept;
	int beside; /* directory of the vmlinux opened last, or -1 */
	unsigned int nr_dwo;
};

/* Returns the files, which live as long as l. l is not to be moved. */
const struct irqm_files *irqm_files_local_init(struct irqm_files_local *l);
void irqm_files_local_deinit(struct irqm_files_local *l);

#endif
