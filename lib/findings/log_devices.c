/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log-probe-failed, log-flags-mismatch: devices that the log speaks of. */
#include "findings/log.h"

#include <inttypes.h>
#include <string.h>

#define MAX_NAMED 4     /* devices that a text names */

/* Does a device of that name have interrupts, itself or by its parent? */
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

/* More of it was not kept, and no device has what is left as its name. */
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

/* "0000:00:04.0"; a domain may have more digits */
static bool is_pci_address(const char *name)
{
	static const char hex[] = "0123456789abcdef";
	size_t domain = strspn(name, hex);

	name += domain;
	return domain >= 4 && strlen(name) == sizeof(":00:04.0") - 1 &&
	       name[0] == ':' && strspn(name + 1, hex) == 2 &&
	       name[3] == ':' && strspn(name + 4, hex) == 2 &&
	       name[6] == '.' && strspn(name + 7, hex) == 1;
}

/* -28 also has other reasons: there must be vectors that it could lack. */
static bool uses_vectors(const char *name)
{
	return is_pci_address(name) || is_numbered(name, "virtio") ||
	       is_numbered(name, "nvme");
}

struct devices {
	unsigned int nr;
	unsigned int with, without; /* interrupts now; of others unknown */
	unsigned int lacking;       /* without, and they use vectors */
};

/* The devices by name, each once. */
static struct devices say_devices(const struct irqm_snapshot *s,
				  const struct evidence *e,
				  struct irqm_text *t)
{
	struct devices d = { 0 };
	unsigned int i;

	for (i = 0; i < e->nr_kept; i++) {
		const char *name = e->kept[i].device;

		if (seen_before(e, i))
			continue;
		if (d.nr++ < MAX_NAMED)
			irqm_text_add(t, "%s%s", d.nr > 1 ? ", " : "", name);
		if (is_cut(&e->kept[i]))
			continue;
		if (has_interrupts(s, name)) {
			d.with++;
			continue;
		}
		d.without++;
		d.lacking += uses_vectors(name);
	}
	if (d.nr > MAX_NAMED)
		irqm_text_add(t, " and %u more", d.nr - MAX_NAMED);
	return d;
}

/* A later probe may have gone well. */
bool log_find_probes(struct log *log, const struct evidence *e)
{
	enum irqm_severity severity = IRQM_WARNING;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	struct devices d;

	irqm_text_add(&t, "The probe failed of ");
	d = say_devices(log->a->snapshot, e, &t);
	irqm_text_add(&t, ": error -28 (ENOSPC)");
	if (!d.lacking)
		severity = IRQM_INFO;
	else if (log->full_cpus)
		severity = IRQM_CRITICAL;
	if (d.with)
		irqm_text_add(&t, "; %u of %u %s interrupts by now", d.with,
			      d.nr, d.with == 1 ? "has" : "have");
	log_say_state(log, &t);
	f = log_finding(log, IRQM_LOG_PROBE_FAILED, severity, e, 0, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "devices", d.nr);
	irqm_finding_num(f, "devices_without", d.without);
	irqm_finding_string(f, "first_device", e->kept[0].device);
	irqm_finding_string(f, "first_driver", e->kept[0].driver);
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
 * Devices that were refused an interrupt, and whose probe then failed; was it
 * the timer's that one of them asked for?
 */
static unsigned int busy_probes(const struct log *log,
				const struct evidence *refused,
				bool *ret_timer)
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

/* Any two drivers that do not share make such a line. */
bool log_find_flags(struct log *log, const struct evidence *e)
{
	bool timer;
	unsigned int failed = busy_probes(log, e, &timer);
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	struct devices d;

	irqm_text_add(&t, "IRQ %" PRId64 " of %s was refused (-16, EBUSY) to ",
		      e->kept[0].num[0], e->kept[0].driver);
	d = say_devices(log->a->snapshot, e, &t);
	if (failed)
		irqm_text_add(&t, ", and %u probe%s failed", failed,
			      failed == 1 ? "" : "s");
	log_say_state(log, &t);
	f = log_finding(log, IRQM_LOG_FLAGS_MISMATCH,
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
