/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line per IRQ. */
#include "render/render.h"

#include <string.h>

#include "render/table.h"
#include "render/text.h"

struct row {
	const struct irqm_snapshot *s;
	const struct irqm_irq *irq;
};

static bool is_managed(const struct irqm_irq *irq)
{
	return irq->managed == 1;
}

static bool is_pending(const struct irqm_irq *irq)
{
	return irq->setaffinity_pending == 1;
}

static bool is_shutdown(const struct irqm_irq *irq)
{
	return irqm_has_state(irq, "IRQD_MANAGED_SHUTDOWN");
}

static bool is_reserved(const struct irqm_irq *irq)
{
	return irq->apic && irq->apic->has_reserved;
}

static bool is_moving(const struct irqm_irq *irq)
{
	return irq->apic && irq->apic->move_in_progress;
}

static bool is_cleanup(const struct irqm_irq *irq)
{
	return irq->apic && irq->apic->cleanup_pending == 1;
}

static bool is_disabled(const struct irqm_irq *irq)
{
	return irq->nr_actions && irqm_has_state(irq, "IRQD_IRQ_DISABLED");
}

/* The letters of the column FLAGS, and the legend. */
static const struct flag {
	char letter;
	const char *meaning;
	bool (*test)(const struct irqm_irq *irq);
} flags[] = {
	{ 'M', "managed", is_managed },
	{ 'S', "managed and shut down", is_shutdown },
	{ 'R', "reserved without a vector", is_reserved },
	{ 'P', "affinity change pending", is_pending },
	{ 'm', "move in progress", is_moving },
	{ 'c', "cleanup pending", is_cleanup },
	{ 'd', "disabled", is_disabled },
};

#define NR_FLAGS (sizeof(flags) / sizeof(*flags))

static void fill_irq(FILE *out, const void *row)
{
	fprintf(out, "%u", ((const struct row *)row)->irq->irq);
}

static void fill_device(FILE *out, const void *row)
{
	const struct row *r = row;

	irqm_put_device(out, r->s, r->irq);
}

static void fill_action(FILE *out, const void *row)
{
	irqm_put_actions(out, ((const struct row *)row)->irq);
}

/* No number of apic_chip_data to show: is there none, or was none read? */
static void put_none(FILE *out, const struct irqm_irq *irq)
{
	fputc(irqm_has_apic(irq) == IRQM_UNKNOWN ? '?' : '-', out);
}

/* One of the apic_chip_data's numbers; there is none without a vector. */
static void put_apic(FILE *out, const struct irqm_irq *irq, unsigned int n)
{
	if (irq->apic && irq->apic->vector)
		fprintf(out, "%u", n);
	else
		put_none(out, irq);
}

static void fill_cpu(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;

	put_apic(out, irq, irq->apic ? irq->apic->cpu : 0);
}

static void fill_vector(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;

	put_apic(out, irq, irq->apic ? irq->apic->vector : 0);
}

static void fill_prev(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;
	const struct irqm_apic *apic = irq->apic;

	if (apic && apic->prev_vector)
		fprintf(out, "%u@%u", apic->prev_vector, apic->prev_cpu);
	else
		put_none(out, irq);
}

static void fill_affinity(FILE *out, const void *row)
{
	irqm_put_bits(out, &((const struct row *)row)->irq->affinity);
}

static void fill_effective(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;

	/* left over from before, or the first online CPU's by default */
	if (irq->apic && !irq->apic->vector)
		fputc('-', out);
	else
		irqm_put_bits(out, &irq->effective_affinity);
}

static void fill_flags(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;
	bool any = false;
	unsigned int i;

	for (i = 0; i < NR_FLAGS; i++) {
		if (!flags[i].test(irq))
			continue;
		fputc(flags[i].letter, out);
		any = true;
	}
	if (irq->state == IRQM_UNKNOWN || irqm_has_apic(irq) == IRQM_UNKNOWN)
		fputc('?', out);
	else if (!any)
		fputc('-', out);
}

static const struct irqm_column columns[] = {
	{ "IRQ", "its number", IRQM_COL_RIGHT, 0, fill_irq },
	{ "DEVICE", "owner of its MSI descriptor", 0, 0, fill_device },
	{ "ACTION", "names that it was requested by", IRQM_COL_WRAP, 0,
	  fill_action },
	{ "CPU", "that gets it", IRQM_COL_RIGHT, 0, fill_cpu },
	{ "VECTOR", "on that CPU", IRQM_COL_RIGHT, 0, fill_vector },
	{ "PREV", "vector@CPU that it is being moved from", IRQM_COL_RIGHT |
	  IRQM_COL_OPTIONAL, 0, fill_prev },
	{ "AFFINITY", "CPUs that it may go to", IRQM_COL_WRAP, 0,
	  fill_affinity },
	{ "EFFECTIVE", "CPUs that it does go to", IRQM_COL_WRAP, 0,
	  fill_effective },
	{ "FLAGS", "see the legend", 0, 0, fill_flags },
};

static bool any_selected(const struct irqm_irq *irq,
			 const struct irqm_bits *cpus)
{
	if (!cpus)
		return true;
	return irqm_bits_weight_and(&irq->affinity, cpus) ||
	       (irq->apic && irq->apic->vector &&
		irqm_bits_test(cpus, irq->apic->cpu)) ||
	       (irq->apic && irq->apic->prev_vector &&
		irqm_bits_test(cpus, irq->apic->prev_cpu));
}

/* Explains the letters that were used, "M managed, d disabled". */
static int print_legend(FILE *out, const bool *used)
{
	const char *comma = "";
	const char *p;
	struct irqm_table t;
	FILE *cell = NULL;
	unsigned int i;

	if (irqm_fields_init(&t) < 0)
		return -1;
	for (i = 0; i < NR_FLAGS; i++) {
		if (!used[i])
			continue;
		if (!cell) {
			fputc('\n', out);
			cell = irqm_field(&t, "FLAGS");
		}
		fprintf(cell, "%s%c" IRQM_NBSP, comma, flags[i].letter);
		for (p = flags[i].meaning; *p; p++)
			fputc(*p == ' ' ? *IRQM_NBSP : *p, cell);
		comma = ", ";
	}
	return irqm_table_print(&t, out, false);
}

int irqm_render_irqs(FILE *out, const struct irqm_analysis *a,
		     const struct irqm_render_options *options)
{
	const struct irqm_snapshot *s = a->snapshot;
	bool used[NR_FLAGS] = { false };
	struct irqm_table t;
	unsigned int i, f;

	if (irqm_table_init(&t, columns, sizeof(columns) / sizeof(*columns)))
		return -1;
	for (i = 0; i < s->nr_irqs; i++) {
		struct row row = { s, &s->irqs[i] };

		if (!any_selected(row.irq, options->cpus))
			continue;
		irqm_table_row(&t, &row);
		for (f = 0; f < NR_FLAGS; f++)
			used[f] |= flags[f].test(row.irq);
	}
	if (irqm_table_print(&t, out, options->header) < 0)
		return -1;
	if (!s->irqs_known)
		fputs("not all: the tree of descriptors was not read to its "
		      "end\n", out);
	return options->header ? print_legend(out, used) : irqm_put_end(out);
}
