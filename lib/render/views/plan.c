/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan comes to: the answer, its steps, the matrix afterwards. */
#include "render/render.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/table.h"
#include "render/text.h"

/* Fewer rows than this are not folded. */
#define MIN_FOLD 4
/* Masks of a row that are all shown. */
#define MAX_MASKS 8

/* Rows that are alike: the device, or the ends of some. */
struct row {
	const struct irqm_plans *p;
	const struct irqm_plan_row *first, *last;
};

static bool is_cpu(const struct irqm_plan_row *r)
{
	return r->step->kind == IRQM_PLAN_OFFLINE ||
	       r->step->kind == IRQM_PLAN_SUSPEND;
}

static unsigned int count_managed(const struct irqm_plan_row *r)
{
	unsigned int i, n = 0;

	for (i = 0; i < r->nr_vectors; i++)
		n += r->vectors[i].managed;
	return n;
}

static void fill_what(FILE *out, const void *row)
{
	const struct row *r = row;

	if (is_cpu(r->first)) {
		fprintf(out, "CPU" IRQM_NBSP "%u", r->first->number);
		return;
	}
	if (r->first->step->kind == IRQM_PLAN_ADD) {
		fputc('+', out);
		irqm_put_name(out, r->first->step->driver);
		return;
	}
	fputc('-', out);
	irqm_put_name(out, r->p->snapshot->devices[r->first->number].name);
}

static void fill_number(FILE *out, const void *row)
{
	const struct row *r = row;

	if (r->first->step->kind != IRQM_PLAN_ADD)
		fputc('-', out);
	else
		irqm_put_range(out, r->first->number, r->last->number);
}

static void fill_end(FILE *out, const void *row)
{
	const struct irqm_plan_row *r = ((const struct row *)row)->first;

	if (r->end != IRQM_PLAN_FITS || r->step->kind == IRQM_PLAN_ADD)
		fputs(irqm_plan_end_name(r->end), out);
	else
		fputs(is_cpu(r) ? "offline" : "gone", out);
}

static void fill_vectors(FILE *out, const void *row)
{
	const struct irqm_plan_row *r = ((const struct row *)row)->first;
	unsigned int managed = count_managed(r);

	if (r->step->kind != IRQM_PLAN_ADD)
		fputc('-', out);
	else
		fprintf(out, "%u+%u", r->nr_vectors - managed, managed);
}

static void put_masks(FILE *out, const struct irqm_plan_row *r)
{
	unsigned int i, n = 0, managed = count_managed(r);
	const char *blank = "";

	if (!managed)
		fputc('-', out);
	for (i = 0; i < r->nr_vectors; i++) {
		if (!r->vectors[i].managed)
			continue;
		n++;
		if (managed > MAX_MASKS && n > MAX_MASKS / 2 && n < managed) {
			if (n == managed - 1)
				fputs(" ..", out);
			continue;
		}
		fputs(blank, out);
		irqm_put_bits(out, &r->vectors[i].mask);
		blank = " ";
	}
}

/* ", 5 moved" */
static void put_count(FILE *out, const char **comma, unsigned int n,
		      const char *what)
{
	if (!n)
		return;
	fprintf(out, "%s%u %s", *comma, n, what);
	*comma = ", ";
}

static void put_moves(FILE *out, const struct irqm_plan_row *r)
{
	const char *comma = "";

	put_count(out, &comma, r->moved, "moved");
	put_count(out, &comma, r->shut_down, "shut down");
	put_count(out, &comma, r->broken + r->crowded,
		  "moved out of their affinity");
	put_count(out, &comma, r->lost, "left behind");
	if (!*comma)
		fputc('-', out);
}

static void fill_masks(FILE *out, const void *row)
{
	const struct irqm_plan_row *r = ((const struct row *)row)->first;

	if (is_cpu(r))
		put_moves(out, r);
	else
		put_masks(out, r);
}

static void put_span(FILE *out, unsigned int first, unsigned int last)
{
	fprintf(out, "%u", first);
	if (first != last)
		fprintf(out, IRQM_NBSP ".." IRQM_NBSP "%u", last);
}

static void fill_available(FILE *out, const void *row)
{
	const struct row *r = row;

	put_span(out, r->first->global_available, r->last->global_available);
}

static void fill_allocated(FILE *out, const void *row)
{
	const struct row *r = row;

	put_span(out, r->first->total_allocated, r->last->total_allocated);
}

static void fill_reserved(FILE *out, const void *row)
{
	const struct row *r = row;

	put_span(out, r->first->global_reserved, r->last->global_reserved);
}

static const struct irqm_column columns[] = {
	{ "STEP", "what is done", 0, 0, fill_what },
	{ "NO", "which of these devices", 0, 0, fill_number },
	{ "END", "what comes of it", 0, 0, fill_end },
	{ "VECTORS", "ordinary and managed ones that it has", IRQM_COL_RIGHT,
	  0, fill_vectors },
	{ "AVAIL", "global_available afterwards", IRQM_COL_RIGHT, 0,
	  fill_available },
	{ "ALLOC", "total_allocated afterwards", IRQM_COL_RIGHT, 0,
	  fill_allocated },
	{ "RESV", "global_reserved afterwards", IRQM_COL_RIGHT, 0,
	  fill_reserved },
	{ "MASKS", "affinity of each managed interrupt", IRQM_COL_WRAP, 0,
	  fill_masks },
};

