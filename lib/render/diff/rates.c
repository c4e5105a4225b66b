/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/diff/rates.h"

#include <time.h>

#include "render/table.h"
#include "render/text.h"

/* Prints " (+5)" or " (-3)", or nothing for 0 or an unknown number. */
static void put_change(FILE *out, irqm_num n)
{
	if (n != 0 && n != IRQM_UNKNOWN)
		fprintf(out, " (%+lld)", (long long)n);
}

static void put_rate(FILE *out, irqm_num fired, double seconds)
{
	if (fired == IRQM_UNKNOWN || seconds <= 0)
		fputc('?', out);
	else
		fprintf(out, "%.1f", fired / seconds);
}

static void put_when(FILE *out, const struct irqm_rates *r,
		     const struct irqm_rates_time *when)
{
	const struct irqm_dump *d = &r->now->dump;
	time_t seconds = when->epoch;
	char text[40] = "?";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm);
	fprintf(out, "%s  ", text);
	if (d->hostname) {
		irqm_put_name(out, d->hostname);
		fputs("  ", out);
	}
	fputs("up ", out);
	irqm_put_duration(out, d->uptime);
	fprintf(out, "  last %.1f s\n", when->seconds);
}

/* Returns the online CPU with the fewest available vectors, or NULL. */
static const struct irqm_cpu *least_cpu(const struct irqm_snapshot *s)
{
	const struct irqm_cpu *least = NULL;
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++)
		if (s->cpus[i].online == 1 &&
		    s->cpus[i].available != IRQM_UNKNOWN &&
		    (!least || s->cpus[i].available < least->available))
			least = &s->cpus[i];
	return least;
}

static void put_vectors(FILE *out, const struct irqm_rates *r)
{
	const struct irqm_matrix *b = &r->before->matrix, *n = &r->now->matrix;
	const struct irqm_cpu *least = least_cpu(r->now);

	fputs("AVAILABLE ", out);
	irqm_put_num(out, n->global_available);
	put_change(out, irqm_sub(n->global_available, b->global_available));
	if (least) {
		fputs(", least ", out);
		irqm_put_num(out, least->available);
		fprintf(out, " on CPU %u", least->cpu);
	}
	fputs("  ALLOCATED ", out);
	irqm_put_num(out, n->total_allocated);
	put_change(out, irqm_sub(n->total_allocated, b->total_allocated));
	fputs("  RESERVED ", out);
	irqm_put_num(out, n->global_reserved);
	put_change(out, irqm_sub(n->global_reserved, b->global_reserved));
	fputc('\n', out);
}

static void put_changes(FILE *out, const struct irqm_rates *r, double seconds)
{
	unsigned int allocated = r->changes[IRQM_VECTOR_ALLOCATED];
	unsigned int freed = r->changes[IRQM_VECTOR_FREED];
	unsigned int moved = r->changes[IRQM_VECTOR_MOVED];

	fprintf(out, "%u %s allocated, %u freed, %u moved; ", allocated,
		irqm_plural(allocated, "vector", "vectors"), freed, moved);
	put_rate(out, r->fired, seconds);
	fputs(" interrupts/s\n", out);
	if (r->now->nr_unread)
		fprintf(out, "%u %s could not be read\n", r->now->nr_unread,
			irqm_plural(r->now->nr_unread, "part", "parts"));
}

static const struct irqm_column cpu_columns[] = {
	{ "CPU", "", IRQM_COL_RIGHT, 3, NULL },
	{ "STATE", "", 0, 0, NULL },
	{ "AVAILABLE", "", IRQM_COL_RIGHT, 0, NULL },
	{ "+/-", "", IRQM_COL_RIGHT, 0, NULL },
	{ "ALLOCATED", "", IRQM_COL_RIGHT, 0, NULL },
	{ "MANAGED", "", IRQM_COL_RIGHT, 0, NULL },
	{ "RATE/S", "", IRQM_COL_RIGHT, 8, NULL },
};

static void add_cpu(struct irqm_table *t, const struct irqm_rates *r,
		    const struct irqm_cpu_rate *c, double seconds)
{
	FILE *cell;

	fprintf(irqm_table_cell(t), "%u", c->now->cpu);
	fputs(irqm_cpu_state(r->now, c->now), irqm_table_cell(t));
	irqm_put_num(irqm_table_cell(t), c->now->available);
	cell = irqm_table_cell(t);
	if (c->available == IRQM_UNKNOWN)
		fputc('?', cell);
	else
		fprintf(cell, c->available ? "%+lld" : "%lld",
			(long long)c->available);
	irqm_put_num(irqm_table_cell(t), c->now->allocated);
	irqm_put_num(irqm_table_cell(t), c->now->managed);
	put_rate(irqm_table_cell(t), c->fired, seconds);
}

