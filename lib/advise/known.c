/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says what the findings know, where there is nothing to search for. */
#include <string.h>

#include "advise/internal.h"
#include "analysis/drivers.h"
#include "analysis/findings/finding.h"

#define MORE_FINDINGS "irqmatrix -k " IRQM_COMMAND_DUMP
#define ADD_DEVICES "irqmatrix advise --add DRIVER:QUEUES " IRQM_COMMAND_DUMP

static const char *string_of(const struct irqm_finding *f, const char *key)
{
	const struct irqm_datum *d = irqm_find_datum(f, key);

	return d ? d->string : NULL;
}

static void say_nothing_failed(const struct search *s, struct irqm_text *t)
{
	irqm_text_add(t, s->out->unplanned ?
				 "Nothing else to fit. " :
				 "Nothing to fit: by the log no device failed "
				 "for want of vectors. ");
}

/* A full remapping table, now or by the log. */
static bool say_remapping(struct search *s, struct irqm_text *t)
{
	const struct irqm_finding *f =
		irqm_find_kind(s->a, IRQM_LOG_REMAPPING_FULL);
	const struct irqm_finding *now =
		irqm_find_kind(s->a, IRQM_REMAP_TABLE_FULL);
	const char *device;

	if (now && now->severity >= IRQM_WARNING)
		f = now;
	if (!f)
		return false;
	device = string_of(f, "first_device");
	irqm_text_add(t,
		      "Not a shortage of vectors: the IOMMU's table%s%s %s "
		      "full. What to do about it:",
		      device ? " of " : "", device ? device : "",
		      f == now ? "is" : "was");
	s->out->next = MORE_FINDINGS;
	return true;
}

/* Asks for another device that has as many vectors as the sister. */
static bool say_fewer_queues(struct search *s, struct irqm_text *t)
{
	const struct irqm_finding *f = irqm_find_kind(s->a, IRQM_FEWER_QUEUES);
	struct irqm_text command = { 0 };
	const struct irqm_driver *driver;
	const char *sister;

	if (!f || !f->brief)
		return false;
	sister = string_of(f, "sister");
	driver = irqm_driver_find(string_of(f, "first_driver"));
	say_nothing_failed(s, t);
	irqm_text_add(t, "But %s. What makes room for one with all of them:",
		      f->brief);
	irqm_text_add(&command, "irqmatrix advise ");
	if (sister && irqm_is_pci_address(sister))
		irqm_text_add(&command, "--like %s ", sister);
	else
		irqm_text_add(&command, "--add %s:%u ",
			      driver ? driver->name : "DRIVER", s->s->nr_cpus);
	irqm_text_add(&command, IRQM_COMMAND_DUMP);
	s->out->next = irqm_arena_strdup(s->out->arena, command.s);
	return true;
}

/* Adds the first sentence of the finding's text. */
static void add_fact(const struct search *s, struct irqm_text *t,
		     const struct irqm_finding *f)
{
	const char *end = strstr(f->text, ". ");
	size_t len = f->evidence;

	if (end && (size_t)(end - f->text) < len)
		len = (size_t)(end - f->text);
	say_nothing_failed(s, t);
	irqm_text_add(t, "%.*s. ", (int)len, f->text);
}

static bool say_shortage(struct search *s, struct irqm_text *t)
{
	const struct irqm_finding *f =
		irqm_find_kind(s->a, IRQM_VECTORS_EXHAUSTED);

	if (!f)
		f = irqm_find_kind(s->a, IRQM_VECTORS_LOW);
	if (!f)
		return false;
	add_fact(s, t, f);
	irqm_text_add(t, "What makes room for one more device:");
	s->out->next = ADD_DEVICES;
	return true;
}

/* Devices that do with fewer vectors, or the first of the warnings. */
static bool say_other(struct search *s, struct irqm_text *t)
{
	const struct irqm_finding *f =
		irqm_find_kind(s->a, IRQM_LEGACY_FALLBACK);
	unsigned int i;

	for (i = 0; !f && i < s->a->nr_findings; i++)
		if (s->a->findings[i].severity >= IRQM_WARNING &&
		    s->a->findings[i].shown_with == IRQM_UNKNOWN)
			f = &s->a->findings[i];
	if (!f)
		return false;
	add_fact(s, t, f);
	irqm_text_add(t, "What to do about it:");
	s->out->next = MORE_FINDINGS;
	return true;
}

static void say_name_devices(struct search *s, struct irqm_text *t)
{
	say_nothing_failed(s, t);
	irqm_text_add(t, "Name devices to add, or one like them with --like:");
	s->out->next = ADD_DEVICES;
}

void irqm_advise_say_known(struct search *s)
{
	bool fits = s->out->end == IRQM_ADVISE_FITS;
	struct irqm_text t = { 0 };

	if (!fits && s->out->end != IRQM_ADVISE_NO_GOAL)
		return;
	if (!say_remapping(s, &t) && !fits && !say_fewer_queues(s, &t) &&
	    !say_shortage(s, &t) && !say_other(s, &t))
		say_name_devices(s, &t);
	if (t.used)
		s->out->known = irqm_arena_strdup(s->out->arena, t.s);
	if (irqm_arena_exhausted(s->out->arena)) {
		irqm_error_memory(s->err);
		s->failed = true;
	}
}
