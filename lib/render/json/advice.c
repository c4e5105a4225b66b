/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the document "irqmatrix-advice/1" of `irqmatrix advise --json`. */
#include "render/render.h"

#include "render/json/json.h"
#include "render/text.h"

static json_t *advice_object(const struct irqm_advice *a)
{
	struct irqm_json j = irqm_json_object();
	json_t *commands = json_array();
	unsigned int i;

	irqm_json_add(&j, "change", json_string(irqm_knob_name(a->knob)));
	irqm_json_add(&j, "reboot", json_boolean(a->reboot));
	irqm_json_add(&j, "devices", json_integer(a->devices));
	irqm_json_add(&j, "what", irqm_json_name(a->what));
	for (i = 0; i < a->nr_commands; i++)
		irqm_json_append(&commands, irqm_json_name(a->commands[i]));
	irqm_json_add(&j, "commands", commands);
	irqm_json_add(&j, "cost", irqm_json_name(a->cost));
	irqm_json_add(&j, "available", irqm_json_num(a->available));
	irqm_json_add(&j, "confirmed",
		      json_boolean(a->available != IRQM_UNKNOWN));
	return irqm_json_done(&j);
}

json_t *irqm_json_advice(const struct irqm_advices *a,
			 const struct irqm_dump *dump)
{
	static const char *const ends[] = {
		[IRQM_ADVISE_FOUND] = "found",
		[IRQM_ADVISE_NO_GOAL] = "no-goal",
		[IRQM_ADVISE_FITS] = "fits",
		[IRQM_ADVISE_NOTHING] = "nothing-helps",
	};
	struct irqm_json j = irqm_json_object();
	json_t *advice = json_array();
	unsigned int i;

	irqm_json_add(&j, "schema", json_string("irqmatrix-advice/1"));
	irqm_json_add(&j, "path", irqm_json_name(dump->path));
	irqm_json_add(&j, "release", irqm_json_name(dump->release));
	irqm_json_add(&j, "end", json_string(ends[a->end]));
	irqm_json_add(&j, "goal", irqm_json_name(a->goal));
	irqm_json_add(&j, "left_out", irqm_json_name(a->unplanned));
	irqm_json_add(&j, "available", irqm_json_num(a->available));
	irqm_json_add(&j, "probe_again", irqm_json_name(a->probe_again));
	irqm_json_add(&j, "plans", json_integer(a->plans));
	irqm_json_add(&j, "without",
		      a->without ? irqm_json_plans(a->without) : json_null());
	for (i = 0; i < a->nr; i++)
		irqm_json_append(&advice, advice_object(&a->list[i]));
	irqm_json_add(&j, "advice", advice);
	return irqm_json_done(&j);
}

int irqm_render_advice_json(FILE *out, const struct irqm_advices *a,
			    const struct irqm_dump *dump, bool indent)
{
	return irqm_json_print(out, irqm_json_advice(a, dump), indent);
}
