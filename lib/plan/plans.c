/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes a plan for each kernel that the dump's may be. */
#include "plan/plan.h"

#include <stdlib.h>

#include "analysis/drivers.h"
#include "plan/described.h"
#include "plan/run.h"

/* Limit on memory: rows of 10,000 devices with their masks. */
#define ROOM (512U << 20)

const char *irqm_plan_end_name(enum irqm_plan_end end)
{
	static const char *const names[] = {
		[IRQM_PLAN_FITS] = "fits",
		[IRQM_PLAN_OUTSIDE] = "outside-affinity",
		[IRQM_PLAN_FEWER] = "fewer",
		[IRQM_PLAN_SHARED] = "shared",
		[IRQM_PLAN_LINE] = "line",
		[IRQM_PLAN_NO_VECTORS] = "no-vectors",
		[IRQM_PLAN_FAILS_AT_OPEN] = "fails-at-open",
		[IRQM_PLAN_FAILS] = "fails",
		[IRQM_PLAN_BLOCKED] = "blocked",
		[IRQM_PLAN_STRANDED] = "stranded",
	};

	return names[end];
}

static bool same_vectors(const struct irqm_plan_row *a,
			 const struct irqm_plan_row *b)
{
	unsigned int i;

	for (i = 0; i < a->nr_vectors; i++) {
		const struct irqm_plan_vector *x = &a->vectors[i];
		const struct irqm_plan_vector *y = &b->vectors[i];

		if (x->cpu != y->cpu || x->vector != y->vector ||
		    !irqm_bits_equal(&x->mask, &y->mask))
			return false;
	}
	return true;
}

static bool same_row(const struct irqm_plan_row *a,
		     const struct irqm_plan_row *b)
{
	return a->end == b->end && a->error == b->error &&
	       a->failed_vector == b->failed_vector &&
	       a->failed_cpu == b->failed_cpu &&
	       a->nr_vectors == b->nr_vectors && a->moved == b->moved &&
	       a->shut_down == b->shut_down && a->lost == b->lost &&
	       a->global_available == b->global_available &&
	       a->total_allocated == b->total_allocated && same_vectors(a, b);
}

/* Returns the row after the last one of the step that row i belongs to. */
static unsigned int end_of_step(const struct irqm_plan *p, unsigned int i)
{
	unsigned int end = i;

	while (end < p->nr_rows && p->rows[end].step == p->rows[i].step)
		end++;
	return end;
}

/* Returns true if in both plans all CPUs go offline, in any order, and the same
 * vectors stay available. */
static bool same_suspend(const struct irqm_plan *a, const struct irqm_plan *b,
			 unsigned int i, unsigned int end)
{
	const struct irqm_plan_row *x = &a->rows[end - 1];
	const struct irqm_plan_row *y = &b->rows[end - 1];

	for (; i < end; i++) {
		if (b->rows[i].step != x->step ||
		    a->rows[i].end != IRQM_PLAN_FITS ||
		    b->rows[i].end != IRQM_PLAN_FITS)
			return false;
	}
	return x->global_available == y->global_available &&
	       x->total_allocated == y->total_allocated;
}

static bool same_end(const struct irqm_plan *a, const struct irqm_plan *b)
{
	unsigned int i, end;

	if (a->nr_rows != b->nr_rows)
		return false;
	for (i = 0; i < a->nr_rows; i = end) {
		end = i + 1;
		if (same_row(&a->rows[i], &b->rows[i]))
			continue;
		if (a->rows[i].step->kind != IRQM_PLAN_SUSPEND)
			return false;
		end = end_of_step(a, i);
		if (!same_suspend(a, b, i, end))
			return false;
	}
	return true;
}

/* Number of combinations of rules; a combination is a bit mask. */
#define NR_RULE_SETS (1U << IRQM_NR_PLAN_RULES)

static bool has_rule(unsigned int set, unsigned int rule)
{
	return set >> (IRQM_NR_PLAN_RULES - 1 - rule) & 1;
}

static bool possible_set(const struct irqm_plan_choice *c, unsigned int set)
{
	unsigned int rule;

	for (rule = 0; rule < IRQM_NR_PLAN_RULES; rule++) {
		if (!c->rule[rule][has_rule(set, rule)])
			return false;
	}
	return true;
}

/* Returns true if the run with the rules of k had the same result with the
 * rules of this set. */
static bool covers_rules(const struct irqm_plan *plan,
			 const struct irqm_plan_kernel *k, unsigned int set)
{
	unsigned int rule;

	for (rule = 0; rule < IRQM_NR_PLAN_RULES; rule++) {
		if (plan->matters[rule] && k->rule[rule] != has_rule(set, rule))
			return false;
	}
	return true;
}

