/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log-probe-failed, log-flags-mismatch: log messages about devices. */
#include "analysis/findings/log.h"

#include <inttypes.h>
#include <string.h>

/* Whether a device of that name or its parent has interrupts. */
static bool has_interrupts(const struct irqm_snapshot *s, const char *name)
{
	unsigned int i, k;

	for (i = 0; i < s->nr_devices; i++) {
		const struct irqm_device *d = &s->devices[i];

		if (d->name && strcmp(d->name, name) == 0)
			return true;
		for (k = 0; k < d->nr_consumers; k++)
			if (d->consumers[k].name &&
			    strcmp(d->consumers[k].name, name) == 0)
				return true;
	}
	return false;
}

static bool seen_before(const struct evidence *e, unsigned int i)
{
	unsigned int k;

	for (k = 0; k < i; k++)
		if (strcmp(e->kept[k].device, e->kept[i].device) == 0)
			return true;
	return false;
}

/* Whether the name was cut: no device can be found by it. */
static bool is_cut(const struct log_match *m)
{
	return strlen(m->device) >= sizeof(m->device) - 1;
}

static bool is_numbered(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(name, prefix, len) == 0 && name[len] &&
	       !name[len + strspn(name + len, "0123456789")];
}

/* -28 has other reasons too. Only these devices need vectors. */
static bool uses_vectors(const char *name)
{
	return irqm_is_pci_address(name) || is_numbered(name, "virtio") ||
	       is_numbered(name, "nvme");
}

struct devices {
	unsigned int nr;
	unsigned int with, without; /* have interrupts now, or have not */
	unsigned int lacking;       /* have not, and need vectors */
	const char *first_lacking;
};

/* Adds the names of the devices, each once, and counts them. */
static struct devices say_devices(const struct irqm_snapshot *s,
				  const struct evidence *e, struct irqm_text *t)
{
	struct devices d = { 0 };
	unsigned int i;

	for (i = 0; i < e->nr_kept; i++) {
		const char *name = e->kept[i].device;

		if (seen_before(e, i))
			continue;
		if (d.nr++ < IRQM_MAX_NAMED)
			irqm_text_add(t, "%s%s", d.nr > 1 ? ", " : "", name);
		if (is_cut(&e->kept[i]))
			continue;
		if (has_interrupts(s, name)) {
			d.with++;
			continue;
		}
		d.without++;
		if (uses_vectors(name) && d.lacking++ == 0)
			d.first_lacking = name;
	}
	if (d.nr > IRQM_MAX_NAMED)
		irqm_text_add(t, " and %u more", d.nr - IRQM_MAX_NAMED);
	return d;
}

/* Devices that have interrupts now: a later probe succeeded. */
bool irqm_log_find_probes(struct log *log, const struct evidence *e)
{
	enum irqm_severity severity = IRQM_WARNING;
	struct irqm_text t = { 0 }, names = { 0 };
	struct irqm_finding *f;
	struct devices d;
	size_t before_state;

	d = say_devices(log->a->snapshot, e, &names);
	irqm_text_add(&t, "%u %s failed to probe with -28 (ENOSPC): %s", d.nr,
		      irqm_plural(d.nr, "device", "devices"), names.s);
	if (!d.lacking)
		severity = IRQM_INFO;
	else if (log->full_cpus)
		severity = IRQM_CRITICAL;
	if (d.with)
		irqm_text_add(&t, ". %u of %u %s interrupts now", d.with, d.nr,
			      irqm_plural(d.with, "has", "have"));
	before_state = t.used;
	irqm_log_say_state(log, &t);
	f = irqm_log_finding(log, IRQM_LOG_PROBE_FAILED, severity, e, 0, &t);
	if (!f)
		return false;
	if (log->full_cpus)
		f->evidence = before_state; /* vectors-exhausted says it */
	irqm_finding_num(f, "devices", d.nr);
	irqm_finding_num(f, "devices_without", d.without);
	irqm_finding_string(f, "first_device", e->kept[0].device);
	irqm_finding_string(f, "first_driver", e->kept[0].driver);
	irqm_finding_string(f, "first_lacking", d.first_lacking);
	irqm_finding_num(f, "full_cpus",
			 log->full_known ? log->full_cpus : IRQM_UNKNOWN);
	irqm_finding_num(f, "global_available",
			 log->a->snapshot->matrix.global_available);
	return true;
}

static bool has_device(const struct evidence *e, const char *device)
{
	unsigned int i;

	for (i = 0; i < e->nr_kept; i++)
		if (strcmp(e->kept[i].device, device) == 0)
			return true;
	return false;
}

/*
 * Returns how many devices were refused an interrupt and failed to probe.
 * *ret_timer says whether one of them had asked for the timer's, IRQ 0.
 */
static unsigned int busy_probes(const struct log *log,
				const struct evidence *refused, bool *ret_timer)
{
	const struct evidence *busy = &log->e[LOG_PROBE_BUSY];
	unsigned int i, nr = 0;

	*ret_timer = false;
	for (i = 0; i < refused->nr_kept; i++) {
		if (!has_device(busy, refused->kept[i].device))
			continue;
		*ret_timer |= refused->kept[i].num[0] == 0;
		nr += !seen_before(refused, i);
	}
	return nr;
}

/* Only info by default: any two drivers that do not share cause it. */
bool irqm_log_find_flags(struct log *log, const struct evidence *e)
{
	bool timer;
	unsigned int failed = busy_probes(log, e, &timer);
	struct irqm_text t = { 0 }, names = { 0 };
	struct irqm_finding *f;
	struct devices d;

	d = say_devices(log->a->snapshot, e, &names);
	irqm_text_add(&t, "%u %s refused an interrupt with -16 (EBUSY): %s. ",
		      d.nr, irqm_plural(d.nr, "device was", "devices were"),
		      names.s);
	irqm_text_add(&t, "%s asked for IRQ %" PRId64 ", owned by %s",
		      irqm_plural(d.nr, "It", "The first one"),
		      e->kept[0].num[0], e->kept[0].driver);
	if (failed)
		irqm_text_add(&t, ". %u of %u failed to probe", failed, d.nr);
	irqm_log_say_state(log, &t);
	f = irqm_log_finding(log, IRQM_LOG_FLAGS_MISMATCH,
			     timer || log->full_cpus ? IRQM_WARNING : IRQM_INFO,
			     e, 0, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "irq", e->kept[0].num[0]);
	irqm_finding_num(f, "devices", d.nr);
	irqm_finding_num(f, "probes_failed", failed);
	irqm_finding_string(f, "first_device", e->kept[0].device);
	irqm_finding_string(f, "owner", e->kept[0].driver);
	return true;
}
