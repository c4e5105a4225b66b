/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cleanup-stuck: old vectors that nobody gives back.
 *
 * An interrupt that was moved keeps its old vector (prev_vector) until the
 * first one arrived on the new CPU: move_in_progress. Then it is put on the
 * old CPU's list (clist; cleanup_list, vector_cleanup from 6.6 on), and freed
 * there a moment later.
 */
#include "findings/finding.h"

#include <stdlib.h>

struct stuck {
	struct irqm_bits irqs;      /* of those that are stuck */
	struct irqm_bits waiting;   /* on the list of a CPU that will come to it */
	unsigned int forgotten;     /* on no list */
	unsigned int offline;       /* the old CPU is offline */
};

static void look(const struct irqm_snapshot *s, const struct irqm_irq *irq,
		 struct stuck *stuck)
{
	const struct irqm_apic *apic = irq->apic;
	const struct irqm_cpu *cpu;

	if (!apic || !apic->prev_vector)
		return;
	cpu = irqm_find_cpu(s, apic->prev_cpu);
	if (cpu && cpu->online == 0)
		stuck->offline++;
	else if (!apic->move_in_progress && apic->cleanup_pending == 0)
		stuck->forgotten++;
	else if (!apic->move_in_progress && apic->cleanup_pending == 1) {
		irqm_bits_set(&stuck->waiting, irq->irq);
		return;
	} else {
		return; /* waits for its next interrupt, as it should */
	}
	irqm_bits_set(&stuck->irqs, irq->irq);
}

static void say(const struct stuck *stuck, struct irqm_text *t)
{
	bool any = stuck->forgotten || stuck->offline;
	char *list = irqm_bits_list(any ? &stuck->irqs : &stuck->waiting);

	irqm_text_add(t, "IRQ %.120s moved and still has the old vector",
		      list ? list : "?");
	free(list);
	if (stuck->forgotten)
		irqm_text_add(t, "; %u on no CPU's list to be freed",
			      stuck->forgotten);
	if (stuck->offline)
		irqm_text_add(t, "; %u on a CPU that is offline",
			      stuck->offline);
	if (!any)
		irqm_text_add(t, ", which was about to be freed");
}

bool irqm_find_cleanup_stuck(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct stuck stuck = {
		.irqs = irqm_irq_set(a), .waiting = irqm_irq_set(a),
	};
	enum irqm_severity severity = IRQM_INFO;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i;

	if (!irqm_bits_known(&stuck.irqs) || !irqm_bits_known(&stuck.waiting))
		return false;
	for (i = 0; i < s->nr_irqs; i++)
		look(s, &s->irqs[i], &stuck);
	if (irqm_bits_weight(&stuck.irqs) && !s->dump.live)
		severity = IRQM_WARNING;
	else if (!irqm_bits_weight(&stuck.irqs) &&
		 !irqm_bits_weight(&stuck.waiting))
		return true;
	say(&stuck, &t);
	f = irqm_finding_add(a, IRQM_CLEANUP_STUCK, severity, &t);
	if (!f)
		return false;
	irqm_finding_set(f, "irqs", stuck.irqs);
	irqm_finding_num(f, "forgotten", stuck.forgotten);
	irqm_finding_num(f, "offline", stuck.offline);
	irqm_finding_set(f, "waiting_irqs", stuck.waiting);
	return true;
}
