/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine's text, which may come from anybody. */
#include "machine/parse.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

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

/* What machine.h says of a machine. */
static void check_machine(const struct irqm_machine *m)
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct irqm_error err = { 0 };
	struct irqm_arena *arena;
	struct irqm_machine m;

	arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	if (!arena)
		return 0;
	irqm_machine_init(&m, arena);
	if (irqm_machine_parse(&m, "m", (const char *)data, size, NULL, &err) ==
	    0)
		check_machine(&m);
	else if (strncmp(err.msg, "m:", 2) != 0 &&
		 strcmp(err.msg, "out of memory") != 0)
		abort(); /* an error without its place */
	irqm_arena_free(arena);
	return 0;
}
