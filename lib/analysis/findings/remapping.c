/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * remapping-bypassed: a PCI device whose messages are not for the remapping
 * table, while remapping is on; remap-table-full: no entry of a table is free.
 */
#include "analysis/findings/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Base class and sub-class of an IOMMU. AMD's is a PCI function whose own
 * interrupt is not remapped. */
#define CLASS_IOMMU 0x0806

/* Segments from here on are those of VMD bridges; their devices use the
 * remapping of the bridge. */
#define SEGMENT_VMD 0x10000

/* Of Intel's faults: the message is not in the format for remapping. */
#define REASON_FORMAT 0x25

struct bypass {
	const struct irqm_snapshot *s;
	bool intel, amd;          /* which remaps interrupts of this machine */
	struct irqm_bits devices; /* that bypass it */
	struct irqm_bits irqs;    /* theirs that do */
	unsigned int nr;          /* devices */
};

static bool begins_with(const char *name, const char *prefix)
{
	return name && strncmp(name, prefix, strlen(prefix)) == 0;
}

static bool has_level(const struct irqm_irq *irq, const char *chip)
{
	unsigned int i;

	for (i = 0; i < irq->nr_levels; i++)
		if (begins_with(irq->chain[i].chip, chip))
			return true;
	return false;
}

/* Whether a driver uses it and its messages go straight to the vectors.
 * Hyper-V's chips have other names: the host composes their messages. */
static bool is_direct(const struct irqm_snapshot *s, const struct irqm_irq *irq)
{
	const struct irqm_device *d;

	if (irq->device < 0 || !irq->nr_actions || !irq->apic ||
	    !irq->apic->vector || irq->nr_levels < 2 ||
	    !irq->chain[1].vector_domain ||
	    !begins_with(irq->chain[0].chip, "PCI-MSI"))
		return false;
	d = &s->devices[irq->device];
	return d->bus && strcmp(d->bus, "pci") == 0 && d->driver &&
	       *d->driver && d->pci_class != IRQM_UNKNOWN &&
	       d->pci_class >> 8 != CLASS_IOMMU;
}

static void look_at_irqs(struct bypass *b)
{
	const struct irqm_snapshot *s = b->s;
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		b->intel |= has_level(irq, "INTEL-IR");
		b->amd |= has_level(irq, "AMD-IR");
		if (!is_direct(s, irq))
			continue;
		b->nr += !irqm_bits_test(&b->devices, irq->device);
		irqm_bits_set(&b->devices, irq->device);
		irqm_bits_set(&b->irqs, irq->irq);
	}
}

static unsigned long segment_of(const struct irqm_device *d)
{
	return d->name ? strtoul(d->name, NULL, 16) : 0;
}

/* Whether another PCI device of its segment is behind an Intel IOMMU, or it is
 * behind a VMD bridge. A segment without an IOMMU has nothing that could block,
 * and AMD's may cover only some devices of one. */
static bool is_covered(const struct bypass *b, const struct irqm_device *d)
{
	const struct irqm_snapshot *s = b->s;
	unsigned int i;

	if (segment_of(d) >= SEGMENT_VMD)
		return true;
	for (i = 0; i < s->nr_irqs; i++)
		if (s->irqs[i].device >= 0 &&
		    has_level(&s->irqs[i], "INTEL-IR") &&
		    segment_of(&s->devices[s->irqs[i].device]) == segment_of(d))
			return true;
	return false;
}

/* Leaves only the faults of the devices. Returns the first one's device. */
static int select_faults(const struct bypass *b, struct evidence *e)
{
	struct evidence all = *e;
	int first = -1, device;
	unsigned int i;

	e->count = e->nr_kept = 0;
	for (i = 0; i < all.nr_kept; i++) {
		device = irqm_log_device(b->s, all.kept[i].device);
		if (device < 0 || !irqm_bits_test(&b->devices, device) ||
		    (all.kept[i].num[0] != IRQM_UNKNOWN &&
		     all.kept[i].num[0] != REASON_FORMAT))
			continue;
		if (first < 0)
			first = device;
		e->first = e->count ? e->first : all.lines[i];
		e->last = all.lines[i];
		e->kept[e->nr_kept] = all.kept[i];
		e->lines[e->nr_kept++] = all.lines[i];
		e->count++;
	}
	return first;
}