/* Records the kernels for which the plan is valid. */
static void mark_kernels(const struct irqm_plans *p,
			 struct irqm_plan_choice *holds,
			 const struct irqm_plan_kernel *k,
			 const struct irqm_plan *run)
{
	unsigned int set, rule;

	holds->spread[k->spread] = true;
	holds->managed_cpu[k->managed_cpu] = true;
	for (set = 0; set < NR_RULE_SETS; set++) {
		if (!possible_set(&p->possible, set) ||
		    !covers_rules(run, k, set))
			continue;
		for (rule = 0; rule < IRQM_NR_PLAN_RULES; rule++)
			holds->rule[rule][has_rule(set, rule)] = true;
	}
}

/* Merges plans with the same result. */
static void keep_plan(struct irqm_plans *p, struct irqm_plan *plan,
		      const struct irqm_plan_kernel *k)
{
	unsigned int i;

	for (i = 0; i < p->nr_plans; i++) {
		if (same_end(&p->plans[i], plan))
			break;
	}
	if (i == p->nr_plans)
		p->plans[p->nr_plans++] = *plan;
	mark_kernels(p, &p->plans[i].holds, k, plan);
	if (p->plans[i].arena != plan->arena)
		irqm_arena_free(plan->arena);
}

static int run_kernel(struct irqm_plans *p, const struct irqm_plan_request *r,
		      const struct irqm_plan_kernel *k, bool *done,
		      struct irqm_error *err)
{
	struct irqm_arena *arena = irqm_arena_new(ROOM);
	struct irqm_plan plan;
	unsigned int set;

	if (!arena) {
		irqm_error_memory(err);
		return -1;
	}
	if (irqm_plan_run(&plan, arena, p->snapshot, r, k, err)) {
		irqm_arena_free(arena);
		return -1;
	}
	for (set = 0; set < NR_RULE_SETS; set++)
		done[set] |= covers_rules(&plan, k, set);
	keep_plan(p, &plan, k);
	return 0;
}

/* Repeats the run with other rules, but only if a rule mattered: mostly none
 * does. */
static int run_rules(struct irqm_plans *p, const struct irqm_plan_request *r,
		     struct irqm_plan_kernel *k, struct irqm_error *err)
{
	bool done[NR_RULE_SETS] = { 0 };
	unsigned int set, rule;

	for (set = 0; set < NR_RULE_SETS; set++) {
		if (!possible_set(&p->possible, set) || done[set])
			continue;
		for (rule = 0; rule < IRQM_NR_PLAN_RULES; rule++)
			k->rule[rule] = has_rule(set, rule);
		if (run_kernel(p, r, k, done, err))
			return -1;
	}
	return 0;
}

static int run_all(struct irqm_plans *p, const struct irqm_plan_request *r,
		   struct irqm_error *err)
{
	struct irqm_plan_kernel k = {
		.manages_pre = !p->snapshot->dump.generation.affinity_desc,
	};
	unsigned int spread, cpu;

	for (spread = 0; spread < IRQM_NR_SPREADS; spread++) {
		for (cpu = 0; cpu < IRQM_NR_MANAGED_CPUS; cpu++) {
			if (!p->possible.spread[spread] ||
			    !p->possible.managed_cpu[cpu])
				continue;
			k.spread = spread;
			k.managed_cpu = cpu;
			if (run_rules(p, r, &k, err))
				return -1;
		}
	}
	return 0;
}

/* A present CPU that is offline has lost its siblings, so masks that were made
 * before cannot be reproduced. */
static bool has_offline_cpus(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].online == 0 &&
		    irqm_bits_test(&s->dump.present, s->cpus[i].cpu))
			return true;
	}
	return false;
}

/* Refuses the plan if no known kernel would have made the dump's masks. */
static int check_evidence(const struct irqm_snapshot *s,
			  const struct irqm_spread_evidence *e,
			  struct irqm_error *err)
{
	const char *name;

	if (e->unlike < e->devices && has_offline_cpus(s))
		return 0;
	if (e->unlike) {
		name = s->devices[e->first_unlike].name;
		irqm_error_set(err,
			       "cannot predict: %u of %u %s %s masks that no "
			       "known kernel gives; the first is %.80s",
			       e->unlike, e->devices,
			       irqm_plural(e->devices, "device", "devices"),
			       irqm_plural(e->unlike, "has", "have"),
			       name ? name : "?");
		return -1;
	}
	if (!e->contradict)
		return 0;
	irqm_error_set(err,
		       "cannot predict: no known kernel gives all %u "
		       "devices the masks that they have",
		       e->devices);
	return -1;
}

