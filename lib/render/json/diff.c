/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the document "irqmatrix-diff/1". Its lists have only what differs.
 * Keys are added, never renamed. */
#include "render/diff/diff.h"

#include "render/json/json.h"

#define SCHEMA "irqmatrix-diff/1"
#define add irqm_json_add

/* Makes {"before": 3, "after": 5}, with null for the side without it. */
static struct irqm_json_value both_values(struct irqm_json_value before,
					  struct irqm_json_value after)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "before", before);
	add(&j, "after", after);
	return irqm_json_done(&j);
}

static struct irqm_json_value both_nums(irqm_num before, irqm_num after)
{
	return both_values(irqm_json_num(before), irqm_json_num(after));
}

static struct irqm_json_value matrix_json(const struct irqm_diff *d)
{
	struct irqm_json j = irqm_json_object();
	unsigned int i;

	for (i = 0; i < IRQM_NR_DIFF_NUMS; i++)
		add(&j, d->nums[i].name,
		    both_nums(d->nums[i].before, d->nums[i].after));
	return irqm_json_done(&j);
}

static struct irqm_json_value sums_json(const struct irqm_diff_sums *s)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "capacity", irqm_json_num(s->capacity));
	add(&j, "devices_came", irqm_json_num(s->came));
	add(&j, "devices_went", irqm_json_num(s->went));
	add(&j, "devices_changed", irqm_json_num(s->changed));
	add(&j, "no_msi_device", irqm_json_num(s->no_device));
	add(&j, "unattributed", irqm_json_num(s->unattributed));
	add(&j, "global_available", irqm_json_num(s->available));
	return irqm_json_done(&j);
}

static struct irqm_json_value change_json(enum irqm_change change)
{
	return irqm_json_string(irqm_change_name(change));
}

static struct irqm_json_value cpu_side(const struct irqm_cpu *cpu)
{
	struct irqm_json j;

	if (!cpu)
		return irqm_json_null();
	j = irqm_json_object();
	irqm_json_add_facts(&j, IRQM_CPUMAP_FACTS,
			    &(struct irqm_fact_row){ .cpu = cpu }, NULL);
	return irqm_json_done(&j);
}

static struct irqm_json_value cpu_json(const struct irqm_cpu_diff *c)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "cpu",
	    irqm_json_integer(c->after ? c->after->cpu : c->before->cpu));
	add(&j, "change", change_json(c->change));
	add(&j, "before", cpu_side(c->before));
	add(&j, "after", cpu_side(c->after));
	return irqm_json_done(&j);
}

static struct irqm_json_value driver_side(const struct irqm_driver_cost *c)
{
	struct irqm_json j;

	if (!c)
		return irqm_json_null();
	j = irqm_json_object();
	add(&j, "devices", irqm_json_num(c->devices));
	irqm_json_add_cost(&j, &c->sum);
	return irqm_json_done(&j);
}

static struct irqm_json_value driver_json(const struct irqm_driver_diff *d)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "driver", irqm_json_name(d->driver));
	add(&j, "change", change_json(d->change));
	add(&j, "cost_change", irqm_json_num(d->cost));
	add(&j, "before", driver_side(d->before));
	add(&j, "after", driver_side(d->after));
	return irqm_json_done(&j);
}

static struct irqm_json_value consumers_json(const struct irqm_device *d)
{
	struct irqm_json array = irqm_json_array();
	unsigned int i;

	for (i = 0; i < d->nr_consumers; i++)
		irqm_json_append(&array, irqm_json_name(d->consumers[i].name));
	return irqm_json_cut(&array, d->nr_consumers, d->consumers_cut);
}

static struct irqm_json_value device_side(const struct irqm_analysis *a,
					  const struct irqm_cost *c)
{
	struct irqm_json j;

	if (!c)
		return irqm_json_null();
	j = irqm_json_object();
	irqm_json_add_cost(&j, c);
	add(&j, "consumers", consumers_json(&a->snapshot->devices[c->device]));
	return irqm_json_done(&j);
}

static struct irqm_json_value device_json(const struct irqm_diff *d,
					  const struct irqm_device_diff *diff)
{
	const struct irqm_device *device = irqm_diff_device(d, diff);
	struct irqm_json j = irqm_json_object();

	add(&j, "device", irqm_json_name(device->name));
	add(&j, "bus", irqm_json_name(device->bus));
	add(&j, "driver", irqm_json_name(irqm_device_driver(device)));
	add(&j, "change", change_json(diff->change));
	add(&j, "cost_change", irqm_json_num(diff->cost));
	add(&j, "before", device_side(d->before, diff->before));
	add(&j, "after", device_side(d->after, diff->after));
	return irqm_json_done(&j);
}