static bool alike(const struct irqm_plan_row *a,
		  const struct irqm_plan_row *b)
{
	unsigned int i;

	if (a->step != b->step || a->step->kind != IRQM_PLAN_ADD ||
	    a->end != b->end || a->nr_vectors != b->nr_vectors)
		return false;
	for (i = 0; i < a->nr_vectors; i++) {
		if (a->vectors[i].managed != b->vectors[i].managed ||
		    (a->vectors[i].managed &&
		     !irqm_bits_equal(&a->vectors[i].mask,
				      &b->vectors[i].mask)))
			return false;
	}
	return true;
}

static int put_table(FILE *out, const struct irqm_plans *p,
		     const struct irqm_plan *plan,
		     const struct irqm_render_options *o)
{
	struct irqm_table t;
	unsigned int i, end;

	if (irqm_table_init(&t, columns, sizeof(columns) / sizeof(*columns)))
		return -1;
	t.bold = o->color;
	t.line = o->width;
	for (i = 0; i < plan->nr_rows; i = end) {
		for (end = i + 1; end < plan->nr_rows; end++) {
			if (!alike(&plan->rows[i], &plan->rows[end]))
				break;
		}
		if (o->all || end - i < MIN_FOLD)
			end = i + 1;
		irqm_table_row(&t, &(struct row){ p, &plan->rows[i],
						  &plan->rows[end - 1] });
	}
	return irqm_table_print(&t, out, o->header);
}

static const char *ordinal(unsigned int n)
{
	if (n / 10 % 10 == 1)
		return "th";
	return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd"
			     : n % 10 == 3	? "rd"
						: "th";
}

static void put_failed_vector(FILE *out, const struct irqm_plan_row *r)
{
	if (r->error == -EINVAL) {
		fprintf(out, "the kernel leaves its managed interrupt %u "
			"without a CPU (-22, EINVAL)", r->failed_vector);
		return;
	}
	if (r->failed_cpu == IRQM_NO_CPU)
		fprintf(out, "no CPU has a vector left for its interrupt %u",
			r->failed_vector);
	else
		fprintf(out, "CPU %u has no vector left for its managed "
			"interrupt %u", r->failed_cpu, r->failed_vector);
	fputs(" (-28, ENOSPC)", out);
}

static void put_then(FILE *out, const struct irqm_plan_row *r)
{
	if (r->end == IRQM_PLAN_FEWER)
		fprintf(out, "It works with fewer: %u.", r->nr_vectors);
	else if (r->end == IRQM_PLAN_SHARED)
		fprintf(out, "It works with %u that are not managed.",
			r->nr_vectors);
	else if (r->end == IRQM_PLAN_LINE)
		fputs("It works with its interrupt line (INTx), without MSI.",
		      out);
	else if (r->end == IRQM_PLAN_NO_VECTORS && !r->global_available)
		fputs("It gets none: it works if its interrupt line (INTx, see "
		      "line=) has a vector already, else its probe fails with "
		      "-28.", out);
	else if (r->end == IRQM_PLAN_NO_VECTORS)
		fprintf(out, "It gets none: it works if its interrupt line "
			"(INTx, see line=) has a vector or gets one of the %u "
			"that are left, else its probe fails with -28.",
			r->global_available);
	else
		fputs("Its probe fails with that.", out);
}

static void put_device_answer(FILE *out, const struct irqm_plan_row *r)
{
	irqm_put_name(out, r->step->text);
	if (r->step->count > 1)
		fprintf(out, ": the %u%s of %u", r->number, ordinal(r->number),
			r->step->count);
	fputs(r->step->count > 1 ? " is the first that does not get its "
				   "vectors: "
				 : " does not get its vectors: ", out);
	put_failed_vector(out, r);
	fputs(". ", out);
	put_then(out, r);
}

static void put_cpu_answer(FILE *out, const struct irqm_plan_row *r)
{
	/* one whose interrupts are left behind is offline all the same */
	if (r->step->kind == IRQM_PLAN_SUSPEND && r->end == IRQM_PLAN_BLOCKED)
		fputs("Suspend fails: ", out);
	if (r->end == IRQM_PLAN_BLOCKED)
		fprintf(out, "CPU %u stays online: %u vectors to move, %u "
			"available elsewhere (-28, ENOSPC).", r->number,
			r->to_move, r->elsewhere);
	else
		fprintf(out, "CPU %u goes offline, but %u of its interrupts "
			"find no vector elsewhere (-28, ENOSPC).", r->number,
			r->lost);
}

