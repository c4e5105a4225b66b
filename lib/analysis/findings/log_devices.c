/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log-probe-failed, log-flags-mismatch: log messages about devices. */
#include "analysis/findings/log.h"

#include <inttypes.h>
#include <string.h>

bool irqm_log_names(const struct irqm_device *d, const char *name)
{
	unsigned int i;

	if (d->name && strcmp(d->name, name) == 0)
		return true;
	for (i = 0; i < d->nr_consumers; i++)
		if (d->consumers[i].name &&
		    strcmp(d->consumers[i].name, name) == 0)
			return true;
	return false;
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), rest = strlen(end);

	return len > rest && name[len - rest - 1] == ':' &&
	       strcmp(name + len - rest, end) == 0;
}

int irqm_log_device(const struct irqm_snapshot *s, const char *name)
{
	unsigned int i, nr = 0;
	int found = -1;

	for (i = 0; i < s->nr_devices; i++)
		if (irqm_log_names(&s->devices[i], name))
			return i;
	if (strlen(name) != sizeof("5e:00.0") - 1)
		return -1;
	for (i = 0; i < s->nr_devices; i++) {
		if (!s->devices[i].name || !ends_with(s->devices[i].name, name))
			continue;
		found = i;
		nr++;
	}
	return nr == 1 ? found : -1;
}

static bool grow_failed(struct log *log)
{
	unsigned int room = log->room_failed ? 2 * log->room_failed : 16;
	struct irqm_failed_device *all;

	all = irqm_arena_alloc(log->a->arena, room, sizeof(*all));
	if (!all)
		return false;
	if (log->a->nr_failed)
		memcpy(all, log->a->failed, log->a->nr_failed * sizeof(*all));
	log->a->failed = all;
	log->room_failed = room;
	return true;
}

bool irqm_log_note_failed(struct log *log, const struct log_match *m)
{
	struct irqm_analysis *a = log->a;
	struct irqm_failed_device *f;
	unsigned int i;

	for (i = 0; i < a->nr_failed; i++)
		if (strcmp(a->failed[i].name, m->device) == 0)
			return true;
	if (a->nr_failed == log->room_failed && !grow_failed(log))
		return false;
	f = &a->failed[a->nr_failed];
	f->name = irqm_arena_strdup(a->arena, m->device);
	f->driver = *m->driver ? irqm_arena_strdup(a->arena, m->driver) : NULL;
	if (!f->name || (*m->driver && !f->driver))
		return false;
	a->nr_failed++;
	return true;
}

bool irqm_log_seen_before(const struct evidence *e, unsigned int i)
{
	unsigned int k;

	for (k = 0; k < i; k++)
		if (strcmp(e->kept[k].device, e->kept[i].device) == 0)
			return true;
	return false;
}

