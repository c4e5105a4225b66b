/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the owner of each vector, CPU by CPU; neighbours of one kind share a
 * row. */
#include "render/render.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/columns.h"
#include "render/text.h"

/* Most interrupts to list, without -a, for an idle managed reservation. */
#define MAX_IDLE_IRQS 8

/* Vectors first .. last of one CPU, or of CPUs with the same owners. */
struct row {
	const struct irqm_snapshot *s;
	const struct irqm_cpu *cpu;
	const struct irqm_vector_owner *owner; /* owner of the first vector */
	unsigned int first, last;
	bool exceptions;
	bool system_named;
	bool raw; /* output for a program: one vector, no abbreviations */
	bool all;
	bool idle_named; /* a row above has the long list */
	bool idle_cut;   /* unread interrupts may also have the reservation */
	const unsigned int *idle_irqs;
	unsigned int nr_idle_irqs;
};

/* The CPUs from cpus[first] to cpus[last], which have the same owners. */
struct block {
	unsigned int first, last;
	struct irqm_vector_owner owners[IRQM_NR_VECTORS];
	unsigned int *idle_irqs; /* has room for every IRQ of the snapshot */
	unsigned int nr_idle_irqs;
	bool idle_cut;
	bool system_named;
};

static const char *const owner_names[] = {
	[IRQM_OWNER_UNKNOWN] = "?",
	[IRQM_OWNER_FREE] = "free",
	[IRQM_OWNER_OUTSIDE] = "out of range",
	[IRQM_OWNER_SYSTEM] = "system",
	[IRQM_OWNER_IRQ] = "IRQ",
	[IRQM_OWNER_PREVIOUS] = "IRQ, previous",
	[IRQM_OWNER_MANAGED_IDLE] = "idle managed",
	[IRQM_OWNER_LEGACY] = "IRQ, legacy",
	[IRQM_OWNER_NOBODY] = "NO OWNER",
};

/* Returns the first vector that is not an exception's. */
static unsigned int end_of_exceptions(const struct irqm_snapshot *s)
{
	irqm_num start = s->matrix.alloc_start;

	return start >= 0 && start < IRQM_NR_VECTORS ? start : 32;
}

static uint64_t slot_value(const struct irqm_cpu *cpu, unsigned int v)
{
	return cpu->vector_irq ? cpu->vector_irq[v].value : 0;
}

/* Returns true if vector_irq has something else than expected for the owner. */
static bool odd_slot(const struct irqm_snapshot *s, const struct irqm_cpu *cpu,
		     const struct irqm_vector_owner *o, unsigned int v)
{
	switch (o->slot) {
	case IRQM_SLOT_UNKNOWN:
		return false;
	case IRQM_SLOT_UNUSED:
		return o->irq >= 0;
	case IRQM_SLOT_IRQ:
		return o->irq < 0 || !cpu->vector_irq ||
		       cpu->vector_irq[v].irq != s->irqs[o->irq].irq;
	default:
		return true;
	}
}

static bool is_exception(const struct irqm_snapshot *s,
			 const struct irqm_cpu *cpu,
			 const struct irqm_vector_owner *o, unsigned int v)
{
	return v < end_of_exceptions(s) && !odd_slot(s, cpu, o, v) &&
	       (o->owner == IRQM_OWNER_SYSTEM ||
		o->owner == IRQM_OWNER_OUTSIDE);
}

