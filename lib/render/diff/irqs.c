/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints how devices and interrupts differ in two dumps. */
#include "render/diff/tables.h"

#include <inttypes.h>
#include <string.h>

#include "render/text.h"

/* Fewer equal rows than this are not folded, as in the other views. */
#define MIN_FOLD 4

/* Limit on rows of interrupts, unless all are requested. */
#define MAX_IRQ_ROWS 20

/* nr equal devices, from first on. */
struct run {
	const struct irqm_diff *d;
	const struct irqm_device_diff *first;
	unsigned int nr;
};

static void put_times(FILE *out, const struct run *r,
		      const struct irqm_cost *cost)
{
	unsigned int nr = r->nr;
	irqm_num sum = 0;

	if (!cost) {
		fputc(r->first->change == IRQM_CHANGE_UNKNOWN ? '?' : '-', out);
		return;
	}
	if (__builtin_mul_overflow(cost->cost, (irqm_num)nr, &sum) ||
	    cost->cost == IRQM_UNKNOWN)
		sum = IRQM_UNKNOWN;
	irqm_put_num(out, sum);
}

static void fill_change(FILE *out, const void *row)
{
	fputs(irqm_change_name(((const struct run *)row)->first->change), out);
}

static void fill_before(FILE *out, const void *row)
{
	const struct run *r = row;

	put_times(out, r, r->first->before);
}

static void fill_after(FILE *out, const void *row)
{
	const struct run *r = row;

	put_times(out, r, r->first->after);
}

static void fill_irqs(FILE *out, const void *row)
{
	const struct run *r = row;

	irqm_put_nums(out, r->first->before ? r->first->before->irqs : 0,
		      r->first->after ? r->first->after->irqs : 0);
}

static void fill_device(FILE *out, const void *row)
{
	const struct run *r = row;

	if (r->nr > 1) {
		fprintf(out, "%u," IRQM_NBSP, r->nr);
		irqm_put_num(out, r->first->cost);
		fputs(IRQM_NBSP "each:\n", out);
		irqm_put_name(out, irqm_diff_device(r->d, r->first)->name);
		fputs(IRQM_NBSP "..\n", out);
	}
	irqm_put_name(out, irqm_diff_device(r->d, r->first + r->nr - 1)->name);
}

static void fill_driver(FILE *out, const void *row)
{
	const struct run *r = row;

	irqm_put_name(out,
		      irqm_device_driver(irqm_diff_device(r->d, r->first)));
}

/* For several devices, prints the last consumers of the first and of the last
 * device. */
static void fill_consumers(FILE *out, const void *row)
{
	const struct run *r = row;
	const struct irqm_device *a = irqm_diff_device(r->d, r->first);
	const struct irqm_device *b =
		irqm_diff_device(r->d, r->first + r->nr - 1);

	if (r->nr > 1 && a->nr_consumers && b->nr_consumers) {
		irqm_put_name(out, a->consumers[a->nr_consumers - 1].name);
		fputs(IRQM_NBSP ".." IRQM_NBSP, out);
		irqm_put_name(out, b->consumers[b->nr_consumers - 1].name);
		return;
	}
	if (r->first->renamed) {
		irqm_put_consumers(
			out, &r->d->before->snapshot
				      ->devices[r->first->before->device]);
		fputs(IRQM_ARROW, out);
	}
	irqm_put_consumers(out, a);
}

static const struct irqm_column device_columns[] = {
	{ "DEVICE", "came, went, changed, or unknown", 0, 0, fill_change },
	{ "BEFORE", "its cost in the first dump", IRQM_COL_RIGHT, 0,
	  fill_before },
	{ "AFTER", "its cost in the second dump", IRQM_COL_RIGHT, 0,
	  fill_after },
	{ "IRQS", "interrupts of one device", IRQM_COL_RIGHT, 0, fill_irqs },
	{ "NAME", "the device, or a range that changed in the same way", 0, 0,
	  fill_device },
	{ "DRIVER", "driver of the virtio device, else of the device", 0, 0,
	  fill_driver },
	{ "CONSUMER", "what uses it", IRQM_COL_WRAP, 0, fill_consumers },
};

static bool same_cost(const struct irqm_cost *a, const struct irqm_cost *b)
{
	if (!a || !b)
		return a == b;
	return a->cost != IRQM_UNKNOWN && a->cost == b->cost &&
	       a->irqs == b->irqs;
}

