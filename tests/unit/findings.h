/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of findings share: machines, and what is found in them. */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "snap.h"

/* Lists of one flag each, for set_state(). */
extern const char *const started[], *const shut_down[];

void set_state(struct irqm_irq *irq, const char *const *flag);
void start(struct irqm_snapshot *s, unsigned int irq);

/* An IRQ behind the IO-APIC, named "test", on the CPU and started. */
struct irqm_irq *add(struct irqm_snapshot *s, unsigned int irq,
		     unsigned int cpu);
/* nr IRQs from first on, all of them on the CPU. */
void add_many(struct irqm_snapshot *s, unsigned int first, unsigned int nr,
	      unsigned int cpu);
/* Two CPUs, each with room for spare vectors more. */
struct irqm_snapshot *nearly_full(unsigned int spare);

/* NULL if there is no such finding. */
const struct irqm_finding *find(const struct irqm_analysis *a,
				const char *code);
const struct irqm_datum *datum(const struct irqm_finding *f, const char *key);
void check_set(const struct irqm_finding *f, const char *key,
	       const char *expected);

/* The finding, with severity and text; the analysis is the caller's. */
const struct irqm_finding *expect(struct irqm_analysis **a,
				  const struct irqm_snapshot *s,
				  const char *code,
				  enum irqm_severity severity,
				  const char *text);
void check(struct irqm_snapshot *s, const char *code,
	   enum irqm_severity severity, const char *text);
void check_silent(const struct irqm_snapshot *s, const char *code);

#endif
