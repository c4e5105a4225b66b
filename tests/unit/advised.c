/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "advised.h"

#include "planned.h"
#include "unit.h"

struct tried {
	unsigned int plans;
};

static void count_plans(void *ctx, unsigned int plans)
{
	((struct tried *)ctx)->plans = plans;
}

struct irqm_analysis *must_analyse(const struct irqm_snapshot *s)
{
	struct irqm_analysis *a = irqm_analyse(s);

	assert_non_null(a);
	return a;
}

struct irqm_advices *advice_for(struct irqm_snapshot *s, const char *add)
{
	struct irqm_plan_wish wish = { IRQM_PLAN_ADD, add };
	struct irqm_error err = { .msg = "" };
	struct tried tried = { 0 };
	struct irqm_advise_progress progress = { count_plans, &tried };
	struct irqm_analysis *a = must_analyse(s);
	struct irqm_advices *advices;

	advices = irqm_advise(a, s, &wish, add ? 1 : 0, &progress, &err);
	assert_string_equal(err.msg, "");
	assert_non_null(advices);
	assert_int_equal(advices->plans, tried.plans);
	irqm_analysis_free(a);
	return advices;
}

const struct irqm_advice *find_advice(const struct irqm_advices *a,
				      enum irqm_knob knob)
{
	unsigned int i;

	for (i = 0; i < a->nr; i++)
		if (a->list[i].knob == knob)
			return &a->list[i];
	return NULL;
}

bool has_command(const struct irqm_advice *a, const char *part)
{
	unsigned int i;

	for (i = 0; i < a->parts[0].nr_commands; i++)
		if (strstr(a->parts[0].commands[i], part))
			return true;
	return false;
}

int plain_device(struct irqm_snapshot *s, const char *name, const char *driver,
		 unsigned int first, unsigned int nr)
{
	int device = snap_device(s, name, driver);

	for (; nr--; first++) {
		snap_msi_irq(s, first, device, driver);
		snap_alloc(s, first, 0);
	}
	return device;
}
