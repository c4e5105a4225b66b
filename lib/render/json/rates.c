/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the document "irqmatrix-rates/1". Keys are added, never renamed. */
#include "render/diff/rates.h"

#include "render/json/json.h"

#define SCHEMA "irqmatrix-rates/1"
#define add irqm_json_add

static struct irqm_json_value rate_json(irqm_num fired, double seconds)
{
	return fired == IRQM_UNKNOWN || seconds <= 0 ?
		       irqm_json_null() :
		       irqm_json_real(fired / seconds);
}

static struct irqm_json_value matrix_json(const struct irqm_matrix *m)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "global_available", irqm_json_num(m->global_available));
	add(&j, "global_reserved", irqm_json_num(m->global_reserved));
	add(&j, "total_allocated", irqm_json_num(m->total_allocated));
	add(&j, "online_maps", irqm_json_num(m->online_maps));
	return irqm_json_done(&j);
}

static struct irqm_json_value cpu_json(const struct irqm_cpu_rate *c,
				       double seconds)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "cpu", irqm_json_integer(c->now->cpu));
	add(&j, "online", irqm_json_bool(c->now->online));
	add(&j, "available", irqm_json_num(c->now->available));
	add(&j, "available_change", irqm_json_num(c->available));
	add(&j, "allocated", irqm_json_num(c->now->allocated));
	add(&j, "managed", irqm_json_num(c->now->managed));
	add(&j, "fired", irqm_json_num(c->fired));
	add(&j, "rate", rate_json(c->fired, seconds));
	return irqm_json_done(&j);
}

static struct irqm_json_value place_json(const struct irqm_irq *irq)
{
	struct irqm_json j;

	if (!irq || !irq->apic || !irq->apic->vector)
		return irqm_json_null();
	j = irqm_json_object();
	add(&j, "cpu", irqm_json_integer(irq->apic->cpu));
	add(&j, "vector", irqm_json_integer(irq->apic->vector));
	return irqm_json_done(&j);
}

static struct irqm_json_value actions_json(const struct irqm_irq *irq)
{
	struct irqm_json list = irqm_json_array();
	unsigned int i;

	for (i = 0; i < irq->nr_actions; i++)
		irqm_json_append(&list, irqm_json_name(irq->actions[i].name));
	return irqm_json_cut(&list, irq->nr_actions, irq->actions_cut);
}

static struct irqm_json_value irq_json(const struct irqm_rates *r,
				       const struct irqm_rate *rate,
				       double seconds)
{
	const struct irqm_snapshot *s = rate->now ? r->now : r->before;
	const struct irqm_irq *irq = rate->now ? rate->now : rate->before;
	const struct irqm_device *d = irqm_irq_device(s, irq);
	struct irqm_json j = irqm_json_object();

	add(&j, "irq", irqm_json_integer(irq->irq));
	add(&j, "change",
	    irqm_json_string(irqm_vector_change_name(rate->change)));
	add(&j, "before", place_json(rate->before));
	add(&j, "now", place_json(rate->now));
	add(&j, "fired", irqm_json_num(rate->fired));
	add(&j, "rate", rate_json(rate->fired, seconds));
	add(&j, "most_on", irqm_json_num(rate->cpu));
	add(&j, "device", irqm_json_name(d ? d->name : NULL));
	add(&j, "actions", actions_json(irq));
	return irqm_json_done(&j);
}

int irqm_render_rates_json(FILE *out, const struct irqm_rates *r,
			   const struct irqm_rates_time *when)
{
	struct irqm_json cpus = irqm_json_array(), irqs = irqm_json_array();
	struct irqm_json j = irqm_json_object();
	unsigned int i;

	for (i = 0; i < r->nr_cpus; i++)
		irqm_json_append(&cpus, cpu_json(&r->cpus[i], when->seconds));
	for (i = 0; i < r->nr_active; i++)
		irqm_json_append(&irqs,
				 irq_json(r, &r->irqs[i], when->seconds));
	add(&j, "schema", irqm_json_string(SCHEMA));
	add(&j, "time", irqm_json_integer(when->epoch));
	add(&j, "seconds", irqm_json_real(when->seconds));
	add(&j, "hostname", irqm_json_name(r->now->dump.hostname));
	add(&j, "uptime", irqm_json_num(r->now->dump.uptime));
	add(&j, "matrix", matrix_json(&r->now->matrix));
	add(&j, "allocated",
	    irqm_json_integer(r->changes[IRQM_VECTOR_ALLOCATED]));
	add(&j, "freed", irqm_json_integer(r->changes[IRQM_VECTOR_FREED]));
	add(&j, "moved", irqm_json_integer(r->changes[IRQM_VECTOR_MOVED]));
	add(&j, "cpus", irqm_json_done(&cpus));
	add(&j, "irqs", irqm_json_done(&irqs));
	add(&j, "unread",
	    irqm_json_integer((json_int_t)r->now->nr_unread +
			      r->now->unread_dropped));
	return irqm_json_print(out, irqm_json_done(&j), false);
}
