/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints everything about one IRQ, in the order in which a person asks: what is
 * it, what was requested, what did it get, how is it wired, does it run. */
#include "render/render.h"

#include <inttypes.h>
#include <string.h>

#include "render/irqaff/irqaff.h"
#include "render/text.h"

static void put_node(FILE *out, irqm_num node)
{
	if (node == -1) {
		fputs("no node", out);
	} else {
		fputs("node ", out);
		irqm_put_num(out, node);
	}
}

static void put_irq(struct irqm_table *t, const struct irqm_irq *irq)
{
	FILE *out = irqm_field(t, "IRQ");
	unsigned int i;

	fprintf(out, "%u", irq->irq);
	fputs(", ", out);
	put_node(out, irq->node);
	if (irq->nr_actions == 0 && !irq->actions_cut)
		fputs(", no driver requested it", out);
	for (i = 0; i < irq->nr_actions; i++) {
		const struct irqm_action *action = &irq->actions[i];

		out = irqm_field(t, "ACTION");
		irqm_put_name(out, action->name);
		if (action->handler) {
			fputs(", ", out);
			irqm_put_name(out, action->handler);
		}
		if (action->thread) {
			fputs(", thread ", out);
			irqm_put_name(out, action->thread);
		}
		if (action->comm) {
			fputs(" (", out);
			irqm_put_name(out, action->comm);
			fputs(", pid ", out);
			irqm_put_num(out, action->pid);
			fputc(')', out);
		}
	}
	if (irq->actions_cut)
		fputs("? (could not be read)", irqm_field(t, "ACTION"));
}

void irqm_fields_device(struct irqm_table *t, const struct irqm_device *d)
{
	FILE *out = irqm_field(t, "DEVICE");
	unsigned int i;

	irqm_put_name(out, d->name);
	fputs(", ", out);
	if (d->driver && !*d->driver) {
		fputs("no driver", out);
	} else {
		fputs("driver ", out);
		irqm_put_name(out, d->driver);
	}
	fputs(", ", out);
	put_node(out, d->node);
	for (i = 0; i < d->nr_consumers; i++) {
		const struct irqm_consumer *c = &d->consumers[i];

		if (i == 0)
			out = irqm_field(t, "CONSUMER");
		else
			fputs(", ", out);
		irqm_put_name(out, c->name);
		if (c->driver) {
			fputs(" (", out);
			irqm_put_name(out, c->driver);
			fputc(')', out);
		}
	}
	if (d->consumers_cut)
		fputs(i ? ", ?" : "?", i ? out : irqm_field(t, "CONSUMER"));
}

/* Prints what the driver asked for, and what user space or the kernel set. */
static void put_request(struct irqm_table *t, const struct irqm_snapshot *s,
			const struct irqm_irq *irq)
{
	FILE *out;

	if (irq->msi && irq->msi->has_affinity) {
		out = irqm_field(t, "REQUESTED");
		irqm_put_bits(out, &irq->msi->affinity);
		if (irq->msi->is_managed == 1)
			fputs(" by the driver, managed", out);
		else if (irq->msi->is_managed == 0)
			/* irq_create_affinity_masks(): of the vectors before
			 * and after those of the queues */
			fputs(irqm_bits_equal(&irq->msi->affinity,
					      &s->dump.default_affinity) ?
				      ", the default affinity, not managed" :
				      ", not managed",
			      out);
	}
	out = irqm_field(t, "AFFINITY");
	irqm_put_bits(out, &irq->affinity);
	if (irqm_is_vmd(irq))
		fputs(", cannot be set: only that of the VMD bridge's "
		      "interrupt can",
		      out);
	else if (irq->managed == 1)
		fputs(", managed: only the kernel may change it", out);
	else if (irq->managed == IRQM_UNKNOWN)
		fputs(", unknown whether managed", out);
}

/* Prints which interrupt carries that of a device behind a VMD bridge. */
static void put_bridge(FILE *out, const struct irqm_snapshot *s,
		       const struct irqm_irq *irq)
{
	const struct irqm_irq *bridge = irqm_vmd_bridge(s, irq);

	fputs("none: carried by ", out);
	if (!bridge) {
		fputs("an interrupt of its VMD bridge", out);
		return;
	}
	fprintf(out, "IRQ %u of VMD bridge ", bridge->irq);
	irqm_put_name(out, s->devices[bridge->device].name);
	if (bridge->apic && bridge->apic->vector)
		fprintf(out, ", vector %u on CPU %u", bridge->apic->vector,
			bridge->apic->cpu);
}

