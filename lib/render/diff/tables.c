/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints how drivers, CPUs and findings differ in two dumps. */
#include "render/diff/tables.h"

#include <string.h>

#include "render/columns.h"
#include "render/text.h"

const struct irqm_column irqm_diff_line[1] = {
	{ "", "", IRQM_COL_WRAP, 0, NULL },
};

int irqm_diff_print(struct irqm_table *t, FILE *out,
		    const struct irqm_render_options *options)
{
	bool empty = t->nr_cells == 0;

	t->bold = options->color;
	t->line = options->width;
	if (!empty)
		fputc('\n', out);
	return irqm_table_print(t, out, options->header && !empty);
}

/* Prints "+5", "-3" or "0". */
static void put_delta(FILE *out, irqm_num n)
{
	if (n > 0)
		fputc('+', out);
	irqm_put_num(out, n);
}

void irqm_put_nums(FILE *out, irqm_num before, irqm_num after)
{
	irqm_put_num(out, before);
	if (before == after)
		return;
	fputs(IRQM_ARROW, out);
	irqm_put_num(out, after);
}

/* Drivers, and the sums down to global_available. */

struct sum {
	irqm_num before, after;
	const struct irqm_driver_diff *driver; /* may be NULL */
	const char *label;
};

static void fill_before(FILE *out, const void *row)
{
	irqm_put_num(out, ((const struct sum *)row)->before);
}

static void fill_after(FILE *out, const void *row)
{
	irqm_put_num(out, ((const struct sum *)row)->after);
}

static void fill_delta(FILE *out, const void *row)
{
	const struct sum *s = row;

	put_delta(out, irqm_sub(s->after, s->before));
}

static void fill_devices(FILE *out, const void *row)
{
	const struct irqm_driver_diff *d = ((const struct sum *)row)->driver;

	if (!d)
		fputc('-', out);
	else if (d->change == IRQM_CHANGE_UNKNOWN)
		irqm_put_nums(out,
			      d->before ? d->before->devices : IRQM_UNKNOWN,
			      d->after ? d->after->devices : IRQM_UNKNOWN);
	else
		irqm_put_nums(out, d->before ? d->before->devices : 0,
			      d->after ? d->after->devices : 0);
}

static void fill_label(FILE *out, const void *row)
{
	const struct sum *s = row;

	if (!s->driver)
		fputs(s->label, out);
	else if (s->driver->driver && !*s->driver->driver)
		fputs("(no driver)", out);
	else
		irqm_put_name(out, s->driver->driver);
}

static const struct irqm_column sum_columns[] = {
	{ "BEFORE", "vectors in the first dump", IRQM_COL_RIGHT, 0,
	  fill_before },
	{ "AFTER", "vectors in the second dump", IRQM_COL_RIGHT, 0,
	  fill_after },
	{ "+/-", "the difference", IRQM_COL_RIGHT, 0, fill_delta },
	{ "DEVICES", "number of devices", IRQM_COL_RIGHT, 0, fill_devices },
	{ "DRIVER", "driver of the virtio device, else of the device", 0, 0,
	  fill_label },
};

static void put_driver(struct irqm_table *t, const struct irqm_driver_diff *d)
{
	irqm_num none = d->change == IRQM_CHANGE_UNKNOWN ? IRQM_UNKNOWN : 0;

	irqm_table_row(t,
		       &(struct sum){
			       .before = d->before ? d->before->sum.cost : none,
			       .after = d->after ? d->after->sum.cost : none,
			       .driver = d,
		       });
}

static void put_sum(struct irqm_table *t, irqm_num before, irqm_num after,
		    const char *label)
{
	irqm_table_row(t, &(struct sum){ before, after, NULL, label });
}

/* Prints the sum of the drivers that did not change. */
static void put_others(struct irqm_table *t, const struct irqm_diff *d)
{
	irqm_num cost = 0;
	unsigned int i, nr = 0;

	for (i = 0; i < d->nr_drivers; i++) {
		if (d->drivers[i].change != IRQM_SAME)
			continue;
		cost = irqm_add(cost, d->drivers[i].after->sum.cost);
		nr++;
	}
	if (nr)
		put_sum(t, cost, cost, "(drivers that did not change)");
}

