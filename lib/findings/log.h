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

#endif
