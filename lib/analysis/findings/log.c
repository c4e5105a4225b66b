/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * log-...: messages of the kernel log about interrupts and CPUs, and whether the
 * problem is still there in the dump. log_*.c have the rest.
 */
#include "analysis/findings/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The vectors of the PIC, ISA_IRQ_VECTOR(0 .. 15). */
#define ISA_FIRST 0x30
#define ISA_LAST 0x3f

static const struct irqm_cpu *cpu_of(const struct irqm_snapshot *s, int64_t cpu)
{
	return cpu < 0 || cpu > UINT32_MAX ? NULL : irqm_find_cpu(s, cpu);
}

/* Returns the IRQ that owns the vector now, or unknown. */
static irqm_num irq_of_vector(const struct irqm_snapshot *s, int64_t cpu,
			      int64_t vector)
{
	const struct irqm_cpu *c = cpu_of(s, cpu);

	if (vector < 0 || vector >= IRQM_NR_VECTORS)
		return IRQM_UNKNOWN;
	if (!c || !c->vector_irq || c->vector_irq[vector].slot != IRQM_SLOT_IRQ)
		return IRQM_UNKNOWN;
	return c->vector_irq[vector].irq;
}

/*
 * Firmware can leave the PIC in a state that sends vector 55 to CPUs as they
 * come up. That is harmless.
 */
static bool is_noise(const struct log_match *m)
{
	return m->num[1] >= ISA_FIRST && m->num[1] <= ISA_LAST;
}

static bool came_before(const struct evidence *e, unsigned int i)
{
	unsigned int k;

	for (k = 0; k < i; k++)
		if (e->kept[k].num[0] == e->kept[i].num[0] &&
		    e->kept[k].num[1] == e->kept[i].num[1])
			return true;
	return false;
}

/*
 * Returns the line to report: the first one that repeats an earlier CPU and
 * vector and is no noise, else the first one that is no noise, else the first
 * one. A single message is normal after a device moved, and after kexec.
 */
static unsigned int worst_stray(const struct evidence *e, bool *ret_again)
{
	unsigned int i, first = e->nr_kept;

	*ret_again = false;
	for (i = 0; i < e->nr_kept && !*ret_again; i++) {
		if (is_noise(&e->kept[i]))
			continue;
		*ret_again = came_before(e, i);
		if (first == e->nr_kept || *ret_again)
			first = i;
	}
	return first == e->nr_kept ? 0 : first;
}

static bool find_no_handler(struct log *log, const struct evidence *e)
{
	bool again;
	unsigned int worst = worst_stray(e, &again);
	int64_t cpu = e->kept[worst].num[0], vector = e->kept[worst].num[1];
	irqm_num irq = irq_of_vector(log->a->snapshot, cpu, vector);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	irqm_text_add(&t,
		      "%s on vector %" PRId64 " of CPU %" PRId64
		      ", which had no owner",
		      again ? "Interrupts arrived again and again" :
			      "An interrupt arrived",
		      vector, cpu);
	if (irq != IRQM_UNKNOWN)
		irqm_text_add(&t, ". IRQ %" PRId64 " owns it now", irq);
	f = irqm_log_finding(log, IRQM_LOG_NO_IRQ_HANDLER,
			     again ? IRQM_WARNING : IRQM_INFO, e, worst, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "cpu", cpu);
	irqm_finding_num(f, "vector", vector);
	irqm_finding_num(f, "irq_now", irq);
	return true;
}

static const struct irqm_irq *irq_of(const struct irqm_snapshot *s, int64_t irq)
{
	return irq < 0 || irq > UINT32_MAX ? NULL : irqm_find_irq(s, irq);
}

/* IRQs that were outside their affinity: what the dump says of them now. */
struct broken {
	unsigned int irqs;       /* those that still exist */
	unsigned int still;      /* the vector is still outside; of these: */
	struct irqm_bits full;   /* the online CPUs of the affinity are full */
	struct irqm_bits roomy;  /* one of them has a free vector */
	unsigned int not_online; /* none of its CPUs is online */
};

