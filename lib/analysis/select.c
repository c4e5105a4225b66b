/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/select.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int irqm_selection_init(struct irqm_selection *sel,
			const struct irqm_snapshot *s)
{
	/* one more, because calloc(0) may return NULL */
	sel->indexes = calloc((size_t)s->nr_irqs + 1, sizeof(*sel->indexes));
	sel->chosen = calloc((size_t)s->nr_irqs + 1, sizeof(*sel->chosen));
	sel->nr = 0;
	if (sel->indexes && sel->chosen)
		return 0;
	irqm_selection_deinit(sel);
	return -1;
}

void irqm_selection_deinit(struct irqm_selection *sel)
{
	free(sel->indexes);
	free(sel->chosen);
	memset(sel, 0, sizeof(*sel));
}

static void add_irq(struct irqm_selection *sel, unsigned int index)
{
	if (sel->chosen[index])
		return;
	sel->chosen[index] = true;
	sel->indexes[sel->nr++] = index;
}

static bool is_list(const char *arg)
{
	return arg[0] >= '0' && arg[0] <= '9' &&
	       arg[strspn(arg, "0123456789,-")] == '\0';
}

static bool add_range(struct irqm_selection *sel, const struct irqm_snapshot *s,
		      unsigned int first, unsigned int last)
{
	bool found = false;
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++) {
		if (s->irqs[i].irq >= first && s->irqs[i].irq <= last) {
			add_irq(sel, i);
			found = true;
		}
	}
	return found;
}

/* Collects the elements of a list that name no IRQ, as the user wrote them. */
static void note_missing(char *missing, size_t size, const char *from,
			 const char *to)
{
	size_t used = strlen(missing);

	snprintf(missing + used, size - used, "%s%.*s", used ? "," : "",
		 (int)(to - from), from);
}

/* Formats the existing numbers for the error message: "0-15,24-343". */
static void put_ranges(char *s, size_t size, const struct irqm_snapshot *snap)
{
	const struct irqm_irq *irqs = snap->irqs;
	unsigned int i, first = 0;
	char range[IRQM_RANGE_SIZE];
	size_t used = 0;

	s[0] = '\0';
	for (i = 1; i <= snap->nr_irqs; i++) {
		if (i < snap->nr_irqs && irqs[i].irq == irqs[i - 1].irq + 1)
			continue;
		if (size - used < 32) {
			snprintf(s + used, size - used, ",...");
			return;
		}
		used += snprintf(s + used, size - used, "%s%s", used ? "," : "",
				 irqm_range_text(range, irqs[first].irq,
						 irqs[i - 1].irq));
		first = i;
	}
}

static void set_missing(struct irqm_error *err, const struct irqm_snapshot *s,
			const char *missing)
{
	char ranges[96];

	if (!s->irqs_known) {
		irqm_error_set(err,
			       "no such IRQ: %s (not all descriptors "
			       "could be read)",
			       missing);
		return;
	}
	put_ranges(ranges, sizeof(ranges), s);
	irqm_error_set(err, "no such IRQ: %s; the dump has %s%s", missing,
		       ranges[0] ? "" : "none", ranges);
}

static int select_list(struct irqm_selection *sel,
		       const struct irqm_snapshot *s, const char *arg,
		       struct irqm_error *err)
{
	char missing[128] = "";
	const char *p = arg;

	for (;;) {
		const char *start = p;
		unsigned long first, last;

		if (!irqm_range_parse(&p, &first, &last) || last > UINT_MAX) {
			irqm_error_set(err, "not a list of IRQs: %s", arg);
			return -1;
		}
		if (!add_range(sel, s, first, last))
			note_missing(missing, sizeof(missing), start, p);
		if (*p == '\0')
			break;
		p++;
	}
	if (!missing[0])
		return 0;
	set_missing(err, s, missing);
	return -1;
}

/* Compares literally first: a name may contain wildcard characters. */
static bool matches_name(const char *pattern, const char *name)
{
	return name && (strcmp(pattern, name) == 0 ||
			fnmatch(pattern, name, FNM_NOESCAPE) == 0);
}

bool irqm_device_matches(const struct irqm_device *d, const char *pattern)
{
	static const char domain[] = "0000:";
	unsigned int i;

	if (matches_name(pattern, d->name))
		return true;
	if (d->name && strncmp(d->name, domain, sizeof(domain) - 1) == 0 &&
	    matches_name(pattern, d->name + sizeof(domain) - 1))
		return true;
	for (i = 0; i < d->nr_consumers; i++)
		if (matches_name(pattern, d->consumers[i].name))
			return true;
	return false;
}

void irqm_device_offer(const struct irqm_device *d, struct irqm_nearest *n)
{
	unsigned int i;

	irqm_nearest_offer(n, d->name);
	for (i = 0; i < d->nr_consumers; i++)
		irqm_nearest_offer(n, d->consumers[i].name);
}

static bool irq_matches(const struct irqm_snapshot *s,
			const struct irqm_irq *irq, const char *pattern)
{
	unsigned int i;

	for (i = 0; i < irq->nr_actions; i++)
		if (matches_name(pattern, irq->actions[i].name))
			return true;
	return irq->device >= 0 &&
	       irqm_device_matches(&s->devices[irq->device], pattern);
}

static void set_unnamed(struct irqm_error *err, const struct irqm_snapshot *s,
			const char *arg)
{
	char hint[IRQM_NEAREST_HINT];
	struct irqm_nearest n;
	unsigned int i, k;

	irqm_nearest_begin(&n, arg, strlen(arg));
	for (i = 0; i < s->nr_irqs; i++)
		for (k = 0; k < s->irqs[i].nr_actions; k++)
			irqm_nearest_offer(&n, s->irqs[i].actions[k].name);
	for (i = 0; i < s->nr_devices; i++)
		irqm_device_offer(&s->devices[i], &n);
	irqm_error_set(
		err, "no IRQ has an action, device or consumer \"%s\"; %s", arg,
		irqm_nearest_hint(&n, "", "irqmatrix -i lists them", hint));
}

int irqm_select(struct irqm_selection *sel, const struct irqm_snapshot *s,
		const char *arg, struct irqm_error *err)
{
	bool found = false;
	unsigned int i;

	if (is_list(arg))
		return select_list(sel, s, arg, err);
	for (i = 0; i < s->nr_irqs; i++) {
		if (irq_matches(s, &s->irqs[i], arg)) {
			add_irq(sel, i);
			found = true;
		}
	}
	if (found)
		return 0;
	set_unnamed(err, s, arg);
	return -1;
}

int irqm_select_devices(struct irqm_selection *sel,
			const struct irqm_snapshot *s, const char *arg,
			struct irqm_error *err)
{
	struct irqm_selection named;
	bool found = false;
	unsigned int i, k;
	int rc;

	if (irqm_selection_init(&named, s)) {
		irqm_error_memory(err);
		return -1;
	}
	rc = irqm_select(&named, s, arg, err);
	for (i = 0; i < named.nr; i++) {
		int device = s->irqs[named.indexes[i]].device;

		found |= device >= 0;
		/* an earlier name may have selected all interrupts of its
		 * device */
		if (device < 0 || sel->chosen[named.indexes[i]])
			continue;
		for (k = 0; k < s->nr_irqs; k++)
			if (s->irqs[k].device == device)
				add_irq(sel, k);
	}
	if (rc == 0 && !found) {
		irqm_error_set(err, "%s has no MSI device", arg);
		rc = -1;
	}
	irqm_selection_deinit(&named);
	return rc;
}
