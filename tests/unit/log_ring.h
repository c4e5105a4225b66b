/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One ring buffer of the kernel log, and what is read of it:
 *
 *	ring_new(4, 10);
 *	fake_log_add(&ring, 0, 5, "Linux version");
 *	s = ring_read();
 *	ring_check_lines(&s->log);
 *	ring_done(s);
 */
#ifndef LOG_RING_H
#define LOG_RING_H

#include "tests/mkdump/memory_target.h"
#include "tests/unit/fake_log.h"

#define PRB 0xffffffff82000000ULL
#define VARIABLES 0xffffffff82200000ULL
#define PAGE 4096

extern struct fake_log ring;
extern struct irqm_layout ring_layout;
extern struct irqm_memory *ring_memory;
extern struct irqm_target ring_target;

/* What was told to be used; NULL or the name of what must not be. */
extern uint64_t ring_used_bytes;
extern const char *ring_forbidden;

/* An empty ring in a new memory, which ring_done() frees. */
void ring_new(unsigned int count_bits, unsigned int size_bits);
/* Texts of all lengths up to max, none of them the same. */
void ring_add_many(unsigned int nr, unsigned int max);
/* Writes it to its memory, and the log read from there. */
struct irqm_snapshot *ring_read(void);
void ring_done(struct irqm_snapshot *s);

/* Lines that are not in the ring any more are not in the log, all others
 * are. */
void ring_check_lines(const struct irqm_log *log);
/* Reads it: nothing but what is in it, which is all of it unless cut. */
void ring_check(bool cut);
/* For fake_log_write(): ctx is the memory. */
void ring_put(void *ctx, uint64_t addr, const void *data, size_t len);

#endif
