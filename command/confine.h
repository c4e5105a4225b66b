/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the commands enter the sandbox, and what they need in it. */
#ifndef IRQM_COMMAND_CONFINE_H
#define IRQM_COMMAND_CONFINE_H

#include "command/broker.h"

/*
 * Starts the process that opens a dump's files, confined to what they need:
 * as irqm_broker_start().
 */
int irqm_confine_broker(struct irqm_broker *b,
			const struct irqm_files_local *local);

/*
 * All of these return false only if the user wants a sandbox and there is
 * none, and the user has been told.
 *
 * Before a dump, a vmlinux or a package is read. output_dir: where a file is
 * still to be given its name, or NULL. socket, other: to brokers; 0: none.
 */
bool irqm_confine_reading(const char *output_dir, int socket, int other);

/*
 * Before the files are opened that are learned from: temporary files may be
 * created, and files in output_dir unless it is NULL.
 */
bool irqm_confine_learning(const char *output_dir);

/*
 * Before stores and their copies as NDJSON are read. output: the store or the
 * report that is written, or NULL.
 */
bool irqm_confine_store(const char *const files[], unsigned int nr,
			const char *output);

/* Before a tree is searched for dumps. */
bool irqm_confine_finding(void);

/*
 * Call this before reading files from elsewhere in a process that does not have
 * the limits of a batch's worker. Limits memory according to their size.
 */
void irqm_limit_memory(const char *const files[], unsigned int nr);

/* Of a file's path, to free(); NULL without memory. */
char *irqm_directory_of(const char *path);

#endif
