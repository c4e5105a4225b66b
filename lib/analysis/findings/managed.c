/* SPDX-License-Identifier: GPL-3.0-or-later */
/* managed-idle, managed-absent-cpus, managed-shutdown. */
#include "analysis/findings/finding.h"

#include <inttypes.h>

/*
 * Idle reservations are info from the first share of all vectors on, and a
 * warning from the second on if less than FREE_PERCENT are free.
 */
#define IDLE_NOTE_PERCENT 10
#define IDLE_WARNING_PERCENT 25
#define FREE_PERCENT 25

/* An absent CPU with less than this free is nearly full: a warning. */
#define ABSENT_FREE_PERCENT 10

static const struct irqm_driver_cost *most_idle(const struct irqm_analysis *a)
{
	const struct irqm_accounting *acc = &a->accounting;
	const struct irqm_driver_cost *most = NULL;
	unsigned int i;

	for (i = 0; i < acc->nr_drivers; i++) {
		const struct irqm_driver_cost *d = &acc->drivers[i];

		if (d->sum.idle_reserved == IRQM_UNKNOWN ||
		    d->sum.idle_reserved <= 0 || !d->driver || !*d->driver)
			continue;
		if (!most || d->sum.idle_reserved > most->sum.idle_reserved)
			most = d;
	}
	return most;
}

static void say_driver(const struct irqm_analysis *a,
		       const struct irqm_driver_cost *d, irqm_num idle,
		       struct irqm_text *t)
{
	if (d->sum.idle_reserved == idle)
		irqm_text_add(t, ", all");
	else
		irqm_text_add(t, ", %" PRId64 " of them", d->sum.idle_reserved);
	irqm_text_add(t, " held by ");
	irqm_text_devices(a, d, t);
}

bool irqm_find_managed_idle(struct irqm_analysis *a)
{
	const struct irqm_driver_cost *most = most_idle(a);
	irqm_num idle = a->totals.idle, all = a->totals.capacity;
	irqm_num available = a->totals.bitmaps_available;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	bool warn;

	if (idle == IRQM_UNKNOWN || all == IRQM_UNKNOWN || all <= 0 ||
	    !irqm_at_least(idle, IDLE_NOTE_PERCENT, all))
		return true;
	warn = irqm_at_least(idle, IDLE_WARNING_PERCENT, all) &&
	       available != IRQM_UNKNOWN &&
	       !irqm_at_least(available, FREE_PERCENT, all);
	irqm_text_add(&t, "%" PRId64 " of %" PRId64 " %s", idle, all,
		      irqm_plural(all, "vector", "vectors"));
	irqm_text_share(&t, idle, all);
	irqm_text_add(&t, " %s idle",
		      irqm_plural(idle, "is a managed reservation that is",
				  "are managed reservations that are"));
	if (most)
		say_driver(a, most, idle, &t);
	f = irqm_finding_add(a, IRQM_MANAGED_IDLE,
			     warn ? IRQM_WARNING : IRQM_INFO, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "idle", idle);
	irqm_finding_num(f, "managed", a->totals.managed);
	irqm_finding_num(f, "capacity", all);
	irqm_finding_num(f, "available", available);
	if (!most)
		return true;
	irqm_finding_string(f, "driver", most->driver);
	irqm_finding_num(f, "driver_devices", most->devices);
	irqm_finding_num(f, "driver_idle", most->sum.idle_reserved);
	return true;
}

/* The CPUs that are possible but not present. */
struct absent {
	struct irqm_bits cpus; /* those with managed reservations */
	irqm_num reservations;
	irqm_num least_room, least_cpu; /* free vectors of the fullest one */
};

static bool find_absent(const struct irqm_analysis *a, struct absent *absent)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i;

	*absent = (struct absent){ irqm_cpu_set(a), 0, IRQM_UNKNOWN,
				   IRQM_UNKNOWN };
	for (i = 0; i < s->nr_cpus; i++) {
		const struct irqm_cpu_check *c = &a->cpus[i];

		if (irqm_bits_test(&s->dump.present, s->cpus[i].cpu) ||
		    s->cpus[i].online != 0 || c->managed == 0)
			continue;
		irqm_bits_set(&absent->cpus, s->cpus[i].cpu);
		absent->reservations =
			irqm_add(absent->reservations, c->managed);
		if (c->available != IRQM_UNKNOWN &&
		    (absent->least_room == IRQM_UNKNOWN ||
		     c->available < absent->least_room)) {
			absent->least_room = c->available;
			absent->least_cpu = s->cpus[i].cpu;
		}
	}
	return irqm_bits_known(&absent->cpus);
}

