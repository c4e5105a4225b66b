/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice for machines that are written down in a test. */
#ifndef ADVISED_H
#define ADVISED_H

#include "advise/advise.h"
#include "snap.h"

struct irqm_analysis *must_analyse(const struct irqm_snapshot *s);

/* Advice with these devices to be added; NULL: none. */
struct irqm_advices *advice_for(struct irqm_snapshot *s, const char *add);

/* The first of this knob, or NULL. */
const struct irqm_advice *find_advice(const struct irqm_advices *a,
				      enum irqm_knob knob);

/* Whether a command of its first part has this in it. */
bool has_command(const struct irqm_advice *a, const char *part);

/* A device whose vectors are all not managed, on CPU 0. */
int plain_device(struct irqm_snapshot *s, const char *name, const char *driver,
		 unsigned int first, unsigned int nr);

#endif
