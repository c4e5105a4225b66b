/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diff/internal.h"

#include <stdlib.h>
#include <string.h>

static void compare_dumps(struct irqm_diff *d)
{
	const struct irqm_dump *a = &d->before->snapshot->dump;
	const struct irqm_dump *b = &d->after->snapshot->dump;

	d->other_kernel = irqm_strings_differ(a->release, b->release) ||
			  irqm_strings_differ(a->build_id, b->build_id);
	d->other_cpus = irqm_sets_differ(&a->possible, &b->possible) ||
			irqm_sets_differ(&a->present, &b->present);
	d->after_is_older = a->crash_time != IRQM_UNKNOWN &&
			    b->crash_time != IRQM_UNKNOWN &&
			    b->crash_time < a->crash_time;
}

/* Fills nums[], in the order of the text and the document. */
static void take_numbers(struct irqm_diff *d)
{
#define NUM(name, of)                                                          \
	{                                                                      \
		name, d->before->of, d->after->of                              \
	}
	const struct irqm_diff_num nums[IRQM_NR_DIFF_NUMS] = {
		NUM("online_maps", snapshot->matrix.online_maps),
		NUM("alloc_size", snapshot->matrix.alloc_size),
		NUM("systembits_inalloc", snapshot->matrix.systembits_inalloc),
		NUM("capacity", totals.capacity),
		NUM("global_available", snapshot->matrix.global_available),
		NUM("lost", accounting.lost),
		NUM("unattributed", accounting.unattributed),
		NUM("no_msi_device", accounting.no_device.cost),
		NUM("total_allocated", snapshot->matrix.total_allocated),
		NUM("managed", totals.managed),
		NUM("managed_allocated", totals.managed_allocated),
		NUM("idle", totals.idle),
		NUM("global_reserved", snapshot->matrix.global_reserved),
	};
#undef NUM

	memcpy(d->nums, nums, sizeof(nums));
}

static void add_to(irqm_num *sum, irqm_num n)
{
	*sum = irqm_add(*sum, n);
}

static void add_up(struct irqm_diff *d)
{
	const struct irqm_accounting *a = &d->before->accounting;
	const struct irqm_accounting *b = &d->after->accounting;
	struct irqm_diff_sums *s = &d->sums;
	unsigned int i;

	for (i = 0; i < d->nr_devices; i++) {
		const struct irqm_device_diff *diff = &d->devices[i];

		add_to(diff->change == IRQM_CAME ? &s->came :
		       diff->change == IRQM_WENT ? &s->went :
						   &s->changed,
		       diff->cost);
	}
	s->no_device = irqm_sub(b->no_device.cost, a->no_device.cost);
	s->unattributed = irqm_sub(b->unattributed, a->unattributed);
	s->capacity =
		irqm_sub(d->after->totals.capacity, d->before->totals.capacity);
	s->available = irqm_sub(d->after->snapshot->matrix.global_available,
				d->before->snapshot->matrix.global_available);
}

static bool cpus_differ(const struct irqm_diff *d, const struct irqm_cpu *a,
			const struct irqm_cpu *b)
{
	const struct irqm_fact_row before = { .analysis = d->before, .cpu = a };
	const struct irqm_fact_row after = { .analysis = d->after, .cpu = b };

	return irqm_facts_compare(IRQM_CPUMAP_FACTS, &before, &after) ==
	       IRQM_FACTS_DIFFER;
}

static int group_cpus(const void *va, const void *vb)
{
	const struct irqm_cpu *const *a = va, *const *b = vb;

	return irqm_order_nums((*a)->cpu, (*b)->cpu);
}

static void found_cpu(void *ctx, const void *before, const void *after)
{
	const struct irqm_cpu *const *a = before, *const *b = after;
	struct irqm_diff *d = ctx;
	struct irqm_cpu_diff *diff = &d->cpus[d->nr_cpus++];

	diff->before = a ? *a : NULL;
	diff->after = b ? *b : NULL;
	diff->change = irqm_note_change(
		d, a, b, a && b && cpus_differ(d, *a, *b),
		(!b && d->gaps_after.cpus) || (!a && d->gaps_before.cpus));
}

static bool list_cpus(struct irqm_arena *arena, const struct irqm_snapshot *s,
		      struct irqm_things *t)
{
	const struct irqm_cpu **cpus;
	unsigned int i;

