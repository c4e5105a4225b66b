/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Affinity: asked for and not applied, without a CPU, not kept. */
#include "findings/finding.h"

static bool in_use(const struct irqm_irq *irq)
{
	return irq->nr_actions || irq->actions_cut;
}

/* No CPU of the mask is in the set, and that is certain. */
static bool none_of(const struct irqm_analysis *a,
		    const struct irqm_bits *mask, const struct irqm_bits *set)
{
	return irqm_bits_known(mask) && a->online.any_cpu &&
	       !irqm_bits_weight_and(mask, set) &&
	       !irqm_bits_weight_and(mask, &a->online.unknown);
}

/* Online CPUs that the kernel believes to have a vector free. */
static struct irqm_bits roomy_cpus(const struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_bits roomy = irqm_cpu_set(a);
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++)
		if (s->cpus[i].online == 1 && s->cpus[i].available != 0)
			irqm_bits_set(&roomy, s->cpus[i].cpu);
	return roomy;
}

/* Once its last move is over, it has room there itself. */
static bool leaves_room(const struct irqm_analysis *a,
			const struct irqm_irq *irq)
{
	return irq->apic->prev_vector &&
	       irqm_bits_test(&irq->pending_mask, irq->apic->prev_cpu) &&
	       irqm_is_online(&a->online, irq->apic->prev_cpu) == 1;
}

/* Why irq_move_masked_irq() will not do what was asked for. */
enum fate { WAITS, NO_CPU, NO_VECTOR };

static enum fate fate_of(const struct irqm_analysis *a,
			 const struct irqm_irq *irq,
			 const struct irqm_bits *roomy)
{
	const struct irqm_bits *mask = &irq->pending_mask;

	if (none_of(a, mask, &a->online.yes))
		return NO_CPU;
	/* one that is in the mask already stays where it is, and a managed
	 * one has a slot there */
	if (irq->managed == 0 && irq->apic && irq->apic->vector &&
	    !irqm_bits_test(mask, irq->apic->cpu) && none_of(a, mask, roomy) &&
	    !leaves_room(a, irq))
		return NO_VECTOR;
	return WAITS;
}

bool irqm_find_affinity_pending(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_bits roomy = roomy_cpus(a);
	struct irqm_bits waits = irqm_irq_set(a), lost = irqm_irq_set(a);
	unsigned int i, n, fates[3] = { 0 };
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	if (!irqm_bits_known(&roomy) || !irqm_bits_known(&waits) ||
	    !irqm_bits_known(&lost))
		return false;
	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];
		enum fate fate;

		if (irq->setaffinity_pending != 1)
			continue;
		fate = fate_of(a, irq, &roomy);
		fates[fate]++;
		irqm_bits_set(fate == WAITS ? &waits : &lost, irq->irq);
	}
	n = fates[NO_CPU] + fates[NO_VECTOR];
	if (n) {
		irqm_text_add(&t, "The new affinity of %u interrupt%s will be "
			      "lost: no CPU of it ", n, irqm_plural(n));
		irqm_text_add(&t, "%s", fates[NO_VECTOR] == 0 ? "is online"
			      : fates[NO_CPU] == 0 ? "has a vector free"
			      : "is online, or has a vector free");
	} else if (fates[WAITS]) {
		n = fates[WAITS];
		irqm_text_add(&t, "%u interrupt%s wait%s for %s next event to "
			      "move to %s new affinity", n, irqm_plural(n),
			      n == 1 ? "s" : "", n == 1 ? "its" : "their",
			      n == 1 ? "its" : "their");
	} else {
		return true;
	}
	irqm_text_add(&t, ": ");
	irqm_text_moves(&t, s, irqm_bits_weight(&lost) ? &lost : &waits);
	f = irqm_finding_add(a, IRQM_AFFINITY_PENDING,
			     irqm_bits_weight(&lost) ? IRQM_WARNING
						     : IRQM_INFO, &t);
	if (!f)
		return false;
	irqm_finding_set(f, "waiting_irqs", waits);
	irqm_finding_set(f, "lost_irqs", lost);
	irqm_finding_num(f, "no_cpu_online", fates[NO_CPU]);
	irqm_finding_num(f, "no_vector_free", fates[NO_VECTOR]);
	return true;
}

