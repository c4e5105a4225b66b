/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processor time and memory that a command may take, by the size of its
 * files on disk. This is the last defence: each stage of the library has its
 * own limits (docs/reliability.md).
 */
#ifndef IRQM_COMMAND_LIMITS_H
#define IRQM_COMMAND_LIMITS_H

#include "base/base.h"
#include "command/options.h"

struct irqm_limits {
	uint64_t seconds; /* of processor time */
	uint64_t memory;  /* bytes */
};

/* Returns the limits for these files: dumps, a vmlinux, packages. */
struct irqm_limits irqm_limits_of(const char *const files[], unsigned int nr);

/*
 * Sets RLIMIT_CPU and RLIMIT_DATA for the process, unless they are stricter
 * already. When the time is up, or a mapped file becomes shorter (SIGBUS), the
 * process prints an error and exits with status 2. Call this before entering
 * the sandbox, for all dumps that the process will open; later calls are
 * ignored. Does nothing with IRQMATRIX_SANDBOX=off, and in builds with a
 * sanitizer, which need many times as much.
 */
void irqm_limits_set(const struct irqm_dump_options *o);
/* Does the same for two dumps. */
void irqm_limits_set_two(const struct irqm_dump_options *a,
			 const struct irqm_dump_options *b);

/* Sets a function to call before such an exit. It runs in a signal handler. */
void irqm_limits_at_end(void (*function)(void));

/* Returns true if a message of the library says that memory ran out. */
bool irqm_limits_is_memory(const char *msg);
/* Adds the memory limit to such a message. */
void irqm_limits_explain(struct irqm_error *err);

#endif
