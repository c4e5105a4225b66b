/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the part of irqaff about what is between the device and the CPU. */
#include "render/irqaff/irqaff.h"

#include <inttypes.h>
#include <string.h>

#include "render/text.h"

static void put_value(FILE *out, enum irqm_wire_fact fact, irqm_num n)
{
	if (fact == IRQM_FACT_DESTINATION)
		fprintf(out, "%#" PRIx64, (uint64_t)n);
	else
		fprintf(out, "%" PRId64, n);
}

static void put_disagreement(FILE *out, const struct irqm_disagreement *d)
{
	switch (d->fact) {
	case IRQM_FACT_IRQ:
		fputs(", but its vector_irq has ", out);
		if (d->found == IRQM_UNKNOWN)
			fputs("no interrupt there", out);
		else
			fprintf(out, "IRQ %" PRId64 " there", d->found);
		break;
	case IRQM_FACT_PRESENT:
		fputs(", but should be present", out);
		break;
	case IRQM_FACT_CPU:
		fprintf(out, ", but the vector is on CPU %" PRId64,
			d->expected);
		break;
	case IRQM_FACT_VECTOR:
	case IRQM_FACT_DESTINATION:
	case IRQM_FACT_HANDLE:
		if (d->level == IRQM_WIRE_HW_CFG) {
			fprintf(out, ", but %s ", irqm_wire_fact_name(d->fact));
			put_value(out, d->fact, d->found);
			fputs(" was programmed", out);
			break;
		}
		fprintf(out, ", but %s has %s ", irqm_wire_name(d->by),
			irqm_wire_fact_name(d->fact));
		put_value(out, d->fact, d->expected);
		break;
	}
	if (d->normal)
		fprintf(out, " (%s)", d->normal);
}

void irqm_put_disagreements(FILE *out, const struct irqm_wired *w,
			    enum irqm_wire level)
{
	unsigned int i;

	for (i = 0; i < w->w.nr; i++)
		if (w->w.d[i].level == level)
			put_disagreement(out, &w->w.d[i]);
}

/* Prints " (CPU 3)", or nothing if the CPU is unknown. */
static void put_destination_cpu(FILE *out, const struct irqm_snapshot *s,
				irqm_num destination, bool logical)
{
	irqm_num cpu = irqm_destination_cpu(s, destination, logical);

	if (cpu != IRQM_UNKNOWN)
		fprintf(out, " (CPU" IRQM_NBSP "%" PRId64 ")", cpu);
}

/* A logical destination is a bit for each APIC, not the number of one. */
void irqm_put_destination(FILE *out, const struct irqm_snapshot *s,
			  irqm_num destination, bool logical)
{
	if (destination == IRQM_UNKNOWN)
		fputs("to ?", out);
	else if (logical)
		fprintf(out, "to logical destination %#" PRIx64,
			(uint64_t)destination);
	else
		fprintf(out, "to APIC %" PRId64, destination);
	put_destination_cpu(out, s, destination, logical);
}

static void put_irte(FILE *out, const struct irqm_snapshot *s,
		     const struct irqm_irte *e)
{
	if (!e->present) {
		fputs("not present", out);
	} else if (e->posted) {
		fputs("posted", out);
	} else {
		irqm_put_destination(out, s, e->destination, e->logical);
		fprintf(out, ", vector %u, %s", e->vector,
			irqm_delivery_mode_name(e->delivery_mode));
	}
}

/* Prints "5 of 512 entries in use", if that is known. */
static void field_table(struct irqm_table *t, const struct irqm_remap_table *in)
{
	FILE *out;

	if (!in || in->entries == IRQM_UNKNOWN)
		return;
	out = irqm_field(t, "table");
	if (in->name) {
		irqm_put_name(out, in->name);
		fputs(", ", out);
	}
	irqm_put_num(out, in->used);
	fprintf(out, " of %" PRId64 " entries in use", in->entries);
}

/* Prints what the driver composed and what the table has, on one line if that
 * is the same. */
static void fields_entry(struct irqm_table *t, const struct irqm_wired *w)
{
	const struct irqm_remap *remap = w->irq->remap;
	const struct irqm_irte *e = &remap->table;
	FILE *out = irqm_field(t, "entry");

	fprintf(out, "%u", remap->index);
	if (remap->amd && remap->devid != IRQM_UNKNOWN)
		fprintf(out, " of device %02" PRIx64 ":%02" PRIx64 ".%" PRIx64,
			remap->devid >> 8 & 0xff, remap->devid >> 3 & 0x1f,
			remap->devid & 7);
	fputs(": ", out);
	if (e->known) {
		put_irte(out, w->s, e);
		irqm_put_disagreements(out, w, IRQM_WIRE_TABLE);
	} else {
		fputc('?', out);
	}
	if (!remap->entry.known)
		return;
	/* not in use: the driver's copy may be old, and is composed anew on
	 * activation */
	if (e->known &&
	    (!e->present || e->posted ||
	     (remap->entry.vector == e->vector &&
	      !irqm_differ(remap->entry.destination, e->destination))))
		return;
	out = irqm_field(t, "composed");
	put_irte(out, w->s, &remap->entry);
	irqm_put_disagreements(out, w, IRQM_WIRE_REMAP);
}

