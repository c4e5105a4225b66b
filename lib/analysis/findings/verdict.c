/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to show of the findings, and the line above them. */
#include "analysis/findings/findings.h"
#include "analysis/findings/log.h"

#include <string.h>

/* Briefs of the verdict; the findings below it have the rest. */
#define BRIEFS_MAX 3
/* More info findings than this are only counted. */
#define CODES_MAX 2

/* Text and report leave out the second, because the first says it already. */
static const enum irqm_finding_name same[][2] = {
	{ IRQM_VECTORS_EXHAUSTED, IRQM_VECTORS_LOW },
	{ IRQM_VECTORS_EXHAUSTED, IRQM_MANAGED_IDLE },
	{ IRQM_VECTORS_LOW, IRQM_MANAGED_IDLE },
	{ IRQM_LOG_CPU_NOT_OFFLINED, IRQM_CPU_OFFLINE_BLOCKED },
	{ IRQM_VECTORS_EXHAUSTED, IRQM_CPU_OFFLINE_BLOCKED },
	{ IRQM_LOG_AFFINITY_BROKEN, IRQM_AFFINITY_BROKEN },
	{ IRQM_LOG_REMAPPING_FULL, IRQM_REMAP_TABLE_FULL },
	{ IRQM_LOG_CPU_NOT_OFFLINED, IRQM_COUNTER_DRIFT },
};

/* The same, if both are about one device. */
static const enum irqm_finding_name same_device[][2] = {
	{ IRQM_REMAPPING_BYPASSED, IRQM_LOG_INTERRUPT_BLOCKED },
	{ IRQM_REMAP_TABLE_FULL, IRQM_LOG_REMAPPING_FULL },
	{ IRQM_FEWER_QUEUES, IRQM_LOG_FEWER_VECTORS },
	{ IRQM_LOG_PROBE_FAILED, IRQM_LOG_REMAPPING_FULL },
};

static bool is_kind(const struct irqm_finding *f, enum irqm_finding_name name)
{
	return f->kind == &irqm_finding_kinds[name];
}

/* What happened, as the log has it, goes before what would happen. */
static bool is_from_log(const struct irqm_finding *f)
{
	return strncmp(f->kind->code, "log-", 4) == 0;
}

/* Whether the other one, of the log, is about the first one's device only. */
static bool is_about_device(const struct irqm_analysis *a,
			    const struct irqm_finding *f,
			    const struct irqm_finding *other)
{
	const struct irqm_datum *one = irqm_find_datum(f, "first_device");
	const struct irqm_datum *two = irqm_find_datum(other, "first_device");
	const struct irqm_datum *devices = irqm_find_datum(other, "devices");
	int device;

	if (!one || !one->string || !two || !two->string ||
	    (devices && devices->num != 1))
		return false;
	if (strcmp(one->string, two->string) == 0)
		return true;
	device = irqm_log_device(a->snapshot, two->string);
	return device >= 0 && a->snapshot->devices[device].name &&
	       strcmp(a->snapshot->devices[device].name, one->string) == 0;
}

static bool is_underflow(const struct irqm_finding *f)
{
	const struct irqm_datum *vectors = irqm_find_datum(f, "vectors");

	return vectors && irqm_underflowed(vectors->num);
}

static bool says_the_same(const struct irqm_analysis *a,
			  const struct irqm_finding *f,
			  const struct irqm_finding *other)
{
	size_t i;

	/* with a vector left anywhere, it depends on the CPU */
	if (is_kind(other, IRQM_CPU_OFFLINE_BLOCKED) &&
	    is_kind(f, IRQM_VECTORS_EXHAUSTED) && a->totals.available)
		return false;
	/* only a counter below 0 is why a CPU was refused */
	if (is_kind(other, IRQM_COUNTER_DRIFT) && !is_underflow(f))
		return false;
	/* a table that is full now has a remedy of its own */
	if (is_kind(other, IRQM_REMAP_TABLE_FULL) &&
	    other->severity > IRQM_INFO)
		return false;
	for (i = 0; i < ARRAY_SIZE(same); i++)
		if (is_kind(f, same[i][0]) && is_kind(other, same[i][1]))
			return true;
	for (i = 0; i < ARRAY_SIZE(same_device); i++)
		if (is_kind(f, same_device[i][0]) &&
		    is_kind(other, same_device[i][1]))
			return is_about_device(a, f, other);
	return false;
}

/* A finding hides only others of its severity or a lower one. */
static void hide_repetitions(struct irqm_analysis *a)
{
	unsigned int i, k;

	for (i = 0; i < a->nr_findings; i++)
		for (k = 0; k < a->nr_findings; k++) {
			const struct irqm_finding *f = &a->findings[k];

			if (a->findings[i].severity <= f->severity &&
			    f->shown_with == IRQM_UNKNOWN &&
			    says_the_same(a, f, &a->findings[i]))
				a->findings[i].shown_with = k;
		}
}

static void add_shown(struct irqm_analysis *a, enum irqm_severity severity,
		      bool from_log)
{
	unsigned int i;

	for (i = 0; i < a->nr_findings; i++) {
		const struct irqm_finding *f = &a->findings[i];

		if (f->severity == severity && is_from_log(f) == from_log &&
		    f->shown_with == IRQM_UNKNOWN)
			a->shown[a->nr_shown++] = i;
	}
}

