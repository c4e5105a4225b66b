/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/views/plan_answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/drivers.h"
#include "render/text.h"

static const char *ordinal_suffix(unsigned int n)
{
	if (n / 10 % 10 == 1)
		return "th";
	return n % 10 == 1 ? "st" :
	       n % 10 == 2 ? "nd" :
	       n % 10 == 3 ? "rd" :
			     "th";
}

static void put_failed_vector(FILE *out, const struct irqm_plan_row *r)
{
	if (r->error == -EINVAL) {
		fprintf(out,
			"the kernel gives its managed interrupt %u an "
			"empty mask (-22, EINVAL)",
			r->failed_vector);
		return;
	}
	if (r->failed_cpu == IRQM_NO_CPU)
		fprintf(out, "no CPU has a free vector for its interrupt %u",
			r->failed_vector);
	else
		fprintf(out,
			"CPU %u has no free vector for its managed "
			"interrupt %u",
			r->failed_cpu, r->failed_vector);
	fputs(" (-28, ENOSPC)", out);
}

static void put_then(FILE *out, const struct irqm_plan_row *r)
{
	if (r->end == IRQM_PLAN_FEWER)
		fprintf(out, "It works with fewer vectors: %u.", r->nr_vectors);
	else if (r->end == IRQM_PLAN_SHARED)
		fprintf(out, "It works with %u unmanaged %s.", r->nr_vectors,
			irqm_plural(r->nr_vectors, "vector", "vectors"));
	else if (r->end == IRQM_PLAN_LINE)
		fputs("It works with INTx, without MSI.", out);
	else if (r->end == IRQM_PLAN_FAILS_AT_OPEN &&
		 r->step->known->probe == IRQM_PROBE_PORT)
		fputs("Its probe succeeds, but those of its services (AER, "
		      "PME, hot-plug) fail with that error.",
		      out);
	else if (r->end == IRQM_PLAN_FAILS_AT_OPEN)
		fputs("Its probe succeeds, but `ip link set up` fails with "
		      "that error.",
		      out);
	else if (r->end == IRQM_PLAN_FAILS && !r->step->known)
		fputs("What its driver does then is not known.", out);
	else if (r->end == IRQM_PLAN_NO_VECTORS && !r->global_available)
		fputs("It falls back to INTx, which works only if that line "
		      "(see line=) has a vector already; else its probe fails "
		      "with -28.",
		      out);
	else if (r->end == IRQM_PLAN_NO_VECTORS)
		fprintf(out,
			"It falls back to INTx, which works only if that line "
			"(see line=) has a vector or gets %s; else its probe "
			"fails with -28.",
			r->global_available == 1 ?
				"the last one available" :
				"one of those still available");
	else
		fputs("Its probe fails with that error.", out);
}

/* All CPUs outside of the default affinity that vectors of the plan are on. */
static void put_outside(FILE *out, const struct irqm_plan *plan)
{
	const struct irqm_dump *d = &plan->after->dump;
	const struct irqm_bits *affinity = &d->default_affinity;
	struct irqm_bits cpus = irqm_bits_new(plan->arena, d->nr_cpu_ids);
	unsigned int i, k, nr = 0;

	for (i = 0; i < plan->nr_rows; i++) {
		const struct irqm_plan_row *r = &plan->rows[i];

		nr += r->outside;
		for (k = 0; r->outside && cpus.words && k < r->nr_vectors; k++)
			if (!r->vectors[k].managed && r->vectors[k].vector &&
			    !irqm_bits_test(affinity, r->vectors[k].cpu))
				irqm_bits_set(&cpus, r->vectors[k].cpu);
	}
	fprintf(out, "%u %s outside of the default affinity, CPUs ", nr,
		irqm_plural(nr, "interrupt is", "interrupts are"));
	irqm_put_bits(out, affinity);
	fputs(", where no vector is free: on CPUs ", out);
	irqm_put_bits(out, &cpus);
	if (irqm_bits_known(&d->housekeeping_managed) && cpus.words) {
		nr = irqm_bits_weight(&cpus) -
		     irqm_bits_weight_and(&cpus, &d->housekeeping_managed);
		fprintf(out, ", %u of them isolated", nr);
	}
	fputs(" (the kernel says \"Affinity broken due to vector space "
	      "exhaustion\").",
	      out);
}

