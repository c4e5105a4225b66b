/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each command enters the sandbox, with the rights that it needs. */
#ifndef IRQM_COMMAND_CONFINE_H
#define IRQM_COMMAND_CONFINE_H

#include "command/broker.h"

/* irqm_broker_start() with the rights that the dump's files need. */
int irqm_confine_broker(struct irqm_broker *b,
			const struct irqm_files_local *local);

/*
 * These functions return false, and print an error, only if the user requires a
 * sandbox and it cannot be entered.
 *
 * Call this before reading a dump, a vmlinux or a package. output_dir: where a
 * finished file will be renamed, or NULL. socket, other: to brokers; 0: none.
 */
bool irqm_confine_reading(const char *output_dir, int socket, int other);
/* The same for a process that reads again after some time, or if a key is
 * pressed. */
bool irqm_confine_watching(int socket);

/*
 * Call this before opening the files that `learn` reads. Allows temporary
 * files, and files in output_dir unless it is NULL.
 */
bool irqm_confine_learning(const char *output_dir);

/*
 * Call this before reading stores and NDJSON files. output: the store or report
 * that the command writes, or NULL.
 */
bool irqm_confine_store(const char *const files[], unsigned int nr,
			const char *output);

/* Call this before searching a tree for dumps. */
bool irqm_confine_finding(void);

/*
 * Call this before reading files from elsewhere in a process that does not have
 * the limits of a batch's worker. Limits memory according to their size.
 */
void irqm_limit_memory(const char *const files[], unsigned int nr);

/* Returns the directory of a file's path, to free(); NULL if out of memory. */
char *irqm_directory_of(const char *path);

#endif
