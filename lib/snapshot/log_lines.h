/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel log: what its two generations share. */
#ifndef IRQM_SNAPSHOT_LOG_LINES_H
#define IRQM_SNAPSHOT_LOG_LINES_H

#include "snapshot/pieces.h"

/*
 * What is read of a log at most: log_buf_len= may be up to 2 GB. The newest
 * records of a ring buffer are kept; 2^18 have some 20 MB of text.
 */
#define LOG_MAX_RECORDS (1U << 18)
#define LOG_MAX_BYTES (64ULL << 20)
#define LOG_MAX_BITS 31
/* A descriptor for every 32 bytes of text, _DESCS_COUNT(). */
#define LOG_MAX_COUNT_BITS (LOG_MAX_BITS - 5)
#define LOG_MAX_HEAD 512 /* bytes of a record's head */

struct log {
	struct reader *r;
	uint64_t budget;
	uint64_t next_seq; /* of the record that is to come */
	size_t room;       /* of the snapshot's lines */

	/* records that could not be read, and why the first could not */
	unsigned int lost;
	uint64_t lost_addr;
	enum irqm_why lost_why;
};

/* A record's head; the text is len bytes. */
struct log_record {
	uint64_t ns;
	unsigned int level, facility;
	const char *text;
	size_t len;
};

/* Splits a record into lines and adds them. */
void irqm_log_add(struct log *log, const struct log_record *record);
/* A record, or something in its place, cannot be read or used. */
void irqm_log_lose(struct log *log, uint64_t addr, enum irqm_why why);

#endif
