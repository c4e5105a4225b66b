/* SPDX-License-Identifier: GPL-3.0-or-later */
/* affinity-pending, affinity-offline, affinity-broken. */
#include "analysis/findings/finding.h"

static bool in_use(const struct irqm_irq *irq)
{
	return irq->nr_actions || irq->actions_cut;
}

/* Whether it is certain that no CPU of the mask is in the set. */
static bool none_of(const struct irqm_analysis *a, const struct irqm_bits *mask,
		    const struct irqm_bits *set)
{
	return irqm_bits_known(mask) && a->online.any_cpu &&
	       !irqm_bits_weight_and(mask, set) &&
	       !irqm_bits_weight_and(mask, &a->online.unknown);
}

/* Online CPUs with a free vector. By the counter, as the kernel decides. */
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

/* Whether the last move of the IRQ will free a vector where it wants to go. */
static bool leaves_room(const struct irqm_analysis *a,
			const struct irqm_irq *irq)
{
	return irq->apic->prev_vector &&
	       irqm_bits_test(&irq->pending_mask, irq->apic->prev_cpu) &&
	       irqm_is_online(&a->online, irq->apic->prev_cpu) == 1;
}

/* Whether irq_move_masked_irq() will apply the pending affinity. */
enum fate {
	WAITS,
	NO_CPU,
	NO_VECTOR
};

static enum fate fate_of(const struct irqm_analysis *a,
			 const struct irqm_irq *irq,
			 const struct irqm_bits *roomy)
{
	const struct irqm_bits *mask = &irq->pending_mask;

	if (none_of(a, mask, &a->online.yes))
		return NO_CPU;
	/* an interrupt on a CPU of the mask stays there, and a managed one
	 * has its reservation */
	if (irq->managed == 0 && irq->apic && irq->apic->vector &&
	    !irqm_bits_test(mask, irq->apic->cpu) && none_of(a, mask, roomy) &&
	    !leaves_room(a, irq))
		return NO_VECTOR;
	return WAITS;
}

/*
 * assign_vector_locked() leaves an interrupt where it is if its CPU is in the
 * new affinity: there is nothing to wait for. True also if that is not known.
 */
static bool may_stay(const struct irqm_analysis *a, const struct irqm_irq *irq)
{
	if (irqm_has_apic(irq) == IRQM_UNKNOWN)
		return true;
	return irq->apic && irq->apic->vector &&
	       irqm_bits_test(&irq->pending_mask, irq->apic->cpu) &&
	       irqm_is_online(&a->online, irq->apic->cpu) != 0;
}

/* "IRQ 25 (virtio1-req.0) moves from CPU 0 to CPUs 1-2 when it next fires" */
static const char *say_pending_brief(const struct irqm_analysis *a,
				     const struct irqm_bits *waits)
{
	unsigned int nr = irqm_bits_weight(waits);
	unsigned int n = irqm_bits_next(waits, 0);
	const struct irqm_irq *irq = irqm_find_irq(a->snapshot, n);
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "IRQ %u", n);
	if (irq && irq->nr_actions && irq->actions[0].name)
		irqm_text_add(&t, " (%.64s)", irq->actions[0].name);
	if (nr > 1)
		irqm_text_add(&t, " and %u more", nr - 1);
	if (nr == 1 && irq && irq->apic && irq->apic->vector) {
		irqm_text_add(&t, " moves from CPU %u to ", irq->apic->cpu);
		irqm_text_cpus(&t, &irq->pending_mask);
		irqm_text_add(&t, " when it next fires");
	} else {
		irqm_text_add(
			&t, " %s when %s", irqm_plural(nr, "moves", "move"),
			irqm_plural(nr, "it next fires", "they next fire"));
	}
	return irqm_arena_strdup(a->arena, t.s);
}

/* The mask is empty only while irq_set_affinity_locked() or
 * irq_move_masked_irq() writes both. */
static bool is_pending(const struct irqm_irq *irq)
{
	const struct irqm_bits *mask = &irq->pending_mask;

	return irq->setaffinity_pending == 1 &&
	       (!irqm_bits_known(mask) || irqm_bits_weight(mask));
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

		if (!is_pending(irq))
			continue;
		fate = fate_of(a, irq, &roomy);
		if (fate != NO_CPU && may_stay(a, irq))
			continue;
		fates[fate]++;
		irqm_bits_set(fate == WAITS ? &waits : &lost, irq->irq);
	}
	n = fates[NO_CPU] + fates[NO_VECTOR];
	if (n) {
		irqm_text_add(&t,
			      "The pending affinity of %u %s will be lost "
			      "because no CPU in it ",
			      n, irqm_plural(n, "interrupt", "interrupts"));
		irqm_text_add(
			&t, "%s",
			fates[NO_VECTOR] == 0 ? "is online" :
			fates[NO_CPU] == 0    ? "has a free vector" :
						"is online with a free vector");
	} else if (fates[WAITS]) {
		n = fates[WAITS];
		irqm_text_add(
			&t,
			"%u %s a pending affinity and will move "
			"when %s",
			n, irqm_plural(n, "interrupt has", "interrupts have"),
			irqm_plural(n, "it next fires", "they next fire"));
	} else {
		return true;
	}
	irqm_text_add(&t, ": ");
	irqm_text_moves(&t, s, irqm_bits_weight(&lost) ? &lost : &waits);
	f = irqm_finding_add(a, IRQM_AFFINITY_PENDING,
			     irqm_bits_weight(&lost) ? IRQM_WARNING : IRQM_INFO,
			     &t);
	if (!f)
		return false;
	if (f->severity == IRQM_INFO)
		f->brief = say_pending_brief(a, &waits);
	irqm_finding_set(f, "waiting_irqs", waits);
	irqm_finding_set(f, "lost_irqs", lost);
	irqm_finding_num(f, "no_cpu_online", fates[NO_CPU]);
	irqm_finding_num(f, "no_vector_free", fates[NO_VECTOR]);
	return true;
}

/* Started, but its vector is on an offline CPU, so it cannot arrive. */
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

		/* managed-shutdown reports managed interrupts */
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
		irqm_text_add(&t, ". The %s of ",
			      irqm_plural(n, "vector", "vectors"));
		irqm_text_irqs(&t, s, &dead);
		irqm_text_add(&t, " %s on an offline CPU, so %s cannot fire",
			      irqm_plural(n, "is", "are"),
			      irqm_plural(n, "it", "they"));
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

static void say_broken(struct irqm_text *t, unsigned int n, unsigned int room)
{
	irqm_text_add(t, "%u %s affinity", n,
		      irqm_plural(n, "interrupt is on a CPU outside its",
				  "interrupts are on CPUs outside their"));
	if (room == 0)
		irqm_text_add(t, ", which has no free vector now: ");
	else if (room == n)
		irqm_text_add(t, ", which has free vectors now: ");
	else
		irqm_text_add(
			t, ", and %u of these %s a free vector now: ", room,
			irqm_plural(room, "affinities has", "affinities have"));
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

		/* without an online CPU in it: affinity-offline */
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
	say_broken(&t, n, room);
	irqm_text_irqs(&t, s, &irqs);
	f = irqm_finding_add(a, IRQM_AFFINITY_BROKEN,
			     irqm_if_still(a, IRQM_WARNING), &t);
	if (!f)
		return false;
	irqm_finding_set(f, "irqs", irqs);
	irqm_finding_num(f, "with_room", room);
	return true;
}