static struct irqm_json_value irq_side(const struct irqm_analysis *a,
				       const struct irqm_irq *irq)
{
	static const unsigned int keys[] = {
		IRQM_IRQ_FACT_irq,
		IRQM_IRQ_FACT_actions,
		IRQM_IRQ_FACT_vector,
		IRQM_IRQ_FACT_cpu,
		IRQM_IRQ_FACT_affinity,
		IRQM_IRQ_FACT_managed,
		IRQM_IRQ_FACT_pending_affinity,
	};
	static irqm_json_nest *const nest[] = { irqm_json_actions };
	struct irqm_fact_row row;
	struct irqm_json j;
	unsigned int i;

	if (!irq)
		return irqm_json_null();
	row = irqm_irq_row(a->snapshot, irq);
	j = irqm_json_object();
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		irqm_json_add_facts(&j, &irqm_irq_facts[keys[i]], 1, &row,
				    nest);
	return irqm_json_done(&j);
}

static struct irqm_json_value what_json(unsigned int what)
{
	struct irqm_json array = irqm_json_array();
	unsigned int bit;

	for (bit = 0; bit < IRQM_NR_DIFF_BITS; bit++)
		if (what >> bit & 1)
			irqm_json_append(
				&array,
				irqm_json_string(irqm_diff_bit_name(bit)));
	return irqm_json_done(&array);
}

static struct irqm_json_value irq_json(const struct irqm_diff *d,
				       const struct irqm_irq_diff *diff)
{
	const struct irqm_irq *irq = diff->after ? diff->after : diff->before;
	struct irqm_json j = irqm_json_object();

	add(&j, "device",
	    diff->device < 0 ?
		    irqm_json_null() :
		    irqm_json_name(
			    irqm_diff_device(d, &d->devices[diff->device])
				    ->name));
	add(&j, "msi_index",
	    irq->msi ? irqm_json_num(irq->msi->index) : irqm_json_null());
	add(&j, "change", change_json(diff->change));
	add(&j, "what", what_json(diff->what));
	add(&j, "before", irq_side(d->before, diff->before));
	add(&j, "after", irq_side(d->after, diff->after));
	return irqm_json_done(&j);
}

static struct irqm_json_value finding_side(const struct irqm_finding *f)
{
	struct irqm_json j;

	if (!f)
		return irqm_json_null();
	j = irqm_json_object();
	add(&j, "severity", irqm_json_string(irqm_severity_name(f->severity)));
	add(&j, "text", irqm_json_name(f->text));
	return irqm_json_done(&j);
}

static struct irqm_json_value finding_json(const struct irqm_finding_diff *f)
{
	const struct irqm_finding *any = f->after ? f->after : f->before;
	struct irqm_json j = irqm_json_object();

	add(&j, "code", irqm_json_name(any->kind->code));
	add(&j, "change", change_json(f->change));
	add(&j, "before", finding_side(f->before));
	add(&j, "after", finding_side(f->after));
	return irqm_json_done(&j);
}

static struct irqm_json_value unread_json(const struct irqm_snapshot *s)
{
	return irqm_json_integer((json_int_t)s->nr_unread + s->unread_dropped);
}

/* Makes an array of the elements of d->list that differ, each with make(). */
#define LIST(d, list, make)                                                    \
	({                                                                     \
		struct irqm_json array_ = irqm_json_array();                   \
		unsigned int i_;                                               \
		for (i_ = 0; i_ < (d)->nr_##list; i_++)                        \
			if ((d)->list[i_].change != IRQM_SAME)                 \
				irqm_json_append(&array_, make);               \
		irqm_json_done(&array_);                                       \
	})

static struct irqm_json_value diff_document(const struct irqm_diff *d)
{
	const struct irqm_snapshot *a = d->before->snapshot;
	const struct irqm_snapshot *b = d->after->snapshot;
	struct irqm_json j = irqm_json_object();

	add(&j, "schema", irqm_json_string(SCHEMA));
	add(&j, "before", irqm_json_dump(&a->dump));
	add(&j, "after", irqm_json_dump(&b->dump));
	add(&j, "differs", irqm_json_boolean(d->differs));
	add(&j, "other_kernel", irqm_json_boolean(d->other_kernel));
	add(&j, "other_cpus", irqm_json_boolean(d->other_cpus));
	add(&j, "other_machine", irqm_json_boolean(d->other_machine));
	add(&j, "after_is_older", irqm_json_boolean(d->after_is_older));
	add(&j, "matrix", matrix_json(d));
	add(&j, "change", sums_json(&d->sums));
	add(&j, "drivers", LIST(d, drivers, driver_json(&d->drivers[i_])));
	add(&j, "devices", LIST(d, devices, device_json(d, &d->devices[i_])));
	add(&j, "cpus", LIST(d, cpus, cpu_json(&d->cpus[i_])));
	add(&j, "irqs", LIST(d, irqs, irq_json(d, &d->irqs[i_])));
	add(&j, "findings", LIST(d, findings, finding_json(&d->findings[i_])));
	add(&j, "unread", both_values(unread_json(a), unread_json(b)));
	return irqm_json_done(&j);
}

int irqm_render_diff_json(FILE *out, const struct irqm_diff *d, bool pretty)
{
	return irqm_json_print(out, diff_document(d), pretty);
}
