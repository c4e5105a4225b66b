/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes an element of "irqs". For "additions" see document.c. */
#include "analysis/wiring.h"
#include "render/json/json.h"

#define add irqm_json_add

struct irqm_json_value irqm_json_actions(const struct irqm_fact_row *row)
{
	const struct irqm_irq *irq = row->irq;
	struct irqm_json array = irqm_json_array();
	unsigned int i;

	for (i = 0; i < irq->nr_actions; i++)
		irqm_json_append(&array, irqm_json_name(irq->actions[i].name));
	return irqm_json_cut(&array, irq->nr_actions, irq->actions_cut);
}

static struct irqm_json_value action_details(const struct irqm_fact_row *row)
{
	const struct irqm_irq *irq = row->irq;
	struct irqm_json array = irqm_json_array();
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
		add(&j, "pid",
		    action->comm ? irqm_json_num(action->pid) :
				   irqm_json_null());
		irqm_json_append(&array, irqm_json_done(&j));
	}
	return irqm_json_cut(&array, irq->nr_actions, irq->actions_cut);
}

static struct irqm_json_value chain_json(const struct irqm_fact_row *row)
{
	const struct irqm_irq *irq = row->irq;
	struct irqm_json array;
	unsigned int i;

	if (!irq->nr_levels) /* every descriptor that could be read has one */
		return irqm_json_null();
	array = irqm_json_array();
	for (i = 0; i < irq->nr_levels; i++) {
		const struct irqm_level *level = &irq->chain[i];
		struct irqm_json j = irqm_json_object();

		add(&j, "domain", irqm_json_name(level->domain));
		add(&j, "chip", irqm_json_name(level->chip));
		add(&j, "hwirq", irqm_json_u64(level->hwirq));
		irqm_json_append(&array, irqm_json_done(&j));
	}
	return irqm_json_cut(&array, irq->nr_levels, irq->chain_cut);
}

static struct irqm_json_value flags_json(const struct irqm_fact_row *row)
{
	const struct irqm_irq *irq = row->irq;
	struct irqm_json array;
	unsigned int i;

	if (irq->state == IRQM_UNKNOWN)
		return irqm_json_null();
	array = irqm_json_array();
	for (i = 0; i < irq->nr_state_flags; i++)
		irqm_json_append(&array, irqm_json_name(irq->state_flags[i]));
	return irqm_json_done(&array);
}

static struct irqm_json_value counts_json(const struct irqm_fact_row *row)
{
	const unsigned int nr_cpus = row->snapshot->nr_cpus;
	const struct irqm_irq *irq = row->irq;
	const struct irqm_cpu_count *c = irq->cpu_counts;
	struct irqm_json array;
	unsigned int i = 0, k;

	if (!c)
		return irqm_json_null();
	array = irqm_json_array();
	/* most are zero */
	for (k = 0; k < irq->nr_cpu_counts && c[k].index < nr_cpus; k++) {
		irqm_json_append_zeros(&array, c[k].index - i);
		irqm_json_append(&array, irqm_json_integer(c[k].count));
		i = c[k].index + 1;
	}
	irqm_json_append_zeros(&array, nr_cpus - i);
	return irqm_json_done(&array);
}

/* The form of the message in which a field is valid. */
enum form {
	NEVER,
	COMPATIBLE,
	REMAPPED
};

static struct irqm_json_value field_value(enum form form, enum form wanted,
					  struct irqm_json_value value)
{
	if (form == wanted)
		return value;
	irqm_json_drop(value);
	return irqm_json_null();
}

