/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cpu-offline-blocked, suspend-blocked: CPUs that cannot go offline. */
#include "analysis/findings/finding.h"

#include <inttypes.h>
#include <string.h>

/* What lapic_can_unplug_cpu() compares; the kernel uses unsigned int. */
struct unplug {
	irqm_num available;     /* irq_matrix_available(m, true) */
	irqm_num to_move;       /* irq_matrix_allocated() */
	irqm_num to_move_older; /* before a0b0bad10587: managed ones too */
};

static irqm_num kernel_sub(irqm_num a, irqm_num b)
{
	irqm_num n = irqm_sub(a, b);

	return n == IRQM_UNKNOWN ? n : (irqm_num)(uint32_t)n;
}

static struct unplug unplug_of(const struct irqm_analysis *a, unsigned int i)
{
	const struct irqm_cpu *cpu = &a->snapshot->cpus[i];
	irqm_num managed = cpu->managed_allocated;

	return (struct unplug){
		.available = kernel_sub(a->snapshot->matrix.global_available,
					cpu->available),
		/* kernels without this counter (before 4.20) lack the fix */
		.to_move = managed == IRQM_UNKNOWN ?
				   cpu->allocated :
				   kernel_sub(cpu->allocated, managed),
		.to_move_older = cpu->allocated,
	};
}

static bool is_refused(irqm_num to_move, irqm_num available)
{
	return to_move != IRQM_UNKNOWN && available != IRQM_UNKNOWN &&
	       available < to_move;
}

static bool say_blocked(struct irqm_analysis *a, enum irqm_severity severity,
			const struct irqm_bits *cpus, struct irqm_bits older,
			unsigned int first, irqm_num to_move)
{
	irqm_num available = unplug_of(a, first).available;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	irqm_text_cpus(&t, cpus);
	if (severity == IRQM_INFO)
		irqm_text_add(&t, " cannot go offline if the kernel lacks "
				  "the fix a0b0bad10587 (6.7)");
	else
		irqm_text_add(&t, " cannot go offline");
	irqm_text_add(&t,
		      ": CPU %u has %" PRId64 " %s to move, the other CPUs "
		      "have %" PRId64 " free",
		      a->snapshot->cpus[first].cpu, to_move,
		      irqm_plural(to_move, "vector", "vectors"), available);
	f = irqm_finding_add(a, IRQM_CPU_OFFLINE_BLOCKED, severity, &t);
	if (!f)
		return false;
	irqm_finding_set(f, "cpus",
			 severity == IRQM_INFO ? irqm_cpu_set(a) : *cpus);
	irqm_finding_num(f, "first_cpu", a->snapshot->cpus[first].cpu);
	irqm_finding_num(f, "vectors", to_move);
	irqm_finding_num(f, "available", available);
	irqm_finding_set(f, "cpus_before_6_7", older);
	return true;
}

/*
 * Repeats lapic_can_unplug_cpu() of arch/x86/kernel/apic/vector.c. A dump does
 * not show whether that counts managed vectors, so a CPU that only the older
 * rule blocks is info. CPU 0 is not checked: it goes offline only in kernels
 * built for it.
 */
bool irqm_find_cpu_offline_blocked(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_bits cpus = irqm_cpu_set(a), older = irqm_cpu_set(a);
	unsigned int i, first = 0, first_older = 0;

	if (!irqm_bits_known(&cpus) || !irqm_bits_known(&older))
		return false;
	for (i = s->nr_cpus; i-- > 0;) {
		struct unplug u = unplug_of(a, i);

		/* counter-drift reports a CPU with a counter below 0 */
		if (s->cpus[i].online != 1 || s->cpus[i].cpu == 0 ||
		    irqm_underflowed(s->cpus[i].allocated))
			continue;
		if (is_refused(u.to_move_older, u.available)) {
			irqm_bits_set(&older, s->cpus[i].cpu);
			first_older = i;
		}
		if (is_refused(u.to_move, u.available)) {
			irqm_bits_set(&cpus, s->cpus[i].cpu);
			first = i;
		}
	}
	if (irqm_bits_weight(&cpus))
		return say_blocked(a, IRQM_WARNING, &cpus, older, first,
				   unplug_of(a, first).to_move);
	if (irqm_bits_weight(&older))
		return say_blocked(a, IRQM_INFO, &older, older, first_older,
				   unplug_of(a, first_older).to_move_older);
	return true;
}

/*
 * Devices are suspended before the CPUs go offline. These drivers free all
 * their vectors then (virtblk_freeze() and the like, nvme_suspend()).
 */
static bool is_given_back(const struct irqm_snapshot *s,
			  const struct irqm_irq *irq)
{
	const struct irqm_device *d;
	unsigned int i;

	if (irq->device < 0)
		return false;
	d = &s->devices[irq->device];
	for (i = 0; i < d->nr_consumers; i++)
		if (d->consumers[i].driver && d->consumers[i].kind &&
		    strcmp(d->consumers[i].kind, "virtio") == 0)
			return true;
	return d->driver && strcmp(d->driver, "nvme") == 0;
}

/*
 * Returns 1 if the kernel must move the interrupt off its CPU
 * (migrate_one_irq) when the machine suspends, 0 if not, or unknown.
 */
static irqm_num must_move(const struct irqm_analysis *a,
			  const struct irqm_irq *irq)
{
	const struct irqm_cpu *cpu;
	irqm_num apic = irqm_has_apic(irq);

	if (apic != 1)
		return apic;
	if (!irq->apic->vector || irq->apic->cpu == 0 ||
	    is_given_back(a->snapshot, irq))
		return 0;
	if (irq->managed == IRQM_UNKNOWN || irq->state == IRQM_UNKNOWN)
		return IRQM_UNKNOWN;
	if (irq->managed || !irqm_has_state(irq, "IRQD_IRQ_STARTED"))
		return 0;
	cpu = irqm_find_cpu(a->snapshot, irq->apic->cpu);
	return cpu ? cpu->online : 0;
}

/*
 * freeze_secondary_cpus() leaves only CPU 0 online, whatever the order
 * (downwards since fde78e4673af, 6.11). If CPU 0 has room for all vectors
 * that must move, every earlier step has room too, because vectors that moved
 * to another CPU use none of CPU 0's. If it does not, the kernel refuses the
 * last CPU at the latest, which then holds all that did not fit. Vectors that
 * do not have to move are not counted, although the kernel may refuse an
 * earlier CPU because of them.
 */
bool irqm_find_suspend_blocked(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	const struct irqm_cpu *boot = irqm_find_cpu(s, 0);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	irqm_num vectors = 0;
	unsigned int i;

	if (!boot || boot->online != 1 || boot->available == IRQM_UNKNOWN ||
	    !s->irqs_known)
		return true;
	for (i = 0; i < s->nr_irqs; i++)
		vectors = irqm_add(vectors, must_move(a, &s->irqs[i]));
	if (vectors == IRQM_UNKNOWN || vectors <= boot->available)
		return true;
	irqm_text_add(&t,
		      "Suspend to RAM and hibernation will fail unless "
		      "drivers free vectors first: %" PRId64 " %s to move to "
		      "CPU 0, which has %" PRId64 " free",
		      vectors,
		      irqm_plural(vectors, "vector has", "vectors have"),
		      boot->available);
	f = irqm_finding_add(a, IRQM_SUSPEND_BLOCKED, IRQM_INFO, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "vectors", vectors);
	irqm_finding_num(f, "available", boot->available);
	return true;
}
