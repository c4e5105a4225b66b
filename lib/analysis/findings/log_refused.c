/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log-interrupt-refused, log-fewer-vectors: devices that work with fewer
 * interrupts than they asked for, or with none. */
#include "analysis/findings/log.h"

#include <inttypes.h>
#include <string.h>

/* Which of the devices with interrupts have one that no driver requested. */
static struct irqm_bits find_unrequested(const struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct irqm_bits set = irqm_bits_new(a->arena, s->nr_devices);
	unsigned int i;

	if (!irqm_bits_known(&set))
		return set;
	for (i = 0; i < s->nr_irqs; i++)
		if (s->irqs[i].device >= 0 && !s->irqs[i].nr_actions)
			irqm_bits_set(&set, s->irqs[i].device);
	return set;
}

/* Whether a line says for certain that the device was refused interrupts. */
static bool is_certain(const struct evidence *e, const char *device)
{
	unsigned int i;

	for (i = 0; i < e->nr_kept; i++)
		if (!e->kept[i].context &&
		    strcmp(e->kept[i].device, device) == 0)
			return true;
	return false;
}

static const char *or_null(const char *name)
{
	return *name ? name : NULL;
}

struct refused {
	unsigned int nr;
	unsigned int with;    /* all their interrupts are requested now */
	unsigned int lacking; /* they are not, and were refused for certain */
	bool certain; /* one of these, even if vectors never were short */
	const struct log_match *first, *first_lacking;
	unsigned int quoted; /* the line of the first one */
};

/* "5e:00.0 (eno1)": as in the log, then what people call it. */
static void say_name(const struct irqm_snapshot *s, const char *name,
		     int device, bool next, struct irqm_text *t)
{
	const char *consumer =
		device < 0 ? NULL : irqm_device_consumer(&s->devices[device]);

	irqm_text_add(t, "%s%s", next ? ", " : "", *name ? name : "?");
	if (consumer && strcmp(consumer, name) != 0)
		irqm_text_add(t, " (%s)", consumer);
}

/* Returns false if out of memory. */
static bool look_at_refused(struct log *log, const struct evidence *e,
			    const struct irqm_bits *unrequested,
			    struct refused *r, struct irqm_text *names)
{
	unsigned int i;
	bool certain;
	int device;

	for (i = 0; i < e->nr_kept; i++) {
		const struct log_match *m = &e->kept[i];

		/* log-probe-failed has those whose probe failed for it */
		if (irqm_log_seen_before(e, i) ||
		    irqm_log_has_device(&log->e[LOG_PROBE], m->device))
			continue;
		if (!r->nr++) {
			r->first = m;
			r->quoted = i;
		}
		device = irqm_log_device(log->a->snapshot, m->device);
		if (r->nr <= IRQM_MAX_NAMED)
			say_name(log->a->snapshot, m->device, device, r->nr > 1,
				 names);
		if (device >= 0 && !irqm_bits_test(unrequested, device)) {
			r->with++;
			continue;
		}
		certain = is_certain(e, m->device);
		r->certain |= certain;
		if (!certain && !log->was_short)
			continue;
		if (!r->lacking++)
			r->first_lacking = m;
		/* a device with some of its interrupts is not lost */
		if (device < 0 && *m->device && !irqm_log_note_failed(log, m))
			return false;
	}
	if (r->nr > IRQM_MAX_NAMED)
		irqm_text_add(names, " and %u more", r->nr - IRQM_MAX_NAMED);
	return true;
}

bool irqm_log_find_refused(struct log *log, const struct evidence *e)
{
	struct irqm_bits unrequested = find_unrequested(log->a);
	struct irqm_text t = { 0 }, names = { 0 };
	enum irqm_severity severity = IRQM_INFO;
	struct refused r = { 0 };
	struct irqm_finding *f;
	size_t before_state;

	if (!irqm_bits_known(&unrequested))
		return false;
	if (!look_at_refused(log, e, &unrequested, &r, &names))
		return false;
	if (!r.nr)
		return true;
	irqm_text_add(&t, "%u %s refused interrupts: %s", r.nr,
		      irqm_plural(r.nr, "device was", "devices were"), names.s);
	if (r.with)
		irqm_text_add(&t, ". %u of %u %s all interrupts now", r.with,
			      r.nr, irqm_plural(r.with, "has", "have"));
	before_state = t.used;
	irqm_log_say_state(log, &t);
	if (r.lacking)
		severity = log->full_cpus && r.certain ? IRQM_CRITICAL :
							 IRQM_WARNING;
	f = irqm_log_finding(log, IRQM_LOG_INTERRUPT_REFUSED, severity, e,
			     r.quoted, &t);
	if (!f)
		return false;
	if (log->full_cpus)
		f->evidence = before_state; /* vectors-exhausted says it */
	irqm_finding_num(f, "devices", r.nr);
	irqm_finding_num(f, "devices_lacking", r.lacking);
	irqm_finding_string(f, "first_device", or_null(r.first->device));
	irqm_finding_string(f, "first_driver", or_null(r.first->driver));
	irqm_finding_string(f, "first_lacking",
			    r.lacking ? or_null(r.first_lacking->device) :
					NULL);
	irqm_finding_num(f, "full_cpus",
			 log->full_known ? log->full_cpus : IRQM_UNKNOWN);
	return true;
}

bool irqm_log_find_fewer(struct log *log, const struct evidence *e)
{
	struct irqm_text t = { 0 };
	struct irqm_finding *f;
	unsigned int i, nr = 0;

	for (i = 0; i < e->nr_kept; i++)
		nr += !irqm_log_seen_before(e, i);
	irqm_text_add(&t, "%u %s fewer vectors than %s asked for: ", nr,
		      irqm_plural(nr, "device got", "devices got"),
		      irqm_plural(nr, "it", "they"));
	nr = 0;
	for (i = 0; i < e->nr_kept; i++) {
		const struct log_match *m = &e->kept[i];

		if (irqm_log_seen_before(e, i) || nr++ >= IRQM_MAX_NAMED)
			continue;
		irqm_text_add(&t, "%s%s", nr > 1 ? ", " : "",
			      *m->device ? m->device : "?");
		if (m->num[0] > 0 && m->num[1] > 0)
			irqm_text_add(&t, " (%" PRId64 " of %" PRId64 ")",
				      m->num[1], m->num[0]);
	}
	if (nr > IRQM_MAX_NAMED)
		irqm_text_add(&t, " and %u more", nr - IRQM_MAX_NAMED);
	f = irqm_log_finding(log, IRQM_LOG_FEWER_VECTORS, IRQM_INFO, e, 0, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "devices", nr);
	irqm_finding_string(f, "first_device", or_null(e->kept[0].device));
	irqm_finding_num(f, "asked",
			 e->kept[0].num[0] > 0 ? e->kept[0].num[0] :
						 IRQM_UNKNOWN);
	irqm_finding_num(f, "got",
			 e->kept[0].num[1] > 0 ? e->kept[0].num[1] :
						 IRQM_UNKNOWN);
	return true;
}
