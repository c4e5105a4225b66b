/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings, the last of the analyses: how a rule says what it found. Private
 * to lib/findings; what a finding is stands in analysis/analysis.h.
 */
#ifndef IRQM_FINDING_H
#define IRQM_FINDING_H

#include "analysis/internal.h"

/* The text of a finding while it grows; too much is cut off. */
struct irqm_text {
	char s[1024];
	size_t used;
};

__attribute__((format(printf, 2, 3)))
void irqm_text_add(struct irqm_text *t, const char *fmt, ...);

/*
 * Valid until the next one is added; NULL without memory. Findings of one
 * severity stay in the order in which they come.
 */
struct irqm_finding *irqm_finding_add(struct irqm_analysis *a,
				      enum irqm_finding_name name,
				      enum irqm_severity severity,
				      const struct irqm_text *t);

/* The numbers that it rests on; key, string and set outlive the analysis or
 * are its arena's. */
void irqm_finding_num(struct irqm_finding *f, const char *key, irqm_num num);
void irqm_finding_string(struct irqm_finding *f, const char *key,
			 const char *string);
void irqm_finding_set(struct irqm_finding *f, const char *key,
		      struct irqm_bits set);

/* A rule adds as many findings as it has to say. False without memory. */
typedef bool irqm_rule(struct irqm_analysis *a);
irqm_rule irqm_find_msi_message_stale;
irqm_rule irqm_find_counter_drift;
irqm_rule irqm_find_log, irqm_find_cleanup_stuck,
	irqm_find_legacy_fallback;

#endif
