/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vectors-exhausted, vectors-low: is there room for more interrupts? */
#include "analysis/findings/finding.h"

#include <inttypes.h>
#include <string.h>

/* Fewer free vectors than this share of all are few. */
#define LOW_PERCENT 10
/* That no device fits is reported only below this share, see is_scarce(). */
#define SCARCE_PERCENT 25

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

static void say_top_driver(const struct irqm_analysis *a, bool all,
			   struct irqm_text *t)
{
	const struct irqm_accounting *acc = &a->accounting;
	const struct irqm_driver_cost *top = acc->drivers;

	if (!acc->nr_drivers || top->sum.cost == IRQM_UNKNOWN ||
	    top->sum.cost <= 0 || !top->driver || !*top->driver)
		return;
	irqm_text_add(t, ". ");
	irqm_text_devices(t, top);
	irqm_text_add(t, " %s %" PRId64,
		      irqm_plural(top->devices, "holds", "hold"),
		      top->sum.cost);
	if (acc->lost == IRQM_UNKNOWN)
		return;
	irqm_text_add(t, " of %" PRId64, acc->lost);
	if (!all)
		irqm_text_add(t, " unavailable %s",
			      irqm_plural(acc->lost, "vector", "vectors"));
	irqm_text_share(t, top->sum.cost, acc->lost);
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

/* "The default affinity, CPU 3 alone, has no free vector either" */
static void say_default_affinity(const struct irqm_analysis *a,
				 struct irqm_text *t)
{
	const struct irqm_bits *mask = &a->snapshot->dump.default_affinity;
	unsigned int here = irqm_bits_weight_and(mask, &a->online.yes);

	irqm_text_add(t, ". The default affinity");
	if (here < irqm_bits_weight(&a->online.yes)) {
		irqm_text_add(t, ", ");
		irqm_text_cpus(t, mask);
		irqm_text_add(t, "%s,", irqm_plural(here, " alone", " only"));
	}
	irqm_text_add(t, " has no free vector either");
}

static void say_exhausted(const struct irqm_analysis *a,
			  const struct full *full, bool all,
			  struct irqm_text *t)
{
	const struct irqm_snapshot *s = a->snapshot;
	irqm_num reserved = s->matrix.global_reserved;

	if (!all) {
		irqm_text_cpus(t, &full->cpus);
		irqm_text_add(t,
			      " %s out of vectors: new devices whose managed "
			      "interrupts cover all CPUs get fewer vectors, or "
			      "fail to probe with -28 (ENOSPC)",
			      irqm_plural(irqm_bits_weight(&full->cpus), "is",
					  "are"));
		if (default_affinity_full(s, full))
			say_default_affinity(a, t);
	} else {
		irqm_text_all_online(t, full->all_online);
		irqm_text_add(t, " out of vectors");
		if (reserved != IRQM_UNKNOWN && reserved > 0)
			irqm_text_add(t,
				      "; %" PRId64 " %s that drivers have set "
				      "up cannot be started",
				      reserved,
				      irqm_plural(reserved, "interrupt",
						  "interrupts"));
	}
	say_top_driver(a, all, t);
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
	say_exhausted(a, &full, all, &t);
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
	return true;
}

/* How many more devices fit that are like the most expensive of a driver. */
struct fit {
	const char *driver;
	irqm_num devices;
	irqm_num cost;       /* of one of them */
	irqm_num limit_cpu;  /* the CPU that is full first; unknown if the
				   sum of all CPUs is the limit */
	irqm_num limit_room; /* its free vectors */
	bool tight;          /* none fits and vectors are scarce */
};

/*
 * A device that needs half of the vectors of a small machine does not fit
 * twice, and that is not worth a warning.
 */
static bool is_scarce(irqm_num room, irqm_num whole)
{
	return whole == IRQM_UNKNOWN ||
	       !irqm_at_least(room, SCARCE_PERCENT, whole);
}

/*
 * Counts the managed reservations of a device on each of cpus[]. Returns
 * false if an affinity is unknown.
 */
static bool count_reservations(const struct irqm_snapshot *s, int device,
			       unsigned int *needed)
{
	const struct irqm_cpu *cpu;
	unsigned int i, n;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		if (irq->device != device || irqm_has_apic(irq) != 1 ||
		    irq->managed != 1)
			continue;
		if (!irqm_bits_known(&irq->affinity))
			return false;
		irqm_bits_for_each(n, &irq->affinity) {
			cpu = irqm_find_cpu(s, n);
			if (cpu)
				needed[cpu - s->cpus]++;
		}
	}
	return true;
}

