/* SPDX-License-Identifier: GPL-3.0-or-later */
/* More CPUs online, or fewer from boot on. */
#include <string.h>

#include "advise/internal.h"

static void set_online(struct change *c, unsigned int strength)
{
	c->strength = c->online = c->amount = strength;
}

/* Managed masks keep threads and clusters together. Those of a CPU that is
 * offline are not known, so there must be none. */
static bool has_groups(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		const struct irqm_cpu *c = &s->cpus[i];

		if (c->online == 1 && (irqm_bits_weight(&c->siblings) > 1 ||
				       irqm_bits_weight(&c->cluster) > 1))
			return true;
	}
	return false;
}

/* Only a hypervisor plugs CPUs in. */
static bool can_plug(const struct irqm_snapshot *s)
{
	return !s->dump.hardware || strstr(s->dump.hardware, "QEMU") ||
	       strstr(s->dump.hardware, "KVM");
}

/* Those that are only offline, then those that are not plugged in. */
static void list_offline(struct search *s, bool present)
{
	const struct irqm_snapshot *snapshot = s->s;
	unsigned int i;

	for (i = 0; i < snapshot->nr_cpus; i++) {
		const struct irqm_cpu *c = &snapshot->cpus[i];

		if (c->online == 0 && c->node != IRQM_UNKNOWN &&
		    irqm_bits_known(&c->siblings) &&
		    irqm_bits_test(&snapshot->dump.present, c->cpu) == present)
			s->offline[s->nr_offline++] = c->cpu;
	}
}

static void list_online(struct search *s)
{
	struct change c = { .knob = IRQM_KNOB_ONLINE,
			    .target = NO_TARGET,
			    .set = set_online };

	if (has_groups(s->s) || !irqm_bits_known(&s->s->dump.present))
		return;
	list_offline(s, true);
	if (can_plug(s->s))
		list_offline(s, false);
	c.most = s->nr_offline;
	if (c.most)
		irqm_advise_add_change(s, &c);
}

static void set_boot(struct change *c, unsigned int strength)
{
	c->strength = strength;
	c->boot = c->amount = c->most + 1 - strength;
}

/* Managed vectors are one for each possible CPU, and many drivers take a queue
 * for each. */
static void list_nr_cpus(struct search *s)
{
	struct change c = { .knob = IRQM_KNOB_NR_CPUS,
			    .reboot = true,
			    .target = NO_TARGET,
			    .nr = s->s->nr_devices,
			    .set = set_boot,
			    .most = s->s->nr_cpus - 1 };

	if (s->s->nr_cpus > 1)
		irqm_advise_add_change(s, &c);
}

void irqm_advise_list_cpus(struct search *s)
{
	s->offline = irqm_arena_alloc(s->out->arena, s->s->nr_cpus + 1UL,
				      sizeof(*s->offline));
	if (!s->offline) {
		irqm_error_memory(s->err);
		s->failed = true;
		return;
	}
	list_online(s);
	list_nr_cpus(s);
}