	t->nr = s->nr_cpus;
	t->things = cpus = irqm_arena_alloc(arena, t->nr, sizeof(*cpus));
	for (i = 0; cpus && i < t->nr; i++)
		cpus[i] = &s->cpus[i];
	return cpus != NULL;
}

static bool diff_cpus(struct irqm_diff *d)
{
	static const struct irqm_matcher matcher = {
		.size = sizeof(struct irqm_cpu *),
		.group = group_cpus,
		.order = group_cpus,
		.found = found_cpu,
	};
	struct irqm_things before, after;

	if (!list_cpus(d->arena, d->before->snapshot, &before) ||
	    !list_cpus(d->arena, d->after->snapshot, &after))
		return false;
	d->cpus = irqm_arena_alloc(d->arena, before.nr + after.nr,
				   sizeof(*d->cpus));
	if (!d->cpus)
		return false;
	irqm_match(&matcher, &before, &after, d);
	return true;
}

/* Findings of a kind are sorted, the most severe one first. */
static const struct irqm_finding *
find_kind(const struct irqm_analysis *a, const struct irqm_finding_kind *kind)
{
	unsigned int i;

	for (i = 0; i < a->nr_findings; i++)
		if (a->findings[i].kind == kind)
			return &a->findings[i];
	return NULL;
}

/* Returns unknown if a finding or its severity may depend on unread parts. */
static enum irqm_change change_of_finding(struct irqm_diff *d,
					  const struct irqm_finding_kind *kind,
					  const struct irqm_finding *a,
					  const struct irqm_finding *b)
{
	bool gaps = d->gaps_before.findings || d->gaps_after.findings;

	return irqm_note_change(
		d, a, b, true,
		gaps && kind != &irqm_finding_kinds[IRQM_UNREAD_PAGES]);
}

static bool diff_findings(struct irqm_diff *d)
{
	unsigned int i;

	d->findings = irqm_arena_alloc(d->arena, IRQM_NR_FINDING_KINDS,
				       sizeof(*d->findings));
	if (!d->findings)
		return false;
	for (i = 0; i < IRQM_NR_FINDING_KINDS; i++) {
		const struct irqm_finding_kind *kind = &irqm_finding_kinds[i];
		const struct irqm_finding *a = find_kind(d->before, kind);
		const struct irqm_finding *b = find_kind(d->after, kind);

		if (a && b ? a->severity == b->severity : a == b)
			continue;
		d->findings[d->nr_findings++] = (struct irqm_finding_diff){
			change_of_finding(d, kind, a, b), a, b
		};
	}
	return true;
}

/* Compares the numbers that belong to no device, interrupt, CPU or finding. */
static bool numbers_differ(const struct irqm_diff *d)
{
	const struct irqm_matrix *a = &d->before->snapshot->matrix;
	const struct irqm_matrix *b = &d->after->snapshot->matrix;
	unsigned int i;

	for (i = 0; i < IRQM_NR_DIFF_NUMS; i++)
		if (irqm_differ(d->nums[i].before, d->nums[i].after))
			return true;
	return irqm_sets_differ(&a->system_map, &b->system_map);
}

struct irqm_diff *irqm_diff(const struct irqm_analysis *before,
			    const struct irqm_analysis *after)
{
	struct irqm_diff *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->before = before;
	d->after = after;
	d->gaps_before = irqm_diff_gaps(before);
	d->gaps_after = irqm_diff_gaps(after);
	d->arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	if (!d->arena || !irqm_diff_devices(d) || !irqm_diff_drivers(d) ||
	    !irqm_diff_irqs(d) || !diff_cpus(d) || !diff_findings(d)) {
		irqm_diff_free(d);
		return NULL;
	}
	compare_dumps(d);
	take_numbers(d);
	add_up(d);
	d->differs |= d->other_kernel || d->other_cpus || numbers_differ(d);
	return d;
}

void irqm_diff_free(struct irqm_diff *d)
{
	if (!d)
		return;
	irqm_arena_free(d->arena);
	free(d);
}

const char *irqm_change_name(enum irqm_change change)
{
	switch (change) {
	case IRQM_CAME:
		return "came";
	case IRQM_WENT:
		return "went";
	case IRQM_CHANGED:
		return "changed";
	case IRQM_CHANGE_UNKNOWN:
		return "unknown";
	case IRQM_SAME:
		return "same";
	}
	return "same";
}
