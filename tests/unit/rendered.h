/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a view prints about a snapshot. */
#ifndef RENDERED_H
#define RENDERED_H

#include <stdio.h>

#include "irqmatrix.h"

typedef int (*view_fn)(FILE *out, const struct irqm_analysis *a,
		       const struct irqm_render_options *options);

/* With header, all CPUs, folded. */
extern const struct irqm_render_options defaults;

/*
 * The text of the view, to free(). options NULL: defaults. Fails the test if
 * a line is longer than 80 columns or ends in a blank.
 */
char *rendered(view_fn view, const struct irqm_snapshot *s,
	       const struct irqm_render_options *options);

/* The text is exactly this. The snapshot is freed. */
void assert_rendered(view_fn view, struct irqm_snapshot *s,
		     const struct irqm_render_options *options,
		     const char *expected);

/* The text has this part. */
void assert_contains(const char *text, const char *part);

/* irqm_render_irqaff() with the number of the IRQ. */
char *rendered_irqaff(const struct irqm_snapshot *s, unsigned int irq);

#endif
