/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * log-remapping-full, log-interrupt-blocked, log-hypervisor-refused: what the
 * IOMMU or the hypervisor did, for which no CPU needs to be full.
 */
#include "analysis/findings/log.h"

#include <inttypes.h>
#include <string.h>

/* The driver's own message comes within this time. */
#define DRIVER_NS 1000000000

/* The kernel does not name the device; returns the first that then failed. */
static const char *find_failed_device(const struct log *log,
				      const struct irqm_log_line *line)
{
	static const enum log_kind kinds[] = { LOG_PROBE, LOG_REFUSED };
	const struct irqm_log_line *nearest = NULL;
	const char *device = NULL;
	unsigned int i;
	size_t k;

	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		const struct evidence *e = &log->e[kinds[k]];

		for (i = 0; i < e->nr_kept; i++) {
			if (e->lines[i] < line ||
			    e->lines[i]->ns - line->ns > DRIVER_NS ||
			    (nearest && e->lines[i] >= nearest))
				continue;
			nearest = e->lines[i];
			device = e->kept[i].device;
		}
	}
	return device && *device ? device : NULL;
}

/* The tables as they are now; the verdict shows an info about them here. */
static void say_table_now(const struct irqm_analysis *a, struct irqm_text *t)
{
	const struct irqm_finding *f = irqm_find_kind(a, IRQM_REMAP_TABLE_FULL);

	if (f && f->severity == IRQM_INFO && f->brief)
		irqm_text_add(t, ". Now %s: %" PRId64 " of %" PRId64 " entries",
			      f->brief, irqm_find_datum(f, "used")->num,
			      irqm_find_datum(f, "entries")->num);
}

bool irqm_log_find_irte(struct log *log, const struct evidence *e)
{
	const char *device = find_failed_device(log, e->first);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	irqm_text_add(&t,
		      "The IOMMU had no free entry in the interrupt remapping "
		      "table of %s",
		      device ? device : "a device");
	say_table_now(log->a, &t);
	irqm_log_say_state(log, &t);
	f = irqm_log_finding(log, IRQM_LOG_REMAPPING_FULL, IRQM_WARNING, e, 0,
			     &t);
	if (!f)
		return false;
	irqm_finding_string(f, "first_device", device);
	irqm_finding_num(f, "full_cpus",
			 log->full_known ? log->full_cpus : IRQM_UNKNOWN);
	return true;
}

/* Reasons 0x20 to 0x26 of Intel's IOMMU, by its specification. */
static const char *reason_name(int64_t reason)
{
	static const char *const names[] = {
		"reserved bits are set in its message",
		"the index in its message is beyond the table",
		"the table entry is not present",
		"the table cannot be read",
		"reserved bits are set in the table entry",
		"its message is not in the format for remapping",
		"the table entry belongs to another device",
	};

	return reason >= 0x20 && reason < 0x20 + (int64_t)ARRAY_SIZE(names) ?
		       names[reason - 0x20] :
		       NULL;
}

/* Intel's faults before this time are left from the firmware, if they do not
 * repeat. AMD's have other causes too, at any time. */
#define BOOT_NS (10ULL * 1000000000)

/* Firmware can leave a device, such as the HPET, with an interrupt pending. */
static bool is_harmless(const struct log *log, const struct evidence *e,
			unsigned int i)
{
	unsigned int k;

	if ((e->lines[i]->ns >= BOOT_NS && !e->kept[i].context) ||
	    irqm_log_device(log->a->snapshot, e->kept[i].device) >= 0)
		return false;
	for (k = 0; k < e->nr_kept; k++)
		if (k != i && strcmp(e->kept[k].device, e->kept[i].device) == 0)
			return false;
	return true;
}

bool irqm_log_find_faults(struct log *log, const struct evidence *e)
{
	const struct irqm_snapshot *s = log->a->snapshot;
	unsigned int i, worst = 0, nr = 0;
	enum irqm_severity severity = IRQM_INFO;
	struct irqm_text t = { 0 };
	const struct log_match *m;
	struct irqm_finding *f;
	const char *name;
	int device;

	for (i = 0; i < e->nr_kept; i++) {
		nr += !irqm_log_seen_before(e, i);
		if (severity == IRQM_INFO && !is_harmless(log, e, i)) {
			severity = IRQM_WARNING;
			worst = i;
		}
	}
	m = &e->kept[worst];
	device = irqm_log_device(s, m->device);
	name = device >= 0 ? s->devices[device].name : m->device;
	irqm_text_add(&t, "The IOMMU blocked interrupts of %s",
		      name && *name ? name : "a device");
	if (nr > 1)
		irqm_text_add(&t, " and %u more", nr - 1);
	if (reason_name(m->num[0]))
		irqm_text_add(&t, ": %s (reason 0x%" PRIx64 ")",
			      reason_name(m->num[0]), m->num[0]);
	if (severity == IRQM_INFO)
		irqm_text_add(&t, ". It did not happen again, and the device "
				  "has no interrupts now");
	f = irqm_log_finding(log, IRQM_LOG_INTERRUPT_BLOCKED, severity, e,
			     worst, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "devices", nr);
	irqm_finding_string(f, "first_device", name && *name ? name : NULL);
	irqm_finding_num(f, "reason", m->num[0]);
	return true;
}

bool irqm_log_find_hypervisor(struct log *log, const struct evidence *e)
{
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i;

	/* the first line that says it for certain, else the first one */
	for (i = 0; i < e->nr_kept && e->kept[i].context; i++)
		;
	if (i < e->nr_kept)
		irqm_text_add(&t, "The hypervisor refused interrupts: %s",
			      *e->kept[i].device ? e->kept[i].device : "?");
	else
		irqm_text_add(&t, "The hypervisor had a problem with an "
				  "interrupt");
	f = irqm_log_finding(log, IRQM_LOG_HYPERVISOR_REFUSED,
			     i < e->nr_kept ? IRQM_WARNING : IRQM_INFO, e,
			     i < e->nr_kept ? i : 0, &t);
	if (!f)
		return false;
	i = i < e->nr_kept ? i : 0;
	irqm_finding_string(f, "first_device",
			    *e->kept[i].device ? e->kept[i].device : NULL);
	irqm_finding_string(f, "first_driver",
			    *e->kept[i].driver ? e->kept[i].driver : NULL);
	return true;
}
