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

/* CPUs, IRQs that a text names one by one; data has them all. */
#define IRQM_MAX_NAMED 4

__attribute__((format(printf, 2, 3)))
void irqm_text_add(struct irqm_text *t, const char *fmt, ...);
/* "CPU 3", "CPUs 0-3,5"; of a long list the beginning. */
void irqm_text_cpus(struct irqm_text *t, const struct irqm_bits *cpus);
/* "IRQ 24 (eth0-rx-0), 25 (eth0-rx-1) and 3 more" */
void irqm_text_irqs(struct irqm_text *t, const struct irqm_snapshot *s,
		    const struct irqm_bits *irqs);
/* The same of those that are to move: "IRQ 24 (eth0-rx-0) to CPUs 0-1" */
void irqm_text_moves(struct irqm_text *t, const struct irqm_snapshot *s,
		     const struct irqm_bits *irqs);
/* " (12.5%)", nothing where it cannot be told. */
void irqm_text_share(struct irqm_text *t, irqm_num part, irqm_num whole);

/* part is percent of the whole, or more. Both are known. */
static inline bool irqm_at_least(irqm_num part, unsigned int percent,
				 irqm_num whole)
{
	return 100.0L * part >= (long double)percent * whole;
}

/* "" or "s" behind a noun */
static inline const char *irqm_plural(irqm_num n)
{
	return n == 1 ? "" : "s";
}

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

/* Empty sets with room for every CPU, every IRQ; unknown without memory. */
struct irqm_bits irqm_cpu_set(const struct irqm_analysis *a);
struct irqm_bits irqm_irq_set(const struct irqm_analysis *a);

/*
 * Of a finding that compares two things with each other: what was read while
 * the machine ran may well disagree.
 */
static inline enum irqm_severity irqm_if_still(const struct irqm_analysis *a,
					       enum irqm_severity severity)
{
	return a->snapshot->dump.live ? IRQM_INFO : severity;
}

/* A rule adds as many findings as it has to say. False without memory. */
typedef bool irqm_rule(struct irqm_analysis *a);
irqm_rule irqm_find_msi_message_stale;
irqm_rule irqm_find_log, irqm_find_cleanup_stuck,
	irqm_find_legacy_fallback;
irqm_rule irqm_find_vectors_exhausted, irqm_find_vectors_low,
	irqm_find_managed_idle, irqm_find_managed_absent,
	irqm_find_managed_shutdown, irqm_find_cpu_offline_blocked,
	irqm_find_suspend_blocked, irqm_find_affinity_pending,
	irqm_find_affinity_offline, irqm_find_affinity_broken,
	irqm_find_vector_leak, irqm_find_vector_irq_mismatch,
	irqm_find_counter_drift, irqm_find_unread_pages;

#endif
