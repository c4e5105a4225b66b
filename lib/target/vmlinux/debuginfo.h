/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a kernel's vmlinux may be; vmlinux.h reads it. */
#ifndef IRQM_TARGET_DEBUGINFO_H
#define IRQM_TARGET_DEBUGINFO_H

#include "base/base.h"

/*
 * Looks for a vmlinux by build-id and release in the places where Debian,
 * Fedora and RHEL, SUSE and Ubuntu put them, below root ("" but in tests);
 * then, if DEBUGINFOD_URLS is set, asks there (progress may be NULL). A path
 * to free(), or NULL with err saying where it looked and what to install.
 */
char *irqm_vmlinux_search(const char *root, const char *build_id,
			  const char *release,
			  void (*progress)(void *ctx, const char *what,
					   unsigned int percent),
			  void *progress_ctx, struct irqm_error *err);

/*
 * The same in a directory of the user's: BUILD-ID, BUILD-ID/vmlinux,
 * .build-id/xx/yyy.debug, vmlinux-RELEASE, RELEASE/vmlinux. A path to free(),
 * or NULL.
 */
char *irqm_vmlinux_search_dir(const char *dir, const char *build_id,
			      const char *release);

#endif
