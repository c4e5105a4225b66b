/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An element of "irqs". For what "additions" are see document.c. */
#include "analysis/wiring.h"
#include "render/json/json.h"

#define add irqm_json_add

static json_t *action_names(const struct irqm_irq *irq)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < irq->nr_actions; i++)
		irqm_json_append(&array,
				 irqm_json_name(irq->actions[i].name));
	return irqm_json_cut(array, irq->nr_actions, irq->actions_cut);
}

static json_t *action_details(const struct irqm_irq *irq)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < irq->nr_actions; i++) {
		const struct irqm_action *action = &irq->actions[i];
		struct irqm_json j = irqm_json_object();

		add(&j, "name", irqm_json_name(action->name));
		add(&j, "handler", irqm_json_name(action->handler));
		add(&j, "thread", irqm_json_name(action->thread));
		add(&j, "flags", irqm_json_num(action->flags));
		add(&j, "dev_id", irqm_json_hex(action->dev_id));
		add(&j, "comm", irqm_json_name(action->comm));
		add(&j, "pid", action->comm ? irqm_json_num(action->pid)
					    : json_null());
		irqm_json_append(&array, irqm_json_done(&j));
	}
	return irqm_json_cut(array, irq->nr_actions, irq->actions_cut);
}

static json_t *chain_json(const struct irqm_irq *irq)
{
	json_t *array;
	unsigned int i;

	if (!irq->nr_levels) /* every descriptor has one, if it can be read */
		return json_null();
	array = json_array();
	for (i = 0; i < irq->nr_levels; i++) {
		const struct irqm_level *level = &irq->chain[i];
		struct irqm_json j = irqm_json_object();

		add(&j, "domain", irqm_json_name(level->domain));
		add(&j, "chip", irqm_json_name(level->chip));
		add(&j, "hwirq", irqm_json_u64(level->hwirq));
		irqm_json_append(&array, irqm_json_done(&j));
	}
	return irqm_json_cut(array, irq->nr_levels, irq->chain_cut);
}

static json_t *flags_json(const struct irqm_irq *irq)
{
	json_t *array;
	unsigned int i;

	if (irq->state == IRQM_UNKNOWN)
		return json_null();
	array = json_array();
	for (i = 0; i < irq->nr_state_flags; i++)
		irqm_json_append(&array, irqm_json_name(irq->state_flags[i]));
	return array;
}

static json_t *counts_json(const struct irqm_irq *irq, unsigned int nr_cpus)
{
	const struct irqm_cpu_count *c = irq->cpu_counts;
	json_t *array, *zero;
	unsigned int i, k = 0;

	if (!c)
		return json_null();
	array = json_array();
	zero = json_integer(0); /* one for all: most are */
	for (i = 0; i < nr_cpus; i++)
		irqm_json_append(&array,
				 k < irq->nr_cpu_counts && c[k].index == i ?
				 json_integer(c[k++].count) :
				 json_incref(zero));
	json_decref(zero);
	return array;
}

/* In which of the message's forms a field means something. */
enum form { NEVER, COMPATIBLE, REMAPPED };

static json_t *field(enum form form, enum form wanted, json_t *value)
{
	if (form == wanted)
		return value;
	json_decref(value);
	return json_null();
}

static void add_msi_fields(struct irqm_json *j, const struct irqm_snapshot *s,
			   const struct irqm_irq *irq)
{
	struct irqm_msi_fields f;
	enum form form = NEVER;

	irqm_msi_decode(irq, &f);
	if (f.local_apic && !f.foreign && !f.unknown)
		form = f.remapped ? REMAPPED : COMPATIBLE;
	add(j, "empty",
	    irq->msi->has_msg ? json_boolean(f.empty) : json_null());
	add(j, "remapped", form == NEVER ? json_null()
					 : json_boolean(f.remapped));
	add(j, "handle", field(form, REMAPPED, json_integer(f.handle)));
	add(j, "destination",
	    field(form, COMPATIBLE, json_integer(f.destination)));
	add(j, "cpu", field(form, COMPATIBLE,
			    irqm_json_num(irqm_destination_cpu(
				    s, f.destination, f.logical))));
	add(j, "logical", field(form, COMPATIBLE, json_boolean(f.logical)));
	add(j, "redirect_hint",
	    field(form, COMPATIBLE, json_boolean(f.redirect_hint)));
	add(j, "vector", field(form, COMPATIBLE, json_integer(f.vector)));
	add(j, "delivery_mode",
	    field(form, COMPATIBLE,
		  json_string(irqm_delivery_mode_name(f.delivery_mode))));
	add(j, "level", field(form, COMPATIBLE, json_boolean(f.level)));
	add(j, "level_assert",
	    field(form, COMPATIBLE, json_boolean(f.level_assert)));
}

