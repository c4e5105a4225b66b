/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the findings from the kernel log have in common. */
#include "analysis/findings/log.h"

#include <inttypes.h>

void irqm_log_say_state(const struct log *log, struct irqm_text *t)
{
	if (log->full_known && !log->full_cpus) {
		irqm_text_add(t, ". All online CPUs have free vectors now");
	} else if (log->full_known && log->full_cpus == log->online_cpus) {
		irqm_text_add(t, ". ");
		irqm_text_all_online(t, log->online_cpus);
		irqm_text_add(t, " full now");
	} else if (log->full_cpus) {
		irqm_text_add(t, ". %u online %s full now", log->full_cpus,
			      irqm_plural(log->full_cpus, "CPU is",
					  "CPUs are"));
	}
}

static void say_when(const struct evidence *e, unsigned int quoted,
		     struct irqm_text *t)
{
	irqm_text_add(t, " (log, %" PRIu64 ".%06" PRIu64,
		      e->first->ns / 1000000000, e->first->ns / 1000 % 1000000);
	if (e->count > 1)
		irqm_text_add(t, " to %" PRIu64 ".%06" PRIu64 ", %u lines",
			      e->last->ns / 1000000000,
			      e->last->ns / 1000 % 1000000, e->count);
	irqm_text_add(t, ": \"%.120s\")", e->lines[quoted]->text);
}

static irqm_num ns_num(uint64_t ns)
{
	return ns > INT64_MAX ? IRQM_UNKNOWN : (irqm_num)ns;
}

struct irqm_finding *irqm_log_finding(struct log *log,
				      enum irqm_finding_name name,
				      enum irqm_severity severity,
				      const struct evidence *e,
				      unsigned int quoted, struct irqm_text *t)
{
	struct irqm_finding *f;

	size_t evidence = t->used;

	say_when(e, quoted, t);
	f = irqm_finding_add(log->a, name, severity, t);
	if (!f)
		return NULL;
	f->evidence = evidence;
	irqm_finding_num(f, "lines", e->count);
	irqm_finding_num(f, "first_ns", ns_num(e->first->ns));
	irqm_finding_num(f, "last_ns", ns_num(e->last->ns));
	irqm_finding_string(f, "first_line", e->first->text);
	return f;
}