static void put_outside_answer(FILE *out, const struct irqm_plan *plan)
{
	const struct irqm_plan_row *r = &plan->rows[plan->first];

	irqm_put_name(out, r->step->text);
	fputs(" gets its vectors, but ", out);
	put_outside(out, plan);
}

static void put_device_answer(FILE *out, const struct irqm_plan_row *r)
{
	irqm_put_name(out, r->step->text);
	if (r->step->count > 1 && r->number == 1) {
		fprintf(out, ": not even the first of %u gets its vectors: ",
			r->step->count);
		put_failed_vector(out, r);
		fputs(". ", out);
		put_then(out, r);
		return;
	}
	if (r->step->count > 1)
		fprintf(out, ": the %u%s of %u", r->number,
			ordinal_suffix(r->number), r->step->count);
	fputs(r->step->count > 1 ? " is the first device that does not get its "
				   "vectors: " :
				   " does not get its vectors: ",
	      out);
	put_failed_vector(out, r);
	fputs(". ", out);
	put_then(out, r);
}

static void put_cpu_answer(FILE *out, const struct irqm_plan_row *r)
{
	/* the CPU goes offline even if its interrupts lose their vectors */
	if (r->step->kind == IRQM_PLAN_SUSPEND && r->end == IRQM_PLAN_BLOCKED)
		fputs("Suspend fails: ", out);
	if (r->end == IRQM_PLAN_BLOCKED)
		fprintf(out,
			"CPU %u stays online: %u %s to move, %u "
			"available elsewhere (-28, ENOSPC).",
			r->number, r->to_move,
			irqm_plural(r->to_move, "vector", "vectors"),
			r->elsewhere);
	else
		fprintf(out,
			"CPU %u goes offline, but %u of its interrupts "
			"%s vector: none is free elsewhere (-28, ENOSPC).",
			r->number, r->lost,
			irqm_plural(r->lost, "loses its", "lose their"));
}

static bool takes_first_cpu(const struct irqm_plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->nr_rows; i++)
		if (irqm_plan_is_cpu(&plan->rows[i]) &&
		    plan->rows[i].number == 0)
			return true;
	return false;
}

static void put_boot(FILE *out, const struct irqm_plan *plan)
{
	unsigned int i, nr;

	for (i = 0; i < plan->nr_rows; i++) {
		if (plan->rows[i].step->kind != IRQM_PLAN_BOOT)
			continue;
		nr = plan->rows[i].number;
		fprintf(out,
			"The machine boots with nr_cpus=%u and all drivers of "
			"the dump. ",
			nr);
	}
}

/* Without a dump: which kernel's rules these are. */
static void put_profile(FILE *out, const struct irqm_plans *p)
{
	const struct irqm_profile *profile = p->profile;

	if (!profile)
		return;
	if (p->match == IRQM_MATCH_AGREE)
		fprintf(out,
			"This exact kernel is not known; the plan follows "
			"Linux %s, and the other kernel that it may be like "
			"gives the same result. ",
			profile->kernel);
	if (p->match == IRQM_MATCH_DIFFER)
		fprintf(out,
			"This exact kernel is not known, and the kernels before "
			"and after it differ. If it behaves like Linux %s: ",
			profile->kernel);
	if (!profile->seen)
		fprintf(out,
			"What Linux %s does is taken from its source; no "
			"guest has confirmed it. ",
			profile->kernel);
}

