/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a change through the plan. */
#include <string.h>

#include "advise/internal.h"

/* Number of the wanted devices and of the machine's that change. */
static unsigned int changed_wanted(const struct target *t,
				   const struct change *c)
{
	if (c->present_first)
		return c->nr - irqm_lesser_of(c->nr, t->present);
	return irqm_lesser_of(c->nr, t->wanted);
}

static unsigned int changed_present(const struct target *t,
				    const struct change *c)
{
	return c->nr - changed_wanted(t, c);
}

static bool add_step(struct search *s, struct irqm_plan_request *r,
		     const struct irqm_plan_step *step, unsigned int count)
{
	struct irqm_plan_step copy = *step;

	if (!count)
		return true;
	copy.kind = IRQM_PLAN_ADD;
	copy.count = count;
	if (r->nr_cpus)
		irqm_plan_fit_to_cpus(&copy, s->s, r->nr_cpus);
	r->devices += count;
	return !irqm_plan_add_step(r, s->s, &copy, s->err);
}

/* Removes the last nr devices of the group. */
static bool remove_last(struct search *s, struct irqm_plan_request *r,
			const struct irqm_plan_group *g, unsigned int nr)
{
	struct irqm_plan_step step = { .kind = IRQM_PLAN_REMOVE, .text = "" };
	unsigned int i;

	if (!nr)
		return true;
	step.devices = irqm_bits_new(s->s->arena, s->s->nr_devices);
	if (!step.devices.words) {
		irqm_error_memory(s->err);
		return false;
	}
	for (i = s->s->nr_devices; i-- && nr;) {
		if (!irqm_bits_test(&g->devices, i))
			continue;
		irqm_bits_set(&step.devices, i);
		nr--;
	}
	return !irqm_plan_add_step(r, s->s, &step, s->err);
}

/* The part of the change that is about the target's devices, or NULL. */
static const struct change *part_of(const struct change *c, unsigned int target)
{
	while (c && c->target != target)
		c = c->also;
	return c;
}

static bool bring_online(struct search *s, struct irqm_plan_request *r,
			 unsigned int nr)
{
	struct irqm_plan_step step = { .kind = IRQM_PLAN_ONLINE, .text = "" };

	step.cpus = irqm_bits_new(s->s->arena, s->s->dump.nr_cpu_ids);
	if (!step.cpus.words) {
		irqm_error_memory(s->err);
		return false;
	}
	while (nr--)
		irqm_bits_set(&step.cpus, s->offline[nr]);
	return !irqm_plan_add_step(r, s->s, &step, s->err);
}

static bool move_irqs(struct search *s, struct irqm_plan_request *r,
		      unsigned int nr)
{
	struct irqm_plan_step step = { .kind = IRQM_PLAN_MOVE,
				       .text = "",
				       .cpus = s->moves.to };

	step.irqs = irqm_bits_new(s->s->arena, s->s->nr_irqs);
	if (!step.irqs.words) {
		irqm_error_memory(s->err);
		return false;
	}
	while (nr--)
		irqm_bits_set(&step.irqs, s->moves.irqs[nr]);
	return !irqm_plan_add_step(r, s->s, &step, s->err);
}

/* The machine goes on: the devices that change are removed and added again. */
static bool ask_running(struct search *s, struct irqm_plan_request *r,
			const struct change *c)
{
	const struct target *t;
	unsigned int nr;

	for (; c; c = c->also) {
		if (c->online && !bring_online(s, r, c->online))
			return false;
		if (c->moved && !move_irqs(s, r, c->moved))
			return false;
		if (c->target == NO_TARGET)
			continue;
		t = &s->targets[c->target];
		nr = changed_present(t, c);
		if (nr && !remove_last(s, r, t->group, nr))
			return false;
		if (!c->gone && !add_step(s, r, &c->to, nr))
			return false;
	}
	return true;
}