static int print_cpus(FILE *out, const struct irqm_rates *r, double seconds,
		      unsigned int most,
		      const struct irqm_render_options *options)
{
	unsigned int i, nr = most && most < r->nr_cpus ? most : r->nr_cpus;
	struct irqm_table t;

	if (irqm_table_init(&t, cpu_columns, ARRAY_SIZE(cpu_columns)))
		return -1;
	for (i = 0; i < nr; i++)
		add_cpu(&t, r, &r->cpus[i], seconds);
	t.bold = options->color;
	t.line = options->width;
	if (irqm_table_print(&t, out, options->header))
		return -1;
	if (nr < r->nr_cpus)
		fprintf(out, "%u of %u CPUs\n", nr, r->nr_cpus);
	return 0;
}

static const struct irqm_column irq_columns[] = {
	{ "IRQ", "", IRQM_COL_RIGHT, 3, NULL },
	{ "CHANGE", "", 0, 9, NULL },
	{ "CPU", "", IRQM_COL_RIGHT, 0, NULL },
	{ "VECTOR", "", IRQM_COL_RIGHT, 0, NULL },
	{ "RATE/S", "", IRQM_COL_RIGHT, 8, NULL },
	{ "MOST ON", "", IRQM_COL_RIGHT, 0, NULL },
	{ "DEVICE", "", 0, 0, NULL },
	{ "ACTION", "", IRQM_COL_WRAP, 0, NULL },
};

/* Prints "3", or "1 -> 3" if it moved. */
static void put_moved(FILE *out, const struct irqm_rate *r, bool cpu)
{
	const struct irqm_apic *b = r->before ? r->before->apic : NULL;
	const struct irqm_apic *n = r->now ? r->now->apic : NULL;
	unsigned int was = b ? cpu ? b->cpu : b->vector : 0;
	unsigned int is = n ? cpu ? n->cpu : n->vector : 0;

	if (b && !b->vector)
		b = NULL;
	if (n && !n->vector)
		n = NULL;
	if (!b && !n)
		fputc('-', out);
	else if (b && n && was != is)
		fprintf(out, "%u->%u", was, is);
	else
		fprintf(out, "%u", n ? is : was);
}

static void add_irq(struct irqm_table *t, const struct irqm_rates *r,
		    const struct irqm_rate *rate, double seconds)
{
	const struct irqm_irq *irq = rate->now ? rate->now : rate->before;
	FILE *cell;

	fprintf(irqm_table_cell(t), "%u", irq->irq);
	fputs(rate->change == IRQM_VECTOR_KEPT ?
		      "-" :
		      irqm_vector_change_name(rate->change),
	      irqm_table_cell(t));
	put_moved(irqm_table_cell(t), rate, true);
	put_moved(irqm_table_cell(t), rate, false);
	put_rate(irqm_table_cell(t), rate->now ? rate->fired : 0, seconds);
	cell = irqm_table_cell(t);
	if (rate->cpu == IRQM_UNKNOWN)
		fputc('-', cell);
	else
		fprintf(cell, "%lld", (long long)rate->cpu);
	irqm_put_device(irqm_table_cell(t), rate->now ? r->now : r->before,
			irq);
	irqm_put_actions(irqm_table_cell(t), irq);
}

static int print_irqs(FILE *out, const struct irqm_rates *r, double seconds,
		      const struct irqm_render_options *options)
{
	unsigned int i, nr = r->nr_active;
	struct irqm_table t;

	if (options->top && options->top < nr)
		nr = options->top;
	if (irqm_table_init(&t, irq_columns, ARRAY_SIZE(irq_columns)))
		return -1;
	for (i = 0; i < nr; i++)
		add_irq(&t, r, &r->irqs[i], seconds);
	t.bold = options->color;
	t.line = options->width;
	if (irqm_table_print(&t, out, options->header && nr))
		return -1;
	if (nr < r->nr_active)
		fprintf(out, "%u of %u interrupts\n", nr, r->nr_active);
	return 0;
}

int irqm_render_rates(FILE *out, const struct irqm_rates *r,
		      const struct irqm_rates_time *when, unsigned int max_cpus,
		      const struct irqm_render_options *options)
{
	put_when(out, r, when);
	put_vectors(out, r);
	put_changes(out, r, when->seconds);
	fputc('\n', out);
	if (print_cpus(out, r, when->seconds, max_cpus, options))
		return -1;
	fputc('\n', out);
	if (print_irqs(out, r, when->seconds, options))
		return -1;
	return irqm_put_end(out);
}
