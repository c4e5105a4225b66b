/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Renderers of a comparison of two dumps, like those of render.h. */
#ifndef IRQM_RENDER_DIFF_H
#define IRQM_RENDER_DIFF_H

#include "diff/diff.h"
#include "render/render.h"

/*
 * `irqmatrix diff`: kernels and machines, if they differ; a sentence; the
 * change of global_available, by driver; then devices, CPUs, interrupts and
 * findings, each table only if something in it differs. Equal neighbours are
 * folded unless options->all is set, which also lists every interrupt that
 * changed. Uses only the options all, header and color.
 */
int irqm_render_diff(FILE *out, const struct irqm_diff *d,
		     const struct irqm_render_options *options);

/* Writes the document "irqmatrix-diff/1", compact or indented. */
int irqm_render_diff_json(FILE *out, const struct irqm_diff *d, bool pretty);

#endif
