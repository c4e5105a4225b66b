/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vector-leak, unattributed, vector-irq-mismatch: the kernel records the owner
 * of a vector three times, in alloc_map, apic_chip_data and vector_irq. These
 * rules compare the three, and examine each IRQ and each entry once.
 */
#include "analysis/findings/finding.h"

#include <inttypes.h>
#include <stdlib.h>

#define WORDS IRQM_BITS_WORDS(IRQM_NR_VECTORS)

/* The vectors of a CPU that IRQs are on or moving away from. */
struct claimed {
	uint64_t words[WORDS];
};

static struct irqm_bits vectors_of(struct claimed *c)
{
	return (struct irqm_bits){ c->words, IRQM_NR_VECTORS };
}

static void claim_vector(const struct irqm_snapshot *s, struct claimed *claimed,
			 unsigned int cpu, unsigned int vector)
{
	const struct irqm_cpu *c = vector ? irqm_find_cpu(s, cpu) : NULL;
	struct irqm_bits set;

	if (!c)
		return;
	set = vectors_of(&claimed[c - s->cpus]);
	irqm_bits_set(&set, vector);
}

/* Returns an array parallel to cpus[], or NULL without memory. */
static struct claimed *claim_all(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct claimed *claimed;
	unsigned int i;

	claimed = irqm_arena_alloc(a->arena, s->nr_cpus, sizeof(*claimed));
	for (i = 0; claimed && i < s->nr_irqs; i++) {
		const struct irqm_apic *apic = s->irqs[i].apic;

		if (!apic)
			continue;
		claim_vector(s, claimed, apic->cpu, apic->vector);
		claim_vector(s, claimed, apic->prev_cpu, apic->prev_vector);
	}
	return claimed;
}

struct leaks {
	unsigned int vectors; /* all of them */
	unsigned int counted; /* those that are lost for the allocator */
	unsigned int legacy;  /* not leaked, see is_legacy() */
	struct irqm_bits cpus;
	const struct irqm_cpu *first;
	struct irqm_bits first_vectors;
};

/*
 * A vector_irq entry that points to an IRQ explains an allocated vector only
 * if that IRQ has no apic_chip_data (IRQs of the PIC). With apic_chip_data the
 * IRQ would have claimed the vector. The table of an offline CPU may be
 * outdated.
 */
static bool is_leaked(const struct irqm_snapshot *s, const struct irqm_cpu *cpu,
		      unsigned int v, struct claimed *claimed)
{
	struct irqm_bits set = vectors_of(claimed);
	const struct irqm_vector_irq *slot;
	const struct irqm_irq *irq;

	if (v >= IRQM_NR_VECTORS || irqm_bits_test(&set, v) ||
	    irqm_bits_test(&s->matrix.system_map, v))
		return false;
	slot = &cpu->vector_irq[v];
	if (slot->slot != IRQM_SLOT_IRQ)
		return slot->slot != IRQM_SLOT_UNKNOWN;
	irq = irqm_find_irq(s, slot->irq);
	return irq && irq->apic;
}

/*
 * Whether the vector belongs to a PIC IRQ without an IO-APIC pin:
 * lapic_assign_system_vectors() allocates one on CPU 0 that no device or
 * interrupt accounts for.
 */
static bool is_legacy(const struct irqm_snapshot *s, const struct irqm_cpu *cpu,
		      unsigned int v, struct claimed *claimed)
{
	struct irqm_bits set = vectors_of(claimed);

	return v < IRQM_NR_VECTORS && !irqm_bits_test(&set, v) &&
	       !irqm_bits_test(&s->matrix.system_map, v) &&
	       cpu->vector_irq[v].slot == IRQM_SLOT_IRQ &&
	       !is_leaked(s, cpu, v, claimed);
}

static void find_leaks(const struct irqm_snapshot *s, struct claimed *claimed,
		       struct leaks *l)
{
	unsigned int i, v;

	for (i = 0; i < s->nr_cpus; i++) {
		const struct irqm_cpu *cpu = &s->cpus[i];

		if (!cpu->vector_irq)
			continue;
		irqm_bits_for_each(v, &cpu->alloc_map) {
			bool costs = cpu->online == 1 &&
				     !irqm_bits_test(&cpu->managed_map, v);

			l->legacy += costs && is_legacy(s, cpu, v, &claimed[i]);
			if (!is_leaked(s, cpu, v, &claimed[i]))
				continue;
			l->vectors++;
			l->counted += costs;
			irqm_bits_set(&l->cpus, cpu->cpu);
			if (!l->first)
				l->first = cpu;
			if (l->first == cpu)
				irqm_bits_set(&l->first_vectors, v);
		}
	}
}