static void put_answer(FILE *out, const struct irqm_plan *plan)
{
	const struct irqm_plan_row *r;

	if (plan->first < 0) {
		fputs("All of it fits", out);
		if (plan->nr_rows)
			fprintf(out, ": %u vectors are left",
				plan->rows[plan->nr_rows - 1]
					.global_available);
		fputc('.', out);
		return;
	}
	r = &plan->rows[plan->first];
	if (is_cpu(r))
		put_cpu_answer(out, r);
	else
		put_device_answer(out, r);
}

/* What else the kernel says of it. */
static void put_reserved(FILE *out, const struct irqm_plan *plan)
{
	const struct irqm_plan_row *r;

	for (r = plan->rows; r < plan->rows + plan->nr_rows; r++) {
		if (is_cpu(r) && r->reserved_exceed &&
		    r->end != IRQM_PLAN_BLOCKED)
			fprintf(out, " With CPU %u offline fewer vectors are "
				"left than are promised to drivers.",
				r->number);
	}
}

/* As a paragraph of lines that fit. */
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

/* The kernels that were looked at; what is between is like one of them. */
static const char *const generations[IRQM_NR_SPREADS] = {
	[IRQM_SPREAD_EVEN_FIRST] = "4.19",
	[IRQM_SPREAD_EVEN] = "5.0",
	[IRQM_SPREAD_NODES] = "6.1",
	[IRQM_SPREAD_NODES_POP2] = "6.12",
	[IRQM_SPREAD_CLUSTERS] = "7.2",
};

static const char *const managed_cpus[IRQM_NR_MANAGED_CPUS] = {
	[IRQM_MANAGED_FIRST] = "the first CPU of its mask, as 4.19 does",
	[IRQM_MANAGED_AVAILABLE] = "the CPU with the most vectors available, "
				   "as 4.20 does",
	[IRQM_MANAGED_FEWEST] = "the CPU with the fewest of them",
};

/* Is that all that it could be? Then it is no condition. */
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
	const char *or = "";
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!holds[i])
			continue;
		fprintf(out, "%s%s", or, names[i]);
		or = " or ";
	}
}

/* Only where there is more than one plan. */
static void put_condition(FILE *out, const struct irqm_plan_choice *holds,
			  const struct irqm_plan_choice *possible)
{
	const char *and = "";

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
	if (!holds_for_all(holds->counts_managed, possible->counts_managed,
			   2)) {
		fprintf(out, "%s%s managed vectors when a CPU goes offline, "
			"as kernels %s 6.7 do", and,
			holds->counts_managed[1] ? "counts" : "does not count",
			holds->counts_managed[1] ? "before" : "since");
		and = " and ";
	}
	if (!holds_for_all(holds->leaves_crowded, possible->leaves_crowded, 2))
		fprintf(out, "%s%s an interrupt on the CPU that goes where "
			"its affinity is full, as kernels %s 6.10 do", and,
			holds->leaves_crowded[1] ? "leaves" : "does not leave",
			holds->leaves_crowded[1] ? "before" : "since");
	fputs(" (nothing in the dump tells): ", out);
}

static int put_paragraph(FILE *out, const struct irqm_plans *p,
			 const struct irqm_plan *plan)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	int rc = -1;

	if (!stream)
		return -1;
	if (p->nr_plans > 1)
		put_condition(stream, &plan->holds, &p->possible);
	put_answer(stream, plan);
	put_reserved(stream, plan);
	if (fclose(stream) == 0)
		rc = put_wrapped(out, text);
	free(text);
	return rc;
}

static int put_after(FILE *out, const struct irqm_plan *plan,
		     const struct irqm_render_options *o)
{
	struct irqm_analysis *after = irqm_analyse(plan->after);
	struct irqm_render_options matrix = *o;
	int rc = -1;

	if (after) {
		/* they look for the interrupts, which are not in there */
		after->nr_findings = 0;
		fputs("\nAfterwards:\n\n", out);
		matrix.no_hints = true; /* plan has no such options */
		rc = irqm_render_matrix(out, after, &matrix);
	} else {
		errno = ENOMEM;
	}
	irqm_analysis_free(after);
	return rc;
}

static int put_plan(FILE *out, const struct irqm_plans *p,
		    const struct irqm_plan *plan,
		    const struct irqm_render_options *o)
{
	if (put_paragraph(out, p, plan))
		return -1;
	fputc('\n', out);
	if (put_table(out, p, plan, o))
		return -1;
	return put_after(out, plan, o);
}

int irqm_render_plan(FILE *out, const struct irqm_plans *p,
		     const struct irqm_render_options *o)
{
	const struct irqm_spread_evidence *e = &p->evidence;
	unsigned int i;

	for (i = 0; i < p->nr_plans; i++) {
		if (i)
			fputs("\n\n", out);
		if (put_plan(out, p, &p->plans[i], o))
			return -1;
	}
	if (e->unlike)
		fprintf(out, "\nNOTE: %u of %u devices have masks that tell "
			"nothing of this kernel: CPUs have gone\noffline "
			"since.\n", e->unlike, e->devices);
	return irqm_put_end(out);
}
