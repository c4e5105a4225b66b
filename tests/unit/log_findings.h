/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine's kernel log, and the one finding that follows from it. */
#ifndef LOG_FINDINGS_H
#define LOG_FINDINGS_H

#include "findings.h"

void log_say(struct irqm_snapshot *s, uint64_t ns, const char *text);

/*
 * The only finding of the log, of that kind; NULL if it is to be none. It is
 * log_analysis's, which is to be freed, or log_done() is called.
 */
const struct irqm_finding *log_only_finding(struct irqm_snapshot *s,
					    const char *code);
extern struct irqm_analysis *log_analysis;
void log_done(struct irqm_snapshot *s);

#define NUM(f, key, value) assert_int_equal(finding_datum(f, key)->num, value)
#define STRING(f, key, value)                                                  \
	assert_string_equal(finding_datum(f, key)->string, value)

/* No vector of the CPU is free, by its counter. */
void take_all_vectors(struct irqm_snapshot *s, unsigned int cpu);

#endif