static bool say_leaks(struct irqm_analysis *a, const struct leaks *l)
{
	unsigned int nr_cpus = irqm_bits_weight(&l->cpus);
	char *list = irqm_bits_list(&l->first_vectors);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	irqm_text_add(&t,
		      "%u %s allocated but not owned by any interrupt: "
		      "%s on CPU %u",
		      l->vectors,
		      irqm_plural(l->vectors, "vector is", "vectors are"),
		      list ? list : "?", l->first->cpu);
	if (nr_cpus > 1)
		irqm_text_add(&t, ", and more on %u other %s", nr_cpus - 1,
			      irqm_plural(nr_cpus - 1, "CPU", "CPUs"));
	free(list);
	irqm_text_add(&t, ". CVE-2024-31076 is a known cause");
	f = irqm_finding_add(a, IRQM_VECTOR_LEAK,
			     irqm_if_still(a, IRQM_WARNING), &t);
	if (!f)
		return false;
	irqm_finding_num(f, "vectors", l->vectors);
	irqm_finding_set(f, "cpus", l->cpus);
	irqm_finding_num(f, "first_cpu", l->first->cpu);
	irqm_finding_set(f, "first_cpu_vectors", l->first_vectors);
	return true;
}

/* Reports what drift, leaks and the PIC do not explain of unattributed. */
static bool find_unattributed(struct irqm_analysis *a, const struct leaks *l)
{
	irqm_num drift = irqm_sub(a->totals.bitmaps_available,
				  a->snapshot->matrix.global_available);
	irqm_num all = a->accounting.unattributed;
	irqm_num rest = irqm_sub(irqm_sub(all, drift),
				 (irqm_num)l->counted + l->legacy);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	if (rest == IRQM_UNKNOWN || rest == 0)
		return true;
	if (rest > 0)
		irqm_text_add(&t,
			      "%" PRId64 " %s unavailable but no interrupt "
			      "owns %s",
			      rest,
			      irqm_plural(rest, "vector is", "vectors are"),
			      irqm_plural(rest, "it", "them"));
	else
		irqm_text_add(&t,
			      "%" PRId64 " %s owned by an interrupt but "
			      "still available",
			      -rest,
			      irqm_plural(-rest, "vector is", "vectors are"));
	irqm_text_add(&t, " (%" PRId64 " lost, %" PRId64 " accounted for)",
		      a->accounting.lost, irqm_sub(a->accounting.lost, all));
	f = irqm_finding_add(a, IRQM_UNATTRIBUTED,
			     irqm_if_still(a, IRQM_WARNING), &t);
	if (!f)
		return false;
	irqm_finding_num(f, "unexplained", rest);
	irqm_finding_num(f, "unattributed", all);
	irqm_finding_num(f, "lost", a->accounting.lost);
	irqm_finding_num(f, "drift", drift);
	irqm_finding_num(f, "leaked", l->counted);
	return true;
}

/*
 * Does not report leaks while some IRQs could not be read: one of them may own
 * the vector.
 */
bool irqm_find_vector_leak(struct irqm_analysis *a)
{
	struct leaks l = { .cpus = irqm_cpu_set(a) };
	struct claimed *claimed;

	l.first_vectors = irqm_bits_new(a->arena, IRQM_NR_VECTORS);
	if (!irqm_bits_known(&l.cpus) || !irqm_bits_known(&l.first_vectors))
		return false;
	if (irqm_irqs_uncertain(a->snapshot) ||
	    !irqm_bits_known(&a->snapshot->matrix.system_map))
		return true;
	claimed = claim_all(a);
	if (!claimed)
		return false;
	find_leaks(a->snapshot, claimed, &l);
	if (l.vectors && !say_leaks(a, &l))
		return false;
	return find_unattributed(a, &l);
}

struct mismatches {
	struct irqm_bits missing; /* started IRQs without their entry */
	struct irqm_bits dormant; /* the same, not started */
	struct irqm_bits stale;   /* IRQs with an entry they should not have */
	struct irqm_bits cpus;
	unsigned int entries, stray;
};

/* Whether vector_irq of the online CPU has the IRQ; 0, 1 or unknown. */
static irqm_num is_found(const struct irqm_snapshot *s, unsigned int irq,
			 unsigned int cpu, unsigned int vector)
{
	const struct irqm_cpu *c = irqm_find_cpu(s, cpu);
	const struct irqm_vector_irq *slot;

	if (!vector || !s->nr_cpus)
		return IRQM_UNKNOWN;
	if (!c || vector >= IRQM_NR_VECTORS)
		return false; /* no such CPU or vector */
	if (c->online != 1 || !c->vector_irq)
		return IRQM_UNKNOWN;
	slot = &c->vector_irq[vector];
	if (slot->slot == IRQM_SLOT_UNKNOWN ||
	    slot->slot == IRQM_SLOT_RETRIGGERED)
		return IRQM_UNKNOWN;
	return slot->slot == IRQM_SLOT_IRQ && slot->irq == irq;
}

/*
 * IRQs that are not started can lack their entry in a sound kernel: they do
 * not move off a CPU that goes offline, and lapic_online() clears the table of
 * the CPU, but not their vectors.
 */
