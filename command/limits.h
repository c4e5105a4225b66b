/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much processor time and memory a command may take, by the size of its
 * files on disk. This is the last net: each stage of the library has bounds of its own
 * (docs/reliability.md).
 */
#ifndef IRQM_COMMAND_LIMITS_H
#define IRQM_COMMAND_LIMITS_H

#include "base/base.h"
#include "command/options.h"

struct irqm_limits {
	uint64_t seconds; /* of processor time */
	uint64_t memory;  /* bytes that are allocated */
};

/* Of dumps, a vmlinux, packages. */
struct irqm_limits irqm_limits_of(const char *const files[], unsigned int nr);

/*
 * Sets RLIMIT_CPU and RLIMIT_DATA for the process; a stricter limit stays. At
 * the end of its time, and if a file that it has mapped becomes shorter
 * (SIGBUS), the process says so and exits with status 2. Call this
 * before the sandbox, for all dumps that the process will open; calls after
 * the first are ignored. Nothing is set with IRQMATRIX_SANDBOX=off, and in
 * builds with a sanitizer, which take many times as much.
 */
void irqm_limits_set(const struct irqm_dump_options *o);
/* The same for two dumps. */
void irqm_limits_set_two(const struct irqm_dump_options *a,
			 const struct irqm_dump_options *b);

/* What the process calls before it exits so; it may only do what a signal
 * handler may. */
void irqm_limits_at_end(void (*function)(void));

/* True for a message of the library that says memory ran out. */
bool irqm_limits_is_memory(const char *msg);
/* Adds the limit to such a message. */
void irqm_limits_explain(struct irqm_error *err);

#endif
