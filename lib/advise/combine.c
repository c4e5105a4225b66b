/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries two changes together, then three, if no single one is enough. Those
 * that help most are tried first, as strong as possible; the combinations that
 * fit are then made as small as possible. All of it is bounded by a number of
 * plans, so that an answer does not depend on the speed of the machine.
 */
#include <stdlib.h>
#include <string.h>

#include "advise/internal.h"

/* Changes that are combined, without a reboot and with one. */
#define MAX_CANDIDATES 10
/* and of one target */
#define MAX_OF_TARGET 3
/* Combinations that are made smaller, of each kind. */
#define MAX_COMBINED 6
struct combined {
	struct change parts[IRQM_MAX_PARTS];
	unsigned int nr;
	irqm_num available;
};

struct combining {
	struct search *s;
	struct change *candidates[MAX_CANDIDATES];
	unsigned int nr;
	struct combined found[MAX_COMBINED];
	unsigned int nr_found;
};

/* First the one that leaves the fewest devices out, then the most vectors. */
static int by_help(const void *a, const void *b)
{
	const struct change *x = *(struct change *const *)a;
	const struct change *y = *(struct change *const *)b;

	if (x->missing != y->missing)
		return x->missing < y->missing ? -1 : 1;
	if (x->available != y->available)
		return x->available > y->available ? -1 : 1;
	/* in the order of the list */
	return (x > y) - (x < y);
}

static unsigned int of_target(const struct combining *k, unsigned int target)
{
	unsigned int i, n = 0;

	for (i = 0; i < k->nr; i++)
		n += k->candidates[i]->target == target;
	return n;
}

static void choose_candidates(struct combining *k, bool reboot)
{
	struct search *s = k->s;
	struct change **all =
		calloc(s->nr_changes + 1UL, sizeof(struct change *));
	unsigned int i, nr = 0;

	k->nr = 0;
	if (!all) {
		irqm_error_memory(s->err);
		s->failed = true;
		return;
	}
	for (i = 0; i < s->nr_changes; i++)
		if (s->changes[i].tried && s->changes[i].reboot == reboot)
			all[nr++] = &s->changes[i];
	qsort(all, nr, sizeof(struct change *), by_help);
	for (i = 0; i < nr && k->nr < MAX_CANDIDATES; i++)
		if (all[i]->target == NO_TARGET ||
		    of_target(k, all[i]->target) < MAX_OF_TARGET)
			k->candidates[k->nr++] = all[i];
	free(all);
}

static void link_parts(struct combined *c)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++)
		c->parts[i].also = i + 1 < c->nr ? &c->parts[i + 1] : NULL;
}

static unsigned int devices_of(const struct combined *c)
{
	unsigned int i, n = 0;

	for (i = 0; i < c->nr; i++)
		n += c->parts[i].nr;
	return n;
}

/* Makes each part as small as possible while the others stay as they are. */
static void narrow_parts(struct search *s, struct combined *c, bool last_first)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++) {
		unsigned int part = last_first ? c->nr - 1 - i : i;

		irqm_advise_narrow(s, c->parts, &c->parts[part], &c->available);
	}
}

/* What is smallest depends on which part is made small first. */
static void add_smallest(struct search *s, const struct combined *found)
{
	struct combined one = *found, other = *found;

	link_parts(&one);
	link_parts(&other);
	narrow_parts(s, &one, false);
	narrow_parts(s, &other, true);
	if (devices_of(&other) < devices_of(&one)) {
		one = other;
		link_parts(&one);
	}
	irqm_advise_add(s, one.parts, one.available);
}

/* Two changes of one target exclude each other. */
static bool can_join(const struct combined *c, const struct change *more)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++)
		if (c->parts[i].target == more->target &&
		    (more->target != NO_TARGET ||
		     c->parts[i].knob == more->knob))
			return false;
	return true;
}

/* Tries all combinations of nr candidates that begin with c, and go on with the
 * candidate number from. */
static void try_combinations(struct combining *k, const struct combined *c,
			     unsigned int from, unsigned int nr)
{
	struct combined more;
	unsigned int i;

	for (i = from; i < k->nr && k->nr_found < MAX_COMBINED; i++) {
		if (!can_join(c, k->candidates[i]))
			continue;
		more = *c;
		more.parts[more.nr++] = *k->candidates[i];
		if (more.nr < nr) {
			try_combinations(k, &more, i + 1, nr);
			continue;
		}
		if (!irqm_advise_may_go_on(k->s))
			return;
		link_parts(&more);
		if (irqm_advise_fits(k->s, more.parts, &more.available, NULL))
			k->found[k->nr_found++] = more;
	}
}

static void combine_some(struct combining *k, bool reboot, unsigned int nr)
{
	const struct combined nothing = { .nr = 0 };
	unsigned int i;

	k->nr_found = 0;
	choose_candidates(k, reboot);
	try_combinations(k, &nothing, 0, nr);
	for (i = 0; i < k->nr_found && !k->s->failed; i++)
		add_smallest(k->s, &k->found[i]);
}

void irqm_advise_combine(struct search *s)
{
	struct combining *k = calloc(1, sizeof(*k));
	unsigned int nr;

	if (!k) {
		irqm_error_memory(s->err);
		s->failed = true;
		return;
	}
	k->s = s;
	for (nr = 2; nr <= IRQM_MAX_PARTS && !s->out->nr && !s->failed; nr++) {
		combine_some(k, false, nr);
		if (!s->failed)
			combine_some(k, true, nr);
	}
	free(k);
}
