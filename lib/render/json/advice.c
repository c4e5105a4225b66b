/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the document "irqmatrix-advice/1" of `irqmatrix advise --json`. */
#include "render/render.h"

#include <stdlib.h>

#include "render/json/json.h"
#include "render/text.h"

static void add_commands(struct irqm_json *commands,
			 const struct irqm_advice_part *p)
{
	unsigned int i;

	for (i = 0; i < p->nr_commands; i++)
		irqm_json_append(commands, irqm_json_name(p->commands[i]));
}

static struct irqm_json_value part_object(const struct irqm_advice_part *p)
{
	struct irqm_json j = irqm_json_object();
	struct irqm_json commands = irqm_json_array();

	add_commands(&commands, p);
	irqm_json_add(&j, "change", irqm_json_string(irqm_knob_name(p->knob)));
	irqm_json_add(&j, "devices", irqm_json_integer(p->devices));
	irqm_json_add(&j, "what", irqm_json_name(p->what));
	irqm_json_add(&j, "commands", irqm_json_done(&commands));
	irqm_json_add(&j, "cost", irqm_json_name(p->cost));
	irqm_json_add(&j, "undo", irqm_json_name(p->undo));
	return irqm_json_done(&j);
}

/* The texts of all parts: what, or cost. */
static struct irqm_json_value
joined_texts(const struct irqm_advice *a, const char *separator,
	     const char *(*text)(const struct irqm_advice_part *p))
{
	size_t size, nr = 0;
	char *all = NULL;
	unsigned int i;
	FILE *out;

	out = open_memstream(&all, &size);
	if (!out)
		return irqm_json_own_name(NULL);
	for (i = 0; i < a->nr_parts; i++)
		if (text(&a->parts[i]))
			fprintf(out, "%s%s", nr++ ? separator : "",
				text(&a->parts[i]));
	if (!fclose(out) && nr)
		return irqm_json_own_name(all);
	free(all);
	return nr ? irqm_json_own_name(NULL) : irqm_json_null();
}

static const char *what_of(const struct irqm_advice_part *p)
{
	return p->what;
}

static const char *cost_of(const struct irqm_advice_part *p)
{
	return p->cost;
}

static struct irqm_json_value advice_object(const struct irqm_advice *a)
{
	struct irqm_json j = irqm_json_object();
	struct irqm_json commands = irqm_json_array(),
			 parts = irqm_json_array();
	unsigned int i;

	for (i = 0; i < a->nr_parts; i++) {
		add_commands(&commands, &a->parts[i]);
		irqm_json_append(&parts, part_object(&a->parts[i]));
	}
	irqm_json_add(&j, "change", irqm_json_string(irqm_knob_name(a->knob)));
	irqm_json_add(&j, "reboot", irqm_json_boolean(a->reboot));
	irqm_json_add(&j, "devices", irqm_json_integer(a->devices));
	irqm_json_add(&j, "what", joined_texts(a, "; ", what_of));
	irqm_json_add(&j, "commands", irqm_json_done(&commands));
	irqm_json_add(&j, "cost", joined_texts(a, " ", cost_of));
	irqm_json_add(&j, "available", irqm_json_num(a->available));
	irqm_json_add(&j, "confirmed",
		      irqm_json_boolean(a->available != IRQM_UNKNOWN));
	irqm_json_add(&j, "parts", irqm_json_done(&parts));
	return irqm_json_done(&j);
}

struct irqm_json_value irqm_json_advice(const struct irqm_advices *a,
					const struct irqm_dump *dump)
{
	static const char *const ends[] = {
		[IRQM_ADVISE_FOUND] = "found",
		[IRQM_ADVISE_NO_GOAL] = "no-goal",
		[IRQM_ADVISE_FITS] = "fits",
		[IRQM_ADVISE_NOTHING] = "nothing-helps",
	};
	struct irqm_json j = irqm_json_object();
	char *text = irqm_advice_text(a);
	struct irqm_json advice = irqm_json_array();
	unsigned int i;

	irqm_json_add(&j, "schema", irqm_json_string("irqmatrix-advice/1"));
	irqm_json_add(&j, "path", irqm_json_name(dump->path));
	irqm_json_add(&j, "release", irqm_json_name(dump->release));
	irqm_json_add(&j, "end", irqm_json_string(ends[a->end]));
	irqm_json_add(&j, "text", irqm_json_name(text));
	free(text);
	irqm_json_add(&j, "goal", irqm_json_name(a->goal));
	irqm_json_add(&j, "left_out", irqm_json_name(a->unplanned));
	irqm_json_add(&j, "available", irqm_json_num(a->available));
	irqm_json_add(&j, "probe_again", irqm_json_name(a->probe_again));
	irqm_json_add(&j, "next", irqm_json_name(a->next));
	irqm_json_add(&j, "not_tried", irqm_json_name(a->not_tried));
	irqm_json_add(&j, "plans", irqm_json_integer(a->plans));
	irqm_json_add(&j, "without",
		      a->without ? irqm_json_plans(a->without) :
				   irqm_json_null());
	for (i = 0; i < a->nr; i++)
		irqm_json_append(&advice, advice_object(&a->list[i]));
	irqm_json_add(&j, "advice", irqm_json_done(&advice));
	irqm_json_add(&j, "limited", irqm_json_boolean(a->limited));
	irqm_json_add(&j, "nearest", irqm_json_name(a->nearest));
	irqm_json_add(&j, "nearest_missing",
		      a->nearest ? irqm_json_integer(a->nearest_missing) :
				   irqm_json_null());
	return irqm_json_done(&j);
}

int irqm_render_advice_json(FILE *out, const struct irqm_advices *a,
			    const struct irqm_dump *dump, bool indent)
{
	return irqm_json_print(out, irqm_json_advice(a, dump), indent);
}
