/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints a line for each IRQ. */
#include "render/render.h"

#include <inttypes.h>
#include <string.h>

#include "render/columns.h"
#include "render/views/irq_flags.h"

static void fill_action(FILE *out, const void *row)
{
	irqm_put_actions(out, ((const struct irqm_fact_row *)row)->irq);
}

/* Prints ? or -: apic_chip_data could not be read, or there is none. */
static void put_none(FILE *out, const struct irqm_irq *irq)
{
	fputc(irqm_has_apic(irq) == IRQM_UNKNOWN ? '?' : '-', out);
}

static void fill_prev(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct irqm_fact_row *)row)->irq;
	const struct irqm_apic *apic = irq->apic;

	if (apic && apic->prev_vector)
		fprintf(out, "%u@%u", apic->prev_vector, apic->prev_cpu);
	else
		put_none(out, irq);
}

static void fill_flags(FILE *out, const void *row)
{
	irqm_put_irq_flags(out, ((const struct irqm_fact_row *)row)->irq);
}

/* Columns that are only shown on request. */
static void fill_state(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct irqm_fact_row *)row)->irq;

	if (irq->state == IRQM_UNKNOWN)
		fputc('?', out);
	else
		fprintf(out, "0x%08" PRIx64, (uint64_t)irq->state);
}

static void fill_state_flags(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct irqm_fact_row *)row)->irq;
	unsigned int i;

	if (irq->state == IRQM_UNKNOWN)
		fputc('?', out);
	else if (!irq->nr_state_flags)
		fputc('-', out);
	for (i = 0; i < irq->nr_state_flags; i++) {
		if (i)
			fputc(',', out);
		irqm_put_name(out, irq->state_flags[i]);
	}
}

static void fill_consumers(FILE *out, const void *row)
{
	const struct irqm_fact_row *r = row;

	if (r->device)
		irqm_put_consumers(out, r->device);
	else
		fputc(r->irq->device_unknown ? '?' : '-', out);
}

static void fill_handler(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct irqm_fact_row *)row)->irq;
	unsigned int i;

	if (irq->nr_actions == 0)
		fputc(irq->actions_cut ? '?' : '-', out);
	for (i = 0; i < irq->nr_actions; i++) {
		if (i)
			fputc(',', out);
		irqm_put_name(out, irq->actions[i].handler);
	}
}

/* Returns the level of the device's own chip, or NULL. */
static const struct irqm_level *outermost_level(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct irqm_fact_row *)row)->irq;

	if (irq->nr_levels)
		return &irq->chain[0];
	fputc(irq->chain_cut ? '?' : '-', out);
	return NULL;
}

static void put_domain(FILE *out, const struct irqm_level *level)
{
	if (!level->domain && !level->domain_addr)
		fputc('-', out);
	else
		irqm_put_name(out, level->domain);
}

static void fill_domain(FILE *out, const void *row)
{
	const struct irqm_level *level = outermost_level(out, row);

	if (level)
		put_domain(out, level);
}

static void fill_chain(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct irqm_fact_row *)row)->irq;
	unsigned int i;

	if (!outermost_level(out, row))
		return;
	for (i = 0; i < irq->nr_levels; i++) {
		if (i)
			fputc(',', out);
		put_domain(out, &irq->chain[i]);
	}
	if (irq->chain_cut)
		fputs(",?", out);
}

#define PLAIN(id, ...) IRQM_FILL(irqm_irq_facts, IRQM_IRQ_FACT_##id, id)
#include "facts/irq.def"

const struct irqm_column irqm_irq_columns[] = {
#define PLAIN IRQM_COLUMN
#define CELL IRQM_COLUMN
#include "facts/irq.def"
};
const unsigned int irqm_nr_irq_columns = ARRAY_SIZE(irqm_irq_columns);

bool irqm_table_irq_row(struct irqm_table *t, const struct irqm_snapshot *s,
			const struct irqm_irq *irq)
{
	const struct irqm_fact_row row = irqm_irq_row(s, irq);

	return irqm_table_row(t, &row);
}

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

int irqm_render_irqs(FILE *out, const struct irqm_analysis *a,
		     const struct irqm_render_options *options)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i, flags = 0;
	struct irqm_table t;

	if (irqm_table_init_view(&t, irqm_irq_columns, irqm_nr_irq_columns,
				 options))
		return -1;
	if (!irqm_render_raw(options))
		t.what = "interrupts";
	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		if (!any_selected(irq, options->cpus))
			continue;
		if (irqm_table_irq_row(&t, s, irq))
			flags |= irqm_irq_flags(irq);
	}
	if (irqm_table_print(&t, out, options->header) < 0)
		return -1;
	if (irqm_render_raw(options))
		return 0;
	if (!s->irqs_known)
		fputs("incomplete: the tree of descriptors could not be read "
		      "to its end\n",
		      out);
	return options->header ? irqm_render_irq_flags(out, flags) :
				 irqm_put_end(out);
}
