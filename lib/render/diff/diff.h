/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Renderers of two dumps compared; as those of render.h. */
#ifndef IRQM_RENDER_DIFF_H
#define IRQM_RENDER_DIFF_H

#include "diff/diff.h"
#include "render/render.h"

/*
 * `irqmatrix diff`: which kernels and machines, if they are not the same; a
 * sentence; what became of global_available, by driver; then devices, CPUs,
 * interrupts and findings, each table only if something of it differs.
 * Neighbours that are alike are folded unless options->all, which also lists
 * every interrupt that changed. Of options only all, header and color count.
 */
int irqm_render_diff(FILE *out, const struct irqm_diff *d,
		     const struct irqm_render_options *options);

/* The document "irqmatrix-diff/1", compact or indented. */
int irqm_render_diff_json(FILE *out, const struct irqm_diff *d, bool pretty);

#endif
