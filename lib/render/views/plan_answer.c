/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/views/plan_answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	else if (r->end == IRQM_PLAN_NO_VECTORS && !r->global_available)
		fputs("It gets no vector: it works if its INTx (see line=) has "
		      "a vector already, else its probe fails with -28.",
		      out);
	else if (r->end == IRQM_PLAN_NO_VECTORS)
		fprintf(out,
			"It gets no vector: it works if its INTx (see "
			"line=) has a vector or gets one of the %u still "
			"available, else its probe fails with -28.",
			r->global_available);
	else
		fputs("Its probe fails with that error.", out);
}

static void put_device_answer(FILE *out, const struct irqm_plan_row *r)
{
	irqm_put_name(out, r->step->text);
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
	if (irqm_plan_is_cpu(r))
		put_cpu_answer(out, r);
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
