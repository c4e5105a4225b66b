/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Analyses of snapshots that are written down in a test. */
#ifndef ANALYSED_H
#define ANALYSED_H

#include "unit.h"
#include "snap.h"

static inline struct irqm_analysis *analyse(const struct irqm_snapshot *s)
{
	struct irqm_analysis *a = irqm_analyse(s);

	assert_non_null(a);
	return a;
}

static inline void finish(struct irqm_analysis *a, struct irqm_snapshot *s)
{
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

#endif
