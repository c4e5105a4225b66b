/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vectors-exhausted, vectors-low: is there room for more interrupts? */
#include "analysis/findings/finding.h"

#include <inttypes.h>
#include <string.h>

/* Fewer free vectors than this share of all are few. */
#define LOW_PERCENT 10

/* A driver with less of the vectors of full CPUs is not named for it. */
#define HOLDER_PERCENT 25

/* Drivers that are checked, the most expensive first. */
#define MAX_DRIVERS 64

/* The CPUs without a free vector, by their bitmaps. */
struct full {
	struct irqm_bits cpus;
	unsigned int online, all_online; /* full and online; all online */
	bool unknown;                    /* some CPU may have a free vector */
};

static bool find_full(const struct irqm_analysis *a, struct full *full)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i;

	*full = (struct full){ .cpus = irqm_cpu_set(a) };
	for (i = 0; i < s->nr_cpus; i++) {
		irqm_num room = a->cpus[i].available;

		full->unknown |= s->cpus[i].online == IRQM_UNKNOWN;
		full->all_online += s->cpus[i].online == 1;
		if (room == IRQM_UNKNOWN) {
			full->unknown |= s->cpus[i].online == 1;
		} else if (room <= 0) {
			irqm_bits_set(&full->cpus, s->cpus[i].cpu);
			full->online += s->cpus[i].online == 1;
		}
	}
	return irqm_bits_known(&full->cpus);
}

/* The driver that holds most of the vectors that were accounted for. */
static const struct irqm_driver_cost *
top_driver(const struct irqm_accounting *acc)
{
	const struct irqm_driver_cost *top = acc->drivers;

	return acc->nr_drivers && top->sum.cost != IRQM_UNKNOWN &&
			       top->sum.cost > 0 && top->driver &&
			       *top->driver ?
		       top :
		       NULL;
}

/* "160 virtio_blk devices hold 797 of 804 (99.1%)"; what follows 804 */
static void say_holder(const struct irqm_analysis *a,
		       const struct irqm_driver_cost *top, irqm_num all,
		       const char *what, struct irqm_text *t)
{
	irqm_text_devices(a, top, t);
	irqm_text_add(t, " %s %" PRId64,
		      irqm_plural(top->devices, "holds", "hold"),
		      top->sum.cost);
	if (all == IRQM_UNKNOWN)
		return;
	irqm_text_add(t, " of %" PRId64 "%s", all, what);
	irqm_text_share(t, top->sum.cost, all);
}

static void say_top_driver(const struct irqm_analysis *a, struct irqm_text *t)
{
	const struct irqm_driver_cost *top = top_driver(&a->accounting);

	if (!top)
		return;
	irqm_text_add(t, ". ");
	say_holder(a, top, a->accounting.lost, "", t);
}

bool irqm_text_holder(const struct irqm_analysis *a,
		      const struct irqm_bits *cpus, struct irqm_text *t)
{
	irqm_num capacity = irqm_totals_of(a, cpus).capacity;
	const struct irqm_driver_cost *top;
	struct irqm_accounting acc;

	if (!irqm_account_cpus(a, a->arena, cpus, &acc))
		return false;
	top = top_driver(&acc);
	if (!top || capacity == IRQM_UNKNOWN ||
	    !irqm_at_least(top->sum.cost, HOLDER_PERCENT, capacity))
		return false;
	say_holder(a, top, capacity, "", t);
	return true;
}

/* Whether every CPU of the default affinity that may be online is full. */
static bool default_affinity_full(const struct irqm_snapshot *s,
				  const struct full *full)
{
	const struct irqm_bits *mask = &s->dump.default_affinity;
	unsigned int i, nr = 0;

	for (i = 0; i < s->nr_cpus; i++) {
		if (!irqm_bits_test(mask, s->cpus[i].cpu) ||
		    s->cpus[i].online == 0)
			continue;
		if (!irqm_bits_test(&full->cpus, s->cpus[i].cpu))
			return false;
		nr++;
	}
	return nr != 0;
}

/*
 * "The default affinity is CPU 3 alone (irqaffinity=): interrupts that are not
 * managed hold 100 of its 201 vectors, managed reservations 101"
 */
static void say_default_affinity(const struct irqm_analysis *a,
				 struct irqm_text *t)
{
	const struct irqm_bits *mask = &a->snapshot->dump.default_affinity;
	struct irqm_totals sum = irqm_totals_of(a, mask);
	irqm_num unmanaged =
		irqm_sub(sum.bitmaps_allocated, sum.managed_allocated);