static json_t *msi_json(const struct irqm_snapshot *s,
			const struct irqm_irq *irq)
{
	const struct irqm_msi *msi = irq->msi;
	struct irqm_json j;

	if (!msi)
		return json_null();
	j = irqm_json_object();
	add(&j, "index", irqm_json_num(msi->index));
	add(&j, "address", msi->has_msg ? irqm_json_hex(msi->address)
					: json_null());
	add(&j, "data", msi->has_msg ? json_integer(msi->data) : json_null());
	add(&j, "affinity", msi->has_affinity ? irqm_json_bits(&msi->affinity)
					      : json_null());
	/* additions */
	add(&j, "is_managed", irqm_json_bool(msi->is_managed));
	add(&j, "msix", irqm_json_bool(msi->msix));
	/* false: the driver asked for no CPUs; else affinity says which */
	add(&j, "has_affinity", json_boolean(msi->has_affinity));
	add(&j, "desc", irqm_json_addr(msi->desc));
	add(&j, "first_irq", json_integer(msi->first_irq));
	add(&j, "nvec_used", json_integer(msi->nvec_used));
	add_msi_fields(&j, s, irq);
	return irqm_json_done(&j);
}

/* apic_chip_data's part; all null without it. */
static void add_apic(struct irqm_json *j, const struct irqm_apic *a)
{
	const bool cpu = a && a->vector, prev = a && a->prev_vector;

	add(j, "vector", a ? json_integer(a->vector) : json_null());
	add(j, "cpu", cpu ? json_integer(a->cpu) : json_null());
	add(j, "prev_vector", a ? json_integer(a->prev_vector) : json_null());
	add(j, "prev_cpu", prev ? json_integer(a->prev_cpu) : json_null());
	add(j, "move_in_progress",
	    a ? json_boolean(a->move_in_progress) : json_null());
	add(j, "can_reserve", a ? json_boolean(a->can_reserve) : json_null());
	add(j, "has_reserved",
	    a ? json_boolean(a->has_reserved) : json_null());
}

static void add_device_names(struct irqm_json *j,
			     const struct irqm_snapshot *s, int device)
{
	const struct irqm_device *d = NULL;

	if (device >= 0 && (unsigned int)device < s->nr_devices)
		d = &s->devices[device];
	add(j, "device", irqm_json_name(d ? d->name : NULL));
	add(j, "driver", irqm_json_name(d ? d->driver : NULL));
}

static void add_irq_more(struct irqm_json *j, const struct irqm_irq *irq)
{
	const struct irqm_apic *a = irq->apic;

	add(j, "address", irqm_json_addr(irq->desc));
	add(j, "flow", irqm_json_name(irq->flow));
	add(j, "name", irqm_json_name(irq->name));
	add(j, "depth", irqm_json_num(irq->depth));
	add(j, "wake_depth", irqm_json_num(irq->wake_depth));
	add(j, "node", irqm_json_num(irq->node));
	add(j, "status", irqm_json_num(irq->status));
	add(j, "istate", irqm_json_num(irq->istate));
	add(j, "unhandled", irqm_json_num(irq->irqs_unhandled));
	add(j, "cleanup_pending",
	    irqm_json_bool(a ? a->cleanup_pending : IRQM_UNKNOWN));
	add(j, "hw_vector", a ? irqm_json_num(a->hw_vector) : json_null());
	add(j, "hw_dest_apicid",
	    a ? irqm_json_num(a->hw_dest_apicid) : json_null());
	add(j, "action_details", action_details(irq));
}

json_t *irqm_json_irq(const struct irqm_snapshot *s,
		      const struct irqm_irq *irq)
{
	struct irqm_json j = irqm_json_object();

	add(&j, "irq", json_integer(irq->irq));
	add(&j, "actions", action_names(irq));
	add(&j, "chain", chain_json(irq));
	add(&j, "affinity", irqm_json_bits(&irq->affinity));
	add(&j, "effective_affinity",
	    irqm_json_bits(&irq->effective_affinity));
	add(&j, "pending_affinity",
	    irq->setaffinity_pending == 1 ? irqm_json_bits(&irq->pending_mask)
					  : json_null());
	add(&j, "managed", irqm_json_bool(irq->managed));
	add(&j, "state", irqm_json_num(irq->state));
	add(&j, "state_flags", flags_json(irq));
	add_apic(&j, irq->in_vector_domain ? irq->apic : NULL);
	add_device_names(&j, s, irq->device);
	add(&j, "count", irqm_json_num(irq->count));
	add(&j, "per_cpu_counts", counts_json(irq, s->nr_cpus));
	add(&j, "msi", msi_json(s, irq));
	/* additions */
	add_irq_more(&j, irq);
	irqm_json_add_wiring(&j, s, irq);
	return irqm_json_done(&j);
}