/*
 * A blocked interrupt is logged, so that a log which is complete and has no
 * fault speaks against it; but not for VMD, whose bug is known.
 */
static enum irqm_severity severity_of(const struct bypass *b,
				      const struct irqm_device *d,
				      const struct evidence *faults)
{
	const struct irqm_log *log = &b->s->log;

	if (faults->count)
		return IRQM_WARNING;
	if (!is_covered(b, d))
		return IRQM_INFO;
	if (segment_of(d) < SEGMENT_VMD && log->known && !log->cut)
		return IRQM_INFO;
	return IRQM_WARNING;
}

static void say_bypass(const struct bypass *b, const struct irqm_device *d,
		       const struct evidence *faults, struct irqm_text *t)
{
	bool is_sure = severity_of(b, d, faults) == IRQM_WARNING;
	unsigned int nr = irqm_bits_weight(&b->irqs);

	irqm_text_add(t, "The IOMMU %s the interrupts of ",
		      is_sure ? "blocks" : "may block");
	irqm_text_device(t, d);
	if (b->nr > 1)
		irqm_text_add(t, " and %u more %s", b->nr - 1,
			      irqm_plural(b->nr - 1, "device", "devices"));
	irqm_text_add(t,
		      ": interrupt remapping is on, but %s straight to "
		      "the CPUs, past the remapping table",
		      irqm_plural(nr, "its message goes", "its messages go"));
	if (!is_sure)
		irqm_text_add(t, ". No fault in the log says so, and an IOMMU "
				 "may not cover every device");
}

/* "the IOMMU blocks the interrupts of 10000:e2:00.0 (nvme1)" */
static const char *say_bypass_brief(const struct irqm_analysis *a,
				    const struct irqm_device *d)
{
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "the IOMMU blocks the interrupts of ");
	irqm_text_device(&t, d);
	return irqm_arena_strdup(a->arena, t.s);
}

static bool report_bypass(struct irqm_analysis *a, const struct bypass *b)
{
	struct log log = { .a = a };
	struct evidence *faults = &log.e[LOG_FAULT];
	unsigned int first = irqm_bits_next(&b->devices, 0);
	const struct irqm_device *d;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	int named;

	if (b->s->log.known && !irqm_log_read(&log))
		return false;
	named = select_faults(b, faults);
	d = &b->s->devices[named >= 0 ? (unsigned int)named : first];
	say_bypass(b, d, faults, &t);
	if (faults->count)
		f = irqm_log_finding(&log, IRQM_REMAPPING_BYPASSED,
				     IRQM_WARNING, faults, 0, &t);
	else
		f = irqm_finding_add(a, IRQM_REMAPPING_BYPASSED,
				     severity_of(b, d, faults), &t);
	if (!f)
		return false;
	if (f->severity == IRQM_WARNING)
		f->brief = say_bypass_brief(a, d);
	irqm_finding_num(f, "devices", b->nr);
	irqm_finding_string(f, "first_device", d->name);
	irqm_finding_string(f, "first_driver", d->driver);
	irqm_finding_set(f, "irqs", b->irqs);
	irqm_finding_string(f, "iommu", b->intel ? "intel" : "amd");
	return true;
}

bool irqm_find_remapping_bypassed(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct bypass b = {
		.s = s,
		.devices = irqm_bits_new(a->arena, s->nr_devices),
		.irqs = irqm_irq_set(a),
	};

	if (!irqm_bits_known(&b.devices) || !irqm_bits_known(&b.irqs))
		return false;
	look_at_irqs(&b);
	return b.nr && (b.intel || b.amd) ? report_bypass(a, &b) : true;
}

