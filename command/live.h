/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the running kernel can be read, and why not. */
#ifndef IRQM_COMMAND_LIVE_H
#define IRQM_COMMAND_LIVE_H

#include "base/base.h"

#define IRQM_LIVE_FILE "/proc/kcore"

/* Returns true if path is /proc/kcore, also through a link. */
bool irqm_live_is_file(const char *path);

/* Tries to open /proc/kcore. Returns 0, or -1 with err, which says why it
 * cannot be read and what to do. */
int irqm_live_check(struct irqm_error *err);

/* What is known about a failure to open /proc/kcore. */
struct irqm_live_failure {
	int error;           /* of open(); 0: it is no regular file */
	const char *machine; /* as uname -m */
	bool no_proc;        /* /proc is not mounted */
	/* a container's: user namespace, or without CAP_SYS_RAWIO for any
	 * process in it */
	bool confined;
	bool locked_down; /* "confidentiality" */
};

/* Sets err to why, and what to do. */
void irqm_live_explain(const struct irqm_live_failure *f,
		       struct irqm_error *err);

#endif
