/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the analyses in order. */
#include "analysis/findings/findings.h"
#include "analysis/internal.h"

#include <stdlib.h>

struct irqm_analysis *irqm_analyse(const struct irqm_snapshot *s)
{
	struct irqm_analysis *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->snapshot = s;
	a->arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	if (!a->arena || !irqm_online_init(&a->online, a->arena, s) ||
	    !irqm_check_cpus(a))
		goto no_memory;
	irqm_add_up(a);
	if (!irqm_account(a) || !irqm_make_pools(a) ||
	    !irqm_identify_machine(a) || !irqm_find(a) ||
	    !irqm_find_remedies(a) || !irqm_judge(a))
		goto no_memory;
	return a;
no_memory:
	irqm_analysis_free(a);
	return NULL;
}

void irqm_analysis_free(struct irqm_analysis *a)
{
	if (!a)
		return;
	irqm_arena_free(a->arena);
	free(a);
}