/* Returns true if the table shows a change. */
static bool sums_differ(const struct irqm_diff *d)
{
	const struct irqm_diff_sums *s = &d->sums;
	unsigned int i;

	for (i = 0; i < d->nr_drivers; i++)
		if (d->drivers[i].change != IRQM_SAME)
			return true;
	return s->capacity || s->no_device || s->unattributed || s->available;
}

int irqm_render_diff_drivers(FILE *out, const struct irqm_diff *d,
			     const struct irqm_render_options *options)
{
	const struct irqm_accounting *a = &d->before->accounting;
	const struct irqm_accounting *b = &d->after->accounting;
	struct irqm_table t;
	unsigned int i;

	if (!sums_differ(d))
		return 0;
	if (irqm_table_init(&t, sum_columns, ARRAY_SIZE(sum_columns)))
		return -1;
	for (i = 0; i < d->nr_drivers; i++)
		if (options->all || d->drivers[i].change != IRQM_SAME)
			put_driver(&t, &d->drivers[i]);
	if (!options->all)
		put_others(&t, d);
	put_sum(&t, a->no_device.cost, b->no_device.cost, "(no MSI device)");
	put_sum(&t, a->unattributed, b->unattributed, "(unattributed)");
	put_sum(&t, a->lost, b->lost, "(all unavailable)");
	put_sum(&t, d->before->snapshot->matrix.global_available,
		d->after->snapshot->matrix.global_available,
		"(global_available)");
	put_sum(&t, d->before->totals.capacity, d->after->totals.capacity,
		"(all vectors of the online CPUs)");
	return irqm_diff_print(&t, out, options);
}

/* CPUs. */

struct cpus {
	const struct irqm_diff *d;
	const struct irqm_cpu_diff *first, *last;
};

static unsigned int cpu_number(const struct irqm_cpu_diff *c)
{
	return (c->after ? c->after : c->before)->cpu;
}

static void fill_cpu(FILE *out, const void *row)
{
	const struct cpus *c = row;

	irqm_put_range(out, cpu_number(c->first), cpu_number(c->last));
}

static const char *cpu_state(const struct irqm_analysis *a,
			     const struct irqm_cpu *cpu)
{
	return cpu ? irqm_cpu_state(a->snapshot, cpu) : "-";
}

static void fill_state(FILE *out, const void *row)
{
	const struct cpus *c = row;
	const char *a = cpu_state(c->d->before, c->first->before);
	const char *b = cpu_state(c->d->after, c->first->after);

	fputs(a, out);
	if (strcmp(a, b) != 0)
		fprintf(out, IRQM_ARROW "%s", b);
}

/* Prints a number of a CPU for both sides, or for the side that has the CPU. */
static void put_counter(FILE *out, const void *row,
			const struct irqm_fact *fact)
{
	const struct cpus *c = row;
	const struct irqm_fact_row a = { .analysis = c->d->before,
					 .cpu = c->first->before };
	const struct irqm_fact_row b = { .analysis = c->d->after,
					 .cpu = c->first->after };

	irqm_put_nums(out, irqm_fact_number(fact, a.cpu ? &a : &b),
		      irqm_fact_number(fact, b.cpu ? &b : &a));
}