/* What the answer rests on, where that is not what a kernel was seen to do. */
static void put_basis(FILE *out, const struct irqm_plans *p,
		      const struct irqm_plan *plan)
{
	const struct irqm_plan_step *step, *last = NULL;
	unsigned int i, nr = 0;

	put_profile(out, p);
	if (takes_first_cpu(plan))
		fputs("CPU 0 can go offline only with cpu0_hotplug on the "
		      "kernel command line, in kernels before 6.5. ",
		      out);
	for (i = 0; i < plan->nr_rows; i++) {
		step = plan->rows[i].step;
		if (step == last || step->kind != IRQM_PLAN_ADD ||
		    !step->known || step->known->seen)
			continue;
		last = step;
		fprintf(out, "%s%s", nr++ ? ", " : "What ", step->known->name);
	}
	if (nr)
		fprintf(out,
			" %s is taken from its source; no guest has confirmed "
			"it. ",
			irqm_plural(nr, "does", "do"));
	for (i = 0, last = NULL; i < plan->nr_rows; i++) {
		step = plan->rows[i].step;
		if (step == last || step->kind != IRQM_PLAN_ADD || step->known)
			continue;
		last = step;
		irqm_put_name(out, step->driver);
		if (step->like < 0) {
			fputs(" is not a known driver: it is assumed to need "
			      "all its vectors. ",
			      out);
			continue;
		}
		fputs(" is not a known driver: its vectors are like those of ",
		      out);
		irqm_put_name(out, p->snapshot->devices[step->like].name);
		fputs(", and it is assumed to need all of them. ", out);
	}
}

/* The first plan that has something that does not fit. */
static const struct irqm_plan *failing_plan(const struct irqm_plans *p)
{
	unsigned int i;

	for (i = 0; i < p->nr_plans && p->plans[i].first < 0; i++)
		;
	return i < p->nr_plans ? &p->plans[i] : NULL;
}

static void put_answer(FILE *out, const struct irqm_plan *plan);

static void put_max(FILE *out, const struct irqm_plan_max *max)
{
	bool several = strchr(max->asked, ' ');
	const struct irqm_plan *plan;

	irqm_put_name(out, max->asked);
	if (max->limited)
		fprintf(out, ": at least %u%s fit; more were not tried.",
			max->fits, several ? " of each" : "");
	else if (max->fits)
		fprintf(out, ": %u%s %s. With one more%s, ", max->fits,
			several ? " of each" : "",
			irqm_plural(max->fits, "fits", "fit"),
			several ? " of each" : "");
	else
		fputs(": not one fits. With one, ", out);
	plan = max->more ? failing_plan(max->more) : NULL;
	if (plan)
		put_answer(out, plan);
}

static void put_answer(FILE *out, const struct irqm_plan *plan)
{
	const struct irqm_plan_row *r;
	unsigned int left;

	if (plan->first < 0) {
		fputs("Everything fits", out);
		if (plan->nr_rows) {
			left = plan->rows[plan->nr_rows - 1].global_available;
			fprintf(out, ": %u %s still available", left,
				irqm_plural(left, "vector is", "vectors are"));
		}
		fputc('.', out);
		return;
	}
	r = &plan->rows[plan->first];
	if (r->end == IRQM_PLAN_OUTSIDE)
		put_outside_answer(out, plan);
	else if (irqm_plan_is_cpu(r))
		put_cpu_answer(out, r);
	else if (r->step->kind == IRQM_PLAN_BOOT)
		fputs("The interrupts that belong to no device do not all get "
		      "a vector (-28, ENOSPC).",
		      out);
	else
		put_device_answer(out, r);
}

/* The kernel prints a warning in this case, too. */
static void put_reserved(FILE *out, const struct irqm_plan *plan)
{
	const struct irqm_plan_row *r;

	for (r = plan->rows; r < plan->rows + plan->nr_rows; r++) {
		if (irqm_plan_is_cpu(r) && r->reserved_exceed &&
		    r->end != IRQM_PLAN_BLOCKED)
			fprintf(out,
				" With CPU %u offline, fewer vectors are "
				"available than drivers have reserved.",
				r->number);
	}
}

/* Breaks the text into lines of at most IRQM_LINE_WIDTH. */
static int put_wrapped(FILE *out, const char *text)
{
	unsigned int used = 0;

	while (*text) {
		unsigned int len = strcspn(text, " ");

		if (used && used + 1 + len > IRQM_LINE_WIDTH) {
			fputc('\n', out);
			used = 0;
		}
		fprintf(out, "%s%.*s", used ? " " : "", (int)len, text);
		used += len + (used != 0);
		text += len + (text[len] == ' ');
	}
	fputc('\n', out);
	return 0;
}

