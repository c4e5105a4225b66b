/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A printk ring buffer that records are put into as the kernel does it: ids
 * and positions grow, the oldest make room.
 */
#ifndef FAKE_LOG_H
#define FAKE_LOG_H

#include "layout/layout.h"
#include "snapshot/snapshot.h"

#define FAKE_LOG_MAX 4096 /* records of a test */
#define FAKE_LOG_COUNT_MAX 256
#define FAKE_LOG_TEXT_MAX 8192

struct fake_log {
	unsigned int count_bits, size_bits;
	bool exact_end; /* a block may end where the ring does (6.19) */

	/* in the dump: prb is at addr, the arrays where they are written to */
	uint64_t addr, descs_addr, infos_addr, text_addr;
	unsigned char descs[FAKE_LOG_COUNT_MAX * 24];
	unsigned char infos[FAKE_LOG_COUNT_MAX * 88];
	unsigned char text[FAKE_LOG_TEXT_MAX];
	uint64_t head_id, tail_id, head_lpos;

	unsigned int nr; /* records so far; a record's seq is its index */
	struct {
		uint64_t ns, begin, next;
		unsigned int level;
		char text[256];
		bool there; /* not overwritten since */
	} record[FAKE_LOG_MAX];
};

/* The layout of 5.10 to 6.18. */
void fake_log_layout(struct irqm_layout *l);

/* At most FAKE_LOG_COUNT_MAX records, FAKE_LOG_TEXT_MAX bytes of text. */
void fake_log_init(struct fake_log *log, uint64_t addr, unsigned int count_bits,
		   unsigned int size_bits);
void fake_log_add(struct fake_log *log, uint64_t ns, unsigned int level,
		  const char *text);

/* Bytes of the descriptor and of the info of the record with seq. */
unsigned char *fake_log_desc(struct fake_log *log, unsigned int seq);
unsigned char *fake_log_info(struct fake_log *log, unsigned int seq);

/* Hands every piece of the dump to put: prb, the ring, its arrays. */
void fake_log_write(const struct fake_log *log,
		    void (*put)(void *ctx, uint64_t addr, const void *data,
				size_t len),
		    void *ctx);

/* The log of a target, read as it is in a snapshot of nothing else. */
struct irqm_snapshot *fake_log_read(struct irqm_target *t,
				    const struct irqm_layout *l);

#endif
