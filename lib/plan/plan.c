/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plans for the kernels that it could be. */
#include "plan/plan.h"

#include <string.h>

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

static void keep(struct irqm_plans *p, const struct irqm_plan *plan,
		 enum irqm_spread how)
{
	unsigned int i;

	for (i = 0; i < p->nr_plans; i++) {
		if (same_end(&p->plans[i], plan))
			break;
	}
	if (i == p->nr_plans)
		p->plans[p->nr_plans++] = *plan;
	p->plans[i].how[how] = true;
}

/* Before 5.0 it is another algorithm. */
static int check_generation(const struct irqm_snapshot *s,
			    struct irqm_error *err)
{
	unsigned int i;

	if (!s->dump.generation.affinity_desc) {
		irqm_error_set(err, "cannot predict: this kernel hands out "
			       "vectors as those before 5.0 do (its msi_desc "
			       "has a cpumask), which is not modelled");
		return -1;
	}
	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].managed_allocated != IRQM_UNKNOWN)
			return 0;
	}
	if (!s->nr_cpus)
		return 0;
	irqm_error_set(err, "cannot predict: this kernel's cpumap has no "
		       "managed_allocated (before 5.0), which is not "
		       "modelled");
	return -1;
}

/* A present CPU that is offline has lost its siblings; masks made before that
 * cannot be made again. */
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

/* Masks that no known kernel gives are another kernel's. */
static int check_evidence(const struct irqm_snapshot *s,
			  const struct irqm_spread_evidence *e,
			  struct irqm_error *err)
{
	const char *name;
	char escaped[81];

	if (!e->unlike || (e->unlike < e->devices && has_offline_cpus(s)))
		return 0;
	name = s->devices[e->first_unlike].name;
	irqm_error_set(err, "cannot predict: no known kernel gives the masks "
		       "that %u of %u devices have, the first is %s",
		       e->unlike, e->devices,
		       irqm_escape(escaped, sizeof(escaped),
				   name ? name : "?"));
	return -1;
}

static int fill(struct irqm_plans *p, const struct irqm_snapshot *s,
		const struct irqm_plan_request *r, struct irqm_error *err)
{
	struct irqm_plan plan;
	unsigned int how;

	p->snapshot = s;
	if (irqm_spread_examine(s, &p->evidence)) {
		irqm_error_set(err, "not enough memory");
		return -1;
	}
	if (check_generation(s, err) || check_evidence(s, &p->evidence, err))
		return -1;
	for (how = 0; how < IRQM_NR_SPREADS; how++) {
		if (!p->evidence.possible[how])
			continue;
		if (irqm_plan_run(&plan, p->arena, s, r, how, err))
			return -1;
		keep(p, &plan, how);
	}
	return 0;
}

struct irqm_plans *irqm_plan(const struct irqm_snapshot *s,
			     const struct irqm_plan_request *r,
			     struct irqm_error *err)
{
	struct irqm_arena *arena = irqm_arena_new(ROOM);
	struct irqm_plans *p = NULL;

	if (arena)
		p = irqm_arena_alloc(arena, 1, sizeof(*p));
	if (!p) {
		irqm_error_set(err, "not enough memory");
		irqm_arena_free(arena);
		return NULL;
	}
	p->arena = arena;
	if (!fill(p, s, r, err))
		return p;
	irqm_plans_free(p);
	return NULL;
}

void irqm_plans_free(struct irqm_plans *p)
{
	if (p)
		irqm_arena_free(p->arena);
}
