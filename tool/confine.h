/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the commands enter the sandbox, and what they need in it. */
#ifndef IRQM_TOOL_CONFINE_H
#define IRQM_TOOL_CONFINE_H

#include "tool/options.h"

/*
 * Before a dump is opened. cache_dir: of known kernels, or NULL; it is made.
 * False only where the user wants a sandbox and there is none: told.
 */
bool irqm_confine_opening(const struct irqm_dump_options *o,
			  const char *cache_dir);

/*
 * The same for learning: temporary files may be created, and files in
 * output_dir unless it is NULL.
 */
bool irqm_confine_learning(const char *output_dir);

/*
 * Before it is read: all files are open. output_dir: where one is still to
 * be given its name, or NULL.
 */
bool irqm_confine_reading(const char *output_dir);

/*
 * Call this before reading files from elsewhere in a process that does not have
 * the limits of a batch's worker. Limits memory according to their size.
 */
void irqm_limit_memory(const char *const files[], unsigned int nr);

/* Of a file's path, to free(); NULL without memory. */
char *irqm_directory_of(const char *path);

#endif