#define PLAIN(id, ...)                                                         \
	static void fill_##id(FILE *out, const void *row)                      \
	{                                                                      \
		put_counter(out, row, &irqm_cpu_facts[IRQM_CPU_##id]);         \
	}
#include "facts/begin.def"
#include "facts/cpumap.def"
#include "facts/end.def"

static const struct irqm_column cpu_columns[] = {
	{ "CPU", "a CPU, or CPUs that changed in the same way", 0, 0,
	  fill_cpu },
	{ "STATE", "state of the cpumap", 0, 0, fill_state },
#define PLAIN(id, place, title, how, text)                                     \
	{ title, text, IRQM_COL_##how, 0, fill_##id },
#include "facts/begin.def"
#include "facts/cpumap.def"
#include "facts/end.def"
};

/* Two CPUs of one dump. */
static bool same_cpu(const struct irqm_analysis *dump, const struct irqm_cpu *a,
		     const struct irqm_cpu *b)
{
	const struct irqm_fact_row row_a = { .analysis = dump, .cpu = a };
	const struct irqm_fact_row row_b = { .analysis = dump, .cpu = b };

	if (!a || !b)
		return a == b;
	return strcmp(cpu_state(dump, a), cpu_state(dump, b)) == 0 &&
	       irqm_facts_compare(IRQM_CPUMAP_FACTS, &row_a, &row_b) ==
		       IRQM_FACTS_EQUAL;
}

static bool are_alike(const struct irqm_diff *d, const struct irqm_cpu_diff *a,
		      const struct irqm_cpu_diff *b)
{
	return same_cpu(d->before, a->before, b->before) &&
	       same_cpu(d->after, a->after, b->after);
}

/* Returns how many neighbours from cpus[i] on have the same state and
 * figures. */
static unsigned int count_alike(const struct irqm_diff *d, unsigned int i)
{
	const struct irqm_cpu_diff *c = &d->cpus[i];
	unsigned int n = 1;

	while (i + n < d->nr_cpus && cpu_number(&c[n]) == cpu_number(c) + n &&
	       are_alike(d, c, &c[n]))
		n++;
	return n;
}

int irqm_render_diff_cpus(FILE *out, const struct irqm_diff *d,
			  const struct irqm_render_options *options)
{
	unsigned int i, n;
	struct irqm_table t;

	if (irqm_table_init_view(&t, cpu_columns, ARRAY_SIZE(cpu_columns),
				 options))
		return -1;
	for (i = 0; i < d->nr_cpus; i += n) {
		const struct irqm_cpu_diff *c = &d->cpus[i];

		n = options->all ? 1 : count_alike(d, i);
		if (c->change == IRQM_SAME)
			continue;
		irqm_table_row(&t, &(struct cpus){ d, c, c + n - 1 });
	}
	return irqm_diff_print(&t, out, options);
}

/* Findings. */

static const struct irqm_finding *finding_of(const void *row)
{
	const struct irqm_finding_diff *f = row;

	return f->after ? f->after : f->before;
}

static void fill_finding_change(FILE *out, const void *row)
{
	fputs(irqm_change_name(((const struct irqm_finding_diff *)row)->change),
	      out);
}

static void fill_severity(FILE *out, const void *row)
{
	const struct irqm_finding_diff *f = row;

	if (f->before && f->after)
		fprintf(out, "%s" IRQM_ARROW,
			irqm_severity_name(f->before->severity));
	fputs(irqm_severity_name(finding_of(row)->severity), out);
}

static void fill_code(FILE *out, const void *row)
{
	fputs(finding_of(row)->kind->code, out);
}

static void fill_text(FILE *out, const void *row)
{
	irqm_put_name(out, finding_of(row)->text);
}

static const struct irqm_column finding_columns[] = {
	{ "FINDING", "came, went, or is more or less severe", 0, 0,
	  fill_finding_change },
	{ "SEVERITY", "severity of the most severe finding with the code", 0, 0,
	  fill_severity },
	{ "CODE", "code of the finding", 0, 0, fill_code },
	{ "TEXT", "text of the finding", IRQM_COL_WRAP, 0, fill_text },
};

int irqm_render_diff_findings(FILE *out, const struct irqm_diff *d,
			      const struct irqm_render_options *options)
{
	struct irqm_table t;
	unsigned int i;

	if (irqm_table_init(&t, finding_columns, ARRAY_SIZE(finding_columns)))
		return -1;
	for (i = 0; i < d->nr_findings; i++)
		irqm_table_row(&t, &d->findings[i]);
	return irqm_diff_print(&t, out, options);
}
