/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints a plan: the answer, its steps, the matrix afterwards. */
#include "render/render.h"

#include <errno.h>

#include "render/table.h"
#include "render/text.h"
#include "render/views/plan_answer.h"

/* Fewer equal rows than this are not folded. */
#define MIN_FOLD 4
/* Limit on the masks of a row. */
#define MAX_MASKS 8

/* Equal rows of a plan: from first to last. */
struct row {
	const struct irqm_plans *p;
	const struct irqm_plan *plan;
	const struct irqm_plan_row *first, *last;
};

/* Whether the step has one device only, or the row stands for all of them. */
static bool is_whole_step(const struct row *r)
{
	const struct irqm_plan_row *first = r->first, *last = r->last;
	const struct irqm_plan *plan = r->plan;

	return (first == plan->rows || first[-1].step != first->step) &&
	       (last + 1 == plan->rows + plan->nr_rows ||
		last[1].step != last->step);
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

	if (irqm_plan_is_cpu(r->first)) {
		fprintf(out, "CPU" IRQM_NBSP "%u", r->first->number);
		return;
	}
	if (r->first->step->kind == IRQM_PLAN_ADD) {
		fputc('+', out);
		irqm_put_name(out, r->first->step->driver);
		return;
	}
	if (r->first->step->kind == IRQM_PLAN_BOOT) {
		fputs("boot", out);
		return;
	}
	fputc('-', out);
	irqm_put_name(out,
		      is_whole_step(r) ?
			      r->first->step->text :
			      r->p->snapshot->devices[r->first->number].name);
}

static void fill_number(FILE *out, const void *row)
{
	const struct row *r = row;

	if (r->first->step->kind == IRQM_PLAN_ADD)
		irqm_put_range(out, r->first->number, r->last->number);
	else if (r->first != r->last)
		irqm_put_range(out, 1, r->last - r->first + 1);
	else
		fputc('-', out);
}

static void fill_end(FILE *out, const void *row)
{
	const struct irqm_plan_row *r = ((const struct row *)row)->first;

	if (r->end != IRQM_PLAN_FITS || r->step->kind == IRQM_PLAN_ADD ||
	    r->step->kind == IRQM_PLAN_BOOT)
		fputs(irqm_plan_end_name(r->end), out);
	else
		fputs(irqm_plan_is_cpu(r) ? "offline" : "gone", out);
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

/* Prints ", 5 moved". */
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

	if (irqm_plan_is_cpu(r))
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
	{ "STEP", "the step", 0, 0, fill_what },
	{ "NO", "which of the step's devices", 0, 0, fill_number },
	{ "END", "result: fits, fewer, shared, ...", 0, 0, fill_end },
	{ "VECTORS", "vectors that it gets, unmanaged+managed", IRQM_COL_RIGHT,
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

static bool are_alike(const struct irqm_plan_row *a,
		      const struct irqm_plan_row *b)
{
	unsigned int i;

	if (a->step != b->step || a->end != b->end ||
	    a->nr_vectors != b->nr_vectors || irqm_plan_is_cpu(a))
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

	if (irqm_table_init(&t, columns, ARRAY_SIZE(columns)))
		return -1;
	t.bold = o->color;
	t.line = o->width;
	for (i = 0; i < plan->nr_rows; i = end) {
		for (end = i + 1; end < plan->nr_rows; end++) {
			if (!are_alike(&plan->rows[i], &plan->rows[end]))
				break;
		}
		if (o->all || end - i < MIN_FOLD)
			end = i + 1;
		irqm_table_row(&t, &(struct row){ p, plan, &plan->rows[i],
						  &plan->rows[end - 1] });
	}
	return irqm_table_print(&t, out, o->header);
}

/* Prints "159 of 300 new devices fit; the others: 1 shared, 140 fails". */
static void put_tally(FILE *out, const struct irqm_plan *plan)
{
	unsigned int i, all = 0, ends[IRQM_PLAN_STRANDED + 1] = { 0 };
	const char *comma = "";

	for (i = 0; i < plan->nr_rows; i++) {
		if (plan->rows[i].step->kind != IRQM_PLAN_ADD)
			continue;
		ends[plan->rows[i].end]++;
		all++;
	}
	/* the answer says all of one device */
	if (all < 2)
		return;
	fprintf(out, "%u of %u new devices fit", ends[IRQM_PLAN_FITS], all);
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		if (i == IRQM_PLAN_FITS || !ends[i])
			continue;
		fprintf(out, "%s%u %s",
			*comma ? comma : "; the others: ", ends[i],
			irqm_plan_end_name(i));
		comma = ", ";
	}
	fputs(".\n", out);
}

/* Explains the columns of devices that are added. */
static void put_legend(FILE *out, const struct irqm_plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->nr_rows; i++)
		if (plan->rows[i].step->kind == IRQM_PLAN_ADD)
			break;
	if (i < plan->nr_rows)
		fputs("VECTORS: unmanaged+managed. MASKS: the CPUs of each "
		      "managed interrupt, which\nreserves a vector on all of "
		      "them.\n",
		      out);
}

static int put_after(FILE *out, const struct irqm_plan *plan,
		     const struct irqm_render_options *o)
{
	struct irqm_analysis *after = irqm_analyse(plan->after);
	struct irqm_render_options matrix = *o;
	int rc = -1;

	if (after) {
		fputs("\nAfterwards:\n\n", out);
		matrix.no_hints = true; /* irqmatrix plan has no such options */
		/* findings need the interrupts, which are not in there */
		rc = irqm_render_totals(out, after, &matrix);
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
	if (irqm_put_plan_answer(out, p, plan))
		return -1;
	if (!p->max.asked)
		put_tally(out, plan);
	fputc('\n', out);
	if (put_table(out, p, plan, o))
		return -1;
	if (o->header)
		put_legend(out, plan);
	return put_after(out, plan, o);
}

static unsigned int count_nodes(const struct irqm_snapshot *s)
{
	unsigned int i, k, nr = 0;

	for (i = 0; i < s->nr_cpus; i++) {
		for (k = 0; k < i && s->cpus[k].node != s->cpus[i].node; k++)
			;
		nr += k == i;
	}
	return nr;
}

int irqm_render_described(FILE *out, const struct irqm_plans *p)
{
	const struct irqm_snapshot *s = p->snapshot;
	unsigned int online = irqm_bits_weight(&s->dump.online);
	unsigned int nodes = count_nodes(s);

	fputs("described machine: Linux ", out);
	irqm_put_name(out, s->dump.release);
	fprintf(out, ", %u %s", online, irqm_plural(online, "CPU", "CPUs"));
	if (s->nr_cpus > online)
		fprintf(out, " of %u possible", s->nr_cpus);
	if (nodes > 1)
		fprintf(out, " on %u nodes", nodes);
	fprintf(out, ", %u vectors each\n",
		(unsigned int)(s->matrix.alloc_size -
			       s->matrix.systembits_inalloc));
	return irqm_put_end(out);
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
		fprintf(out,
			"\nNOTE: the masks of %u of %u %s were not "
			"used to tell the kernel: CPUs have\ngone offline "
			"since.\n",
			e->unlike, e->devices,
			irqm_plural(e->devices, "device", "devices"));
	if (p->other) {
		fputs("\n\n", out);
		return irqm_render_plan(out, p->other, o);
	}
	return irqm_put_end(out);
}
