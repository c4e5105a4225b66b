/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Renderers of what a running machine did between two readings. */
#ifndef IRQM_RENDER_RATES_H
#define IRQM_RENDER_RATES_H

#include "diff/rates.h"
#include "render/render.h"

/* When the second reading was made, and how long after the first. */
struct irqm_rates_time {
	int64_t epoch; /* seconds */
	double seconds;
};

/*
 * `irqmatrix --interval`: the machine, the vectors that are available and what
 * changed them; the CPUs; the interrupts that changed or fired. Uses the
 * options top (rows of the interrupts), header, color and width; max_cpus 0 is
 * all.
 */
int irqm_render_rates(FILE *out, const struct irqm_rates *r,
		      const struct irqm_rates_time *when, unsigned int max_cpus,
		      const struct irqm_render_options *options);

/* Writes the document "irqmatrix-rates/1" in one line. */
int irqm_render_rates_json(FILE *out, const struct irqm_rates *r,
			   const struct irqm_rates_time *when);

#endif