/* Prints why an IRQ has no vector. */
static void put_no_vector(FILE *out, const struct irqm_snapshot *s,
			  const struct irqm_irq *irq)
{
	const struct irqm_apic *apic = irq->apic;

	if (irqm_is_vmd(irq))
		put_bridge(out, s, irq);
	else if (irqm_has_apic(irq) == IRQM_UNKNOWN)
		fputs("? (apic_chip_data could not be read)", out);
	else if (!apic && !irq->in_vector_domain)
		fputs("none: not in the vector domain", out);
	else if (!apic)
		fputs("none: no apic_chip_data", out);
	else if (apic->has_reserved)
		fputs("none yet: reserved, gets one when it is requested", out);
	else if (irqm_has_state(irq, "IRQD_MANAGED_SHUTDOWN"))
		fputs("none: shut down until a CPU in its affinity is online",
		      out);
	else if (irq->managed == 1)
		fputs("none: managed, uses one of its reservations once it is "
		      "started",
		      out);
	else
		fputs("none", out);
}

/* Without a vector, the mask still has the first online CPU, so it is not
 * printed. */
static void put_effective(FILE *out, const struct irqm_wired *w)
{
	const struct irqm_irq *irq = w->irq;

	if (irqm_has_apic(irq) == IRQM_UNKNOWN) {
		fputc('?', out);
		return;
	}
	if (!irq->apic || irq->apic->vector) {
		irqm_put_bits(out, &irq->effective_affinity);
		irqm_put_disagreements(out, w, IRQM_WIRE_EFFECTIVE);
		return;
	}
	fputs("none (", out);
	irqm_put_bits(out, &irq->effective_affinity);
	fputs(" is stale: it has no vector)", out);
}

/* xen_bind_pirq_gsi_to_irq() puts Xen's chip on top of an IO-APIC's interrupt,
 * whose domains still give it a vector. */
static bool is_event(const struct irqm_irq *irq)
{
	return irq->nr_levels && irq->chain[0].chip &&
	       strncmp(irq->chain[0].chip, "xen-", 4) == 0;
}

static void put_vector(struct irqm_table *t, const struct irqm_wired *w)
{
	const struct irqm_irq *irq = w->irq;
	const struct irqm_apic *apic = irq->apic;
	FILE *out = irqm_field(t, "VECTOR");

	if (!apic || !apic->vector) {
		put_no_vector(out, w->s, irq);
	} else {
		fprintf(out, "%u on CPU %u", apic->vector, apic->cpu);
		if (is_event(irq))
			fputs(", unused: Xen delivers it as an event", out);
		irqm_put_disagreements(out, w, IRQM_WIRE_HW_CFG);
		irqm_put_disagreements(out, w, IRQM_WIRE_VECTOR_IRQ);
	}
	put_effective(irqm_field(t, "EFFECTIVE"), w);
	if (!apic || !apic->prev_vector)
		return;
	out = irqm_field(t, "PREVIOUS");
	fprintf(out, "%u on CPU %u", apic->prev_vector, apic->prev_cpu);
	if (apic->move_in_progress)
		fputs(", freed after the next interrupt on the new vector",
		      out);
	else if (apic->cleanup_pending == 1)
		fputs(", will be freed by its CPU", out);
}

static void put_levels(struct irqm_table *t, const struct irqm_wired *w)
{
	const struct irqm_irq *irq = w->irq;
	unsigned int i;

	for (i = 0; i < irq->nr_levels; i++) {
		const struct irqm_level *level = &irq->chain[i];
		FILE *out = irqm_field(t, i ? "parent" : "DOMAIN");

		if (!level->domain && !level->domain_addr)
			fputs("none", out);
		else
			irqm_put_name(out, level->domain);
		fputs(", chip ", out);
		irqm_put_name(out, level->chip);
		fprintf(out, ", hwirq %#" PRIx64, level->hwirq);
		irqm_fields_level(t, w, i);
	}
	if (irq->chain_cut)
		fputs("? (could not be read)",
		      irqm_field(t, i ? "parent" : "DOMAIN"));
}

static void put_message(FILE *out, const struct irqm_wired *w)
{
	const struct irqm_irq *irq = w->irq;
	struct irqm_msi_fields f;

	irqm_msi_decode(irq, &f);
	if (f.empty) {
		fputs("not programmed", out);
	} else if (!f.local_apic) {
		fputs("not to a local APIC", out);
	} else if (f.remapped) {
		fprintf(out, "remapped by the IOMMU, handle %u", f.handle);
	} else if (f.vmd) {
		fprintf(out, "to the VMD bridge, MSI-X index %u",
			f.bridge_index);
	} else if (f.unknown) {
		fputs("? (the format depends on a level that could not be "
		      "read)",
		      out);
	} else if (f.foreign) {
		fputs("in a format specific to ", out);
		irqm_put_name(out,
			      irq->nr_levels ? irq->chain[0].domain : NULL);
	} else {
		irqm_put_destination(out, w->s, f.destination, f.logical);
		fputs(f.redirect_hint ? " (redirection hint), " : ", ", out);
		fprintf(out, "vector %u, %s, %s", f.vector,
			irqm_delivery_mode_name(f.delivery_mode),
			f.level ? f.level_assert ? "level, asserted" :
						   "level, deasserted" :
				  "edge");
	}
	irqm_put_disagreements(out, w, IRQM_WIRE_MESSAGE);
}