	irqm_text_add(t, ". The default affinity is ");
	irqm_text_cpus(t, mask);
	irqm_text_add(t, "%s (irqaffinity= at boot, or set since)",
		      irqm_plural(irqm_bits_weight_and(mask, &a->online.yes),
				  " alone", " only"));
	if (unmanaged == IRQM_UNKNOWN || sum.managed == IRQM_UNKNOWN)
		return;
	irqm_text_add(t,
		      ": interrupts that are not managed hold %" PRId64
		      " of the %" PRId64
		      " vectors there, managed reservations %" PRId64,
		      unmanaged, sum.capacity, sum.managed);
}

/* Whose the vectors of the full CPUs are, or why they are full. */
static void say_why_full(const struct irqm_analysis *a, const struct full *full,
			 const struct irqm_accounting *here,
			 struct irqm_text *t)
{
	const struct irqm_driver_cost *top = top_driver(here);
	const struct irqm_bits *mask = &a->snapshot->dump.default_affinity;
	irqm_num capacity = irqm_totals_of(a, &full->cpus).capacity;

	if (default_affinity_full(a->snapshot, full) &&
	    irqm_bits_weight_and(mask, &a->online.yes) <
		    irqm_bits_weight(&a->online.yes)) {
		say_default_affinity(a, t);
		return;
	}
	/* with a smaller share it is not what fills them */
	if (!top || capacity == IRQM_UNKNOWN ||
	    !irqm_at_least(top->sum.cost, HOLDER_PERCENT, capacity))
		return;
	irqm_text_add(t, ". ");
	say_holder(a, top, capacity, " vectors there", t);
}

/* Interrupts of drivers that have reserved a vector. Legacy lines that nothing
 * requested reserve one, too. */
static unsigned int count_waiting(const struct irqm_snapshot *s)
{
	unsigned int i, nr = 0;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		nr += irq->apic && irq->apic->has_reserved &&
		      (irq->device >= 0 || irq->nr_actions);
	}
	return nr;
}

static void say_exhausted(const struct irqm_analysis *a,
			  const struct full *full, bool all,
			  const struct irqm_accounting *here,
			  struct irqm_text *t)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int reserved = count_waiting(s);

	if (!all) {
		irqm_text_cpus(t, &full->cpus);
		irqm_text_add(t,
			      " %s out of vectors: new devices whose managed "
			      "interrupts cover all CPUs get fewer vectors, or "
			      "fail to probe with -28 (ENOSPC)",
			      irqm_plural(irqm_bits_weight(&full->cpus), "is",
					  "are"));
		say_why_full(a, full, here, t);
	} else {
		irqm_text_all_online(t, full->all_online);
		irqm_text_add(t, " out of vectors");
		if (s->nr_cpus == 1)
			irqm_text_add(t, ", and no other is possible, as in a "
					 "crash kernel (nr_cpus=1)");
		if (reserved)
			irqm_text_add(t,
				      "; %u %s that drivers have set "
				      "up cannot be started",
				      reserved,
				      irqm_plural(reserved, "interrupt",
						  "interrupts"));
		say_top_driver(a, t);
	}
}

/* "CPU 3 is out of vectors"; NULL, which is the kind's, without memory. */
static const char *say_full_cpus(const struct irqm_analysis *a,
				 const struct full *full)
{
	struct irqm_text t = { 0 };

	irqm_text_cpus(&t, &full->cpus);
	irqm_text_add(&t, " %s out of vectors",
		      irqm_plural(irqm_bits_weight(&full->cpus), "is", "are"));
	return irqm_arena_strdup(a->arena, t.s);
}

bool irqm_find_vectors_exhausted(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	const struct irqm_accounting *acc = &a->accounting;
	const struct irqm_driver_cost *top;
	struct irqm_accounting here;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	struct full full;
	bool all;

	if (!find_full(a, &full))
		return false;
	if (!irqm_bits_weight(&full.cpus))
		return true;
	all = full.all_online && full.online == full.all_online &&
	      !full.unknown;
	if (!irqm_account_cpus(a, a->arena, &full.cpus, &here))
		return false;
	say_exhausted(a, &full, all, &here, &t);
	f = irqm_finding_add(a, IRQM_VECTORS_EXHAUSTED,
			     all ? IRQM_CRITICAL : IRQM_WARNING, &t);
	if (!f)
		return false;
	if (!all)
		f->brief = say_full_cpus(a, &full);
	irqm_finding_set(f, "cpus", full.cpus);
	irqm_finding_num(f, "cpus_online", full.all_online);
	irqm_finding_num(f, "available", a->totals.bitmaps_available);
	irqm_finding_num(f, "capacity", a->totals.capacity);
	irqm_finding_num(f, "promised", s->matrix.global_reserved);
	if (!acc->nr_drivers)
		return true;
	irqm_finding_string(f, "driver", acc->drivers[0].driver);
	irqm_finding_num(f, "driver_devices", acc->drivers[0].devices);
	irqm_finding_num(f, "driver_cost", acc->drivers[0].sum.cost);
	top = top_driver(&here);
	irqm_finding_string(f, "holder", top ? top->driver : NULL);
	irqm_finding_num(f, "holder_cost", top ? top->sum.cost : IRQM_UNKNOWN);
	return true;
}

