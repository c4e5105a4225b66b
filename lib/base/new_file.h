/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file that appears complete or not at all. Until it is finished it has no
 * name (O_TMPFILE), so a killed program leaves nothing behind. If the file
 * system does not support that, it has a random name, for which no symbolic
 * link can be prepared.
 */
#ifndef IRQM_NEW_FILE_H
#define IRQM_NEW_FILE_H

#include <stdio.h>
#include <sys/types.h>

#include "base/base.h"

struct irqm_new_file {
	FILE *out;
	char *path, *name; /* as given, and relative to its directory */
	char temp[24];     /* the temporary name; "": none */
	int dir;
};

/* The umask applies to mode. Returns 0, or -1 with err, "PATH: why". */
int irqm_new_file_open(struct irqm_new_file *f, const char *path, mode_t mode,
		       struct irqm_error *err);

/*
 * Syncs the file to disk and gives it its name. Replaces an existing file; with
 * keep that is an error. Returns 0, or -1 with err and path unchanged. Releases
 * f in either case.
 */
int irqm_new_file_finish(struct irqm_new_file *f, bool keep,
			 struct irqm_error *err);
/* Discards the file; also allowed after a failed open, or if f is zeroed. */
void irqm_new_file_drop(struct irqm_new_file *f);

/* Returns the mode for a file made from these: only users who may read all of
 * them may read it. Ignores files that do not exist. */
mode_t irqm_mode_from(const char *const paths[], unsigned int nr);

#endif