/* False if it has no vector any more, or one inside its affinity. */
static bool is_outside(const struct irqm_irq *irq)
{
	return irq->apic && irq->apic->vector &&
	       irqm_bits_known(&irq->affinity) &&
	       !irqm_bits_test(&irq->affinity, irq->apic->cpu);
}

static void look_at_mask(const struct irqm_snapshot *s,
			 const struct irqm_irq *irq, struct broken *b)
{
	bool online = false, room = false, unknown = false;
	unsigned int i;

	b->irqs++;
	if (!is_outside(irq))
		return;
	b->still++;
	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].online != 1 ||
		    !irqm_bits_test(&irq->affinity, s->cpus[i].cpu))
			continue;
		online = true;
		room |= s->cpus[i].available > 0;
		unknown |= s->cpus[i].available == IRQM_UNKNOWN;
	}
	if (!online)
		b->not_online++;
	else if (room)
		irqm_bits_set(&b->roomy, irq->irq);
	else if (!unknown)
		irqm_bits_set(&b->full, irq->irq);
}

static void look_at_masks(const struct irqm_snapshot *s,
			  const struct evidence *e, struct broken *b)
{
	unsigned int i, k;

	for (i = 0; i < e->nr_kept; i++) {
		const struct irqm_irq *irq = irq_of(s, e->kept[i].num[0]);

		for (k = 0; k < i; k++)
			if (e->kept[k].num[0] == e->kept[i].num[0])
				break;
		if (irq && k == i)
			look_at_mask(s, irq, b);
	}
}

/* The CPUs that these IRQs fire on; unknown if out of memory. */
static struct irqm_bits cpus_of(const struct irqm_analysis *a,
				const struct irqm_bits *irqs)
{
	struct irqm_bits cpus = irqm_cpu_set(a);
	const struct irqm_irq *irq;
	unsigned int n;

	irqm_bits_for_each(n, irqs) {
		irq = irqm_find_irq(a->snapshot, n);
		if (irq && irq->apic && irq->apic->cpu < cpus.nbits)
			irqm_bits_set(&cpus, irq->apic->cpu);
	}
	return cpus;
}

/* "10 still fire on CPUs 0-2, because the CPUs of their affinity are full: IRQ
 * 224 (virtio100-config) and 9 more" */
static void say_still(const struct log *log, const struct irqm_bits *irqs,
		      const char *why, struct irqm_text *t)
{
	unsigned int nr = irqm_bits_weight(irqs);
	struct irqm_bits cpus = cpus_of(log->a, irqs);

	if (!nr)
		return;
	irqm_text_add(t, ". %u still %s on ", nr,
		      irqm_plural(nr, "fires", "fire"));
	irqm_text_cpus(t, &cpus);
	irqm_text_add(t, ", %s: ", why);
	irqm_text_irqs(t, log->a->snapshot, irqs);
}

static void say_where_now(const struct log *log, const struct broken *b,
			  struct irqm_text *t)
{
	unsigned int inside = b->irqs - b->still;

	say_still(log, &b->full, "as the CPUs of the affinity are full", t);
	say_still(log, &b->roomy,
		  irqm_plural(irqm_bits_weight(&b->roomy),
			      "but its affinity has free vectors now",
			      "but their affinity has free vectors now"),
		  t);
	if (b->not_online)
		irqm_text_add(t, ". %u cannot return: no CPU is online",
			      b->not_online);
	if (inside)
		irqm_text_add(t, ". %u %s not outside any more", inside,
			      irqm_plural(inside, "is", "are"));
}