static void add_msi_fields(struct irqm_json *j, const struct irqm_snapshot *s,
			   const struct irqm_irq *irq)
{
	const struct irqm_irq *bridge = irqm_vmd_bridge(s, irq);
	struct irqm_msi_fields f;
	enum form form = NEVER;

	irqm_msi_decode(irq, &f);
	if (f.local_apic && !f.foreign && !f.unknown && !f.vmd)
		form = f.remapped ? REMAPPED : COMPATIBLE;
	add(j, "empty",
	    irq->msi->has_msg ? irqm_json_boolean(f.empty) : irqm_json_null());
	add(j, "remapped",
	    form == NEVER ? irqm_json_null() : irqm_json_boolean(f.remapped));
	add(j, "handle",
	    field_value(form, REMAPPED, irqm_json_integer(f.handle)));
	add(j, "destination",
	    field_value(form, COMPATIBLE, irqm_json_integer(f.destination)));
	add(j, "cpu",
	    field_value(form, COMPATIBLE,
			irqm_json_num(irqm_destination_cpu(s, f.destination,
							   f.logical))));
	add(j, "logical",
	    field_value(form, COMPATIBLE, irqm_json_boolean(f.logical)));
	add(j, "redirect_hint",
	    field_value(form, COMPATIBLE, irqm_json_boolean(f.redirect_hint)));
	add(j, "vector",
	    field_value(form, COMPATIBLE, irqm_json_integer(f.vector)));
	add(j, "delivery_mode",
	    field_value(form, COMPATIBLE,
			irqm_json_string(
				irqm_delivery_mode_name(f.delivery_mode))));
	add(j, "level",
	    field_value(form, COMPATIBLE, irqm_json_boolean(f.level)));
	add(j, "level_assert",
	    field_value(form, COMPATIBLE, irqm_json_boolean(f.level_assert)));
	add(j, "bridge_index",
	    f.vmd ? irqm_json_integer(f.bridge_index) : irqm_json_null());
	add(j, "bridge_irq",
	    bridge ? irqm_json_integer(bridge->irq) : irqm_json_null());
}

static struct irqm_json_value msi_json(const struct irqm_fact_row *row)
{
	const struct irqm_msi *msi = row->msi;
	struct irqm_json j;

	if (!msi)
		return irqm_json_null();
	j = irqm_json_object();
	add(&j, "index", irqm_json_num(msi->index));
	add(&j, "address",
	    msi->has_msg ? irqm_json_hex(msi->address) : irqm_json_null());
	add(&j, "data",
	    msi->has_msg ? irqm_json_integer(msi->data) : irqm_json_null());
	add(&j, "affinity",
	    msi->has_affinity ? irqm_json_bits(&msi->affinity) :
				irqm_json_null());
	/* additions */
	add(&j, "is_managed", irqm_json_bool(msi->is_managed));
	add(&j, "msix", irqm_json_bool(msi->msix));
	/* false: the driver asked for no particular CPUs; true: affinity has
	 * them */
	add(&j, "has_affinity", irqm_json_boolean(msi->has_affinity));
	add(&j, "desc", irqm_json_addr(msi->desc));
	add(&j, "first_irq", irqm_json_integer(msi->first_irq));
	add(&j, "nvec_used", irqm_json_integer(msi->nvec_used));
	add_msi_fields(&j, row->snapshot, row->irq);
	return irqm_json_done(&j);
}

struct irqm_json_value irqm_json_irq(const struct irqm_snapshot *s,
				     const struct irqm_irq *irq)
{
	static irqm_json_nest *const nest[IRQM_NR_IRQ_FACTS] = {
		[IRQM_IRQ_FACT_actions] = irqm_json_actions,
		[IRQM_IRQ_FACT_chain] = chain_json,
		[IRQM_IRQ_FACT_state_flags] = flags_json,
		[IRQM_IRQ_FACT_per_cpu_counts] = counts_json,
		[IRQM_IRQ_FACT_msi] = msi_json,
		[IRQM_IRQ_FACT_action_details] = action_details,
		[IRQM_IRQ_FACT_pending_until] = irqm_json_pending,
		[IRQM_IRQ_FACT_remapping] = irqm_json_remapping,
		[IRQM_IRQ_FACT_ioapic] = irqm_json_ioapic,
		[IRQM_IRQ_FACT_disagreements] = irqm_json_disagreements,
	};
	const struct irqm_fact_row row = irqm_irq_row(s, irq);
	struct irqm_json j = irqm_json_object();

	irqm_json_add_facts(&j, irqm_irq_facts, IRQM_NR_IRQ_FACTS, &row, nest);
	return irqm_json_done(&j);
}