static void put_msi(struct irqm_table *t, const struct irqm_wired *w)
{
	const struct irqm_irq *irq = w->irq;
	const struct irqm_msi *msi = irq->msi;
	FILE *out;

	if (!msi)
		return;
	out = irqm_field(t, "MSI");
	if (msi->msix == IRQM_UNKNOWN)
		fputc('?', out);
	else
		fputs(msi->msix ? "MSI-X" : "MSI", out);
	fputs(" index ", out);
	irqm_put_num(out, msi->index);
	if (msi->nvec_used > 1)
		fprintf(out, ", %u of %u of one descriptor",
			irq->irq - msi->first_irq + 1, msi->nvec_used);
	if (!msi->has_msg) {
		fputs(", message ?", out);
		return;
	}
	fprintf(out, ", address %#" PRIx64 " data %#" PRIx32, msi->address,
		msi->data);
	put_message(irqm_field(t, "message"), w);
}

/* Omits the prefix that every flag has. */
static const char *without_prefix(const char *flag)
{
	static const char *const prefixes[] = { "IRQD_", "IRQ_TYPE_" };
	size_t i, len;

	for (i = 0; i < 2; i++) {
		len = strlen(prefixes[i]);
		if (strncmp(flag, prefixes[i], len) == 0)
			return flag + len;
	}
	return flag;
}

static void put_state(struct irqm_table *t, const struct irqm_irq *irq)
{
	FILE *out = irqm_field(t, "STATE");
	unsigned int i;

	if (irq->state == IRQM_UNKNOWN)
		fputc('?', out);
	else
		fprintf(out, "0x%08" PRIx64, (uint64_t)irq->state);
	for (i = 0; i < irq->nr_state_flags; i++) {
		fputc(' ', out);
		irqm_put_name(out, without_prefix(irq->state_flags[i]));
	}
	out = irqm_field(t, "DEPTH");
	irqm_put_num(out, irq->depth);
	if (irq->depth != IRQM_UNKNOWN)
		fputs(irq->depth ? " (disabled)" : " (enabled)", out);
	if (irq->wake_depth > 0) /* an unknown depth is negative */
		fprintf(out, ", wake depth %" PRId64, irq->wake_depth);
	out = irqm_field(t, "FLOW");
	irqm_put_name(out, irq->flow);
	if (irq->name) {
		fputs(" (", out);
		irqm_put_name(out, irq->name);
		fputc(')', out);
	}
}

static void put_counts(struct irqm_table *t, const struct irqm_snapshot *s,
		       const struct irqm_irq *irq)
{
	const char *separator = ": ";
	const struct irqm_cpu_count *c;
	unsigned int i;
	FILE *out;

	if (!irq->cpu_counts && irq->count == IRQM_UNKNOWN)
		return; /* not requested, or recorded in unread[] */
	out = irqm_field(t, "COUNT");
	irqm_put_num(out, irq->count);
	for (i = 0; i < irq->nr_cpu_counts; i++) {
		c = &irq->cpu_counts[i];
		fprintf(out, "%sCPU" IRQM_NBSP "%u" IRQM_NBSP "%" PRIu32,
			separator, s->cpus[c->index].cpu, c->count);
		separator = ", ";
	}
	if (irq->irqs_unhandled > 0)
		fprintf(irqm_field(t, "UNHANDLED"), "%" PRId64,
			irq->irqs_unhandled);
}

int irqm_render_irqaff(FILE *out, const struct irqm_analysis *a,
		       unsigned int index)
{
	const struct irqm_snapshot *s = a->snapshot;
	const struct irqm_irq *irq = &s->irqs[index];
	struct irqm_wired w = { .s = s, .irq = irq };
	struct irqm_table t;

	if (irqm_fields_init(&t) < 0)
		return -1;
	irqm_check_wiring(s, irq, &w.w);
	put_irq(&t, irq);
	if (irq->device >= 0 && (unsigned int)irq->device < s->nr_devices)
		irqm_fields_device(&t, &s->devices[irq->device]);
	else if (irq->device_unknown)
		fputc('?', irqm_field(&t, "DEVICE"));
	put_request(&t, s, irq);
	irqm_fields_hint(&t, irq);
	put_vector(&t, &w);
	irqm_fields_pending(&t, &w);
	put_levels(&t, &w);
	put_msi(&t, &w);
	put_state(&t, irq);
	put_counts(&t, s, irq);
	return irqm_table_print(&t, out, false);
}
