/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a document "irqmatrix/1" again, to compare it. */
#ifndef IRQM_RENDER_SAVED_H
#define IRQM_RENDER_SAVED_H

#include <jansson.h>

#include "analysis/analysis.h"

/*
 * Makes a snapshot of what irqm_diff() compares, and analyses it; the findings
 * are those of the document. The document may come from anybody. Names stay
 * escaped. Returns 0, or -1 with err.
 */
int irqm_json_saved(const json_t *doc, struct irqm_snapshot **ret_snapshot,
		    struct irqm_analysis **ret_analysis,
		    struct irqm_error *err);

#endif
