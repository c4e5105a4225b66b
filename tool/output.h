/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that a command writes about a dump. */
#ifndef IRQM_TOOL_OUTPUT_H
#define IRQM_TOOL_OUTPUT_H

#include <stdio.h>
#include <sys/types.h>

/*
 * Opens the file, which must be done before a dump is, calls write() with what,
 * and replaces path when the file is complete; writes into path itself if it is
 * a device or a pipe. write() returns the exit status, or -1 after printing an
 * error; then path is unchanged. Returns the same.
 */
int irqm_write_to(const char *path, mode_t mode,
		  int (*write)(FILE *out, void *what), void *what);

#endif
