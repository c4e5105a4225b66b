/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints advice: the goal, what stands in its way, and each change. */
#include "render/render.h"

#include <inttypes.h>
#include <stdlib.h>

#include "render/prose.h"
#include "render/text.h"
#include "render/views/plan_answer.h"

static void put_text(FILE *out, const char *text, unsigned int width,
		     unsigned int indent)
{
	char *safe = irqm_escape_whole(text);

	if (safe)
		irqm_put_paragraph(out, safe, width, indent);
	free(safe);
}

static void put_advice(FILE *out, const struct irqm_advice *a, unsigned int nr,
		       unsigned int width)
{
	char *safe = irqm_escape_whole(a->what), *text = NULL;
	unsigned int i;

	fprintf(out, "\n%2u. ", nr);
	if (safe && asprintf(&text, "%s.%s", safe,
			     a->reboot ? " Needs a reboot." : "") >= 0)
		irqm_put_wrapped(out, text, width, 4, 4);
	free(text);
	free(safe);
	for (i = 0; i < a->nr_commands; i++) {
		fputs("      ", out);
		irqm_put_name(out, a->commands[i]);
		fputc('\n', out);
	}
	if (a->cost)
		put_text(out, a->cost, width, 4);
	if (a->available != IRQM_UNKNOWN)
		fprintf(out, "    Leaves %" PRId64 " %s available.\n",
			a->available,
			irqm_plural(a->available, "vector", "vectors"));
}

static void put_end(FILE *out, const struct irqm_advices *a, unsigned int width)
{
	switch (a->end) {
	case IRQM_ADVISE_NO_GOAL:
		put_text(out,
			 "Nothing to fit: the log names no device whose probe "
			 "failed for want of vectors, and none is to be added "
			 "(--add). irqmatrix -k shows what else helps.",
			 width, 0);
		break;
	case IRQM_ADVISE_FITS:
		put_text(
			out,
			"Everything fits without a change. Devices that failed "
			"before can be probed again.",
			width, 0);
		break;
	case IRQM_ADVISE_NOTHING:
		put_text(
			out,
			"No change that is known helps. docs/capacity.md lists "
			"what was tried.",
			width, 0);
		break;
	case IRQM_ADVISE_FOUND:
		fprintf(out, "%u %s, each confirmed by a plan:\n", a->nr,
			irqm_plural(a->nr, "change helps", "changes help"));
		break;
	}
}

int irqm_render_advice(FILE *out, const struct irqm_advices *a,
		       const struct irqm_render_options *options)
{
	unsigned int width = irqm_prose_width(options), i;
	const struct irqm_plans *p;
	char *goal = NULL;

	if (a->goal) {
		fputs("To fit: ", out);
		goal = irqm_escape_whole(a->goal);
		if (goal)
			irqm_put_wrapped(out, goal, width, 8, 2);
		free(goal);
	}
	if (a->unplanned) {
		fputs("Left out, because the number of their vectors is not known: ",
		      out);
		irqm_put_name(out, a->unplanned);
		fputs(".\n", out);
	}
	if (a->without && a->end != IRQM_ADVISE_FITS) {
		fputs("\nWithout a change:\n", out);
		for (p = a->without; p; p = p->other)
			if (irqm_put_plan_answer(out, p, &p->plans[0]))
				return -1;
	}
	if (a->goal || a->unplanned)
		fputc('\n', out);
	if (a->nr == 1 && a->list[0].available == IRQM_UNKNOWN)
		put_text(out, "No change helps that a plan can confirm.", width,
			 0);
	else
		put_end(out, a, width);
	for (i = 0; i < a->nr; i++)
		put_advice(out, &a->list[i], i + 1, width);
	if (a->nr && !a->list[0].reboot && a->probe_again) {
		fputs("\nAfter a change without a reboot:\n      ", out);
		irqm_put_name(out, a->probe_again);
		fputc('\n', out);
	}
	return irqm_put_end(out);
}