/* The message always names vector space, but there are other reasons. */
static bool find_broken(struct log *log, const struct evidence *e)
{
	struct irqm_text t = { 0 };
	struct broken b = {
		.full = irqm_irq_set(log->a),
		.roomy = irqm_irq_set(log->a),
	};
	unsigned int full, roomy;
	struct irqm_finding *f;

	if (!irqm_bits_known(&b.full) || !irqm_bits_known(&b.roomy))
		return false;
	look_at_masks(log->a->snapshot, e, &b);
	full = irqm_bits_weight(&b.full);
	roomy = irqm_bits_weight(&b.roomy);
	irqm_text_add(&t, "IRQ %" PRId64 " %s affinity", e->kept[0].num[0],
		      b.irqs > 1 ? "and others got vectors outside their" :
				   "got a vector outside its");
	say_where_now(log, &b, &t);
	f = irqm_log_finding(log, IRQM_LOG_AFFINITY_BROKEN,
			     full || roomy ? IRQM_WARNING : IRQM_INFO, e, 0,
			     &t);
	if (!f)
		return false;
	irqm_finding_num(f, "irqs", b.irqs);
	irqm_finding_num(f, "exhausted", full);
	irqm_finding_num(f, "not_online", b.not_online);
	irqm_finding_num(f, "room", roomy);
	irqm_finding_num(f, "still_outside", b.still);
	return true;
}

/* All CPUs that the kernel refused; unknown if out of memory. */
static struct irqm_bits refused_cpus(const struct log *log,
				     const struct evidence *e)
{
	struct irqm_bits cpus = irqm_cpu_set(log->a);
	unsigned int i;

	for (i = 0; i < e->nr_kept; i++) {
		int64_t n = e->kept[i].num[0];

		if (n >= 0 && n < cpus.nbits)
			irqm_bits_set(&cpus, n);
	}
	return cpus;
}

/* The last of them has the numbers. */
static void say_refusal(const struct log *log, const struct evidence *e,
			struct irqm_text *t)
{
	const struct log_match *m = &e->kept[e->nr_kept - 1];
	struct irqm_bits cpus = refused_cpus(log, e);
	bool several = irqm_bits_weight(&cpus) > 1;

	irqm_text_add(t, "The kernel refused to take ");
	if (several)
		irqm_text_cpus(t, &cpus);
	else
		irqm_text_add(t, "CPU %" PRId64, m->num[0]);
	irqm_text_add(t, " offline: ");
	if (several)
		irqm_text_add(t, "for CPU %" PRId64 ", ", m->num[0]);
	if (irqm_underflowed(m->num[1]))
		irqm_text_add(t,
			      "its count of vectors was %d, an error of the "
			      "kernel (" IRQM_UNDERFLOW_FIX "); nothing had "
			      "to move",
			      (int32_t)(uint32_t)m->num[1]);
	else
		irqm_text_add(
			t,
			"%" PRId64 " %s to move, but only %" PRId64 " %s free",
			m->num[1],
			irqm_plural(m->num[1], "vector had", "vectors had"),
			m->num[2], irqm_plural(m->num[2], "was", "were"));
}

static bool say_not_offlined(struct log *log, const struct evidence *e,
			     unsigned int quoted, enum irqm_severity severity,
			     struct irqm_text *t)
{
	const struct log_match *m = &e->kept[quoted];
	bool counted = m->kind == LOG_NOT_OFFLINED;
	struct irqm_finding *f;

	f = irqm_log_finding(log, IRQM_LOG_CPU_NOT_OFFLINED, severity, e,
			     quoted, t);
	if (!f)
		return false;
	irqm_finding_num(f, "cpu", m->context ? IRQM_UNKNOWN : m->num[0]);
	irqm_finding_num(f, "vectors", counted ? m->num[1] : IRQM_UNKNOWN);
	irqm_finding_num(f, "available", counted ? m->num[2] : IRQM_UNKNOWN);
	return true;
}

/* A later try may have succeeded. */
static bool went_offline(const struct log *log, int64_t n, struct irqm_text *t)
{
	const struct irqm_cpu *cpu = cpu_of(log->a->snapshot, n);

	if (!cpu || cpu->online != 0)
		return false;
	irqm_text_add(t, ". CPU %" PRId64 " is offline now", n);
	return true;
}

