/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/findings/finding.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct irqm_finding_kind irqm_finding_kinds[IRQM_NR_FINDING_KINDS] = {
#define KIND(name, code, brief, meaning, advice)                               \
	[IRQM_##name] = { code, brief, meaning, advice },
#include "analysis/kinds.def"
#undef KIND
};

const char *irqm_severity_name(enum irqm_severity severity)
{
	switch (severity) {
	case IRQM_INFO:
		return "info";
	case IRQM_WARNING:
		return "warning";
	case IRQM_CRITICAL:
		return "critical";
	}
	return "info";
}

bool irqm_is_pci_address(const char *name)
{
	static const char hex[] = "0123456789abcdef";
	size_t domain = strspn(name, hex);

	name += domain;
	return domain >= 4 && strlen(name) == sizeof(":00:04.0") - 1 &&
	       name[0] == ':' && strspn(name + 1, hex) == 2 && name[3] == ':' &&
	       strspn(name + 4, hex) == 2 && name[6] == '.' &&
	       strspn(name + 7, hex) == 1;
}

static void add_formatted(struct irqm_text *t, const char *fmt, va_list ap)
{
	int n = vsnprintf(t->s + t->used, sizeof(t->s) - t->used, fmt, ap);

	if (n < 0)
		return;
	t->used += n;
	if (t->used >= sizeof(t->s))
		t->used = sizeof(t->s) - 1;
}

void irqm_text_add(struct irqm_text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_formatted(t, fmt, ap);
	va_end(ap);
}

void irqm_text_command(struct irqm_text *t, const char *fmt, ...)
{
	size_t begin = t->used;
	va_list ap;

	va_start(ap, fmt);
	add_formatted(t, fmt, ap);
	va_end(ap);
	/* one that was cut must not be typed */
	if (t->nr_commands == IRQM_MAX_COMMANDS || t->used == sizeof(t->s) - 1)
		return;
	t->commands[t->nr_commands].begin = begin;
	t->commands[t->nr_commands++].end = t->used;
}

void irqm_text_cpus(struct irqm_text *t, const struct irqm_bits *cpus)
{
	char *list = irqm_bits_list(cpus);
	size_t len, max = 120;

	irqm_text_add(t, "%s ",
		      irqm_plural(irqm_bits_weight(cpus), "CPU", "CPUs"));
	if (list && strlen(list) > max) {
		for (len = max; len && list[len] != ','; len--)
			;
		irqm_text_add(t, "%.*s ...", (int)len, list);
	} else {
		irqm_text_add(t, "%s", list ? list : "?");
	}
	free(list);
}

static void add_irqs(struct irqm_text *t, const struct irqm_snapshot *s,
		     const struct irqm_bits *irqs, bool moves)
{
	const char *separator = "IRQ ";
	unsigned int n, nr = 0;

	irqm_bits_for_each(n, irqs) {
		const struct irqm_irq *irq = irqm_find_irq(s, n);

		if (nr++ == IRQM_MAX_NAMED)
			break;
		irqm_text_add(t, "%s%u", separator, n);
		if (irq && irq->nr_actions && irq->actions[0].name)
			irqm_text_add(t, " (%.64s)", irq->actions[0].name);
		if (irq && moves) {
			irqm_text_add(t, " to ");
			irqm_text_cpus(t, &irq->pending_mask);
		}
		separator = ", ";
	}
	if (nr > IRQM_MAX_NAMED)
		irqm_text_add(t, " and %u more",
			      irqm_bits_weight(irqs) - IRQM_MAX_NAMED);
}

void irqm_text_irqs(struct irqm_text *t, const struct irqm_snapshot *s,
		    const struct irqm_bits *irqs)
{
	add_irqs(t, s, irqs, false);
}

void irqm_text_moves(struct irqm_text *t, const struct irqm_snapshot *s,
		     const struct irqm_bits *irqs)
{
	add_irqs(t, s, irqs, true);
}

void irqm_text_share(struct irqm_text *t, irqm_num part, irqm_num whole)
{
	if (part == IRQM_UNKNOWN || whole == IRQM_UNKNOWN || whole <= 0)
		return;
	irqm_text_add(t, " (%.1f%%)", 100.0 * part / whole);
}

void irqm_text_all_online(struct irqm_text *t, unsigned int nr)
{
	if (nr == 1)
		irqm_text_add(t, "The only online CPU is");
	else
		irqm_text_add(t, "All %u online CPUs are", nr);
}

const char *irqm_device_consumer(const struct irqm_device *d)
{
	unsigned int i;

	for (i = d->nr_consumers; i-- > 0;) {
		const char *kind = d->consumers[i].kind;

		if (kind &&
		    (strcmp(kind, "block") == 0 || strcmp(kind, "net") == 0))
			return d->consumers[i].name;
	}
	return d->nr_consumers ? d->consumers[0].name : NULL;
}

void irqm_text_device(struct irqm_text *t, const struct irqm_device *d)
{
	const char *name = irqm_device_consumer(d);

	irqm_text_add(t, "%s", d->name ? d->name : "?");
	if (name)
		irqm_text_add(t, " (%s)", name);
}

/* The driver's device, if the machine has one only. */
static const struct irqm_device *find_only(const struct irqm_snapshot *s,
					   const char *driver)
{
	const struct irqm_device *only = NULL;
	unsigned int i;

	for (i = 0; i < s->nr_devices; i++) {
		const char *name = irqm_device_driver(&s->devices[i]);

		if (!name || strcmp(name, driver) != 0)
			continue;
		if (only)
			return NULL;
		only = &s->devices[i];
	}
	return only;
}

void irqm_text_devices(const struct irqm_analysis *a,
		       const struct irqm_driver_cost *d, struct irqm_text *t)
{
	const struct irqm_device *only = find_only(a->snapshot, d->driver);
	const char *name = only ? irqm_device_consumer(only) : NULL;

	irqm_text_add(t, "%" PRId64 " %s %s", d->devices, d->driver,
		      irqm_plural(d->devices, "device", "devices"));
	if (name)
		irqm_text_add(t, " (%s)", name);
	else if (only && only->name)
		irqm_text_add(t, " (%s)", only->name);
}

struct irqm_bits irqm_cpu_set(const struct irqm_analysis *a)
{
	return irqm_bits_new(a->arena, a->online.yes.nbits);
}

struct irqm_bits irqm_irq_set(const struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;

	return irqm_bits_new(a->arena,
			     s->nr_irqs ? s->irqs[s->nr_irqs - 1].irq + 1 : 0);
}

/* Doubles the list when its length reaches a power of two. */
static bool make_room(struct irqm_analysis *a)
{
	unsigned int nr = a->nr_findings;
	struct irqm_finding *f;

	if (nr & (nr - 1))
		return true;
	f = irqm_arena_alloc(a->arena, nr ? 2 * (size_t)nr : 1, sizeof(*f));
	if (!f)
		return false;
	if (nr)
		memcpy(f, a->findings, nr * sizeof(*f));
	a->findings = f;
	return true;
}

struct irqm_finding *irqm_finding_add(struct irqm_analysis *a,
				      enum irqm_finding_name name,
				      enum irqm_severity severity,
				      const struct irqm_text *t)
{
	const char *text = irqm_arena_strdup(a->arena, t->s);
	unsigned int i;

	if (!text || !make_room(a))
		return NULL;
	for (i = a->nr_findings++; i > 0; i--) {
		if (a->findings[i - 1].severity >= severity)
			break;
		a->findings[i] = a->findings[i - 1];
	}
	a->findings[i] =
		(struct irqm_finding){ .kind = &irqm_finding_kinds[name],
				       .severity = severity,
				       .text = text,
				       .evidence = strlen(text),
				       .shown_with = IRQM_UNKNOWN };
	return &a->findings[i];
}

static struct irqm_datum *add_datum(struct irqm_finding *f, const char *key,
				    enum irqm_datum_type type)
{
	/* replaces the last one if full; a test checks that it never is */
	unsigned int i = f->nr_data < IRQM_MAX_DATA ? f->nr_data++ :
						      IRQM_MAX_DATA - 1;

	f->data[i] = (struct irqm_datum){ .key = key, .type = type };
	return &f->data[i];
}

void irqm_finding_num(struct irqm_finding *f, const char *key, irqm_num num)
{
	add_datum(f, key, IRQM_DATUM_NUM)->num = num;
}

void irqm_finding_string(struct irqm_finding *f, const char *key,
			 const char *string)
{
	add_datum(f, key, IRQM_DATUM_STRING)->string = string;
}

void irqm_finding_set(struct irqm_finding *f, const char *key,
		      struct irqm_bits set)
{
	add_datum(f, key, IRQM_DATUM_SET)->set = set;
}