static int fill_plans(struct irqm_plans *p, const struct irqm_plan_request *r,
		      struct irqm_error *err)
{
	const struct irqm_snapshot *s = p->snapshot;
	unsigned int i;

	if (irqm_spread_examine(s, &p->evidence)) {
		irqm_error_memory(err);
		return -1;
	}
	for (i = 0; p->profile && i < IRQM_NR_SPREADS; i++)
		p->evidence.possible[i] = p->profile->spread[i];
	if (check_evidence(s, &p->evidence, err)) {
		irqm_error_is(err, IRQM_ERROR_KERNEL);
		return -1;
	}
	p->possible = irqm_plan_choices(s, &p->evidence);
	return run_all(p, r, err);
}

bool irqm_plans_fit(const struct irqm_plans *p)
{
	unsigned int i;

	for (i = 0; i < p->nr_plans; i++)
		if (p->plans[i].first >= 0)
			return false;
	if (p->max.asked && !p->max.fits)
		return false;
	return !p->other || irqm_plans_fit(p->other);
}

/* Makes the plans for one request, without searching. */
static struct irqm_plans *plan_once(const struct irqm_snapshot *s,
				    const struct irqm_plan_request *r,
				    struct irqm_error *err)
{
	struct irqm_plans *p = calloc(1, sizeof(*p));

	if (!p) {
		irqm_error_memory(err);
		return NULL;
	}
	p->snapshot = s;
	p->profile = s->profile;
	if (!fill_plans(p, r, err))
		return p;
	irqm_plans_free(p);
	return NULL;
}

/* The plans with nr devices of each kind of the max step. */
static struct irqm_plans *plan_with(const struct irqm_snapshot *s,
				    const struct irqm_plan_request *r,
				    unsigned int nr, struct irqm_error *err)
{
	struct irqm_plan_request copy = *r;
	struct irqm_plans *p;
	unsigned int i;

	copy.steps = calloc(r->nr + 1UL, sizeof(*copy.steps));
	if (!copy.steps) {
		irqm_error_memory(err);
		return NULL;
	}
	for (i = 0; i < r->nr; i++) {
		copy.steps[i] = r->steps[i];
		if (!copy.steps[i].max)
			continue;
		copy.steps[i].count = nr;
		copy.devices += nr;
	}
	p = plan_once(s, &copy, err);
	if (p)
		p->steps = copy.steps;
	else
		free(copy.steps);
	return p;
}

static unsigned int most_devices(const struct irqm_plan_request *r)
{
	unsigned int i, kinds = 0;

	for (i = 0; i < r->nr; i++)
		kinds += r->steps[i].max;
	return kinds ? (IRQM_PLAN_MAX_DEVICES - r->devices) / kinds : 0;
}

/*
 * Finds the largest number that fits, below the smallest that is known not to.
 * If a number of devices does not fit, a larger one does not either.
 */
static struct irqm_plans *plan_max(const struct irqm_snapshot *s,
				   const struct irqm_plan_request *r,
				   struct irqm_error *err)
{
	unsigned int low = 0, high = most_devices(r) + 1, try = 0;
	struct irqm_plans *fits = NULL, *more = NULL, *p;

	for (;;) {
		p = plan_with(s, r, try, err);
		if (!p)
			break;
		if (irqm_plans_fit(p) || !try) {
			irqm_plans_free(fits);
			fits = p;
			low = try;
		} else {
			irqm_plans_free(more);
			more = p;
			high = try;
		}
		if (high - low <= 1)
			break;
		/* doubles until something does not fit */
		try = more ? low + (high - low) / 2 : 2 * low + 1;
		if (try >= high)
			try = high - 1;
	}
	if (!p) {
		irqm_plans_free(fits);
		irqm_plans_free(more);
		return NULL;
	}
	fits->max = (struct irqm_plan_max){
		.asked = r->max,
		.fits = low,
		.limited = !more,
		.more = more,
	};
	return fits;
}

static struct irqm_plans *plan_for(const struct irqm_snapshot *s,
				   const struct irqm_plan_request *r,
				   struct irqm_error *err)
{
	return r->max ? plan_max(s, r, err) : plan_once(s, r, err);
}

static bool same_ends(const struct irqm_plan *a, const struct irqm_plan *b)
{
	unsigned int i;

	if (a->nr_rows != b->nr_rows)
		return false;
	for (i = 0; i < a->nr_rows; i++)
		if (a->rows[i].end != b->rows[i].end)
			return false;
	return true;
}

