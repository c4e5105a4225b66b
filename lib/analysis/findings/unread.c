/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unread-pages: what could not be read, and what is unknown because of it. */
#include "analysis/findings/finding.h"

static bool maps_unknown(const struct irqm_snapshot *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++)
		if (s->cpus[i].online == IRQM_UNKNOWN ||
		    !irqm_bits_known(&s->cpus[i].alloc_map) ||
		    !irqm_bits_known(&s->cpus[i].managed_map))
			return true;
	return s->nr_cpus == 0;
}

static void add_answer(struct irqm_text *t, unsigned int *nr,
		       const char *answer)
{
	irqm_text_add(t, "%s%s", (*nr)++ ? ", " : ". Unknown: ", answer);
}

/* Returns how many answers are unknown; 0 if only names and details are. */
static unsigned int say_unknown(const struct irqm_analysis *a,
				struct irqm_text *t)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int nr = 0;

	if (!s->matrix.addr)
		add_answer(t, &nr, "the vector matrix");
	if (maps_unknown(s))
		add_answer(t, &nr, "the vectors of some CPUs");
	if (!s->irqs_known)
		add_answer(t, &nr, "the number of interrupts");
	if (irqm_irqs_uncertain(s))
		add_answer(t, &nr, "the owner of each vector");
	if (a->accounting.unattributed == IRQM_UNKNOWN)
		add_answer(t, &nr, "the cost of each device");
	return nr;
}

bool irqm_find_unread_pages(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	unsigned int i, excluded = 0, truncated = 0, all, unknown;
	struct irqm_text t = { 0 };
	struct irqm_finding *f;

	all = s->nr_unread + s->unread_dropped;
	if (!all)
		return true;
	for (i = 0; i < s->nr_unread; i++) {
		excluded += s->unread[i].why == IRQM_EXCLUDED;
		truncated += s->unread[i].why == IRQM_TRUNCATED;
	}
	irqm_text_add(&t, "%u %s of the dump could not be read", all,
		      irqm_plural(all, "part", "parts"));
	if (excluded)
		irqm_text_add(&t, " (%u on pages that makedumpfile excluded",
			      excluded);
	if (truncated)
		irqm_text_add(&t, "%s%u beyond the end of the truncated dump",
			      excluded ? ", " : " (", truncated);
	if (excluded || truncated)
		irqm_text_add(&t, ")");
	unknown = say_unknown(a, &t);
	f = irqm_finding_add(a, IRQM_UNREAD_PAGES,
			     unknown ? IRQM_WARNING : IRQM_INFO, &t);
	if (!f)
		return false;
	irqm_finding_num(f, "parts", all);
	irqm_finding_num(f, "excluded", excluded);
	irqm_finding_num(f, "truncated", truncated);
	irqm_finding_num(f, "unknown_answers", unknown);
	return true;
}
