/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes a JSON document, one object with values and arrays, element by element
 * to a stream, or builds it as a value of jansson. Failures are recorded, so
 * that a series of calls needs one check, irqm_json_end().
 */
#ifndef IRQM_RENDER_JSON_WRITER_H
#define IRQM_RENDER_JSON_WRITER_H

#include <jansson.h>
#include <stdio.h>

#include "render/json/value.h"

/* Initialise it with out and pretty, or with root set to a new object. */
struct irqm_json_writer {
	FILE *out;            /* NULL: build the value in root */
	json_t *root, *array; /* root, and the open array or NULL */
	bool pretty;
	unsigned int depth;
	bool first; /* in the open object or array */
	bool failed;
	struct irqm_json text; /* not written yet */
};

void irqm_json_begin(struct irqm_json_writer *w);
/* Takes ownership of the value. key is NULL in an array. */
void irqm_json_put(struct irqm_json_writer *w, const char *key,
		   struct irqm_json_value value);
void irqm_json_open_array(struct irqm_json_writer *w, const char *key);
void irqm_json_close_array(struct irqm_json_writer *w);
/* Flushes. Returns 0, or -1 with errno. */
int irqm_json_end(struct irqm_json_writer *w);

/* Writes a value alone, and a newline. Returns 0, or -1 with errno. */
int irqm_json_write(struct irqm_json_writer *w, struct irqm_json_value value);

#endif
