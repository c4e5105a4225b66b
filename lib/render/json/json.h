/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the parts of the document, with small helpers over jansson for its
 * conventions. Each function returns a new value, or NULL if out of memory. */
#ifndef IRQM_RENDER_JSON_H
#define IRQM_RENDER_JSON_H

#include <jansson.h>

#include "advise/advise.h"
#include "facts/facts.h"
#include "plan/plan.h"

json_t *irqm_json_num(irqm_num n);                 /* null if unknown */
json_t *irqm_json_bool(irqm_num n);                /* null if unknown */
json_t *irqm_json_u64(uint64_t n);                 /* null beyond 2^63 - 1 */
json_t *irqm_json_hex(uint64_t n);                 /* "0x..." */
json_t *irqm_json_addr(uint64_t addr);             /* the same, null if 0 */
json_t *irqm_json_name(const char *s);             /* escaped; null if NULL */
json_t *irqm_json_bits(const struct irqm_bits *b); /* cpulist */

/*
 * Adds to an object, and takes ownership of the value. A NULL value, which
 * means out of memory, or a failure marks the object, so that a series of calls
 * needs one check: irqm_json_done() returns the object, or frees it and returns
 * NULL.
 */
struct irqm_json {
	json_t *object;
	bool failed;
};

struct irqm_json irqm_json_object(void);
void irqm_json_add(struct irqm_json *j, const char *key, json_t *value);
json_t *irqm_json_done(struct irqm_json *j);

/* Builds the value of a fact that is IRQM_TYPE_NEST. */
typedef json_t *irqm_json_nest(const struct irqm_fact_row *row);

/* Adds nr facts that have a key. nest has one element for each fact; NULL if
 * none is IRQM_TYPE_NEST. */
void irqm_json_add_facts(struct irqm_json *j, const struct irqm_fact *facts,
			 unsigned int nr, const struct irqm_fact_row *row,
			 irqm_json_nest *const *nest);

/* Adds the cost of a device, a driver or a remainder: "irqs" to "cost". */
void irqm_json_add_cost(struct irqm_json *j, const struct irqm_cost *c);

/* Appends, and takes ownership of the value. On failure frees the array and
 * sets it to NULL. */
void irqm_json_append(json_t **array, json_t *value);

/* Makes a list of nr elements. If cut is set, the list could not be read to its
 * end, and a null is added. If nothing of it could be read, returns null. */
json_t *irqm_json_cut(json_t *array, unsigned int nr, bool cut);

/* Prints a document, which it frees, and a newline. NULL is out of memory.
 * Returns 0, or -1 with errno. */
int irqm_json_print(FILE *out, json_t *doc, bool indent);

/* Return a member of an object. Number, or unknown. */
irqm_num irqm_json_get_num(const json_t *object, const char *key);
/* String, or NULL. */
const char *irqm_json_get_string(const json_t *object, const char *key);
/* 0, 1 or unknown. */
irqm_num irqm_json_get_bool(const json_t *object, const char *key);

/* The document that irqm_render_json() writes. */
json_t *irqm_json_document(const struct irqm_analysis *a);
/* The document that irqm_render_plan_json() writes. */
json_t *irqm_json_plans(const struct irqm_plans *p);
/* The document that irqm_render_advice_json() writes. */
json_t *irqm_json_advice(const struct irqm_advices *a,
			 const struct irqm_dump *dump);
/* The document's "dump". */
json_t *irqm_json_dump(const struct irqm_dump *d);
/* The word for it in that; NULL if it is unknown. */
const char *irqm_json_destination(enum irqm_apic_dest dest);
/* An element of the document's "unread". */
json_t *irqm_json_unread(const struct irqm_unread *u);
/* An element of the document's "irqs". */
json_t *irqm_json_irq(const struct irqm_snapshot *s,
		      const struct irqm_irq *irq);
/* Values in that element. */
irqm_json_nest irqm_json_actions, irqm_json_pending, irqm_json_remapping,
	irqm_json_ioapic, irqm_json_disagreements;

/* An element of "pools" of the document's "accounting". */
json_t *irqm_json_pool(const struct irqm_analysis *a,
		       const struct irqm_pool *pool);

#endif
