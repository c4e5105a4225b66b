/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the document "irqmatrix-plan/1" of `irqmatrix plan --json`. */
#include "render/render.h"

#include <stdlib.h>

#include "analysis/drivers.h"
#include "render/json/json.h"
#include "render/text.h"
#include "render/views/plan_answer.h"

static struct irqm_json_value plan_vector(const struct irqm_plan_vector *v)
{
	struct irqm_json j = irqm_json_object();

	irqm_json_add(&j, "managed", irqm_json_boolean(v->managed));
	irqm_json_add(&j, "affinity", irqm_json_bits(&v->mask));
	irqm_json_add(&j, "vector", irqm_json_integer(v->vector));
	irqm_json_add(&j, "cpu",
		      v->vector ? irqm_json_integer(v->cpu) : irqm_json_null());
	return irqm_json_done(&j);
}

static struct irqm_json_value plan_vectors(const struct irqm_plan_row *r)
{
	struct irqm_json array = irqm_json_array();
	unsigned int i;

	for (i = 0; i < r->nr_vectors; i++)
		irqm_json_append(&array, plan_vector(&r->vectors[i]));
	return irqm_json_done(&array);
}

static struct irqm_json_value row_failure(const struct irqm_plan_row *r)
{
	struct irqm_json j = irqm_json_object();

	irqm_json_add(&j, "error", irqm_json_integer(r->error));
	irqm_json_add(&j, "vector", irqm_json_integer(r->failed_vector));
	irqm_json_add(&j, "cpu",
		      r->failed_cpu == IRQM_NO_CPU ?
			      irqm_json_null() :
			      irqm_json_integer(r->failed_cpu));
	return irqm_json_done(&j);
}

static void add_cpu(struct irqm_json *j, const struct irqm_plan_row *r)
{
	irqm_json_add(j, "cpu", irqm_json_integer(r->number));
	irqm_json_add(j, "to_move", irqm_json_integer(r->to_move));
	irqm_json_add(j, "elsewhere", irqm_json_integer(r->elsewhere));
	irqm_json_add(j, "moved", irqm_json_integer(r->moved));
	irqm_json_add(j, "shut_down", irqm_json_integer(r->shut_down));
	irqm_json_add(j, "affinity_broken",
		      irqm_json_integer(r->broken + r->crowded));
	irqm_json_add(j, "left_behind", irqm_json_integer(r->lost));
	irqm_json_add(j, "blocked_before_6_7",
		      irqm_json_boolean(r->old_rule_blocks));
}

/* What is known of the driver: a kernel was seen to do it, its source was read,
 * a device in the dump shows its vectors, or nothing. */
static const char *basis_of(const struct irqm_plan_step *step)
{
	if (step->known)
		return step->known->seen ? "guest" : "source";
	return step->like < 0 ? "stated" : "dump";
}

static struct irqm_json_value plan_row(const struct irqm_plans *p,
				       const struct irqm_plan_row *r)
{
	static const char *const steps[] = {
		[IRQM_PLAN_ADD] = "add",
		[IRQM_PLAN_LIKE] = "add",
		[IRQM_PLAN_REMOVE] = "remove",
		[IRQM_PLAN_OFFLINE] = "offline",
		[IRQM_PLAN_SUSPEND] = "suspend",
		[IRQM_PLAN_BOOT] = "boot",
		[IRQM_PLAN_ONLINE] = "online",
		[IRQM_PLAN_MOVE] = "move",
	};
	struct irqm_json j = irqm_json_object();

	irqm_json_add(&j, "step", irqm_json_string(steps[r->step->kind]));
	irqm_json_add(&j, "asked", irqm_json_name(r->step->text));
	irqm_json_add(&j, "end", irqm_json_string(irqm_plan_end_name(r->end)));
	irqm_json_add(&j, "failure",
		      r->error ? row_failure(r) : irqm_json_null());
	if (r->step->kind == IRQM_PLAN_ADD) {
		irqm_json_add(&j, "number", irqm_json_integer(r->number));
		irqm_json_add(&j, "vectors", plan_vectors(r));
		irqm_json_add(&j, "outside", irqm_json_integer(r->outside));
		irqm_json_add(&j, "basis", irqm_json_string(basis_of(r->step)));
	} else if (r->step->kind == IRQM_PLAN_REMOVE) {
		irqm_json_add(
			&j, "device",
			irqm_json_name(p->snapshot->devices[r->number].name));
	} else if (r->step->kind == IRQM_PLAN_BOOT) {
		irqm_json_add(&j, "nr_cpus", irqm_json_integer(r->number));
	} else {
		add_cpu(&j, r);
	}
	irqm_json_add(&j, "global_available",
		      irqm_json_integer(r->global_available));
	irqm_json_add(&j, "global_reserved",
		      irqm_json_integer(r->global_reserved));
	irqm_json_add(&j, "total_allocated",
		      irqm_json_integer(r->total_allocated));
	return irqm_json_done(&j);
}

