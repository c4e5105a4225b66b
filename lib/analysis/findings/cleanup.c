/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cleanup-stuck: old vectors that will not be freed.
 *
 * An interrupt that was moved holds its old vector (prev_vector) until it
 * first arrives on the new CPU: move_in_progress. Then the old vector is put
 * on the old CPU's list (clist; cleanup_list, vector_cleanup from 6.6 on) and
 * is freed a moment later.
 */
#include "analysis/findings/finding.h"

#include <stdlib.h>

struct stuck {
	struct irqm_bits irqs;    /* the stuck ones */
	struct irqm_bits waiting; /* on the list of an online CPU */
	unsigned int forgotten;   /* not on any list */
	unsigned int offline;     /* the old CPU is offline */
};

static void check_irq(const struct irqm_snapshot *s, const struct irqm_irq *irq,
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
		return; /* waits for its next interrupt, which is normal */
	}
	irqm_bits_set(&stuck->irqs, irq->irq);
}

static void say_stuck(const struct stuck *stuck, struct irqm_text *t)
{
	bool any = stuck->forgotten || stuck->offline;
	const struct irqm_bits *irqs = any ? &stuck->irqs : &stuck->waiting;
	char *list = irqm_bits_list(irqs);

	irqm_text_add(t, "IRQ %.120s moved but still %s", list ? list : "?",
		      irqm_plural(irqm_bits_weight(irqs),
				  "holds its old vector",
				  "hold their old vectors"));
	free(list);
	if (stuck->forgotten)
		irqm_text_add(t, ". %u %s on no cleanup list", stuck->forgotten,
			      irqm_plural(stuck->forgotten, "is", "are"));
	if (stuck->offline)
		irqm_text_add(t, ". %u %s on an offline CPU", stuck->offline,
			      irqm_plural(stuck->offline, "is", "are"));
	if (!any)
		irqm_text_add(t, ", which the kernel is about to free");
}

bool irqm_find_cleanup_stuck(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct stuck stuck = {
		.irqs = irqm_irq_set(a),
		.waiting = irqm_irq_set(a),
	};
	enum irqm_severity severity = IRQM_INFO;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i;

	if (!irqm_bits_known(&stuck.irqs) || !irqm_bits_known(&stuck.waiting))
		return false;
	for (i = 0; i < s->nr_irqs; i++)
		check_irq(s, &s->irqs[i], &stuck);
	if (irqm_bits_weight(&stuck.irqs) && !s->dump.live)
		severity = IRQM_WARNING;
	else if (!irqm_bits_weight(&stuck.irqs) &&
		 !irqm_bits_weight(&stuck.waiting))
		return true;
	say_stuck(&stuck, &t);
	f = irqm_finding_add(a, IRQM_CLEANUP_STUCK, severity, &t);
	if (!f)
		return false;
	irqm_finding_set(f, "irqs", stuck.irqs);
	irqm_finding_num(f, "forgotten", stuck.forgotten);
	irqm_finding_num(f, "offline", stuck.offline);
	irqm_finding_set(f, "waiting_irqs", stuck.waiting);
	return true;
}
