/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "planned.h"

#include "unit.h"

struct irqm_plans *planned(struct irqm_snapshot *s, enum irqm_plan_kind kind,
			   const char *arg)
{
	/* rows lead to it, so it lives as long as the snapshot */
	struct irqm_plan_request *r = irqm_arena_alloc(s->arena, 1, sizeof(*r));
	struct irqm_error err = { .msg = "" };
	struct irqm_plans *p;

	assert_non_null(r);
	assert_int_equal(irqm_plan_ask(r, s, kind, arg, &err), 0);
	p = irqm_plan(s, r, &err);
	assert_string_equal(err.msg, "");
	assert_non_null(p);
	return p;
}

void refuses(struct irqm_snapshot *s, enum irqm_plan_kind kind, const char *arg,
	     const char *why)
{
	struct irqm_plan_request r = { 0 };
	struct irqm_error err = { .msg = "" };

	if (!irqm_plan_ask(&r, s, kind, arg, &err))
		assert_null(irqm_plan(s, &r, &err));
	assert_non_null(strstr(err.msg, why));
}

void fill_cpu(struct irqm_snapshot *s, unsigned int cpu, unsigned int vectors,
	      unsigned int *irq)
{
	for (; vectors--; ++*irq) {
		struct irqm_irq *i = snap_ioapic_irq(s, *irq, "filler");

		snap_alloc(s, *irq, cpu);
		i->affinity = snap_cpus(s, "all");
		i->state = 0;
	}
}

struct irqm_snapshot *
machine_with_full_cpu(unsigned int cpus, unsigned int full, unsigned int left)
{
	struct irqm_snapshot *s = snap_new_sized(cpus, 2048, 16);
	unsigned int irq = 24;

	fill_cpu(s, full, 201 - left, &irq);
	return s;
}

void forget_masks(struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++) {
		if (s->irqs[i].msi)
			s->irqs[i].msi->has_affinity = false;
	}
}

void start_all(struct irqm_snapshot *s)
{
	static const char *flags[] = { "IRQD_IRQ_STARTED" };
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++) {
		s->irqs[i].state_flags = flags;
		s->irqs[i].nr_state_flags = 1;
		s->irqs[i].state = 1 << 22;
	}
}
