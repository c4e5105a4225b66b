/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * legacy-fallback: virtio devices with fewer vectors than they asked for.
 * virtio-pci asks for a vector per queue ("virtio3-req.0"), then for one that
 * all queues share ("virtio3-virtqueues"), then for INTx ("virtio3"): the
 * names of its interrupts show what it got. For other drivers the dump does
 * not show what they asked for.
 */
#include "analysis/findings/log.h"

#include <stdlib.h>
#include <string.h>

#define MAX_REFUSALS 1024 /* lines of the log that are examined */

struct fallback {
	const struct irqm_snapshot *s;
	struct irqm_bits per_queue; /* devices with one vector per queue */
	struct irqm_bits shared;    /* devices with one for all queues */
	struct irqm_bits fewer;     /* the counted ones of these */
	bool refused;               /* one of them was, by the log */
	struct irqm_bits lines;     /* IRQs that are INTx of a device */
	unsigned int nr_shared, nr_lines; /* devices */
	const struct irqm_device *first_shared, *first_line;
};

/* Returns what follows the device's name in the action's, "req.0"; or NULL. */
static const char *queue_of(const struct irqm_device *d, const char *action)
{
	unsigned int i;
	size_t len;

	for (i = 0; i < d->nr_consumers; i++) {
		const struct irqm_consumer *c = &d->consumers[i];

		if (!c->name || !c->kind || strcmp(c->kind, "virtio") != 0)
			continue;
		len = strlen(c->name);
		if (strncmp(action, c->name, len) == 0 && action[len] == '-')
			return action + len + 1;
	}
	return NULL;
}

static void look_at_irq(struct fallback *f, const struct irqm_irq *irq)
{
	const struct irqm_device *d;
	const char *queue;

	if (irq->device < 0 || !irq->nr_actions || !irq->actions[0].name)
		return;
	d = &f->s->devices[irq->device];
	queue = queue_of(d, irq->actions[0].name);
	if (!queue || strcmp(queue, "config") == 0)
		return;
	irqm_bits_set(strcmp(queue, "virtqueues") == 0 ? &f->shared :
							 &f->per_queue,
		      irq->device);
}

static bool same_driver(const struct irqm_device *a,
			const struct irqm_device *b)
{
	const char *x = irqm_device_driver(a), *y = irqm_device_driver(b);

	return x && y && *x && strcmp(x, y) == 0;
}

/*
 * A device whose MSI-X table is too small for its queues (virtio-serial in
 * QEMU) also shares one vector, and nothing is wrong. Count a device only if
 * another device of its driver has one vector per queue.
 */
static void look_at_shared(struct fallback *f)
{
	const struct irqm_device *devices = f->s->devices;
	unsigned int i, k;

	irqm_bits_for_each(i, &f->shared) {
		irqm_bits_for_each(k, &f->per_queue) {
			if (!same_driver(&devices[i], &devices[k]))
				continue;
			irqm_bits_set(&f->fewer, i);
			if (!f->nr_shared++)
				f->first_shared = &devices[i];
			break;
		}
	}
}

/* Whether the line says that a probe failed for lack of vectors. */
static bool is_refusal(const struct log_forms *forms,
		       const struct irqm_log_line *line, struct log_match *m)
{
	return line->facility == 0 && irqm_log_match(forms, line->text, m) &&
	       ((m->kind == LOG_PROBE && m->num[0] == -ENOSPC_) ||
		(m->kind == LOG_FLAGS && m->num[0] == 0));
}

static void look_at_log(struct fallback *f)
{
	const struct irqm_log *log = &f->s->log;
	unsigned int i, k, nr = 0;
	struct log_forms forms;
	struct log_match m;

	irqm_log_forms_init(&forms);
	for (i = 0; i < log->nr_lines && nr < MAX_REFUSALS; i++) {
		if (!is_refusal(&forms, &log->lines[i], &m))
			continue;
		nr++;
		irqm_bits_for_each(k, &f->fewer)
			f->refused |=
				irqm_log_names(&f->s->devices[k], m.device);
	}
}

/* Whether an action of the IRQ is named like a virtio device of d. */
static bool uses_line(const struct irqm_irq *irq, const struct irqm_device *d)
{
	unsigned int i, k;

	for (i = 0; i < irq->nr_actions; i++)
		for (k = 0; k < d->nr_consumers; k++)
			if (irq->actions[i].name && d->consumers[k].name &&
			    d->consumers[k].kind &&
			    strcmp(d->consumers[k].kind, "virtio") == 0 &&
			    strcmp(irq->actions[i].name,
				   d->consumers[k].name) == 0)
				return true;
	return false;
}

static void look_at_lines(struct fallback *f)
{
	unsigned int i;

	for (i = 0; i < f->s->nr_pci_lines; i++) {
		const struct irqm_pci_line *l = &f->s->pci_lines[i];
		const struct irqm_irq *irq = irqm_find_irq(f->s, l->irq);

		/* virtio knows no MSI, only MSI-X */
		if (!l->msix || !irq || irq->device >= 0 ||
		    !uses_line(irq, &l->device))
			continue;
		if (!f->nr_lines++)
			f->first_line = &l->device;
		irqm_bits_set(&f->lines, irq->irq);
	}
}

static bool is_pci(const struct irqm_device *d)
{
	return d->bus && strcmp(d->bus, "pci") == 0;
}

/* False with pci=nomsi: then all devices use INTx on purpose. */
static bool uses_msi(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_devices; i++)
		if (is_pci(&s->devices[i]))
			return true;
	return false;
}

