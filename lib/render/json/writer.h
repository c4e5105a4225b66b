/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A JSON document, written element by element to a stream, or kept as a value:
 * one object with values and arrays in it. A failure is remembered, so that a
 * row of calls needs one check, that of irqm_json_end().
 */
#ifndef IRQM_RENDER_JSON_WRITER_H
#define IRQM_RENDER_JSON_WRITER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* To be set up with out and pretty, or with root, a new object. */
struct irqm_json_writer {
	FILE *out;            /* NULL: the values are kept */
	json_t *root, *array; /* then; array: that is open, or NULL */
	bool pretty;
	unsigned int depth;
	bool first; /* of the object or array that is open */
	bool failed;
};

void irqm_json_begin(struct irqm_json_writer *w);
/* Takes over the value, of the array that is open if key is NULL. A NULL value
 * means that there was no memory for it. */
void irqm_json_put(struct irqm_json_writer *w, const char *key, json_t *value);
void irqm_json_open_array(struct irqm_json_writer *w, const char *key);
void irqm_json_close_array(struct irqm_json_writer *w);
/* Flushes. 0, or -1 with errno. */
int irqm_json_end(struct irqm_json_writer *w);

#endif
