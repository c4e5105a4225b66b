/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The symbols and the types of a dump in files of learned kernels. */
#ifndef IRQM_MEMORY_DUMPFILE_LEARNED_H
#define IRQM_MEMORY_DUMPFILE_LEARNED_H

#include "memory/dumpfile_parts.h"
#include "memory/learned/search.h"

/*
 * Looks for the dump's kernel among the learned kernels of a place: 0 is the
 * options' kernels, others their kernel_places. Returns 1 if it was found, and
 * uses its symbols and types; 0 if not, see seen; -1 with err if the place
 * cannot be read.
 */
int irqm_dumpfile_learned(struct irqm_dumpfile *f,
			  const struct irqm_dumpfile_options *o,
			  unsigned int place, struct irqm_learned_seen *seen,
			  struct irqm_error *err);

/* The same for all of the options' kernel_places. Returns true if it was
 * found. */
bool irqm_dumpfile_learned_places(struct irqm_dumpfile *f,
				  const struct irqm_dumpfile_options *o,
				  struct irqm_learned_seen *seen);

/* Sets err if no kernel matches. reason: why the dump itself is not enough. */
void irqm_dumpfile_not_learned(const struct irqm_dumpfile *f,
			       const struct irqm_learned_seen *seen,
			       const char *reason, struct irqm_error *err);

#endif
