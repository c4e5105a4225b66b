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
 * The same of what is no dump: temporary files, and those in output_dir (or
 * NULL), may be made.
 */
bool irqm_confine_learning(const char *output_dir);

/*
 * Before it is read: all files are open. output_dir: where one is still to
 * be given its name, or NULL.
 */
bool irqm_confine_reading(const char *output_dir);

/*
 * Before files that a stranger may have made are read, in a process that has
 * none of the limits of a batch's workers: memory as their size allows.
 */
void irqm_limit_memory(const char *const files[], unsigned int nr);

/* Of a file's path, to free(); NULL without memory. */
char *irqm_directory_of(const char *path);

#endif
