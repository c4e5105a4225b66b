/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes how an element of "irqs" is wired, and at which levels facts
 * disagree. */
#include "analysis/wiring.h"
#include "render/json/json.h"

#define add irqm_json_add

/* Returns null also if the destination is unknown. */
static struct irqm_json_value cpu_json(const struct irqm_snapshot *s,
				       irqm_num destination, bool logical)
{
	return irqm_json_num(irqm_destination_cpu(s, destination, logical));
}

static struct irqm_json_value irte_json(const struct irqm_snapshot *s,
					const struct irqm_irte *e)
{
	struct irqm_json j;

	if (!e->known)
		return irqm_json_null();
	j = irqm_json_object();
	add(&j, "present", irqm_json_boolean(e->present));
	add(&j, "posted", irqm_json_boolean(e->posted));
	add(&j, "vector", irqm_json_integer(e->vector));
	add(&j, "destination", irqm_json_num(e->destination));
	add(&j, "cpu", cpu_json(s, e->destination, e->logical));
	add(&j, "logical", irqm_json_boolean(e->logical));
	add(&j, "redirect_hint", irqm_json_boolean(e->redirect_hint));
	add(&j, "delivery_mode",
	    irqm_json_string(irqm_delivery_mode_name(e->delivery_mode)));
	return irqm_json_done(&j);
}

struct irqm_json_value irqm_json_remapping(const struct irqm_fact_row *row)
{
	const struct irqm_remap *remap = row->irq->remap;
	struct irqm_json j;

	if (!remap)
		return irqm_json_null();
	j = irqm_json_object();
	add(&j, "iommu", irqm_json_string(remap->amd ? "amd" : "intel"));
	add(&j, "index", irqm_json_integer(remap->index));
	add(&j, "devid", irqm_json_num(remap->devid));
	add(&j, "entry", irte_json(row->snapshot, &remap->entry));
	add(&j, "table", irte_json(row->snapshot, &remap->table));
	return irqm_json_done(&j);
}

struct irqm_json_value irqm_json_ioapic(const struct irqm_fact_row *row)
{
	const struct irqm_ioapic *io = row->irq->ioapic;
	struct irqm_ioapic_fields f;
	struct irqm_json j;
	irqm_num dest;
	bool plain;

	if (!io)
		return irqm_json_null();
	irqm_ioapic_decode(row->irq, &f);
	plain = !f.remapped && !f.unknown;
	dest = !plain ? IRQM_UNKNOWN : (irqm_num)f.destination;
	j = irqm_json_object();
	add(&j, "apic", irqm_json_num(io->apic));
	add(&j, "pin", irqm_json_num(io->pin));
	add(&j, "pins", irqm_json_num(io->nr_pins));
	add(&j, "isa_irq", irqm_json_bool(io->isa_irq));
	add(&j, "entry", irqm_json_hex(io->entry));
	add(&j, "masked", irqm_json_boolean(f.masked));
	add(&j, "level", irqm_json_boolean(f.level));
	add(&j, "active_low", irqm_json_boolean(f.active_low));
	add(&j, "remapped",
	    f.unknown ? irqm_json_null() : irqm_json_boolean(f.remapped));
	add(&j, "handle",
	    f.remapped ? irqm_json_integer(f.handle) : irqm_json_null());
	add(&j, "vector",
	    plain ? irqm_json_integer(f.vector) : irqm_json_null());
	add(&j, "destination", irqm_json_num(dest));
	add(&j, "cpu", cpu_json(row->snapshot, dest, f.logical));
	add(&j, "logical",
	    plain ? irqm_json_boolean(f.logical) : irqm_json_null());
	add(&j, "delivery_mode",
	    f.unknown ?
		    irqm_json_null() :
		    irqm_json_string(irqm_delivery_mode_name(f.delivery_mode)));
	return irqm_json_done(&j);
}

/* Unknown if no level of the chain could be read. */
struct irqm_json_value irqm_json_disagreements(const struct irqm_fact_row *row)
{
	struct irqm_wiring w;
	unsigned int i;
	struct irqm_json array;

	if (!row->level)
		return irqm_json_null();
	array = irqm_json_array();
	irqm_check_wiring(row->snapshot, row->irq, &w);
	for (i = 0; i < w.nr; i++) {
		const struct irqm_disagreement *d = &w.d[i];
		struct irqm_json j = irqm_json_object();

		add(&j, "level", irqm_json_string(irqm_wire_name(d->level)));
		add(&j, "by", irqm_json_string(irqm_wire_name(d->by)));
		add(&j, "fact", irqm_json_string(irqm_wire_fact_name(d->fact)));
		add(&j, "expected", irqm_json_num(d->expected));
		add(&j, "found", irqm_json_num(d->found));
		add(&j, "normal", irqm_json_name(d->normal));
		irqm_json_append(&array, irqm_json_done(&j));
	}
	return irqm_json_done(&array);
}

struct irqm_json_value irqm_json_pending(const struct irqm_fact_row *row)
{
	static const char *const words[] = {
		[IRQM_PENDING_NEXT] = "next-interrupt",
		[IRQM_PENDING_ENABLED] = "enabled",
		[IRQM_PENDING_MOVE] = "move-finished",
		[IRQM_PENDING_START] = "started",
		[IRQM_PENDING_DROPPED] = "never",
	};
	enum irqm_pending when = irqm_pending_when(row->snapshot, row->irq);

	if (row->irq->setaffinity_pending != 1 || when == IRQM_PENDING_UNKNOWN)
		return irqm_json_null();
	return irqm_json_string(words[when]);
}