static void fields_remap(struct irqm_table *t, const struct irqm_wired *w)
{
	fields_entry(t, w);
	field_table(t, w->irq->remap->in);
}

static void fields_pin(struct irqm_table *t, const struct irqm_wired *w)
{
	const struct irqm_ioapic *io = w->irq->ioapic;
	struct irqm_ioapic_fields f;
	FILE *out = irqm_field(t, "pin");

	irqm_ioapic_decode(w->irq, &f);
	irqm_put_num(out, io->pin);
	fputs(" of I/O APIC ", out);
	irqm_put_num(out, io->apic);
	if (io->nr_pins == IRQM_UNKNOWN)
		fputs(" and ? more", out);
	else if (io->nr_pins > 1)
		fprintf(out, " and %" PRId64 " more", io->nr_pins - 1);
	fprintf(out, ", %s, active %s%s, ", f.level ? "level" : "edge",
		f.active_low ? "low" : "high", f.masked ? ", masked" : "");
	if (f.unknown) {
		fputs("destination and vector ?", out);
	} else if (f.remapped) {
		fprintf(out, "remapped, handle %u", f.handle);
	} else {
		irqm_put_destination(out, w->s, f.destination, f.logical);
		fprintf(out, ", vector %u, %s", f.vector,
			irqm_delivery_mode_name(f.delivery_mode));
	}
	irqm_put_disagreements(out, w, IRQM_WIRE_IOAPIC);
}

void irqm_fields_level(struct irqm_table *t, const struct irqm_wired *w,
		       unsigned int i)
{
	const char *chip = w->irq->chain[i].chip;

	if (!chip)
		return;
	if (w->irq->ioapic && strstr(chip, "IO-APIC"))
		fields_pin(t, w);
	else if (w->irq->remap && (strncmp(chip, "INTEL-IR", 8) == 0 ||
				   strncmp(chip, "AMD-IR", 6) == 0))
		fields_remap(t, w);
}

/* Prints when irq_move_masked_irq() will apply the affinity. */
static void put_when(FILE *out, const struct irqm_wired *w)
{
	const struct irqm_apic *apic = w->irq->apic;

	switch (irqm_pending_when(w->s, w->irq)) {
	case IRQM_PENDING_NEXT:
		if (apic && apic->vector &&
		    irqm_bits_test(&w->irq->pending_mask, apic->cpu)) {
			fprintf(out,
				"; it stays on CPU" IRQM_NBSP "%u, which is "
				"in it",
				apic->cpu);
			break;
		}
		fputs(", applied by its next interrupt", out);
		if (apic && apic->vector)
			fprintf(out, " on CPU" IRQM_NBSP "%u", apic->cpu);
		break;
	case IRQM_PENDING_ENABLED:
		fputs(", applied by its first interrupt once it is enabled",
		      out);
		break;
	case IRQM_PENDING_MOVE:
		fputs(", applied by an interrupt after the previous vector is "
		      "freed",
		      out);
		break;
	case IRQM_PENDING_START:
		fputs(", applied by its first interrupt once it is started",
		      out);
		break;
	case IRQM_PENDING_DROPPED:
		fputs(", dropped by its next interrupt: none of these CPUs is "
		      "online",
		      out);
		break;
	case IRQM_PENDING_UNKNOWN:
		break;
	}
}

void irqm_fields_pending(struct irqm_table *t, const struct irqm_wired *w)
{
	FILE *out;

	if (w->irq->setaffinity_pending == 0)
		return;
	out = irqm_field(t, "PENDING");
	if (w->irq->setaffinity_pending == IRQM_UNKNOWN) {
		fputc('?', out);
		return;
	}
	irqm_put_bits(out, &w->irq->pending_mask);
	put_when(out, w);
}

void irqm_fields_hint(struct irqm_table *t, const struct irqm_irq *irq)
{
	FILE *out;

	if (irq->has_hint == 1) {
		out = irqm_field(t, "HINT");
		irqm_put_bits(out, &irq->affinity_hint);
		fputs(", the driver's hint to irqbalance", out);
	}
	if (irq->notify) {
		out = irqm_field(t, "NOTIFY");
		irqm_put_name(out, irq->notify);
		fputs(" is called when the affinity changes", out);
	}
}