/* One kernel for each way of spreading; docs/plan.md lists the others. */
static const char *const generations[IRQM_NR_SPREADS] = {
	[IRQM_SPREAD_EVEN_PRESENT] = "4.15", [IRQM_SPREAD_EVEN_FIRST] = "4.19",
	[IRQM_SPREAD_EVEN] = "5.0",          [IRQM_SPREAD_NODES] = "6.1",
	[IRQM_SPREAD_NODES_POP2] = "6.12",   [IRQM_SPREAD_CLUSTERS] = "7.2",
};

static const char *const managed_cpus[IRQM_NR_MANAGED_CPUS] = {
	[IRQM_MANAGED_FIRST] = "the first CPU in its mask, as 4.19 does",
	[IRQM_MANAGED_AVAILABLE] =
		"the CPU with the most vectors available, as 4.20 does",
	[IRQM_MANAGED_FEWEST] = "the CPU with the fewest managed interrupts",
};

/* Index 1: the kernel follows the rule. */
static const char *const rules[IRQM_NR_PLAN_RULES][2] = {
	[IRQM_COUNTS_MANAGED] = {
		"does not count managed vectors when a CPU goes offline, as "
		"kernels since 6.7 do",
		"counts managed vectors when a CPU goes offline, as kernels "
		"before 6.7 do",
	},
	[IRQM_LEAVES_CROWDED] = {
		"moves an interrupt out of its full affinity when its CPU goes "
		"offline, as kernels since 6.10 do",
		"leaves an interrupt on the CPU that goes offline if its "
		"affinity is full, as kernels before 6.10 do",
	},
	[IRQM_LAST_CPU_FIRST] = {
		"suspends the lowest CPU first, as kernels before 6.11 do",
		"suspends the highest CPU first, as kernels since 6.11 do",
	},
};

/* True if the plan holds for every possibility: then there is no condition. */
static bool holds_for_all(const bool *holds, const bool *possible,
			  unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr && holds[i] == possible[i]; i++)
		;
	return i == nr;
}

static void put_names(FILE *out, const bool *holds, const char *const *names,
		      unsigned int nr)
{
	const char * or = "";
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!holds[i])
			continue;
		fprintf(out, "%s%s", or, names[i]);
		or = " or ";
	}
}

/* Says what this plan depends on; only needed if there are several plans. */
static void put_condition(FILE *out, const struct irqm_plan_choice *holds,
			  const struct irqm_plan_choice *possible)
{
	const char *and = "";
	unsigned int i;

	fputs("If this kernel ", out);
	if (!holds_for_all(holds->spread, possible->spread, IRQM_NR_SPREADS)) {
		fputs("spreads masks like ", out);
		put_names(out, holds->spread, generations, IRQM_NR_SPREADS);
		and = " and ";
	}
	if (!holds_for_all(holds->managed_cpu, possible->managed_cpu,
			   IRQM_NR_MANAGED_CPUS)) {
		fprintf(out, "%sgives a managed interrupt ", and);
		put_names(out, holds->managed_cpu, managed_cpus,
			  IRQM_NR_MANAGED_CPUS);
		and = " and ";
	}
	for (i = 0; i < IRQM_NR_PLAN_RULES; i++) {
		if (holds_for_all(holds->rule[i], possible->rule[i], 2))
			continue;
		fprintf(out, "%s%s", and, rules[i][holds->rule[i][1]]);
		and = " and ";
	}
	fputs(" (the dump does not say which): ", out);
}

char *irqm_plan_answer(const struct irqm_plans *p, const struct irqm_plan *plan)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	if (p->nr_plans > 1)
		put_condition(stream, &plan->holds, &p->possible);
	put_basis(stream, p, plan);
	put_boot(stream, plan);
	if (p->max.asked && plan->first < 0)
		put_max(stream, &p->max);
	else
		put_answer(stream, plan);
	put_reserved(stream, plan);
	if (fclose(stream)) {
		free(text);
		return NULL;
	}
	return text;
}

int irqm_put_plan_answer(FILE *out, const struct irqm_plans *p,
			 const struct irqm_plan *plan)
{
	char *text = irqm_plan_answer(p, plan);
	int rc = text ? put_wrapped(out, text) : -1;

	free(text);
	return rc;
}