/* cpu-offline-blocked, which this finding is shown for, has these CPUs. */
static void say_still_blocked(const struct irqm_analysis *a,
			      struct irqm_text *t)
{
	const struct irqm_finding *blocked =
		irqm_find_kind(a, IRQM_CPU_OFFLINE_BLOCKED);
	const struct irqm_datum *cpus =
		blocked ? irqm_find_datum(blocked, "cpus") : NULL;

	if (!cpus || !irqm_bits_weight(&cpus->set))
		return;
	irqm_text_add(t, ". ");
	irqm_text_cpus(t, &cpus->set);
	irqm_text_add(t, " cannot go offline now");
}

static bool find_not_offlined(struct log *log, const struct evidence *e)
{
	unsigned int last = e->nr_kept - 1;
	struct irqm_text t = { 0 };
	bool went;

	say_refusal(log, e, &t);
	went = went_offline(log, e->kept[last].num[0], &t);
	say_still_blocked(log->a, &t);
	return say_not_offlined(log, e, last, went ? IRQM_INFO : IRQM_WARNING,
				&t);
}

/*
 * What follows the message of LOG_NOT_OFFLINED, which has the numbers. It
 * counts where that message was overwritten. The last line that names a CPU is
 * reported, else the one that names none.
 */
static bool find_cpu_down(struct log *log, const struct evidence *e)
{
	unsigned int i = e->nr_kept;
	struct irqm_text t = { 0 };
	bool went;

	if (log->e[LOG_NOT_OFFLINED].count)
		return true;
	while (i > 0 && e->kept[i - 1].context)
		i--;
	if (!i) {
		irqm_text_add(&t, "The CPUs could not be taken offline for "
				  "suspend or hibernation");
		irqm_log_say_state(log, &t);
		return say_not_offlined(
			log, e, 0, log->full_cpus ? IRQM_WARNING : IRQM_INFO,
			&t);
	}
	irqm_text_add(&t,
		      "CPU %" PRId64 " could not be taken offline: error -28, "
		      "the other CPUs had too few free vectors",
		      e->kept[i - 1].num[0]);
	went = went_offline(log, e->kept[i - 1].num[0], &t);
	return say_not_offlined(log, e, i - 1, went ? IRQM_INFO : IRQM_WARNING,
				&t);
}

static bool find_reservation(struct log *log, const struct evidence *e)
{
	const struct irqm_matrix *m = &log->a->snapshot->matrix;
	bool known = m->global_reserved != IRQM_UNKNOWN &&
		     m->global_available != IRQM_UNKNOWN;
	bool over = !known || m->global_reserved > m->global_available;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	irqm_text_add(&t, "Drivers reserved more vectors than were available");
	if (known)
		irqm_text_add(&t,
			      ". Now %" PRId64 " %s reserved and %" PRId64
			      " available",
			      m->global_reserved,
			      irqm_plural(m->global_reserved, "is", "are"),
			      m->global_available);
	f = irqm_log_finding(log, IRQM_LOG_RESERVATION,
			     over ? IRQM_WARNING : IRQM_INFO, e, 0, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "global_reserved", m->global_reserved);
	irqm_finding_num(f, "global_available", m->global_available);
	return true;
}

/* Managed, with an online CPU in its affinity, but without a vector. */
static bool is_stuck(const struct irqm_analysis *a, const struct irqm_irq *irq)
{
	return irq && irq->managed == 1 && irq->apic && !irq->apic->vector &&
	       irqm_bits_known(&irq->affinity) &&
	       irqm_bits_weight_and(&irq->affinity, &a->online.yes);
}