static bool are_alike(const struct irqm_diff *d,
		      const struct irqm_device_diff *a,
		      const struct irqm_device_diff *b)
{
	const char *da = irqm_device_driver(irqm_diff_device(d, a));
	const char *db = irqm_device_driver(irqm_diff_device(d, b));

	return a->change == b->change && same_cost(a->before, b->before) &&
	       same_cost(a->after, b->after) && da && db && strcmp(da, db) == 0;
}

static unsigned int count_alike(const struct irqm_diff *d, unsigned int i)
{
	unsigned int n = 1;

	while (i + n < d->nr_devices &&
	       are_alike(d, &d->devices[i], &d->devices[i + n]))
		n++;
	return n < MIN_FOLD ? 1 : n;
}

int irqm_render_diff_devices(FILE *out, const struct irqm_diff *d,
			     const struct irqm_render_options *options)
{
	struct irqm_table t;
	unsigned int i, n;

	if (irqm_table_init(&t, device_columns, ARRAY_SIZE(device_columns)))
		return -1;
	for (i = 0; i < d->nr_devices; i += n) {
		n = options->all ? 1 : count_alike(d, i);
		if (d->devices[i].change != IRQM_SAME)
			irqm_table_row(&t,
				       &(struct run){ d, &d->devices[i], n });
	}
	return irqm_diff_print(&t, out, options);
}

/* Interrupts. */

struct irq_row {
	const struct irqm_diff *d;
	const struct irqm_irq_diff *irq;
};

static void fill_irq_change(FILE *out, const void *row)
{
	fputs(irqm_change_name(((const struct irq_row *)row)->irq->change),
	      out);
}

static void fill_number(FILE *out, const void *row)
{
	const struct irqm_irq_diff *i = ((const struct irq_row *)row)->irq;

	irqm_put_nums(out, i->before ? i->before->irq : i->after->irq,
		      i->after ? i->after->irq : i->before->irq);
}

static void put_vector(FILE *out, const struct irqm_irq *irq)
{
	if (irq->apic && irq->apic->vector)
		fprintf(out, "%u:%u", irq->apic->cpu, irq->apic->vector);
	else
		fputc(irqm_has_apic(irq) == IRQM_UNKNOWN ? '?' : '-', out);
}

/* Prints the value of both sides, with an arrow if they differ. */
static void put_both(FILE *out, const void *row, unsigned int bits,
		     void (*put)(FILE *out, const struct irqm_irq *irq))
{
	const struct irqm_irq_diff *i = ((const struct irq_row *)row)->irq;

	if (i->before && (!i->after || i->what & bits))
		put(out, i->before);
	if (i->what & bits)
		fputs(IRQM_ARROW, out);
	if (i->after)
		put(out, i->after);
}

static void fill_vector(FILE *out, const void *row)
{
	put_both(out, row, IRQM_DIFF_VECTOR | IRQM_DIFF_CPU, put_vector);
}

static void put_affinity(FILE *out, const struct irqm_irq *irq)
{
	irqm_put_bits(out, &irq->affinity);
	if (irq->setaffinity_pending != 1)
		return;
	fputs(" (pending ", out);
	irqm_put_bits(out, &irq->pending_mask);
	fputc(')', out);
}

static void fill_affinity(FILE *out, const void *row)
{
	put_both(out, row, IRQM_DIFF_AFFINITY | IRQM_DIFF_PENDING,
		 put_affinity);
}

static void put_managed(FILE *out, const struct irqm_irq *irq)
{
	irqm_put_yes(out, irq->managed);
}

static void fill_managed(FILE *out, const void *row)
{
	put_both(out, row, IRQM_DIFF_MANAGED, put_managed);
}

static void fill_irq_device(FILE *out, const void *row)
{
	const struct irq_row *r = row;

	if (r->irq->device < 0)
		fputc('-', out);
	else
		irqm_put_name(out, irqm_diff_device(
					   r->d, &r->d->devices[r->irq->device])
					   ->name);
}

static void fill_actions(FILE *out, const void *row)
{
	put_both(out, row, IRQM_DIFF_ACTIONS, irqm_put_actions);
}

