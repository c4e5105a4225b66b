/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of the kernel log that tell of trouble with vectors. */
#ifndef IRQM_FINDINGS_LOG_H
#define IRQM_FINDINGS_LOG_H

#include "findings/finding.h"

enum log_kind {
	LOG_PROBE,              /* device and driver: probe failed (error) */
	LOG_PROBE_BUSY,         /* the same, with -EBUSY */
	LOG_FLAGS,              /* IRQ, device: Flags mismatch irq */
	LOG_NO_HANDLER,         /* CPU, vector: No irq handler for vector */
	LOG_BROKEN,             /* IRQ: Affinity broken */
	LOG_NOT_OFFLINED,       /* CPU, vectors, available: Cannot disable */
	LOG_RESERVATION,        /* reservation exceeds */
	LOG_MANAGED,            /* IRQ: Managed startup */
	LOG_SET_AFFINITY,       /* IRQ, error: set affinity failed */
	NR_LOG_KINDS,
};

#define LOG_MAX_NUMBERS 4

/* What a line says. */
struct log_match {
	enum log_kind kind;
	int64_t num[LOG_MAX_NUMBERS]; /* in the order of enum log_kind */
	char device[48], driver[48];  /* ""; what is longer is cut */
};

/* False for all other lines. */
bool log_match(const char *text, struct log_match *ret);

#define ENOSPC_ 28

/* What lines of one kind there are. */
struct evidence {
	unsigned int count;
	const struct irqm_log_line *first, *last;
	struct log_match *kept;
	const struct irqm_log_line **lines; /* of each that is kept */
	unsigned int nr_kept;
};

struct log {
	struct irqm_analysis *a;
	struct evidence e[NR_LOG_KINDS];
	unsigned int full_cpus; /* online ones without a vector to give */
	bool full_known;
};

/* "; every online CPU has vectors free now", or how many have none. */
void log_say_state(const struct log *log, struct irqm_text *t);
/*
 * What all findings of the log have: the data, and a quotation, of the kept
 * line that the text speaks of. NULL without memory.
 */
struct irqm_finding *log_finding(struct log *log, enum irqm_finding_name name,
				 enum irqm_severity severity,
				 const struct evidence *e, unsigned int quoted,
				 struct irqm_text *t);

/* Those about devices. False without memory. */
bool log_find_probes(struct log *log, const struct evidence *e);
bool log_find_flags(struct log *log, const struct evidence *e);

#endif
