/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A target in memory, for tests and fuzzers: ranges and symbols that the
 * test writes down. Reads outside of every range are "unmapped"; a range can
 * be marked with another reason to play an excluded or truncated page.
 */
#ifndef MEMORY_TARGET_H
#define MEMORY_TARGET_H

#include "memory/target.h"

struct irqm_memory;

struct irqm_memory *irqm_memory_new(void);
void irqm_memory_free(struct irqm_memory *m); /* NULL is fine */

/*
 * Copies len bytes to addr; a later range wins over an earlier one where
 * both hold the whole read. 0, or -1 without memory.
 */
int irqm_memory_write(struct irqm_memory *m, uint64_t addr, const void *data,
		      size_t len);
/* Reads that touch addr .. addr+len-1 fail with why from now on. */
int irqm_memory_deny(struct irqm_memory *m, uint64_t addr, size_t len,
		     enum irqm_why why);
int irqm_memory_symbol(struct irqm_memory *m, const char *name, uint64_t value);

/*
 * Makes the k-th read from now on fail with IRQM_EXCLUDED (1 is the next
 * one; 0 switches it off). reads() counts all reads so far.
 */
void irqm_memory_fail_at(struct irqm_memory *m, uint64_t k);
uint64_t irqm_memory_reads(const struct irqm_memory *m);

/* The target over m; valid as long as m. */
struct irqm_target irqm_memory_target(struct irqm_memory *m);

#endif
