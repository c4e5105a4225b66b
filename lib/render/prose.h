/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paragraphs. The strings must be escaped; a character that is not ASCII
 * counts as one column.
 */
#ifndef IRQM_RENDER_PROSE_H
#define IRQM_RENDER_PROSE_H

#include <stdio.h>

struct irqm_render_options;

/*
 * Columns for prose: options->width, but no more than 80, because longer lines
 * are hard to read, and no less than 40.
 */
unsigned int irqm_prose_width(const struct irqm_render_options *options);

/* Writes s from column of the current line on; further lines begin at indent. */
void irqm_put_wrapped(FILE *out, const char *s, unsigned int width,
		      unsigned int column, unsigned int indent);
/* Writes s, each line from indent on. */
void irqm_put_paragraph(FILE *out, const char *s, unsigned int width,
			unsigned int indent);

#endif
