/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that opens files for the one that reads a dump, which then needs
 * no right to open any. What it may be asked for are the requests of
 * memory/files.h, fixed in size; it knows all paths before it starts, and
 * reads nothing of what it opens. It has the sandbox's role OPENING.
 */
#ifndef IRQM_COMMAND_BROKER_H
#define IRQM_COMMAND_BROKER_H

#include <stdbool.h>

#include "memory/files_local.h"

struct irqm_broker {
	int fd;                 /* to it; -1: it is not running */
	struct irqm_files files;

	/* The dump's first file, opened by who starts the other process, so
	 * that reading begins while that starts. -1: it was handed out. */
	int dump;
	struct irqm_file_reply of_dump;
};

/* What it does first, to give up its rights. False: it ends. */
typedef bool irqm_broker_confine(const void *ctx, int fd);

/*
 * Starts one that opens the files of local, which it gets a copy of. To be
 * stopped when no file is needed any more; it ends with its parent as well.
 * Returns 0, or -1 and has told the user. b is not to be moved.
 */
int irqm_broker_start(struct irqm_broker *b,
		      const struct irqm_files_local *local,
		      irqm_broker_confine *confine, const void *ctx);
void irqm_broker_stop(struct irqm_broker *b); /* also if not started */

#endif
