/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two machines that are compared:
 *
 *	two_machines(&t, 4);
 *	snap_offline(t.s[1], 3);
 *	assert_true(two_compared(&t)->differs);
 *	two_free(&t);
 */
#ifndef TWO_H
#define TWO_H

#include "snap.h"

struct two {
	struct irqm_snapshot *s[2];
	struct irqm_analysis *a[2];
	struct irqm_diff *d;
};

/* Five disks and an ACPI interrupt, on both sides. */
void two_machines(struct two *t, unsigned int cpus);
/* Once for each pair of machines. */
const struct irqm_diff *two_compared(struct two *t);
void two_free(struct two *t);

#endif