static struct irqm_json_value cpu_after(const struct irqm_cpu *c)
{
	struct irqm_json j = irqm_json_object();

	irqm_json_add(&j, "cpu", irqm_json_integer(c->cpu));
	irqm_json_add(&j, "online", irqm_json_bool(c->online));
	irqm_json_add(&j, "available", irqm_json_num(c->available));
	irqm_json_add(&j, "allocated", irqm_json_num(c->allocated));
	irqm_json_add(&j, "managed", irqm_json_num(c->managed));
	irqm_json_add(&j, "managed_allocated",
		      irqm_json_num(c->managed_allocated));
	irqm_json_add(&j, "alloc_map", irqm_json_bits(&c->alloc_map));
	irqm_json_add(&j, "managed_map", irqm_json_bits(&c->managed_map));
	return irqm_json_done(&j);
}

static struct irqm_json_value state_after(const struct irqm_snapshot *s)
{
	struct irqm_json j = irqm_json_object();
	struct irqm_json cpus = irqm_json_array();
	unsigned int i;

	irqm_json_add(&j, "global_available",
		      irqm_json_num(s->matrix.global_available));
	irqm_json_add(&j, "global_reserved",
		      irqm_json_num(s->matrix.global_reserved));
	irqm_json_add(&j, "total_allocated",
		      irqm_json_num(s->matrix.total_allocated));
	irqm_json_add(&j, "online_maps", irqm_json_num(s->matrix.online_maps));
	for (i = 0; i < s->nr_cpus; i++)
		irqm_json_append(&cpus, cpu_after(&s->cpus[i]));
	irqm_json_add(&j, "cpus", irqm_json_done(&cpus));
	return irqm_json_done(&j);
}

static struct irqm_json_value spread_names(const struct irqm_plan_choice *c)
{
	struct irqm_json array = irqm_json_array();
	unsigned int i;

	for (i = 0; i < IRQM_NR_SPREADS; i++) {
		if (c->spread[i])
			irqm_json_append(&array,
					 irqm_json_string(irqm_spread_name(i)));
	}
	return irqm_json_done(&array);
}

static struct irqm_json_value managed_cpus(const struct irqm_plan_choice *c)
{
	struct irqm_json array = irqm_json_array();
	unsigned int i;

	for (i = 0; i < IRQM_NR_MANAGED_CPUS; i++) {
		if (c->managed_cpu[i])
			irqm_json_append(
				&array,
				irqm_json_string(irqm_managed_cpu_name(i)));
	}
	return irqm_json_done(&array);
}

static struct irqm_json_value flag_values(const bool *may_be)
{
	struct irqm_json array = irqm_json_array();

	if (may_be[0])
		irqm_json_append(&array, irqm_json_boolean(false));
	if (may_be[1])
		irqm_json_append(&array, irqm_json_boolean(true));
	return irqm_json_done(&array);
}

/* What the text view says before the steps. */
static struct irqm_json_value plan_text(const struct irqm_plans *p,
					const struct irqm_plan *plan)
{
	/* its names are escaped already */
	return irqm_json_own_string(irqm_plan_answer(p, plan));
}

static struct irqm_json_value plan_object(const struct irqm_plans *p,
					  const struct irqm_plan *plan)
{
	struct irqm_json j = irqm_json_object();
	struct irqm_json steps = irqm_json_array();
	unsigned int i;

	irqm_json_add(&j, "spread", spread_names(&plan->holds));
	irqm_json_add(&j, "managed_cpu", managed_cpus(&plan->holds));
	for (i = 0; i < IRQM_NR_PLAN_RULES; i++)
		irqm_json_add(&j, irqm_plan_rule_name(i),
			      flag_values(plan->holds.rule[i]));
	irqm_json_add(&j, "fits", irqm_json_boolean(plan->first < 0));
	irqm_json_add(&j, "first",
		      plan->first < 0 ? irqm_json_null() :
					irqm_json_integer(plan->first));
	for (i = 0; i < plan->nr_rows; i++)
		irqm_json_append(&steps, plan_row(p, &plan->rows[i]));
	irqm_json_add(&j, "steps", irqm_json_done(&steps));
	irqm_json_add(&j, "after", state_after(plan->after));
	/* additions */
	irqm_json_add(&j, "text", plan_text(p, plan));
	return irqm_json_done(&j);
}