static const char *brief_of(const struct irqm_finding *f)
{
	return f->brief ? f->brief : f->kind->brief;
}

/* Adds the briefs of a severity; returns how many findings there are. */
static unsigned int add_briefs(const struct irqm_analysis *a,
			       enum irqm_severity severity, bool say,
			       struct irqm_text *t)
{
	unsigned int i, nr = 0;

	for (i = 0; i < a->nr_shown; i++) {
		const struct irqm_finding *f = &a->findings[a->shown[i]];

		if (f->severity != severity)
			continue;
		if (nr++ < BRIEFS_MAX && say)
			irqm_text_add(t, "%s%s", nr > 1 ? "; " : "",
				      brief_of(f));
	}
	if (say && nr > BRIEFS_MAX)
		irqm_text_add(t, "; %u more", nr - BRIEFS_MAX);
	return nr;
}

static void add_warnings(const struct irqm_analysis *a, struct irqm_text *t)
{
	unsigned int nr = add_briefs(a, IRQM_WARNING, false, t);

	if (nr)
		irqm_text_add(t, "; %u %s", nr,
			      irqm_plural(nr, "warning", "warnings"));
}

/* "no warnings; 2 info findings (affinity-pending, managed-shutdown), see -k",
 * after the briefs of the info findings that have one. */
static void add_info(const struct irqm_analysis *a, struct irqm_text *t)
{
	unsigned int i;

	irqm_text_add(t, "no warnings");
	if (a->verdict == IRQM_VERDICT_INCOMPLETE)
		irqm_text_add(t, " in what could be read");
	for (i = 0; i < a->nr_findings; i++)
		if (a->findings[i].brief)
			irqm_text_add(t, "; %s", a->findings[i].brief);
	if (!a->nr_findings)
		return;
	irqm_text_add(t, "; %u info %s (", a->nr_findings,
		      irqm_plural(a->nr_findings, "finding", "findings"));
	for (i = 0; i < a->nr_findings; i++)
		irqm_text_add(t, "%s%s", i ? ", " : "",
			      a->findings[i].kind->code);
	irqm_text_add(t, ")");
}

/*
 * What a verdict about warnings does not say yet: "; nvme1 has 1 vector, nvme0
 * of the same model 9; 1 info (suspend-blocked)". Where it is critical, it would
 * take a line from it.
 */
static void add_rest(const struct irqm_analysis *a, struct irqm_text *t)
{
	bool critical = a->verdict == IRQM_VERDICT_CRITICAL;
	unsigned int i, nr = 0, all = 0;

	for (i = 0; i < a->nr_shown; i++) {
		const struct irqm_finding *f = &a->findings[a->shown[i]];

		if (f->severity != IRQM_INFO)
			continue;
		if (f->brief && !critical)
			irqm_text_add(t, "; %s", f->brief);
		else
			all++;
	}
	if (all)
		irqm_text_add(t, "; %u info", all);
	for (i = 0; i < a->nr_shown && all <= CODES_MAX && !critical; i++) {
		const struct irqm_finding *f = &a->findings[a->shown[i]];

		if (f->severity == IRQM_INFO && !f->brief)
			irqm_text_add(t, "%s%s", nr++ ? ", " : " (",
				      f->kind->code);
	}
	if (nr)
		irqm_text_add(t, ")");
	if (a->snapshot->nr_unread)
		irqm_text_add(t, "; parts could not be read");
}

static enum irqm_verdict verdict_of(const struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;

	if (a->nr_findings && a->findings[0].severity == IRQM_CRITICAL)
		return IRQM_VERDICT_CRITICAL;
	if (a->nr_findings && a->findings[0].severity == IRQM_WARNING)
		return IRQM_VERDICT_WARNING;
	return s->nr_unread || !s->matrix.addr ? IRQM_VERDICT_INCOMPLETE :
						 IRQM_VERDICT_OK;
}

bool irqm_judge(struct irqm_analysis *a)
{
	static const enum irqm_severity severities[] = {
		IRQM_CRITICAL,
		IRQM_WARNING,
		IRQM_INFO,
	};
	struct irqm_text t = { 0 };
	size_t i;

	a->shown = irqm_arena_alloc(a->arena, a->nr_findings + 1,
				    sizeof(*a->shown));
	if (!a->shown)
		return false;
	hide_repetitions(a);
	for (i = 0; i < ARRAY_SIZE(severities); i++) {
		add_shown(a, severities[i], true);
		add_shown(a, severities[i], false);
	}
	a->verdict = verdict_of(a);
	if (a->verdict == IRQM_VERDICT_CRITICAL) {
		add_briefs(a, IRQM_CRITICAL, true, &t);
		add_warnings(a, &t);
	} else if (a->verdict == IRQM_VERDICT_WARNING) {
		add_briefs(a, IRQM_WARNING, true, &t);
	} else {
		add_info(a, &t);
	}
	if (a->verdict >= IRQM_VERDICT_WARNING)
		add_rest(a, &t);
	a->verdict_text = irqm_arena_strdup(a->arena, t.s);
	return a->verdict_text != NULL;
}
