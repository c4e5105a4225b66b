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

/* The machine goes on: the devices that change are removed and added again. */
static bool ask_running(struct search *s, struct irqm_plan_request *r,
			const struct change *c)
{
	const struct target *t;
	unsigned int nr;

	if (!c)
		return true;
	t = &s->targets[c->target];
	nr = changed_present(t, c);
	if (nr && !remove_last(s, r, t->group, nr))
		return false;
	return c->gone || add_step(s, r, &c->to, nr);
}

/* All devices of the machine are probed again. */
static bool ask_rebooted(struct search *s, struct irqm_plan_request *r,
			 const struct change *c)
{
	struct irqm_plan_step boot = { .kind = IRQM_PLAN_BOOT,
				       .text = "",
				       .nr_cpus = s->s->nr_cpus };
	unsigned int i;

	r->nr_cpus = boot.nr_cpus;
	if (irqm_plan_add_step(r, s->s, &boot, s->err))
		return false;
	for (i = 0; i < s->nr_targets; i++) {
		const struct target *t = &s->targets[i];
		unsigned int nr = c && c->target == i ? changed_present(t, c) :
							0;

		if (!add_step(s, r, &t->again, t->present - nr + t->on_lines))
			return false;
		if (nr && !c->gone && !add_step(s, r, &c->to, nr))
			return false;
	}
	return true;
}

static bool ask_wanted(struct search *s, struct irqm_plan_request *r,
		       const struct change *c)
{
	unsigned int i;

	if (c && c->has_extra && !add_step(s, r, &c->extra, 1))
		return false;
	for (i = 0; i < s->nr_targets; i++) {
		const struct target *t = &s->targets[i];
		unsigned int nr = c && c->target == i ? changed_wanted(t, c) :
							0;

		if (!add_step(s, r, &t->step, t->wanted - nr))
			return false;
		if (nr && !c->gone && !add_step(s, r, &c->to, nr))
			return false;
	}
	return true;
}

struct irqm_plans *irqm_advise_run(struct search *s, const struct change *c)
{
	struct irqm_plan_request r = { 0 };
	struct irqm_plans *p = NULL;

	if (!s->failed &&
	    (c && c->reboot ? ask_rebooted(s, &r, c) : ask_running(s, &r, c)) &&
	    ask_wanted(s, &r, c))
		p = irqm_plan(c && c->wide ? &s->wide : s->s, &r, s->err);
	if (!p)
		s->failed = true;
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

bool irqm_advise_fits(struct search *s, const struct change *c,
		      irqm_num *ret_available)
{
	struct irqm_plans *p = irqm_advise_run(s, c);
	bool fits = p && irqm_plans_fit(p);

	if (fits)
		*ret_available = least_available(p);
	irqm_plans_free(p);
	return fits;
}