bool irqm_log_has_device(const struct evidence *e, const char *device)
{
	unsigned int i;

	for (i = 0; i < e->nr_kept; i++)
		if (strcmp(e->kept[i].device, device) == 0)
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

/* Below this share of free vectors, a driver that is not known may well have
 * been short of them. */
#define PLENTY_PERCENT 25

static bool are_vectors_scarce(const struct log *log)
{
	const struct irqm_totals *t = &log->a->totals;

	return t->capacity == IRQM_UNKNOWN ||
	       t->bitmaps_available == IRQM_UNKNOWN ||
	       !irqm_at_least(t->bitmaps_available, PLENTY_PERCENT,
			      t->capacity);
}

/*
 * -28 has other reasons too. Only PCI and virtio devices need vectors, and some
 * of their drivers run out of something else. Where nothing is known of the
 * driver, there has to be a sign that vectors were short.
 */
static bool lacked_vectors(const struct log *log, const struct log_match *m)
{
	if (is_numbered(m->device, "virtio") || is_numbered(m->device, "nvme"))
		return true;
	if (!irqm_is_pci_address(m->device))
		return false;
	if (irqm_log_has_device(&log->e[LOG_REFUSED], m->device))
		return true;
	switch (irqm_log_probe_error(m->driver)) {
	case LOG_ERROR_VECTORS:
		return true;
	case LOG_ERROR_OWN:
		return false;
	default:
		return log->was_short || are_vectors_scarce(log);
	}
}

struct devices {
	unsigned int nr;
	unsigned int with, without; /* have interrupts now, or have not */
	unsigned int lacking;       /* have not, and need vectors */
	bool certain;               /* one of these, by an error -28 */
	const char *first_lacking;
	const char *own;   /* a driver whose -28 means something else */
	bool other_errors; /* not all of them are -28 */
	bool lost_memory;
};

/* Adds the names of the devices, each once, and counts them. */
static struct devices say_devices(struct log *log, const struct evidence *e,
				  struct irqm_text *t)
{
	struct devices d = { 0 };
	unsigned int i;

	for (i = 0; i < e->nr_kept; i++) {
		const struct log_match *m = &e->kept[i];

		if (irqm_log_seen_before(e, i))
			continue;
		if (d.nr++ < IRQM_MAX_NAMED)
			irqm_text_add(t, "%s%s", d.nr > 1 ? ", " : "",
				      m->device);
		if (is_cut(m))
			continue;
		if (irqm_log_device(log->a->snapshot, m->device) >= 0) {
			d.with++;
			continue;
		}
		d.without++;
		d.other_errors |= m->num[0] != -ENOSPC_;
		if (lacked_vectors(log, m)) {
			d.certain |= !m->context;
			if (d.lacking++ == 0)
				d.first_lacking = m->device;
			d.lost_memory |= !irqm_log_note_failed(log, m);
		} else if (irqm_log_probe_error(m->driver) == LOG_ERROR_OWN) {
			d.own = m->driver;
		}
	}
	if (d.nr > IRQM_MAX_NAMED)
		irqm_text_add(t, " and %u more", d.nr - IRQM_MAX_NAMED);
	return d;
}

/* Why these probes may have failed, beside what the CPUs show. */
static void say_reasons(const struct log *log, const struct devices *d,
			struct irqm_text *t)
{
	if (d->own)
		irqm_text_add(t,
			      ". %s returns -28 for other reasons than vectors",
			      d->own);
	if (log->e[LOG_IRTE].count && !log->full_cpus)
		irqm_text_add(t, ". The remapping table of the IOMMU was full, "
				 "not the CPUs");
}

/*
 * "0000:01:00.0 failed with -28 (ENOSPC), which nouveau returns for other
 * reasons than vectors"; NULL if a later probe may have succeeded.
 */
static const char *say_probe_brief(const struct log *log,
				   const struct evidence *e,
				   const struct devices *d)
{
	struct irqm_text t = { 0 };

	if (d->with)
		return NULL;
	irqm_text_add(&t, "%s", e->kept[0].device);
	if (d->nr > 1)
		irqm_text_add(&t, " and %u more", d->nr - 1);
	irqm_text_add(&t, " failed to probe with -28 (ENOSPC)");
	if (d->own)
		irqm_text_add(&t,
			      ", which %s returns for other reasons than "
			      "vectors",
			      d->own);
	else if (!log->full_cpus)
		irqm_text_add(&t, ", although vectors are free");
	return irqm_arena_strdup(log->a->arena, t.s);
}

/* The driver of all these devices; NULL if there are several, or none. */
static const char *driver_of_all(const struct evidence *e)
{
	const char *driver = e->kept[0].driver;
	unsigned int i;

	for (i = 1; i < e->nr_kept; i++)
		if (strcmp(e->kept[i].driver, driver) != 0)
			return NULL;
	return *driver ? driver : NULL;
}

/* Devices that have interrupts now: a later probe succeeded. */
bool irqm_log_find_probes(struct log *log, const struct evidence *e)
{
	enum irqm_severity severity = IRQM_WARNING;
	struct irqm_text t = { 0 }, names = { 0 };
	struct irqm_finding *f;
	const char *driver = driver_of_all(e);
	struct devices d;
	size_t before_state;

	d = say_devices(log, e, &names);
	if (d.lost_memory)
		return false;
	irqm_text_add(&t, "%u %s%s%s failed to probe with -28 (ENOSPC)%s: %s",
		      d.nr, driver ? driver : "", driver ? " " : "",
		      irqm_plural(d.nr, "device", "devices"),
		      d.other_errors ? ", or what the driver returns for it" :
				       "",
		      names.s);
	if (!d.lacking)
		severity = IRQM_INFO;
	else if (log->full_cpus && d.certain)
		severity = IRQM_CRITICAL;
	if (d.with)
		irqm_text_add(&t, ". %u of %u %s interrupts now", d.with, d.nr,
			      irqm_plural(d.with, "has", "have"));
	say_reasons(log, &d, &t);
	before_state = t.used;
	irqm_log_say_state(log, &t);
	f = irqm_log_finding(log, IRQM_LOG_PROBE_FAILED, severity, e, 0, &t);
	if (!f)
		return false;
	if (log->full_cpus)
		f->evidence = before_state; /* vectors-exhausted says it */
	if (severity == IRQM_INFO)
		f->brief = say_probe_brief(log, e, &d);
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
		if (!irqm_log_has_device(busy, refused->kept[i].device))
			continue;
		*ret_timer |= refused->kept[i].num[0] == 0;
		nr += !irqm_log_seen_before(refused, i);
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

	d = say_devices(log, e, &names);
	if (d.lost_memory)
		return false;
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
