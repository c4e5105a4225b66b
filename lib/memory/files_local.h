/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens the files that reading a dump needs, in this process. */
#ifndef IRQM_MEMORY_FILES_LOCAL_H
#define IRQM_MEMORY_FILES_LOCAL_H

#include "memory/files.h"

/* Zero the unknown members. */
struct irqm_files_local {
	const char *const *dump;
	unsigned int nr_dump;
	const char *root; /* for tests: the root directory for the places */
	const char *vmlinux, *vmlinux_dir, *kernels;
	const char *const *kernel_places;
	const char *cache_dir;
	bool careful; /* the process that asks may have been taken over */
	/*
	 * Returns true if the cache has a good entry of that name, which is
	 * then not replaced. If this is NULL and careful is set, nothing is
	 * written.
	 */
	bool (*knows)(const struct irqm_files *files, const char *name);
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
	/* Returns true if the file is no longer wanted, which ends a download.
	 * May be NULL. */
	bool (*left)(void *ctx);
	void *left_ctx;

	/* private */
	struct irqm_files files;
	int cache;            /* descriptor of the directory */
	struct dirent **list; /* learned kernels in a directory */
	int nr_list, list_dir;
	uint32_t list_place;
	unsigned int nr_kept;
	int beside; /* directory of the last vmlinux, or -1 */
	unsigned int nr_dwo;
};

/* Returns the files, which are valid as long as l. Do not move l. */
const struct irqm_files *irqm_files_local_init(struct irqm_files_local *l);
void irqm_files_local_deinit(struct irqm_files_local *l);

#endif