/* A table with less than a tenth of its entries free is worth knowing. */
#define NEARLY_PERCENT 90

static bool is_full(const struct irqm_remap_table *t)
{
	return t->used >= t->entries;
}

static const struct irqm_device *device_of(const struct irqm_snapshot *s,
					   const struct irqm_remap_table *t)
{
	const struct irqm_irq *irq = irqm_find_irq(s, t->first_irq);

	return irq && irq->device >= 0 ? &s->devices[irq->device] : NULL;
}

/* An AMD table is a device's, an Intel table an IOMMU's. */
static void say_owner(const struct irqm_snapshot *s,
		      const struct irqm_remap_table *table, struct irqm_text *t)
{
	const struct irqm_device *d = table->amd ? device_of(s, table) : NULL;

	if (d)
		irqm_text_device(t, d);
	else if (table->amd)
		irqm_text_add(t, "the I/O APIC");
	else
		irqm_text_add(t, "%s", table->name ? table->name : "an IOMMU");
}

/* "the remapping table of 0000:00:03.0 (eth1) is full" */
static const char *say_table_brief(const struct irqm_analysis *a,
				   const struct irqm_remap_table *table)
{
	struct irqm_text t = { 0 };

	irqm_text_add(&t, "the remapping table of ");
	say_owner(a->snapshot, table, &t);
	irqm_text_add(&t, " is %sfull", is_full(table) ? "" : "nearly ");
	return irqm_arena_strdup(a->arena, t.s);
}

static void say_table(const struct irqm_snapshot *s,
		      const struct irqm_remap_table *table, unsigned int full,
		      struct irqm_text *t)
{
	irqm_text_add(t, "The interrupt remapping table of ");
	say_owner(s, table, t);
	if (full > 1)
		irqm_text_add(t, " and %u more", full - 1);
	if (is_full(table))
		irqm_text_add(t,
			      " is full: all %" PRId64 " entries are in use. "
			      "The next interrupt there fails with -28 "
			      "(ENOSPC), whatever the CPUs have free",
			      table->entries);
	else
		irqm_text_add(t,
			      " is nearly full: %" PRId64 " of %" PRId64
			      " entries are in use",
			      table->used, table->entries);
}

bool irqm_find_remap_table_full(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	const struct irqm_remap_table *worst = NULL;
	unsigned int i, full = 0;
	struct irqm_text t = { 0 };
	const struct irqm_device *d;
	struct irqm_finding *f;

	for (i = 0; i < s->nr_remap_tables; i++) {
		const struct irqm_remap_table *table = s->remap_tables[i];

		if (table->entries == IRQM_UNKNOWN ||
		    table->used == IRQM_UNKNOWN ||
		    !irqm_at_least(table->used, NEARLY_PERCENT, table->entries))
			continue;
		full += is_full(table);
		if (!worst || (is_full(table) && !is_full(worst)))
			worst = table;
	}
	if (!worst)
		return true;
	say_table(s, worst, full, &t);
	f = irqm_finding_add(a, IRQM_REMAP_TABLE_FULL,
			     full ? IRQM_WARNING : IRQM_INFO, &t);
	if (!f)
		return false;
	d = device_of(s, worst);
	f->brief = say_table_brief(a, worst);
	irqm_finding_num(f, "tables", full);
	irqm_finding_string(f, "iommu", worst->amd ? "amd" : "intel");
	irqm_finding_string(f, "name", worst->name);
	/* an AMD table belongs to this device, whichever interrupt is first */
	irqm_finding_string(f, "first_device",
			    d && (worst->amd || !s->remap_irqs_cut) ? d->name :
								      NULL);
	irqm_finding_num(f, "entries", worst->entries);
	irqm_finding_num(f, "used", worst->used);
	return true;
}