/* Finds the driver with the least room. Returns false without memory. */
static bool find_tightest(const struct irqm_analysis *a, struct irqm_fit *best)
{
	const struct irqm_accounting *acc = &a->accounting;
	struct irqm_fit fit;
	unsigned int i;

	*best = (struct irqm_fit){ .devices = IRQM_UNKNOWN };
	for (i = 0; i < acc->nr_drivers && i < MAX_DRIVERS; i++) {
		if (!irqm_fit_of(a, acc->drivers[i].driver, &fit))
			return false;
		if (fit.devices != IRQM_UNKNOWN &&
		    (best->devices == IRQM_UNKNOWN ||
		     fit.devices < best->devices ||
		     (fit.devices == best->devices && fit.tight &&
		      !best->tight)))
			*best = fit;
	}
	return true;
}

/* "33 of 603 vectors are free (5.5%)" */
static void say_free(const struct irqm_analysis *a, struct irqm_text *t)
{
	irqm_num available = a->totals.bitmaps_available;

	irqm_text_add(t, "%" PRId64 " of %" PRId64 " %s free", available,
		      a->totals.capacity,
		      irqm_plural(a->totals.capacity, "vector is",
				  "vectors are"));
	irqm_text_share(t, available, a->totals.capacity);
}

/* "Not one more nvme device (9 vectors each) fits: CPU 3 is full" */
static void say_fit(const struct irqm_fit *fit, struct irqm_text *t)
{
	if (fit->devices == 0)
		irqm_text_add(t, "Not one more %s device", fit->driver);
	else
		irqm_text_add(t, "Only %" PRId64 " more %s %s", fit->devices,
			      fit->driver,
			      irqm_plural(fit->devices, "device", "devices"));
	irqm_text_add(t, " (%" PRId64 " %s each) %s", fit->cost,
		      irqm_plural(fit->cost, "vector", "vectors"),
		      fit->devices > 1 ? "fit" : "fits");
	if (fit->limit_cpu == IRQM_UNKNOWN)
		return;
	if (fit->limit_room == 0)
		irqm_text_add(t, ": CPU %" PRId64 " is full", fit->limit_cpu);
	else
		irqm_text_add(t, ": CPU %" PRId64 " has only %" PRId64 " free",
			      fit->limit_cpu, fit->limit_room);
}

/* A machine with many free vectors is short of them only where they have to
 * be: the device that does not fit goes first then. */
static void say_low(const struct irqm_analysis *a, const struct irqm_fit *fit,
		    bool few, struct irqm_text *t)
{
	if (few)
		say_free(a, t);
	if (fit->devices == IRQM_UNKNOWN)
		return;
	irqm_text_add(t, "%s", few ? ". " : "");
	say_fit(fit, t);
	if (few)
		return;
	irqm_text_add(t, ". In all, ");
	say_free(a, t);
}

static const char *say_no_room(const struct irqm_analysis *a,
			       const struct irqm_fit *fit)
{
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "no room for one more %s device", fit->driver);
	return irqm_arena_strdup(a->arena, t.s);
}

bool irqm_find_vectors_low(struct irqm_analysis *a)
{
	irqm_num available = a->totals.bitmaps_available;
	irqm_num capacity = a->totals.capacity;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	struct irqm_fit fit;
	bool few;

	/* if none is free, vectors-exhausted has reported it */
	if (available == IRQM_UNKNOWN || capacity == IRQM_UNKNOWN ||
	    available <= 0 || capacity <= 0)
		return true;
	if (!find_tightest(a, &fit))
		return false;
	few = !irqm_at_least(available, LOW_PERCENT, capacity);
	if (!few && (fit.devices != 0 || !fit.tight))
		return true;
	say_low(a, &fit, few, &t);
	f = irqm_finding_add(a, IRQM_VECTORS_LOW, IRQM_WARNING, &t);
	if (!f)
		return false;
	if (!few)
		f->brief = say_no_room(a, &fit);
	irqm_finding_num(f, "available", available);
	irqm_finding_num(f, "capacity", capacity);
	if (fit.devices == IRQM_UNKNOWN)
		return true;
	irqm_finding_string(f, "driver", fit.driver);
	irqm_finding_num(f, "fits", fit.devices);
	irqm_finding_num(f, "cost", fit.cost);
	irqm_finding_num(f, "limit_cpu", fit.limit_cpu);
	irqm_finding_num(f, "limit_available", fit.limit_room);
	return true;
}
