/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the parts of the document. */
#ifndef IRQM_RENDER_JSON_H
#define IRQM_RENDER_JSON_H

#include <jansson.h>

#include "advise/advise.h"
#include "facts/facts.h"
#include "plan/plan.h"
#include "render/json/value.h"

/* Builds the value of a fact that is IRQM_TYPE_NEST. */
typedef struct irqm_json_value irqm_json_nest(const struct irqm_fact_row *row);

/* Adds nr facts that have a key. nest has one element for each fact; NULL if
 * none is IRQM_TYPE_NEST. */
void irqm_json_add_facts(struct irqm_json *j, const struct irqm_fact *facts,
			 unsigned int nr, const struct irqm_fact_row *row,
			 irqm_json_nest *const *nest);

/* Adds the cost of a device, a driver or a remainder: "irqs" to "cost". */
void irqm_json_add_cost(struct irqm_json *j, const struct irqm_cost *c);

/* Prints a document, which it frees, and a newline. Returns 0, or -1 with
 * errno. */
int irqm_json_print(FILE *out, struct irqm_json_value doc, bool indent);

/* Return a member of jansson's object. Number, or unknown. */
irqm_num irqm_json_get_num(const json_t *object, const char *key);
/* String, or NULL. */
const char *irqm_json_get_string(const json_t *object, const char *key);
/* 0, 1 or unknown. */
irqm_num irqm_json_get_bool(const json_t *object, const char *key);

/* The document that irqm_render_json() writes, as jansson's value; NULL if out of
 * memory. */
json_t *irqm_json_document(const struct irqm_analysis *a);
/* The document that irqm_render_plan_json() writes. */
struct irqm_json_value irqm_json_plans(const struct irqm_plans *p);
/* The document that irqm_render_advice_json() writes. */
struct irqm_json_value irqm_json_advice(const struct irqm_advices *a,
					const struct irqm_dump *dump);
/* The document's "dump". */
struct irqm_json_value irqm_json_dump(const struct irqm_dump *d);
/* The word for it in that; NULL if it is unknown. */
const char *irqm_json_destination(enum irqm_apic_dest dest);
/* An element of the document's "unread". */
struct irqm_json_value irqm_json_unread(const struct irqm_unread *u);
/* An element of the document's "irqs". */
struct irqm_json_value irqm_json_irq(const struct irqm_snapshot *s,
				     const struct irqm_irq *irq);
/* Values in that element. */
irqm_json_nest irqm_json_actions, irqm_json_pending, irqm_json_remapping,
	irqm_json_ioapic, irqm_json_disagreements;

/* An element of "pools" of the document's "accounting". */
struct irqm_json_value irqm_json_pool(const struct irqm_analysis *a,
				      const struct irqm_pool *pool);

#endif