static struct irqm_json_value
evidence_object(const struct irqm_spread_evidence *e)
{
	struct irqm_json j = irqm_json_object();
	unsigned int i;

	irqm_json_add(&j, "devices", irqm_json_integer(e->devices));
	irqm_json_add(&j, "unlike", irqm_json_integer(e->unlike));
	for (i = 0; i < IRQM_NR_SPREADS; i++)
		irqm_json_add(&j, irqm_spread_name(i),
			      irqm_json_integer(e->like[i]));
	return irqm_json_done(&j);
}

static struct irqm_json_value unread_list(const struct irqm_snapshot *s)
{
	struct irqm_json array = irqm_json_array();
	unsigned int i;

	for (i = 0; i < s->nr_unread; i++)
		irqm_json_append(&array, irqm_json_unread(&s->unread[i]));
	return irqm_json_done(&array);
}

/* Of a machine without a dump: whose rules the plan follows. */
static struct irqm_json_value profile_object(const struct irqm_plans *p)
{
	static const char *const matches[] = {
		[IRQM_MATCH_EXACT] = "exact",
		[IRQM_MATCH_AGREE] = "neighbours-agree",
		[IRQM_MATCH_DIFFER] = "neighbours-differ",
	};
	struct irqm_json j;

	if (!p->profile)
		return irqm_json_null();
	j = irqm_json_object();
	irqm_json_add(&j, "kernel", irqm_json_string(p->profile->kernel));
	irqm_json_add(&j, "basis",
		      irqm_json_string(p->profile->seen ? "guest" : "source"));
	irqm_json_add(&j, "match", irqm_json_string(matches[p->match]));
	return irqm_json_done(&j);
}

/* How many fit, and the plans with one more of each. */
static struct irqm_json_value max_object(const struct irqm_plan_max *max)
{
	struct irqm_json j;
	struct irqm_json more;
	unsigned int i;

	if (!max->asked)
		return irqm_json_null();
	j = irqm_json_object();
	more = irqm_json_array();
	irqm_json_add(&j, "asked", irqm_json_name(max->asked));
	irqm_json_add(&j, "fits", irqm_json_integer(max->fits));
	irqm_json_add(&j, "limited", irqm_json_boolean(max->limited));
	for (i = 0; max->more && i < max->more->nr_plans; i++)
		irqm_json_append(&more,
				 plan_object(max->more, &max->more->plans[i]));
	irqm_json_add(&j, "more", irqm_json_done(&more));
	return irqm_json_done(&j);
}

struct irqm_json_value irqm_json_plans(const struct irqm_plans *p)
{
	struct irqm_json j = irqm_json_object();
	struct irqm_json array = irqm_json_array();
	unsigned int i;

	irqm_json_add(&j, "schema", irqm_json_string("irqmatrix-plan/1"));
	irqm_json_add(&j, "path", irqm_json_name(p->snapshot->dump.path));
	irqm_json_add(&j, "release", irqm_json_name(p->snapshot->dump.release));
	irqm_json_add(&j, "evidence", evidence_object(&p->evidence));
	for (i = 0; i < p->nr_plans; i++)
		irqm_json_append(&array, plan_object(p, &p->plans[i]));
	irqm_json_add(&j, "plans", irqm_json_done(&array));
	irqm_json_add(&j, "unread", unread_list(p->snapshot));
	irqm_json_add(&j, "unread_dropped",
		      irqm_json_integer(p->snapshot->unread_dropped));
	/* additions */
	irqm_json_add(&j, "profile", profile_object(p));
	irqm_json_add(&j, "max", max_object(&p->max));
	irqm_json_add(&j, "other",
		      p->other ? irqm_json_plans(p->other) : irqm_json_null());
	return irqm_json_done(&j);
}

int irqm_render_plan_json(FILE *out, const struct irqm_plans *p, bool indent)
{
	return irqm_json_print(out, irqm_json_plans(p), indent);
}
