/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last of the analyses: finds problems and other facts worth knowing. */
#ifndef IRQM_FINDINGS_H
#define IRQM_FINDINGS_H

#include "analysis/analysis.h"

/* Adds all findings. Returns false if out of memory. */
bool irqm_find(struct irqm_analysis *a);
/*
 * Then, in this order: says for each warning and critical finding what to do;
 * decides what is shown, in which order, and the verdict.
 */
bool irqm_find_remedies(struct irqm_analysis *a);
bool irqm_judge(struct irqm_analysis *a);

#endif
