/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints advice: the goal, what stands in its way, and each change. */
#include "render/render.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

/* The part's sentence, its commands and what it costs. */
static void put_part(FILE *out, const struct irqm_advice_part *p, bool reboot,
		     unsigned int width, unsigned int indent)
{
	char *safe = irqm_escape_whole(p->what), *text = NULL;
	unsigned int i;

	if (safe && asprintf(&text, "%s.%s", safe,
			     reboot ? " Needs a reboot." : "") >= 0)
		irqm_put_wrapped(out, text, width, indent, indent);
	free(text);
	free(safe);
	for (i = 0; i < p->nr_commands; i++) {
		fprintf(out, "%*s", (int)indent + 2, "");
		irqm_put_name(out, p->commands[i]);
		fputc('\n', out);
	}
	if (p->cost)
		put_text(out, p->cost, width, indent);
}

static void put_advice(FILE *out, const struct irqm_advices *all,
		       const struct irqm_advice *a, unsigned int nr,
		       unsigned int width)
{
	unsigned int i;

	fprintf(out, "\n%2u. ", nr);
	if (a->nr_parts == 1) {
		put_part(out, a->parts, a->reboot, width, 4);
	} else {
		fprintf(out, "Together:%s\n",
			a->reboot ? " (needs a reboot)" : "");
		for (i = 0; i < a->nr_parts; i++) {
			fputs("    - ", out);
			put_part(out, &a->parts[i], false, width, 6);
		}
	}
	if (a->available == 0)
		irqm_put_paragraph(out,
				   "By the plan everything fits, but it leaves "
				   "0 vectors, so the next device fails.",
				   width, 4);
	else if (a->available != IRQM_UNKNOWN)
		fprintf(out,
			"    By the plan everything fits: %" PRId64
			" %s available then, %" PRId64 " now.\n",
			a->available,
			irqm_plural(a->available, "vector", "vectors"),
			all->available);
}

/* What to type after a change, and to get removed devices back. */
static void put_after(FILE *out, const struct irqm_advices *a)
{
	const char *undo = NULL;
	bool running = false;
	unsigned int i, k;

	for (i = 0; i < a->nr; i++) {
		running |= !a->list[i].reboot;
		for (k = 0; k < a->list[i].nr_parts; k++)
			if (a->list[i].parts[k].undo)
				undo = a->list[i].parts[k].undo;
	}
	if (running && a->probe_again) {
		fputs("\nAfter a change without a reboot, for each device that "
		      "failed:\n      ",
		      out);
		irqm_put_name(out, a->probe_again);
		fputc('\n', out);
	}
	if (undo)
		fprintf(out,
			"\nTo undo a removal (the devices take their vectors "
			"again):\n      %s\n",
			undo);
}

static char *say_nothing(const struct irqm_advices *a)
{
	char *text = NULL;

	if (!a->nearest)
		return strdup("No change that is known applies: the drivers of "
			      "these devices take a fixed number of vectors.");
	if (asprintf(&text,
		     "No change that is known helps, alone or with others. The "
		     "nearest: %s. Then %u %s not fit.",
		     a->nearest, a->nearest_missing,
		     irqm_plural(a->nearest_missing, "device still does",
				 "devices still do")) < 0)
		return NULL;
	return text;
}

static char *say_found(const struct irqm_advices *a)
{
	bool together = a->list[0].nr_parts > 1;
	char *text = NULL;

	/* pci=nomsi alone */
	if (a->list[0].available == IRQM_UNKNOWN)
		return say_nothing(a);
	if (asprintf(&text, "%s%u %s, each confirmed by a plan%s",
		     together ? "No single change is enough. " : "", a->nr,
		     together ?
			     irqm_plural(a->nr, "combination helps",
					 "combinations help") :
			     irqm_plural(a->nr, "change helps", "changes help"),
		     a->limited ? ". The search was cut short: there may be "
				  "smaller combinations, and others." :
				  ":") < 0)
		return NULL;
	return text;
}

char *irqm_advice_text(const struct irqm_advices *a)
{
	switch (a->end) {
	case IRQM_ADVISE_NO_GOAL:
		return strdup(a->known);
	case IRQM_ADVISE_FITS:
		return strdup(
			a->known ?
				a->known :
				"Everything fits without a change. Devices that "
				"failed before can be probed again.");
	case IRQM_ADVISE_NOTHING:
		return say_nothing(a);
	case IRQM_ADVISE_FOUND:
		break;
	}
	return say_found(a);
}

int irqm_render_advice(FILE *out, const struct irqm_advices *a,
		       const struct irqm_render_options *options)
{
	unsigned int width = irqm_prose_width(options), i;
	const struct irqm_plans *p;
	char *goal = NULL, *text;

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
	text = irqm_advice_text(a);
	if (text)
		put_text(out, text, width, 0);
	free(text);
	for (i = 0; i < a->nr; i++)
		put_advice(out, a, &a->list[i], i + 1, width);
	if (a->next) {
		fputs("      ", out);
		irqm_put_command(out, a->next, options->dump);
		fputc('\n', out);
	}
	if (a->not_tried) {
		fputc('\n', out);
		put_text(out, a->not_tried, width, 0);
	}
	put_after(out, a);
	return irqm_put_end(out);
}