/* Its vector is on a CPU that is offline: nothing arrives. */
static bool is_dead(const struct irqm_analysis *a, const struct irqm_irq *irq)
{
	return irq->apic->vector &&
	       irqm_is_online(&a->online, irq->apic->cpu) == 0 &&
	       irqm_has_state(irq, "IRQD_IRQ_STARTED");
}

bool irqm_find_affinity_offline(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_bits irqs = irqm_irq_set(a), dead = irqm_irq_set(a);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i, n;

	if (!irqm_bits_known(&irqs) || !irqm_bits_known(&dead))
		return false;
	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		/* managed ones are shut down then: managed-shutdown */
		if (!irq->apic || irq->managed != 0 || !in_use(irq) ||
		    !none_of(a, &irq->affinity, &a->online.yes))
			continue;
		irqm_bits_set(&irqs, irq->irq);
		if (is_dead(a, irq))
			irqm_bits_set(&dead, irq->irq);
	}
	n = irqm_bits_weight(&irqs);
	if (!n)
		return true;
	irqm_text_add(&t, "No CPU is online in the affinity of ");
	irqm_text_irqs(&t, s, &irqs);
	n = irqm_bits_weight(&dead);
	if (n) {
		irqm_text_add(&t, "; on a CPU that is offline, so that none "
			      "can arrive, %s ", n == 1 ? "is" : "are");
		irqm_text_irqs(&t, s, &dead);
	}
	f = irqm_finding_add(a, IRQM_AFFINITY_OFFLINE,
			     n ? irqm_if_still(a, IRQM_WARNING) : IRQM_INFO,
			     &t);
	if (!f)
		return false;
	irqm_finding_set(f, "irqs", irqs);
	irqm_finding_set(f, "dead_irqs", dead);
	return true;
}

bool irqm_find_affinity_broken(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_bits irqs = irqm_irq_set(a), roomy = roomy_cpus(a);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i, n, room = 0;

	if (!irqm_bits_known(&irqs) || !irqm_bits_known(&roomy))
		return false;
	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		/* without an online CPU in the mask: affinity-offline */
		if (!irq->apic || !irq->apic->vector || !in_use(irq) ||
		    irqm_is_online(&a->online, irq->apic->cpu) != 1 ||
		    !irqm_bits_known(&irq->affinity) ||
		    irqm_bits_test(&irq->affinity, irq->apic->cpu) ||
		    !irqm_bits_weight_and(&irq->affinity, &a->online.yes))
			continue;
		irqm_bits_set(&irqs, irq->irq);
		room += irqm_bits_weight_and(&irq->affinity, &roomy) != 0;
	}
	n = irqm_bits_weight(&irqs);
	if (!n)
		return true;
	irqm_text_add(&t, "%u interrupt%s %s on a CPU outside of %s affinity, ",
		      n, irqm_plural(n), n == 1 ? "is" : "are",
		      n == 1 ? "its" : "their");
	if (n == 1)
		irqm_text_add(&t, "where there is%s room now: ",
			      room ? "" : " no");
	else if (room == 0 || room == n)
		irqm_text_add(&t, "%s of which ha%s room there now: ",
			      room ? "all" : "none", room ? "ve" : "s");
	else
		irqm_text_add(&t, "%u of which ha%s room there now: ", room,
			      room == 1 ? "s" : "ve");
	irqm_text_irqs(&t, s, &irqs);
	f = irqm_finding_add(a, IRQM_AFFINITY_BROKEN,
			     irqm_if_still(a, IRQM_WARNING), &t);
	if (!f)
		return false;
	irqm_finding_set(f, "irqs", irqs);
	irqm_finding_num(f, "with_room", room);
	return true;
}