static void look_from_irqs(const struct irqm_snapshot *s, struct mismatches *m)
{
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];
		const struct irqm_apic *apic = irq->apic;
		bool started = irq->state == IRQM_UNKNOWN ||
			       irqm_has_state(irq, "IRQD_IRQ_STARTED");

		if (!apic ||
		    is_found(s, irq->irq, apic->cpu, apic->vector) != 0)
			continue;
		irqm_bits_set(started ? &m->missing : &m->dormant, irq->irq);
		irqm_bits_set(&m->cpus, apic->cpu);
	}
}

static bool has_vector(const struct irqm_apic *apic, unsigned int cpu,
		       unsigned int v)
{
	return (apic->vector == v && apic->cpu == cpu) ||
	       (apic->prev_vector == v && apic->prev_cpu == cpu);
}

static void look_at_entry(const struct irqm_snapshot *s,
			  const struct irqm_cpu *cpu, unsigned int v,
			  struct mismatches *m)
{
	const struct irqm_vector_irq *slot = &cpu->vector_irq[v];
	const struct irqm_irq *irq = NULL;

	if (slot->slot == IRQM_SLOT_IRQ)
		irq = irqm_find_irq(s, slot->irq);
	/* an interrupt of the PIC has no apic_chip_data */
	if (irq && irq->apic && !has_vector(irq->apic, cpu->cpu, v))
		irqm_bits_set(&m->stale, irq->irq);
	else if (slot->slot == IRQM_SLOT_STRAY && s->irqs_known)
		m->stray++;
	else
		return;
	m->entries++;
	irqm_bits_set(&m->cpus, cpu->cpu);
}

static void look_from_cpus(const struct irqm_snapshot *s, struct mismatches *m)
{
	unsigned int i, v;

	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].online != 1 || !s->cpus[i].vector_irq)
			continue;
		for (v = 0; v < IRQM_NR_VECTORS; v++)
			look_at_entry(s, &s->cpus[i], v, m);
	}
}

static void say_mismatches(const struct irqm_snapshot *s,
			   const struct mismatches *m, struct irqm_text *t)
{
	unsigned int stale = m->entries - m->stray;
	const char *between = "";

	if (irqm_bits_weight(&m->missing)) {
		irqm_text_add(t, "vector_irq lacks the %s for ",
			      irqm_plural(irqm_bits_weight(&m->missing),
					  "entry", "entries"));
		irqm_text_irqs(t, s, &m->missing);
		between = "; ";
	}
	if (irqm_bits_weight(&m->stale)) {
		irqm_text_add(t, "%s%u vector_irq %s to ", between, stale,
			      irqm_plural(stale, "entry points",
					  "entries point"));
		irqm_text_irqs(t, s, &m->stale);
		irqm_text_add(t, ", which %s elsewhere",
			      irqm_plural(irqm_bits_weight(&m->stale), "is",
					  "are"));
		between = "; ";
	}
	if (m->stray) {
		irqm_text_add(t, "%s%u vector_irq %s to no interrupt", between,
			      m->stray,
			      irqm_plural(m->stray, "entry points",
					  "entries point"));
		between = "; ";
	}
	if (irqm_bits_weight(&m->dormant)) {
		irqm_text_add(t, "%svector_irq lacks the %s for ", between,
			      irqm_plural(irqm_bits_weight(&m->dormant),
					  "entry", "entries"));
		irqm_text_irqs(t, s, &m->dormant);
		irqm_text_add(t, ", which %s not started",
			      irqm_plural(irqm_bits_weight(&m->dormant), "is",
					  "are"));
	}
}

bool irqm_find_vector_irq_mismatch(struct irqm_analysis *a)
{
	struct mismatches m = {
		.missing = irqm_irq_set(a),
		.dormant = irqm_irq_set(a),
		.stale = irqm_irq_set(a),
		.cpus = irqm_cpu_set(a),
	};
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	bool warn;

	if (!irqm_bits_known(&m.missing) || !irqm_bits_known(&m.dormant) ||
	    !irqm_bits_known(&m.stale) || !irqm_bits_known(&m.cpus))
		return false;
	look_from_irqs(a->snapshot, &m);
	look_from_cpus(a->snapshot, &m);
	warn = m.entries || irqm_bits_weight(&m.missing);
	if (!warn && !irqm_bits_weight(&m.dormant))
		return true;
	say_mismatches(a->snapshot, &m, &t);
	f = irqm_finding_add(a, IRQM_VECTOR_IRQ_MISMATCH,
			     warn ? irqm_if_still(a, IRQM_WARNING) : IRQM_INFO,
			     &t);
	if (!f)
		return false;
	irqm_finding_set(f, "missing_irqs", m.missing);
	irqm_finding_set(f, "dormant_irqs", m.dormant);
	irqm_finding_set(f, "stale_irqs", m.stale);
	irqm_finding_num(f, "entries", m.entries);
	irqm_finding_num(f, "stray", m.stray);
	irqm_finding_set(f, "cpus", m.cpus);
	return true;
}