static bool same_name(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Returns true if vector v belongs in the row that begins with first. */
static bool same_row(const struct row *r, const struct irqm_vector_owner *all,
		     unsigned int v)
{
	const struct irqm_vector_owner *a = &all[r->first], *b = &all[v];
	bool odd = odd_slot(r->s, r->cpu, a, r->first);

	if (r->exceptions || is_exception(r->s, r->cpu, b, v))
		return r->exceptions && is_exception(r->s, r->cpu, b, v);
	if (a->owner != b->owner || a->irq != b->irq ||
	    odd != odd_slot(r->s, r->cpu, b, v))
		return false;
	if (odd && (a->slot != b->slot ||
		    slot_value(r->cpu, r->first) != slot_value(r->cpu, v)))
		return false;
	if (a->owner != IRQM_OWNER_SYSTEM || !r->system_named)
		return true;
	return same_name(r->s->system_vector[r->first], r->s->system_vector[v]);
}

static const struct irqm_irq *row_irq(const struct row *r)
{
	int irq = r->owner->irq;

	if (irq < 0 || (unsigned int)irq >= r->s->nr_irqs)
		return NULL;
	return &r->s->irqs[irq];
}

static void fill_vector(FILE *out, const void *row)
{
	const struct row *r = row;

	irqm_put_range(out, r->first, r->last);
}

static void fill_owner(FILE *out, const void *row)
{
	const struct row *r = row;

	if (r->exceptions)
		fputs("exceptions", out);
	else if ((size_t)r->owner->owner < ARRAY_SIZE(owner_names))
		fputs(owner_names[r->owner->owner], out);
}

static void fill_irq(FILE *out, const void *row)
{
	const struct irqm_irq *irq = row_irq(row);

	if (irq)
		fprintf(out, "%u", irq->irq);
	else
		fputc('-', out);
}

static void fill_device(FILE *out, const void *row)
{
	const struct row *r = row;
	const struct irqm_irq *irq = row_irq(r);

	if (irq)
		irqm_put_device(out, r->s, irq);
	else
		fputc('-', out);
}

/* Prints the vector_irq entry, if the owner does not explain it. */
static void put_slot(FILE *out, const struct row *r)
{
	switch (r->owner->slot) {
	case IRQM_SLOT_STRAY:
		fprintf(out,
			"STRAY: vector_irq holds %" PRIx64 ", no descriptor",
			slot_value(r->cpu, r->first));
		break;
	case IRQM_SLOT_SHUTDOWN:
		fputs("vector_irq: shut down", out);
		break;
	case IRQM_SLOT_RETRIGGERED:
		fputs("vector_irq: retriggered", out);
		break;
	case IRQM_SLOT_IRQ:
		fprintf(out, "%svector_irq has IRQ %u",
			r->owner->owner == IRQM_OWNER_UNKNOWN ? "" : "STALE: ",
			r->cpu->vector_irq[r->first].irq);
		break;
	default:
		fputs("MISSING: vector_irq is unused", out);
		break;
	}
}

/* The kernel does not record which interrupt a reservation belongs to. Lists
 * the candidates only if there are few. */
static void put_idle_irqs(FILE *out, const struct row *r)
{
	unsigned int nr = r->nr_idle_irqs;

	if (r->idle_named && nr > MAX_IDLE_IRQS) {
		fputs("the same", out);
		return;
	}
	if (!nr && r->idle_cut) {
		fputc('?', out);
		return;
	}
	fprintf(out, "%s ", irqm_plural(nr, "IRQ", "IRQs"));
	if (!r->all && !r->raw && nr > MAX_IDLE_IRQS)
		nr = MAX_IDLE_IRQS;
	irqm_put_irqs(out, r->s, r->idle_irqs, nr);
	if (nr < r->nr_idle_irqs)
		fprintf(out, " and %u more, see" IRQM_NBSP "-a",
			r->nr_idle_irqs - nr);
	if (r->idle_cut)
		fputs(", ?", out);
}

/* Prints details about the owner. Returns false if there are none. */
static bool put_owner(FILE *out, const struct row *r)
{
	const struct irqm_irq *irq = row_irq(r);
	const char *name = r->s->system_vector[r->first];

	if (irq) {
		irqm_put_actions(out, irq);
	} else if (r->owner->owner == IRQM_OWNER_NOBODY) {
		fputs("allocated, but no interrupt owns it", out);
	} else if (r->owner->owner == IRQM_OWNER_MANAGED_IDLE) {
		if (!r->raw)
			fprintf(out, "%u ", r->last - r->first + 1);
		fputs("for ", out);
		put_idle_irqs(out, r);
	} else if (r->owner->owner == IRQM_OWNER_SYSTEM && !r->exceptions &&
		   !r->system_named && r->last != r->first) {
		fputs("(named above)", out);
	} else if (r->owner->owner == IRQM_OWNER_SYSTEM && !r->exceptions &&
		   name) {
		irqm_put_name(out, name);
	} else if (r->owner->owner == IRQM_OWNER_SYSTEM && !r->exceptions &&
		   r->s->system_vectors_cut) {
		fputc('?', out);
	} else {
		return false;
	}
	return true;
}

static void fill_what(FILE *out, const void *row)
{
	const struct row *r = row;
	bool odd = odd_slot(r->s, r->cpu, r->owner, r->first);
	bool any = put_owner(out, r);

	if (any && odd)
		fputs("; ", out);
	if (odd)
		put_slot(out, r);
	else if (!any)
		fputc('-', out);
}

static void fill_cpu(FILE *out, const void *row)
{
	fprintf(out, "%u", ((const struct row *)row)->cpu->cpu);
}

/* Columns that are only shown on request. */
static void fill_cpu_state(FILE *out, const void *row)
{
	const struct row *r = row;

	fputs(irqm_cpu_state(r->s, r->cpu), out);
}

static void fill_managed(FILE *out, const void *row)
{
	const struct row *r = row;

	irqm_put_yes(out, r->owner->managed);
}

static void fill_slot(FILE *out, const void *row)
{
	static const char *const names[] = {
		[IRQM_SLOT_UNKNOWN] = "?",
		[IRQM_SLOT_UNUSED] = "unused",
		[IRQM_SLOT_SHUTDOWN] = "shutdown",
		[IRQM_SLOT_RETRIGGERED] = "retriggered",
		[IRQM_SLOT_STRAY] = "stray",
	};
	const struct row *r = row;

	if (r->owner->slot == IRQM_SLOT_IRQ && r->cpu->vector_irq)
		fprintf(out, "%u", r->cpu->vector_irq[r->first].irq);
	else if ((size_t)r->owner->slot < ARRAY_SIZE(names) &&
		 names[r->owner->slot])
		fputs(names[r->owner->slot], out);
	else
		fputc('?', out);
}

static void fill_driver(FILE *out, const void *row)
{
	const struct row *r = row;
	const struct irqm_irq *irq = row_irq(r);
	const struct irqm_device *d = irq ? irqm_irq_device(r->s, irq) : NULL;

	if (d)
		irqm_put_name(out, d->driver);
	else
		fputc(irq && irq->device_unknown ? '?' : '-', out);
}

const struct irqm_column irqm_vector_columns[] = {
	{ "CPU", "CPU of the vector", IRQM_COL_RIGHT | IRQM_COL_RAW, 0,
	  fill_cpu },
	{ "VECTOR", "vector, or range of vectors with the same owner", 0, 8,
	  fill_vector },
	{ "OWNER", "kind of owner", 0, 12, fill_owner },
	{ "IRQ", "IRQ number", IRQM_COL_RIGHT, 4, fill_irq },
	{ "DEVICE", "owner of the IRQ's MSI descriptor", 0, 12, fill_device },
	{ "NAME",
	  "actions of the IRQ, name of the system vector, or what is "
	  "inconsistent",
	  IRQM_COL_WRAP, 0, fill_what },
	{ "MANAGED", "whether it is a managed reservation", IRQM_COL_EXTRA, 0,
	  fill_managed },
	{ "SLOT",
	  "entry of vector_irq: an IRQ, or unused, shutdown, "
	  "retriggered, stray",
	  IRQM_COL_EXTRA, 0, fill_slot },
	{ "DRIVER", "driver of the device", IRQM_COL_EXTRA, 0, fill_driver },
	{ "STATE", "state of the CPU's cpumap: online, offline, absent",
	  IRQM_COL_EXTRA, 0, fill_cpu_state },
};
const unsigned int irqm_nr_vector_columns = ARRAY_SIZE(irqm_vector_columns);

static void put_heading(FILE *out, const struct irqm_snapshot *s,
			const struct block *b)
{
	const struct irqm_cpu *cpu = &s->cpus[b->first];

	fputs(b->first == b->last ? "CPU " : "CPUS ", out);
	irqm_put_range(out, cpu->cpu, s->cpus[b->last].cpu);
	fprintf(out, ": %s", irqm_cpu_state(s, cpu));
	if (!cpu->vector_irq)
		fputs("; its vector_irq could not be read", out);
	fputc('\n', out);
}

static int print_block(FILE *out, const struct irqm_snapshot *s,
		       const struct block *b,
		       const struct irqm_render_options *options)
{
	struct row row = {
		.s = s,
		.cpu = &s->cpus[b->first],
		.idle_irqs = b->idle_irqs,
		.nr_idle_irqs = b->nr_idle_irqs,
		.idle_cut = b->idle_cut,
		.system_named = b->system_named,
		.all = options->all,
	};
	struct irqm_table t;
	unsigned int v = 0;

	put_heading(out, s, b);
	if (irqm_table_init_view(&t, irqm_vector_columns,
				 irqm_nr_vector_columns, options))
		return -1;
	t.what = "rows";
	while (v < IRQM_NR_VECTORS) {
		row.owner = &b->owners[v];
		row.first = v;
		row.exceptions = is_exception(s, row.cpu, row.owner, v);
		for (v++; v < IRQM_NR_VECTORS; v++) {
			if (!same_row(&row, b->owners, v))
				break;
		}
		row.last = v - 1;
		irqm_table_row(&t, &row);
		row.idle_named |= row.owner->owner == IRQM_OWNER_MANAGED_IDLE;
	}
	return irqm_table_print(&t, out, options->header);
}

static void fill_block(struct block *b, const struct irqm_claims *claims,
		       unsigned int index)
{
	const struct irqm_snapshot *s = claims->snapshot;

	b->first = b->last = index;
	irqm_vector_owners(claims, index, b->owners);
	b->nr_idle_irqs =
		irqm_managed_idle_irqs(s, index, b->idle_irqs, s->nr_irqs);
	if (b->nr_idle_irqs > s->nr_irqs)
		b->nr_idle_irqs = s->nr_irqs;
	b->idle_cut = irqm_managed_idle_cut(s);
}

static bool same_owners(const struct irqm_snapshot *s, const struct block *a,
			const struct block *b)
{
	const struct irqm_cpu *ca = &s->cpus[a->last], *cb = &s->cpus[b->first];
	unsigned int v;

	if (cb->cpu != ca->cpu + 1 || !ca->vector_irq != !cb->vector_irq ||
	    strcmp(irqm_cpu_state(s, ca), irqm_cpu_state(s, cb)) != 0 ||
	    a->nr_idle_irqs != b->nr_idle_irqs ||
	    memcmp(a->idle_irqs, b->idle_irqs,
		   a->nr_idle_irqs * sizeof(*a->idle_irqs)) != 0)
		return false;
	for (v = 0; v < IRQM_NR_VECTORS; v++) {
		if (a->owners[v].owner != b->owners[v].owner ||
		    a->owners[v].irq != b->owners[v].irq ||
		    a->owners[v].slot != b->owners[v].slot ||
		    slot_value(ca, v) != slot_value(cb, v))
			return false;
	}
	return true;
}

/*
 * Compares two blocks alternately: the current one, which may grow, and the
 * next one, which may join it. System vectors are equal on all CPUs, so they
 * are named only once, except with -a.
 */
static int print_blocks(FILE *out, const struct irqm_claims *claims,
			const struct irqm_render_options *options,
			struct block *waiting, struct block *next)
{
	const struct irqm_snapshot *s = claims->snapshot;
	struct block *swap;
	bool any = false;
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++) {
		if (!irqm_selected(options->cpus, s->cpus[i].cpu))
			continue;
		fill_block(next, claims, i);
		next->system_named = options->all || !any;
		if (any && !options->all && same_owners(s, waiting, next)) {
			waiting->last = i;
			continue;
		}
		if (any) {
			if (print_block(out, s, waiting, options) < 0)
				return -1;
			fputc('\n', out);
		}
		any = true;
		swap = waiting;
		waiting = next;
		next = swap;
	}
	if (!any)
		return irqm_put_end(out);
	return print_block(out, s, waiting, options);
}