static unsigned int cpus_of_boot(const struct search *s, const struct change *c)
{
	for (; c; c = c->also)
		if (c->boot)
			return c->boot;
	return s->s->nr_cpus;
}

/* All devices of the machine are probed again. */
static bool ask_rebooted(struct search *s, struct irqm_plan_request *r,
			 const struct change *c)
{
	struct irqm_plan_step boot = { .kind = IRQM_PLAN_BOOT,
				       .text = "",
				       .nr_cpus = cpus_of_boot(s, c) };
	unsigned int i;

	r->nr_cpus = boot.nr_cpus;
	if (irqm_plan_add_step(r, s->s, &boot, s->err))
		return false;
	for (i = 0; i < s->nr_targets; i++) {
		const struct target *t = &s->targets[i];
		const struct change *part = part_of(c, i);
		unsigned int nr = part ? changed_present(t, part) : 0;

		if (!add_step(s, r, &t->again, t->present - nr + t->on_lines))
			return false;
		if (nr && !part->gone && !add_step(s, r, &part->to, nr))
			return false;
	}
	return true;
}

static bool ask_wanted(struct search *s, struct irqm_plan_request *r,
		       const struct change *c)
{
	const struct change *part;
	unsigned int i;

	for (part = c; part; part = part->also)
		if (part->has_extra && !add_step(s, r, &part->extra, 1))
			return false;
	for (i = 0; i < s->nr_targets; i++) {
		const struct target *t = &s->targets[i];
		unsigned int nr;

		part = part_of(c, i);
		nr = part ? changed_wanted(t, part) : 0;
		if (!add_step(s, r, &t->step, t->wanted - nr))
			return false;
		if (nr && !part->gone && !add_step(s, r, &part->to, nr))
			return false;
	}
	return true;
}

static bool is_wide(const struct change *c)
{
	while (c && !c->wide)
		c = c->also;
	return c;
}

struct irqm_plans *irqm_advise_run(struct search *s, const struct change *c)
{
	struct irqm_plan_request r = { 0 };
	struct irqm_plans *p = NULL;
	unsigned int i;

	if (!s->failed &&
	    (c && c->reboot ? ask_rebooted(s, &r, c) : ask_running(s, &r, c)) &&
	    ask_wanted(s, &r, c))
		p = irqm_plan(is_wide(c) ? &s->wide : s->s, &r, s->err);
	if (!p)
		s->failed = true;
	for (i = 0; p && i < p->nr_plans; i++)
		s->work += p->plans[i].work;
	s->out->plans++;
	if (s->progress)
		s->progress->tried(s->progress->ctx, s->out->plans);
	return p;
}

static irqm_num least_available(const struct irqm_plans *p)
{
	irqm_num least = IRQM_UNKNOWN;
	unsigned int i;

	for (; p; p = p->other) {
		for (i = 0; i < p->nr_plans; i++) {
			irqm_num n = p->plans[i].after->matrix.global_available;

			if (least == IRQM_UNKNOWN || n < least)
				least = n;
		}
	}
	return least;
}

unsigned int irqm_advise_missing(const struct irqm_plans *p)
{
	unsigned int i, k, n, most = 0;

	for (i = 0; i < p->nr_plans; i++) {
		n = 0;
		for (k = 0; k < p->plans[i].nr_rows; k++)
			n += p->plans[i].rows[k].end != IRQM_PLAN_FITS;
		if (n > most)
			most = n;
	}
	return most;
}

bool irqm_advise_fits(struct search *s, const struct change *c,
		      irqm_num *ret_available, unsigned int *ret_missing)
{
	struct irqm_plans *p = irqm_advise_run(s, c);
	bool fits = p && irqm_plans_fit(p);

	if (p)
		*ret_available = least_available(p);
	if (p && ret_missing)
		*ret_missing = irqm_advise_missing(p);
	irqm_plans_free(p);
	return fits;
}
