/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line per IRQ. */
#include "render/render.h"

#include <inttypes.h>
#include <string.h>

#include "render/columns.h"
#include "render/text.h"
#include "render/views/irq_flags.h"

struct row {
	const struct irqm_snapshot *s;
	const struct irqm_irq *irq;
};

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
	else if (irqm_has_apic(irq) == IRQM_UNKNOWN)
		fputc('?', out);
	else
		irqm_put_bits(out, &irq->effective_affinity);
}

static void fill_flags(FILE *out, const void *row)
{
	irqm_put_irq_flags(out, ((const struct row *)row)->irq);
}

/* What is only shown if it is asked for. */
static void fill_state(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;

	if (irq->state == IRQM_UNKNOWN)
		fputc('?', out);
	else
		fprintf(out, "0x%08" PRIx64, (uint64_t)irq->state);
}

static void fill_state_flags(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;
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

static void fill_managed(FILE *out, const void *row)
{
	irqm_put_yes(out, ((const struct row *)row)->irq->managed);
}

static void fill_pending(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;

	if (irq->setaffinity_pending == 1)
		irqm_put_bits(out, &irq->pending_mask);
	else
		fputc(irq->setaffinity_pending ? '?' : '-', out);
}

static void fill_requested(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;

	if (irq->msi && irq->msi->has_affinity)
		irqm_put_bits(out, &irq->msi->affinity);
	else
		fputc(irq->device_unknown ? '?' : '-', out);
}

static void fill_driver(FILE *out, const void *row)
{
	const struct row *r = row;
	const struct irqm_device *d = irqm_irq_device(r->s, r->irq);

	if (d)
		irqm_put_name(out, d->driver);
	else
		fputc(r->irq->device_unknown ? '?' : '-', out);
}

static void fill_consumers(FILE *out, const void *row)
{
	const struct row *r = row;
	const struct irqm_device *d = irqm_irq_device(r->s, r->irq);

	if (d)
		irqm_put_consumers(out, d);
	else
		fputc(r->irq->device_unknown ? '?' : '-', out);
}

static void fill_handler(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;
	unsigned int i;

	if (irq->nr_actions == 0)
		fputc(irq->actions_cut ? '?' : '-', out);
	for (i = 0; i < irq->nr_actions; i++) {
		if (i)
			fputc(',', out);
		irqm_put_name(out, irq->actions[i].handler);
	}
}

/* The device's own level, or NULL. */
static const struct irqm_level *outermost(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;

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
	const struct irqm_level *level = outermost(out, row);

	if (level)
		put_domain(out, level);
}

static void fill_chip(FILE *out, const void *row)
{
	const struct irqm_level *level = outermost(out, row);

	if (level)
		irqm_put_name(out, level->chip);
}

static void fill_hwirq(FILE *out, const void *row)
{
	const struct irqm_level *level = outermost(out, row);

	if (level)
		fprintf(out, "%#" PRIx64, level->hwirq);
}

static void fill_chain(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;
	unsigned int i;

	if (!outermost(out, row))
		return;
	for (i = 0; i < irq->nr_levels; i++) {
		if (i)
			fputc(',', out);
		put_domain(out, &irq->chain[i]);
	}
	if (irq->chain_cut)
		fputs(",?", out);
}

static void fill_count(FILE *out, const void *row)
{
	irqm_put_num(out, ((const struct row *)row)->irq->count);
}

static void fill_depth(FILE *out, const void *row)
{
	irqm_put_num(out, ((const struct row *)row)->irq->depth);
}

static void fill_unhandled(FILE *out, const void *row)
{
	irqm_put_num(out, ((const struct row *)row)->irq->irqs_unhandled);
}

static void fill_node(FILE *out, const void *row)
{
	irqm_put_num(out, ((const struct row *)row)->irq->node);
}

static void fill_flow(FILE *out, const void *row)
{
	irqm_put_name(out, ((const struct row *)row)->irq->flow);
}

/* The MSI message, or NULL. */
static const struct irqm_msi *message(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;

	if (irq->msi && irq->msi->has_msg)
		return irq->msi;
	fputc(irq->msi || irq->device_unknown ? '?' : '-', out);
	return NULL;
}

static void fill_msi_index(FILE *out, const void *row)
{
	const struct irqm_irq *irq = ((const struct row *)row)->irq;

	if (irq->msi)
		irqm_put_num(out, irq->msi->index);
	else
		fputc(irq->device_unknown ? '?' : '-', out);
}

static void fill_msi_address(FILE *out, const void *row)
{
	const struct irqm_msi *msi = message(out, row);

	if (msi)
		fprintf(out, "%#" PRIx64, msi->address);
}

static void fill_msi_data(FILE *out, const void *row)
{
	const struct irqm_msi *msi = message(out, row);

	if (msi)
		fprintf(out, "%#" PRIx32, msi->data);
}

#define EXTRA IRQM_COL_EXTRA
#define EXTRA_RIGHT (IRQM_COL_EXTRA | IRQM_COL_RIGHT)
#define EXTRA_WRAP (IRQM_COL_EXTRA | IRQM_COL_WRAP)

const struct irqm_column irqm_irq_columns[] = {
	{ "IRQ", "IRQ number", IRQM_COL_RIGHT, 0, fill_irq },
	{ "DEVICE", "device that owns its MSI descriptor", 0, 0, fill_device },
	{ "ACTION", "names of its actions", IRQM_COL_WRAP, 0,
	  fill_action },
	{ "CPU", "CPU that gets it", IRQM_COL_RIGHT, 0, fill_cpu },
	{ "VECTOR", "vector on that CPU", IRQM_COL_RIGHT, 0, fill_vector },
	{ "PREV", "previous vector@CPU, while it moves", IRQM_COL_RIGHT |
	  IRQM_COL_OPTIONAL, 0, fill_prev },
	{ "AFFINITY", "CPUs that it is allowed on", IRQM_COL_WRAP, 0,
	  fill_affinity },
	{ "EFFECTIVE", "CPU that it really goes to", IRQM_COL_WRAP, 0,
	  fill_effective },
	{ "FLAGS", "M managed, S managed and shut down, R reserved without a "
	  "vector, P affinity change pending, m move in progress, c cleanup "
	  "pending, d disabled", 0, 0, fill_flags },
	{ "MANAGED", "whether only the kernel may change its "
		     "affinity", EXTRA, 0,
	  fill_managed },
	{ "PENDING", "affinity that is set but not applied yet", EXTRA_WRAP,
	  0, fill_pending },
	{ "REQUESTED", "affinity that the driver asked for", EXTRA_WRAP, 0,
	  fill_requested },
	{ "DRIVER", "driver of the device", EXTRA, 0, fill_driver },
	{ "CONSUMERS", "what uses the device: virtio1,vda", EXTRA_WRAP, 0,
	  fill_consumers },
	{ "HANDLER", "functions of its actions", EXTRA_WRAP, 0, fill_handler },
	{ "DOMAIN", "irq domain of the device's own level", EXTRA, 0,
	  fill_domain },
	{ "CHIP", "irq chip of that level", EXTRA, 0, fill_chip },
	{ "HWIRQ", "number of the interrupt in that domain", EXTRA_RIGHT, 0,
	  fill_hwirq },
	{ "CHAIN", "irq domains from the device to the CPU", EXTRA_WRAP, 0,
	  fill_chain },
	{ "COUNT", "how many arrived, on all CPUs", EXTRA_RIGHT, 0,
	  fill_count },
	{ "UNHANDLED", "how many no handler took responsibility for",
	  EXTRA_RIGHT, 0, fill_unhandled },
	{ "DEPTH", "disable depth: 0 is enabled", EXTRA_RIGHT, 0,
	  fill_depth },
	{ "FLOW", "flow handler", EXTRA, 0, fill_flow },
	{ "NODE", "NUMA node of its descriptor, -1 if none", EXTRA_RIGHT, 0,
	  fill_node },
	{ "INDEX", "entry of the device's MSI table", EXTRA_RIGHT, 0,
	  fill_msi_index },
	{ "MSI-ADDRESS", "of the message", EXTRA_RIGHT, 0, fill_msi_address },
	{ "MSI-DATA", "of the message", EXTRA_RIGHT, 0, fill_msi_data },
	{ "STATE", "irq_common_data's state, IRQD_*, as a number", EXTRA, 0,
	  fill_state },
	{ "STATE-FLAGS", "the same by name", EXTRA_WRAP, 0,
	  fill_state_flags },
};
const unsigned int irqm_nr_irq_columns = sizeof(irqm_irq_columns) /
					 sizeof(*irqm_irq_columns);

bool irqm_table_irq_row(struct irqm_table *t, const struct irqm_snapshot *s,
			const struct irqm_irq *irq)
{
	const struct row row = { s, irq };

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
		      "to its end\n", out);
	return options->header ? irqm_render_irq_flags(out, flags) :
				 irqm_put_end(out);
}