/* Whether a finding of the log says that there were too few vectors. */
static bool is_shortage(const struct irqm_finding *f)
{
	return f->severity >= IRQM_WARNING &&
	       (f->kind == &irqm_finding_kinds[IRQM_LOG_PROBE_FAILED] ||
		f->kind == &irqm_finding_kinds[IRQM_LOG_INTERRUPT_REFUSED]);
}

bool irqm_was_short(const struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++)
		if (s->cpus[i].online == 1 && s->cpus[i].available == 0)
			return true;
	for (i = 0; i < a->nr_findings; i++)
		if (is_shortage(&a->findings[i]))
			return true;
	return false;
}

static void say_first(struct irqm_text *t, const struct irqm_device *d,
		      unsigned int nr)
{
	irqm_text_device(t, d);
	if (nr > 1)
		irqm_text_add(t, " and %u more", nr - 1);
}

/* "0000:00:16.6 (vdfd): one for all queues; 0000:00:16.7 (vdfe): INTx, IRQ 10" */
static void say_which(struct irqm_text *t, const struct fallback *f)
{
	if (f->nr_shared) {
		say_first(t, f->first_shared, f->nr_shared);
		irqm_text_add(t, ": one for all queues");
	}
	if (f->nr_lines) {
		irqm_text_add(t, "%s", f->nr_shared ? "; " : "");
		say_first(t, f->first_line, f->nr_lines);
		irqm_text_add(t, ": INTx, IRQ %u%s",
			      irqm_bits_next(&f->lines, 0),
			      f->nr_lines > 1 ? " ..." : "");
	}
}

static void say_devices(struct irqm_text *t, const struct fallback *f)
{
	unsigned int nr = f->nr_shared + f->nr_lines;

	irqm_text_add(t, "%u %s got fewer vectors than %s asked for (", nr,
		      irqm_plural(nr, "device", "devices"),
		      irqm_plural(nr, "it", "they"));
	say_which(t, f);
	irqm_text_add(t, ")");
}

/* "0000:00:16.6 (vdfd) has one vector for all queues" */
static const char *say_fallback_brief(const struct irqm_analysis *a,
				      const struct fallback *f)
{
	struct irqm_text t = { 0 };

	if (f->nr_shared) {
		say_first(&t, f->first_shared, f->nr_shared);
		irqm_text_add(&t, " %s one vector for all queues",
			      irqm_plural(f->nr_shared, "has", "have"));
	}
	if (f->nr_lines) {
		irqm_text_add(&t, "%s", f->nr_shared ? "; " : "");
		say_first(&t, f->first_line, f->nr_lines);
		irqm_text_add(&t, " %s INTx",
			      irqm_plural(f->nr_lines, "uses", "use"));
	}
	return irqm_arena_strdup(a->arena, t.s);
}

/* ". CPU 3 is out of vectors, unless this was configured (QEMU: vectors=2)" */
static void say_probable_cause(const struct irqm_analysis *a,
			       struct irqm_text *t)
{
	struct irqm_bits full = irqm_full_cpus(a);
	unsigned int nr = irqm_bits_weight(&full);

	if (!nr)
		return;
	irqm_text_add(t, ", because ");
	irqm_text_cpus(t, &full);
	irqm_text_add(t,
		      " %s out of vectors, or because this was configured "
		      "(QEMU: vectors=2)",
		      irqm_plural(nr, "is", "are"));
}

static bool say_fallback(struct irqm_analysis *a, const struct fallback *f)
{
	bool is_short = irqm_was_short(a);
	struct irqm_text t = { 0 };
	struct irqm_finding *finding;

	say_devices(&t, f);
	if (!is_short && !f->nr_lines)
		irqm_text_add(&t, ". No CPU is out of vectors. If this was "
				  "configured (QEMU: vectors=2), no action is "
				  "needed");
	else if (!is_short)
		irqm_text_add(&t, ". No CPU is out of vectors now, and the log "
				  "does not say why");
	else if (!f->nr_lines && !f->refused)
		say_probable_cause(a, &t);
	finding = irqm_finding_add(a, IRQM_LEGACY_FALLBACK,
				   is_short && (f->nr_lines || f->refused) ?
					   IRQM_WARNING :
					   IRQM_INFO,
				   &t);
	if (!finding)
		return false;
	/* without a shortage, this was most probably configured */
	if (finding->severity == IRQM_INFO && (is_short || f->nr_lines))
		finding->brief = say_fallback_brief(a, f);
	irqm_finding_num(finding, "shared", f->nr_shared);
	irqm_finding_string(finding, "first_shared",
			    f->nr_shared ? f->first_shared->name : NULL);
	irqm_finding_num(finding, "lines", f->nr_lines);
	irqm_finding_string(finding, "first_line",
			    f->nr_lines ? f->first_line->name : NULL);
	irqm_finding_set(finding, "line_irqs", f->lines);
	return true;
}

/* Must run after irqm_find_log(), because irqm_was_short() uses its findings. */
bool irqm_find_legacy_fallback(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	struct fallback f = {
		.s = s,
		.per_queue = irqm_bits_new(a->arena, s->nr_devices),
		.shared = irqm_bits_new(a->arena, s->nr_devices),
		.fewer = irqm_bits_new(a->arena, s->nr_devices),
		.lines = irqm_irq_set(a),
	};
	unsigned int i;

	if (!irqm_bits_known(&f.per_queue) || !irqm_bits_known(&f.shared) ||
	    !irqm_bits_known(&f.fewer) || !irqm_bits_known(&f.lines))
		return false;
	if (!uses_msi(s))
		return true;
	for (i = 0; i < s->nr_irqs; i++)
		look_at_irq(&f, &s->irqs[i]);
	look_at_shared(&f);
	look_at_lines(&f);
	if (f.nr_shared)
		look_at_log(&f);
	return f.nr_shared || f.nr_lines ? say_fallback(a, &f) : true;
}
