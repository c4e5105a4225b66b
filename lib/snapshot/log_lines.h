/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel log: what its two generations share. */
#ifndef IRQM_SNAPSHOT_LOG_LINES_H
#define IRQM_SNAPSHOT_LOG_LINES_H

#include "snapshot/pieces.h"

/* Limit on what is read of a log: log_buf_len= may be up to 2 GB. The newest
 * records of a ring buffer are read; 2^18 have some 20 MB of text. */
#define LOG_MAX_RECORDS (1U << 18)
#define LOG_MAX_BYTES (64ULL << 20)
#define LOG_MAX_BITS 31
/* A descriptor for every 32 bytes of text, _DESCS_COUNT(). */
#define LOG_MAX_COUNT_BITS (LOG_MAX_BITS - 5)
#define LOG_MAX_HEAD 512 /* bytes of the head of a record */

struct log {
	struct reader *r;
	uint64_t budget;
	uint64_t next_seq; /* sequence number of the next record */
	size_t room;       /* allocated size of the snapshot's lines */

	/* records that could not be read, and why the first one could not */
	unsigned int lost;
	uint64_t lost_addr;
	enum irqm_why lost_why;
};

/* The head of a record; the text has len bytes. */
struct log_record {
	uint64_t ns;
	unsigned int level, facility;
	const char *text;
	size_t len;
};

/* Splits a record into lines and adds them. */
void irqm_log_add(struct log *log, const struct log_record *record);
/* Counts a record that cannot be read or used. */
void irqm_log_lose(struct log *log, uint64_t addr, enum irqm_why why);

#endif
