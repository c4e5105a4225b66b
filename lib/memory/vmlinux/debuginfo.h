/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a kernel's vmlinux may be; vmlinux.h reads it. */
#ifndef IRQM_MEMORY_DEBUGINFO_H
#define IRQM_MEMORY_DEBUGINFO_H

#include "base/base.h"

struct irqm_files;
struct irqm_file_reply;

/*
 * Looks for a vmlinux by build-id and release: in the user's directory, if
 * files (files.h) have one, as BUILD-ID, BUILD-ID/vmlinux,
 * .build-id/xx/yyy.debug, vmlinux-RELEASE, RELEASE/vmlinux; in the places where
 * Debian, Fedora and RHEL, SUSE and Ubuntu put them; then, if DEBUGINFOD_URLS
 * is set, asks debuginfod. Returns an open file, and the end of its path in
 * reply's name; or -1 with err, which says where it looked and what to install.
 */
int irqm_vmlinux_search(const struct irqm_files *files, const char *build_id,
			const char *release, struct irqm_file_reply *reply,
			struct irqm_error *err);

/* For files_local.c. No part of a build-id or release can lead out of the
 * places. */
struct irqm_vmlinux_wanted {
	const char *root; /* root directory of all places except dir */
	const char *dir;  /* the user's; may be NULL */
	const char *build_id, *release;
};

/* Gets the path of the nr-th place. Returns 1; 0 if it does not exist without
 * the build-id, the release or dir; -1 if there are no more places. */
int irqm_vmlinux_place(const struct irqm_vmlinux_wanted *w, unsigned int nr,
		       char *ret, size_t size);
/* What the download is for. The functions may be NULL. */
struct irqm_download_waits {
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
	/* Returns true if the file is no longer wanted, which ends the
	 * download. */
	bool (*left)(void *ctx);
	void *left_ctx;
};

/* Downloads from debuginfod. Replies like irqm_files' open(). */
int irqm_vmlinux_download(const char *build_id,
			  const struct irqm_download_waits *waits,
			  struct irqm_file_reply *reply);

#endif
