/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of findings share: machines, and what is found in them. */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "snap.h"

/* Lists of one flag each, for set_state_flag(). */
extern const char *const flag_started[], *const flag_shut_down[];

void set_state_flag(struct irqm_irq *irq, const char *const *flag);
void mark_started(struct irqm_snapshot *s, unsigned int irq);

/* An IRQ behind the IO-APIC, named "test", on the CPU and started. */
struct irqm_irq *add_started_irq(struct irqm_snapshot *s, unsigned int irq,
				 unsigned int cpu);
/* nr IRQs from first on, all of them on the CPU. */
void add_started_irqs(struct irqm_snapshot *s, unsigned int first,
		      unsigned int nr, unsigned int cpu);
/* Two CPUs, each with room for spare vectors more. */
struct irqm_snapshot *machine_nearly_full(unsigned int spare);

/* NULL if there is no such finding. */
const struct irqm_finding *find_finding(const struct irqm_analysis *a,
					const char *code);
const struct irqm_datum *finding_datum(const struct irqm_finding *f,
				       const char *key);
void check_datum_set(const struct irqm_finding *f, const char *key,
		     const char *expected);

/* The finding, with severity and text; the analysis is the caller's. */
const struct irqm_finding *
expect_finding(struct irqm_analysis **a, const struct irqm_snapshot *s,
	       const char *code, enum irqm_severity severity, const char *text);
void check_finding(struct irqm_snapshot *s, const char *code,
		   enum irqm_severity severity, const char *text);
void check_no_finding(const struct irqm_snapshot *s, const char *code);

#endif
