/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings from the kernel log: the messages that they are based on, and
 * helpers. */
#ifndef IRQM_FINDINGS_LOG_H
#define IRQM_FINDINGS_LOG_H

#include "analysis/findings/finding.h"

enum log_kind {
	LOG_PROBE,        /* device and driver: probe failed (error) */
	LOG_PROBE_BUSY,   /* the same, with -EBUSY */
	LOG_FLAGS,        /* IRQ, device: Flags mismatch irq */
	LOG_NO_HANDLER,   /* CPU, vector: No irq handler for vector */
	LOG_BROKEN,       /* IRQ: Affinity broken */
	LOG_NOT_OFFLINED, /* CPU, vectors, available: Cannot disable */
	LOG_RESERVATION,  /* reservation exceeds */
	LOG_MANAGED,      /* IRQ: Managed startup */
	LOG_SET_AFFINITY, /* IRQ, error: set affinity failed */
	NR_LOG_KINDS,
};

#define LOG_MAX_NUMBERS 4

/* The content of a line. */
struct log_match {
	enum log_kind kind;
	int64_t num[LOG_MAX_NUMBERS]; /* in the order of enum log_kind */
	char device[48], driver[48];  /* cut if longer; "" if there is none */
};

/* Returns false if the line is none of these messages. */
bool irqm_log_match(const char *text, struct log_match *ret);

#define ENOSPC_ 28

/* The lines of one kind. */
struct evidence {
	unsigned int count;
	const struct irqm_log_line *first, *last;
	struct log_match *kept;
	const struct irqm_log_line **lines; /* parallel to kept */
	unsigned int nr_kept;
};

struct log {
	struct irqm_analysis *a;
	struct evidence e[NR_LOG_KINDS];
	unsigned int online_cpus;
	unsigned int full_cpus; /* online CPUs without a free vector */
	bool full_known;
};

/* Adds ". All online CPUs have free vectors now", or how many are full. */
void irqm_log_say_state(const struct log *log, struct irqm_text *t);
/*
 * Adds a finding with the data that all findings of the log have. Its text gets
 * the times and a quotation of the line e->lines[quoted]. Returns NULL if out
 * of memory.
 */
struct irqm_finding *irqm_log_finding(struct log *log,
				      enum irqm_finding_name name,
				      enum irqm_severity severity,
				      const struct evidence *e,
				      unsigned int quoted, struct irqm_text *t);

/* The rules about devices. They return false if out of memory. */
bool irqm_log_find_probes(struct log *log, const struct evidence *e);
bool irqm_log_find_flags(struct log *log, const struct evidence *e);

#endif
