/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/machines.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "plan/described.h"

static void check_list(const char *list, const struct irqm_machine *m)
{
	unsigned long first, last;

	if (!list || !*list || strcmp(list, "all") == 0)
		return;
	do {
		if (!irqm_range_parse(&list, &first, &last) ||
		    last >= m->nr_cpu_ids)
			abort();
	} while (*list++);
}

static void check_cpu(unsigned int cpu, const struct irqm_machine *m)
{
	if (cpu >= m->nr_cpu_ids)
		abort();
}

static void check_irq(const struct irqm_machine_irq *i,
		      const struct irqm_machine *m)
{
	unsigned int n;

	if (i > m->irqs && i->irq <= i[-1].irq)
		abort();
	if (!i->affinity || !i->effective || !i->flow)
		abort();
	check_list(i->affinity, m);
	check_list(i->effective, m);
	check_list(i->pending, m);
	check_list(i->msi_affinity, m);
	check_list(i->hint, m);
	check_cpu(i->cpu, m);
	check_cpu(i->prev_cpu, m);
	if (i->device >= (int)m->nr_devices)
		abort();
	if (i->irq - i->first_irq >= i->nvec)
		abort();
	if (i->chain[ARRAY_SIZE(i->chain) - 1] != IRQM_LEVEL_END ||
	    i->state[ARRAY_SIZE(i->state) - 1])
		abort();
	for (n = 0; n < ARRAY_SIZE(i->actions) && i->actions[n].name; n++)
		if (!i->actions[n].handler)
			abort();
}

void fuzz_check_machine(const struct irqm_machine *m)
{
	unsigned int i;

	if (!m->nr_cpu_ids || !*m->online)
		abort();
	check_list(m->possible, m);
	check_list(m->present, m);
	check_list(m->online, m);
	check_list(m->default_affinity, m);
	check_list(m->housekeeping, m);
	for (i = 0; i < m->nr_cpu_ids; i++) {
		check_list(m->cpus[i].siblings, m);
		check_list(m->cpus[i].cluster, m);
	}
	for (i = 0; i < m->nr_irqs; i++)
		check_irq(&m->irqs[i], m);
	for (i = 0; i < m->nr_devices; i++)
		if (!m->devices[i].name || !m->devices[i].bus)
			abort();
	for (i = 0; i < m->nr_entries; i++)
		check_cpu(m->entries[i].cpu, m);
	for (i = 0; i < m->nr_leaks; i++)
		check_cpu(m->leaks[i].cpu, m);
	for (i = 0; i < m->nr_drifts; i++)
		if (!m->drifts[i].counter)
			abort();
	for (i = 0; i < m->nr_log; i++)
		if (!m->log[i].text)
			abort();
}

/* What a plan begins with: the counters of a machine that never ran. */
static void check_snapshot(const struct irqm_snapshot *s)
{
	irqm_num available = 0, allocated = 0;
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].online)
			available += s->cpus[i].available;
		allocated += s->cpus[i].allocated;
	}
	if (available != s->matrix.global_available ||
	    allocated != s->matrix.total_allocated)
		abort();
}

void fuzz_plan_machine(const struct irqm_machine *m,
		       const struct irqm_plan_wish *wishes, unsigned int nr)
{
	struct irqm_error err = { .msg = "" };
	struct irqm_plan_request r = { 0 };
	struct irqm_plans *p = NULL;
	struct irqm_snapshot *s;

	/* 65,536 CPUs are 1 GB, and freed memory stays with the sanitizer */
	if (m->nr_cpu_ids > 4096)
		return;
	s = irqm_describe_machine(m, &err);
	if (!s) {
		if (!*err.msg)
			abort();
		return;
	}
	if (!m->nr_drifts)
		check_snapshot(s);
	/* more take long */
	if (irqm_plan_ask_all(&r, s, wishes, nr, &err) == 0 &&
	    m->nr_cpu_ids <= 64 && r.devices <= 500) {
		p = irqm_plan_described(m, wishes, nr, &err);
		if (!p && !*err.msg)
			abort();
	}
	irqm_plans_free(p);
	irqm_snapshot_free(s);
}
