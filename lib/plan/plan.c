/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plans for the kernels that it could be. */
#include "plan/plan.h"

#include <stdlib.h>

#include "plan/run.h"

/* For rows of 10,000 devices, and their masks. */
#define ROOM (512U << 20)

const char *irqm_plan_end_name(enum irqm_plan_end end)
{
	static const char *const names[] = {
		[IRQM_PLAN_FITS] = "fits",
		[IRQM_PLAN_FEWER] = "fewer",
		[IRQM_PLAN_SHARED] = "shared",
		[IRQM_PLAN_LINE] = "line",
		[IRQM_PLAN_NO_VECTORS] = "no-vectors",
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

static bool same_end(const struct irqm_plan *a, const struct irqm_plan *b)
{
	unsigned int i;

	if (a->nr_rows != b->nr_rows)
		return false;
	for (i = 0; i < a->nr_rows; i++) {
		if (!same_row(&a->rows[i], &b->rows[i]))
			return false;
	}
	return true;
}

/* Marks the values of the two rules that give the same result as this run. */
static void mark_rules(const struct irqm_plans *p, const struct irqm_plan *plan,
		       const struct irqm_plan_kernel *k, bool done[2][2])
{
	unsigned int count, crowd;

	for (count = 0; count < 2; count++) {
		for (crowd = 0; crowd < 2; crowd++)
			done[count][crowd] |=
				(!plan->count_matters ||
				 count == k->counts_managed) &&
				(!plan->crowd_matters ||
				 crowd == k->leaves_crowded) &&
				p->possible.counts_managed[count] &&
				p->possible.leaves_crowded[crowd];
	}
}

static void mark_kernels(struct irqm_plan *plan,
			 const struct irqm_plan_kernel *k, bool done[2][2])
{
	unsigned int count, crowd;

	plan->holds.spread[k->spread] = true;
	plan->holds.managed_cpu[k->managed_cpu] = true;
	for (count = 0; count < 2; count++) {
		for (crowd = 0; crowd < 2; crowd++) {
			plan->holds.counts_managed[count] |= done[count][crowd];
			plan->holds.leaves_crowded[crowd] |= done[count][crowd];
		}
	}
}

/* Merges plans with the same result. */
static void keep(struct irqm_plans *p, struct irqm_plan *plan,
		 const struct irqm_plan_kernel *k, bool done[2][2])
{
	unsigned int i;

	for (i = 0; i < p->nr_plans; i++) {
		if (same_end(&p->plans[i], plan))
			break;
	}
	if (i == p->nr_plans)
		p->plans[p->nr_plans++] = *plan;
	else
		irqm_arena_free(plan->arena);
	mark_kernels(&p->plans[i], k, done);
}

static int run_kernel(struct irqm_plans *p, const struct irqm_plan_request *r,
		      const struct irqm_plan_kernel *k, bool done[2][2],
		      struct irqm_error *err)
{
	struct irqm_arena *arena = irqm_arena_new(ROOM);
	bool same[2][2] = { 0 };
	struct irqm_plan plan;

	if (!arena) {
		irqm_error_set(err, "not enough memory");
		return -1;
	}
	if (irqm_plan_run(&plan, arena, p->snapshot, r, k, err)) {
		irqm_arena_free(arena);
		return -1;
	}
	mark_rules(p, &plan, k, done);
	mark_rules(p, &plan, k, same);
	keep(p, &plan, k, same);
	return 0;
}

/* Taking a CPU offline may depend on two rules, but mostly does not. */
static int run_rules(struct irqm_plans *p, const struct irqm_plan_request *r,
		     struct irqm_plan_kernel *k, struct irqm_error *err)
{
	bool done[2][2] = { 0 };
	unsigned int count, crowd;

	for (count = 0; count < 2; count++) {
		for (crowd = 0; crowd < 2; crowd++) {
			if (!p->possible.counts_managed[count] ||
			    !p->possible.leaves_crowded[crowd] ||
			    done[count][crowd])
				continue;
			k->counts_managed = count;
			k->leaves_crowded = crowd;
			if (run_kernel(p, r, k, done, err))
				return -1;
		}
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

/* Refuses kernels whose masks no known kernel would make. */
static int check_evidence(const struct irqm_snapshot *s,
			  const struct irqm_spread_evidence *e,
			  struct irqm_error *err)
{
	const char *name;

	if (e->unlike < e->devices && has_offline_cpus(s))
		return 0;
	if (e->unlike) {
		name = s->devices[e->first_unlike].name;
		irqm_error_set(err, "cannot predict: no known kernel would "
			       "give %u of %u devices the masks that they "
			       "have; the first is %.80s", e->unlike, e->devices,
			       name ? name : "?");
		return -1;
	}
	if (!e->contradict)
		return 0;
	irqm_error_set(err, "cannot predict: no single known kernel would "
		       "give all %u devices the masks that they have",
		       e->devices);
	return -1;
}

static int fill(struct irqm_plans *p, const struct irqm_plan_request *r,
		struct irqm_error *err)
{
	const struct irqm_snapshot *s = p->snapshot;

	if (irqm_spread_examine(s, &p->evidence)) {
		irqm_error_set(err, "not enough memory");
		return -1;
	}
	if (check_evidence(s, &p->evidence, err))
		return -1;
	p->possible = irqm_plan_choices(s, &p->evidence);
	return run_all(p, r, err);
}

struct irqm_plans *irqm_plan(const struct irqm_snapshot *s,
			     const struct irqm_plan_request *r,
			     struct irqm_error *err)
{
	struct irqm_plans *p = calloc(1, sizeof(*p));

	if (!p) {
		irqm_error_set(err, "not enough memory");
		return NULL;
	}
	p->snapshot = s;
	if (!fill(p, r, err))
		return p;
	irqm_plans_free(p);
	return NULL;
}

void irqm_plans_free(struct irqm_plans *p)
{
	unsigned int i;

	if (!p)
		return;
	for (i = 0; i < p->nr_plans; i++)
		irqm_arena_free(p->plans[i].arena);
	free(p);
}
