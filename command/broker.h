/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A second process that opens files for the process that reads a dump, which
 * therefore needs no right to open any. It answers the requests of
 * memory/files.h, which have a fixed size. It knows all paths before it starts,
 * and reads nothing of the files that it opens. Its sandbox role is OPENING.
 */
#ifndef IRQM_COMMAND_BROKER_H
#define IRQM_COMMAND_BROKER_H

#include <stdbool.h>

#include "memory/files_local.h"

struct irqm_broker {
	int fd; /* socket to it; -1: not running */
	struct irqm_files files;

	/* The dump's first file, opened before the second process starts, so
	 * that reading need not wait for it. -1: it was handed out. */
	int dump;
	struct irqm_file_reply of_dump;
};

/* The second process calls this first, to give up its rights. It exits if this
 * returns false. */
typedef bool irqm_broker_confine(const void *ctx, int fd);

/*
 * Starts the process with a copy of local. Stop it when no more files are
 * needed; it also exits when its parent does. Returns 0, or -1 and prints an
 * error. Do not move b.
 */
int irqm_broker_start(struct irqm_broker *b,
		      const struct irqm_files_local *local,
		      irqm_broker_confine *confine, const void *ctx);
void irqm_broker_stop(struct irqm_broker *b); /* also if not started */

#endif
