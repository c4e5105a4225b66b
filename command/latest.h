/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the newest dump that kdump wrote on this machine, for --latest. */
#ifndef IRQM_COMMAND_LATEST_H
#define IRQM_COMMAND_LATEST_H

#include <limits.h>
#include <time.h>

#include "base/base.h"

struct irqm_latest {
	char path[PATH_MAX];
	time_t modified;
};

/*
 * Looks below /var/crash and below the directory that kdump's configuration
 * names (RHEL: path in /etc/kdump.conf; Debian: KDUMP_COREDIR in
 * /etc/default/kdump-tools; SUSE: KDUMP_SAVEDIR in /etc/sysconfig/kdump), at
 * most three directories deep, for regular files that are named like a dump,
 * and takes the one that was modified last. Opens no dump and follows no link
 * below these directories: users can write to some of them.
 *
 * root: "", or for tests the directory that all these paths begin with. Returns
 * 0, or -1 with err, which says where it looked.
 */
int irqm_latest_find(const char *root, struct irqm_latest *ret,
		     struct irqm_error *err);

#endif