static const struct irqm_column irq_columns[] = {
	{ "IRQ", "came, went, changed, or unknown", 0, 0, fill_irq_change },
	{ "NUMBER", "IRQ number", IRQM_COL_RIGHT, 0, fill_number },
	{ "CPU:VEC", "its CPU and vector", 0, 0, fill_vector },
	{ "AFFINITY", "CPUs that it is allowed on",
	  IRQM_COL_WRAP | IRQM_COL_CLOSE, 0, fill_affinity },
	{ "MAN", "managed", IRQM_COL_CLOSE, 0, fill_managed },
	{ "DEVICE", "device that owns it", IRQM_COL_CLOSE, 0, fill_irq_device },
	{ "ACTION", "names of its actions", IRQM_COL_WRAP, 0, fill_actions },
};

/* Returns true if the interrupt was added or removed with its device, which is
 * already in the table of devices. */
static bool goes_with_device(const struct irqm_diff *d,
			     const struct irqm_irq_diff *i)
{
	return i->device >= 0 &&
	       (d->devices[i->device].change == IRQM_CAME ||
		d->devices[i->device].change == IRQM_WENT ||
		d->devices[i->device].change == IRQM_CHANGE_UNKNOWN);
}

/* Returns true if more changed than the CPU or the name. */
static bool is_notable(const struct irqm_irq_diff *i)
{
	const struct irqm_apic *a, *b;

	if (i->change != IRQM_CHANGED)
		return true;
	a = i->before->apic;
	b = i->after->apic;
	return i->what & (IRQM_DIFF_AFFINITY | IRQM_DIFF_PENDING |
			  IRQM_DIFF_MANAGED) ||
	       (a && b && !a->vector != !b->vector);
}

struct irq_counts {
	unsigned int other_cpu, other_vector, other_name, left_out;
};

static void count_irq(struct irq_counts *c, const struct irqm_irq_diff *i)
{
	if (i->what & IRQM_DIFF_CPU)
		c->other_cpu++;
	else if (i->what & IRQM_DIFF_VECTOR)
		c->other_vector++;
	else
		c->other_name++;
}

/* Prints the important changes first, then, if there is room, the moves. */
static void put_irqs(struct irqm_table *t, const struct irqm_diff *d, bool all,
		     bool important, struct irq_counts *c)
{
	unsigned int i;

	for (i = 0; i < d->nr_irqs; i++) {
		const struct irqm_irq_diff *irq = &d->irqs[i];

		if (irq->change == IRQM_SAME ||
		    (!all && goes_with_device(d, irq)) ||
		    is_notable(irq) != important)
			continue;
		if (!important)
			count_irq(c, irq);
		if ((important || all || irq->what & IRQM_DIFF_CPU) &&
		    (all || t->nr_cells / t->nr_columns < MAX_IRQ_ROWS))
			irqm_table_row(t, &(struct irq_row){ d, irq });
		else
			c->left_out++;
	}
}

static void put_moved(FILE *out, const char **sep, unsigned int nr,
		      const char *where)
{
	if (!nr)
		return;
	fprintf(out, "%s %u to %s", *sep, nr, where);
	*sep = ",";
}

static int put_only_moved(FILE *out, const struct irq_counts *c,
			  unsigned int nr)
{
	const char *sep = ":";
	struct irqm_table t;
	FILE *line;

	if (irqm_table_init(&t, irqm_diff_line, 1))
		return -1;
	line = irqm_table_cell(&t);
	fprintf(line, "%u %s only moved", nr,
		irqm_plural(nr, "interrupt", "interrupts"));
	put_moved(line, &sep, c->other_cpu, "another CPU");
	put_moved(line, &sep, c->other_vector, "another vector");
	put_moved(line, &sep, c->other_name, "another number or name");
	return irqm_table_print(&t, out, false);
}

static int put_irq_foot(FILE *out, const struct irq_counts *c)
{
	unsigned int nr = c->other_cpu + c->other_vector + c->other_name;

	if (nr || c->left_out)
		fputc('\n', out);
	if (nr && put_only_moved(out, c, nr))
		return -1;
	if (c->left_out)
		fprintf(out, "%u %s not listed; -a lists all\n", c->left_out,
			irqm_plural(c->left_out, "interrupt", "interrupts"));
	return irqm_put_end(out);
}

int irqm_render_diff_irqs(FILE *out, const struct irqm_diff *d,
			  const struct irqm_render_options *options)
{
	struct irq_counts c = { 0 };
	struct irqm_table t;

	if (irqm_table_init(&t, irq_columns, ARRAY_SIZE(irq_columns)))
		return -1;
	put_irqs(&t, d, options->all, true, &c);
	put_irqs(&t, d, options->all, false, &c);
	if (irqm_diff_print(&t, out, options))
		return -1;
	return put_irq_foot(out, &c);
}