bool irqm_find_managed_absent(struct irqm_analysis *a)
{
	irqm_num each = a->totals.each;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	struct absent absent;
	bool tight;

	if (!irqm_bits_known(&a->snapshot->dump.present))
		return true;
	if (!find_absent(a, &absent))
		return false;
	if (absent.reservations == IRQM_UNKNOWN || absent.reservations == 0)
		return true;
	tight = absent.least_room != IRQM_UNKNOWN && each != IRQM_UNKNOWN &&
		!irqm_at_least(absent.least_room, ABSENT_FREE_PERCENT, each);
	irqm_text_add(&t, "%" PRId64 " managed %s on ", absent.reservations,
		      irqm_plural(absent.reservations, "reservation is",
				  "reservations are"));
	irqm_text_cpus(&t, &absent.cpus);
	irqm_text_add(&t, ", which %s possible but not present",
		      irqm_plural(irqm_bits_weight(&absent.cpus), "is", "are"));
	if (tight)
		irqm_text_add(&t,
			      ". CPU %" PRId64 " has only %" PRId64 " %s "
			      "free, and new managed interrupts need one there "
			      "too",
			      absent.least_cpu, absent.least_room,
			      irqm_plural(absent.least_room, "vector",
					  "vectors"));
	f = irqm_finding_add(a, IRQM_MANAGED_ABSENT,
			     tight ? IRQM_WARNING : IRQM_INFO, &t);
	if (!f)
		return false;
	irqm_finding_set(f, "cpus", absent.cpus);
	irqm_finding_num(f, "slots", absent.reservations);
	irqm_finding_num(f, "least_available", absent.least_room);
	return true;
}

static bool is_shut_down(const struct irqm_irq *irq)
{
	return irq->managed == 1 && (irq->nr_actions || irq->actions_cut) &&
	       irqm_bits_known(&irq->affinity) &&
	       irqm_has_state(irq, "IRQD_MANAGED_SHUTDOWN");
}

/* Set by suspend_device_irqs() while the machine suspends or resumes. */
#define IRQS_SUSPENDED 0x800 /* kernel/irq/internals.h */

static bool is_suspended(const struct irqm_irq *irq)
{
	return irq->istate != IRQM_UNKNOWN && irq->istate & IRQS_SUSPENDED;
}

/*
 * Do not report interrupts whose CPUs were never present: they are shut down
 * from the start, and no CPU uses their queues.
 */
bool irqm_find_managed_shutdown(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_bits irqs = irqm_irq_set(a), stuck = irqm_irq_set(a);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i, n;
	bool warn;

	if (!irqm_bits_known(&irqs) || !irqm_bits_known(&stuck))
		return false;
	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		if (!is_shut_down(irq))
			continue;
		if (irqm_bits_weight_and(&irq->affinity, &a->online.yes)) {
			if (!is_suspended(irq))
				irqm_bits_set(&stuck, irq->irq);
		} else if (irqm_bits_weight_and(&irq->affinity,
						&s->dump.present)) {
			irqm_bits_set(&irqs, irq->irq);
		}
	}
	warn = irqm_bits_weight(&stuck) != 0;
	n = irqm_bits_weight(warn ? &stuck : &irqs);
	if (!n)
		return true;
	irqm_text_add(&t,
		      "%u managed %s shut down %s in %s affinity is "
		      "online: ",
		      n, irqm_plural(n, "interrupt is", "interrupts are"),
		      warn ? "although a CPU" : "because no CPU",
		      irqm_plural(n, "its", "their"));
	irqm_text_irqs(&t, s, warn ? &stuck : &irqs);
	f = irqm_finding_add(a, IRQM_MANAGED_SHUTDOWN,
			     warn ? irqm_if_still(a, IRQM_WARNING) : IRQM_INFO,
			     &t);
	if (!f)
		return false;
	if (!warn) {
		struct irqm_text brief = { 0 };

		irqm_text_add(&brief, "%u managed %s shut down with %s CPUs, ",
			      n,
			      irqm_plural(n, "interrupt is", "interrupts are"),
			      irqm_plural(n, "its", "their"));
		irqm_text_add(&brief, "as %s should be",
			      irqm_plural(n, "it", "they"));
		f->brief = irqm_arena_strdup(a->arena, brief.s);
	}
	irqm_finding_set(f, "irqs", irqs);
	irqm_finding_set(f, "stuck_irqs", stuck);
	return true;
}