static bool find_managed(struct log *log, const struct evidence *e)
{
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	bool stuck = false;
	unsigned int i;

	for (i = 0; i < e->nr_kept && !stuck; i++)
		stuck = is_stuck(log->a,
				 irq_of(log->a->snapshot, e->kept[i].num[0]));
	i = stuck ? i - 1 : 0;
	irqm_text_add(&t, "Managed IRQ %" PRId64 " failed to start%s",
		      e->kept[i].num[0],
		      stuck ? " and still has no vector" :
			      ", but is not stuck in the dump");
	f = irqm_log_finding(log, IRQM_LOG_MANAGED_STARTUP,
			     stuck ? IRQM_WARNING : IRQM_INFO, e, i, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "irq", e->kept[i].num[0]);
	return true;
}

static bool is_left_behind(const struct irqm_analysis *a,
			   const struct irqm_irq *irq)
{
	return irq && irq->apic && irq->apic->vector &&
	       irqm_is_online(&a->online, irq->apic->cpu) == 0;
}

static void say_not_moved(const struct log_match *m, struct irqm_text *t)
{
	if (m->num[1])
		irqm_text_add(t,
			      "IRQ %" PRId64 " could not be moved off a CPU "
			      "that went offline (error %" PRId64 ")",
			      m->num[0], m->num[1]);
	else
		irqm_text_add(t,
			      "IRQ %" PRId64 " was left on an offline CPU when "
			      "another CPU went offline",
			      m->num[0]);
}

/*
 * Reports the first IRQ still on an offline CPU, else the first -ENOSPC. Error
 * 0 is the message that one was found there.
 */
static bool find_set_affinity(struct log *log, const struct evidence *e)
{
	const struct log_match *m;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i, worst = 0;
	bool lost = false;

	for (i = e->nr_kept; i-- > 0;)
		if (e->kept[i].num[1] == -ENOSPC_)
			worst = i;
	for (i = 0; i < e->nr_kept && !lost; i++) {
		if ((e->kept[i].num[1] && e->kept[i].num[1] != -ENOSPC_) ||
		    !is_left_behind(log->a, irq_of(log->a->snapshot,
						   e->kept[i].num[0])))
			continue;
		worst = i;
		lost = true;
	}
	m = &e->kept[worst];
	say_not_moved(m, &t);
	if (lost)
		irqm_text_add(&t, ". Its vector is still on an offline CPU");
	irqm_log_say_state(log, &t);
	f = irqm_log_finding(log, IRQM_LOG_SET_AFFINITY,
			     lost ? IRQM_WARNING : IRQM_INFO, e, worst, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "irq", m->num[0]);
	irqm_finding_num(f, "error", m->num[1]);
	return true;
}

bool irqm_find_log(struct irqm_analysis *a)
{
	static irqm_log_rule *const find[NR_LOG_KINDS] = {
		[LOG_PROBE] = irqm_log_find_probes,
		[LOG_FLAGS] = irqm_log_find_flags,
		[LOG_REFUSED] = irqm_log_find_refused,
		[LOG_FEWER] = irqm_log_find_fewer,
		[LOG_IRTE] = irqm_log_find_irte,
		[LOG_FAULT] = irqm_log_find_faults,
		[LOG_HYPERVISOR] = irqm_log_find_hypervisor,
		[LOG_NO_HANDLER] = find_no_handler,
		[LOG_MOVE] = irqm_log_find_moved,
		[LOG_POLLED] = irqm_log_find_polled,
		[LOG_DISABLED] = irqm_log_find_disabled,
		[LOG_BROKEN] = find_broken,
		[LOG_NOT_OFFLINED] = find_not_offlined,
		[LOG_CPU_DOWN] = find_cpu_down,
		[LOG_RESERVATION] = find_reservation,
		[LOG_MANAGED] = find_managed,
		[LOG_SET_AFFINITY] = find_set_affinity,
		[LOG_KERNEL_WARNING] = irqm_log_find_kernel_warning,
	};
	struct log log = { .a = a };
	unsigned int i;

	if (!irqm_log_read(&log))
		return false;
	for (i = 0; i < NR_LOG_KINDS; i++)
		if (log.e[i].count && find[i] && !find[i](&log, &log.e[i]))
			return false;
	return true;
}