/* Returns true if every step ends in the same way, whatever the counters. */
static bool same_answer(const struct irqm_plans *a, const struct irqm_plans *b)
{
	unsigned int i;

	if (a->nr_plans != b->nr_plans || a->max.fits != b->max.fits)
		return false;
	for (i = 0; i < a->nr_plans; i++)
		if (!same_ends(&a->plans[i], &b->plans[i]))
			return false;
	return !a->max.more || !b->max.more ||
	       same_answer(a->max.more, b->max.more);
}

static irqm_num vectors_left(const struct irqm_plans *p)
{
	return p->plans[0].after->matrix.global_available;
}

/* Joins the plans for two kernels: if they agree, to the one that leaves fewer
 * vectors. Takes over both; either may be NULL. */
static struct irqm_plans *join_plans(struct irqm_plans *p,
				     struct irqm_plans *other)
{
	struct irqm_plans *less;

	if (!p || !other) {
		irqm_plans_free(p);
		irqm_plans_free(other);
		return NULL;
	}
	if (!same_answer(p, other)) {
		p->match = other->match = IRQM_MATCH_DIFFER;
		p->other = other;
		return p;
	}
	less = vectors_left(other) < vectors_left(p) ? other : p;
	irqm_plans_free(less == p ? other : p);
	less->match = IRQM_MATCH_AGREE;
	return less;
}

/* Refuses a step that would have other vectors with the other kernel. */
static int check_drivers(const struct irqm_snapshot *s,
			 const struct irqm_plan_request *r,
			 struct irqm_error *err)
{
	unsigned int i;

	for (i = 0; i < r->nr; i++) {
		const struct irqm_driver *d = r->steps[i].known;

		if (r->steps[i].kind != IRQM_PLAN_ADD || !d ||
		    irqm_driver_manages(d, s) ==
			    irqm_driver_manages(d, s->other))
			continue;
		irqm_error_set(err,
			       "%s differs between Linux %s and %s: state the "
			       "kernel's exact version",
			       d->name, s->profile->kernel,
			       s->other->profile->kernel);
		return -1;
	}
	return 0;
}

/* The machine with its other kernel, and with the default affinity of s, which
 * may have been changed since both were made. */
static const struct irqm_snapshot *other_kernel(const struct irqm_snapshot *s,
						struct irqm_error *err)
{
	struct irqm_snapshot *copy;

	copy = irqm_arena_alloc(s->arena, 1, sizeof(*copy));
	if (!copy) {
		irqm_error_memory(err);
		return NULL;
	}
	*copy = *s->other;
	copy->dump.default_affinity = s->dump.default_affinity;
	return copy;
}

struct irqm_plans *irqm_plan(const struct irqm_snapshot *s,
			     const struct irqm_plan_request *r,
			     struct irqm_error *err)
{
	const struct irqm_snapshot *other;

	if (!s->other)
		return plan_for(s, r, err);
	if (check_drivers(s, r, err))
		return NULL;
	other = other_kernel(s, err);
	if (!other)
		return NULL;
	return join_plans(plan_for(s, r, err), plan_for(other, r, err));
}

static struct irqm_plans *plan_wishes(struct irqm_snapshot *s,
				      const struct irqm_plan_wish *wishes,
				      unsigned int nr, struct irqm_error *err)
{
	struct irqm_plan_request r = { 0 };

	if (irqm_plan_ask_all(&r, s, wishes, nr, err))
		return NULL;
	return plan_for(s, &r, err);
}

struct irqm_plans *irqm_plan_described(const struct irqm_machine *m,
				       const struct irqm_plan_wish *wishes,
				       unsigned int nr, struct irqm_error *err)
{
	struct irqm_snapshot *s = irqm_describe_machine(m, err);
	struct irqm_plans *p;

	if (!s)
		return NULL;
	p = plan_wishes(s, wishes, nr, err);
	if (p && s->other)
		p = join_plans(p, plan_wishes(s->other, wishes, nr, err));
	if (p)
		p->described = s;
	else
		irqm_snapshot_free(s);
	return p;
}

void irqm_plans_free(struct irqm_plans *p)
{
	unsigned int i;

	if (!p)
		return;
	irqm_plans_free(p->max.more);
	irqm_plans_free(p->other);
	for (i = 0; i < p->nr_plans; i++)
		irqm_arena_free(p->plans[i].arena);
	irqm_snapshot_free(p->described);
	free(p->steps);
	free(p);
}