static struct fit fit_of(const struct irqm_analysis *a, const char *driver,
			 const struct irqm_cost *cost, unsigned int *needed)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct fit fit = { driver,       IRQM_UNKNOWN, cost->cost,
			   IRQM_UNKNOWN, IRQM_UNKNOWN, false };
	unsigned int i;

	memset(needed, 0, s->nr_cpus * sizeof(*needed));
	if (cost->cost == IRQM_UNKNOWN || cost->cost <= 0 ||
	    a->totals.bitmaps_available == IRQM_UNKNOWN ||
	    !count_reservations(s, cost->device, needed))
		return fit;
	fit.devices = a->totals.bitmaps_available / cost->cost;
	fit.tight = fit.devices == 0 &&
		    is_scarce(a->totals.bitmaps_available, a->totals.capacity);
	for (i = 0; i < s->nr_cpus; i++) {
		irqm_num room = a->cpus[i].available;

		if (!needed[i])
			continue;
		if (room == IRQM_UNKNOWN) {
			fit.devices = IRQM_UNKNOWN;
			return fit;
		}
		/* a bad bitmap can have more bits set than there are vectors */
		if (room < 0)
			room = 0;
		fit.tight |= room / needed[i] == 0 &&
			     is_scarce(room, a->totals.each);
		if (room / needed[i] < fit.devices) {
			fit.devices = room / needed[i];
			fit.limit_cpu = s->cpus[i].cpu;
			fit.limit_room = room;
		}
	}
	return fit;
}

/* Finds the driver with the least room. Returns false without memory. */
static bool find_tightest(const struct irqm_analysis *a, struct fit *best)
{
	const struct irqm_accounting *acc = &a->accounting;
	unsigned int i, *needed;

	*best = (struct fit){ .devices = IRQM_UNKNOWN };
	needed = irqm_arena_alloc(a->arena, a->snapshot->nr_cpus,
				  sizeof(*needed));
	if (!needed)
		return false;
	for (i = 0; i < acc->nr_drivers && i < MAX_DRIVERS; i++) {
		const char *driver = acc->drivers[i].driver;
		const struct irqm_cost *cost;
		struct fit fit;

		if (!driver || !*driver)
			continue;
		cost = irqm_most_expensive(a, driver);
		if (!cost)
			continue;
		fit = fit_of(a, driver, cost, needed);
		if (fit.devices != IRQM_UNKNOWN &&
		    (best->devices == IRQM_UNKNOWN ||
		     fit.devices < best->devices ||
		     (fit.devices == best->devices && fit.tight &&
		      !best->tight)))
			*best = fit;
	}
	return true;
}

static void say_low(const struct irqm_analysis *a, const struct fit *fit,
		    struct irqm_text *t)
{
	irqm_num available = a->totals.bitmaps_available;

	irqm_text_add(t, "%" PRId64 " of %" PRId64 " %s free", available,
		      a->totals.capacity,
		      irqm_plural(a->totals.capacity, "vector is",
				  "vectors are"));
	irqm_text_share(t, available, a->totals.capacity);
	if (fit->devices == IRQM_UNKNOWN)
		return;
	if (fit->devices == 0)
		irqm_text_add(t, ". Not one more %s device", fit->driver);
	else
		irqm_text_add(t, ". Only %" PRId64 " more %s %s", fit->devices,
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

bool irqm_find_vectors_low(struct irqm_analysis *a)
{
	irqm_num available = a->totals.bitmaps_available;
	irqm_num capacity = a->totals.capacity;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	struct fit fit;

	/* if none is free, vectors-exhausted has reported it */
	if (available == IRQM_UNKNOWN || capacity == IRQM_UNKNOWN ||
	    available <= 0 || capacity <= 0)
		return true;
	if (!find_tightest(a, &fit))
		return false;
	if (irqm_at_least(available, LOW_PERCENT, capacity) &&
	    (fit.devices != 0 || !fit.tight))
		return true;
	say_low(a, &fit, &t);
	f = irqm_finding_add(a, IRQM_VECTORS_LOW, IRQM_WARNING, &t);
	if (!f)
		return false;
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