/* Prints a row for each vector of each CPU. */
static int print_all(FILE *out, const struct irqm_claims *claims,
		     const struct irqm_render_options *options, struct block *b)
{
	const struct irqm_snapshot *s = claims->snapshot;
	struct irqm_table t;
	unsigned int i, v;

	if (irqm_table_init_view(&t, irqm_vector_columns,
				 irqm_nr_vector_columns, options))
		return -1;
	for (i = 0; i < s->nr_cpus; i++) {
		if (!irqm_selected(options->cpus, s->cpus[i].cpu))
			continue;
		fill_block(b, claims, i);
		for (v = 0; v < IRQM_NR_VECTORS; v++) {
			irqm_table_row(&t,
				       &(struct row){
					       .s = s,
					       .cpu = &s->cpus[i],
					       .owner = &b->owners[v],
					       .first = v,
					       .last = v,
					       .system_named = true,
					       .raw = true,
					       .idle_irqs = b->idle_irqs,
					       .nr_idle_irqs = b->nr_idle_irqs,
					       .idle_cut = b->idle_cut,
				       });
		}
	}
	return irqm_table_print(&t, out, options->header);
}

int irqm_render_vectors(FILE *out, const struct irqm_analysis *a,
			const struct irqm_render_options *options)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct block blocks[2] = { 0 };
	struct irqm_claims claims;
	int i, ret = -1;

	if (irqm_claims_init(&claims, s))
		return -1;
	for (i = 0; i < 2; i++) {
		blocks[i].idle_irqs =
			calloc((size_t)s->nr_irqs + 1, sizeof(unsigned int));
		if (!blocks[i].idle_irqs)
			goto out;
	}
	ret = irqm_render_raw(options) ?
		      print_all(out, &claims, options, &blocks[0]) :
		      print_blocks(out, &claims, options, &blocks[0],
				   &blocks[1]);
out:
	irqm_claims_deinit(&claims);
	free(blocks[0].idle_irqs);
	free(blocks[1].idle_irqs);
	return ret;
}
