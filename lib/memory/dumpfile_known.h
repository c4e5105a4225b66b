/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The symbols and the layout of a dump in the cache of known kernels. */
#ifndef IRQM_MEMORY_DUMPFILE_KNOWN_H
#define IRQM_MEMORY_DUMPFILE_KNOWN_H

#include "memory/dumpfile_parts.h"

/* True if the cache has an entry of that name which the program would use. */
bool irqm_dumpfile_knows(const struct irqm_files *files, const char *name);

/*
 * Opens the cache that files have; NULL if there is none, or the dump's format
 * does not allow it.
 */
struct irqm_lookup *irqm_lookup_open(const struct irqm_files *files,
				     const struct irqm_dumpfile *f);
void irqm_lookup_close(struct irqm_lookup *l);

/* Takes the names' values and the layout from the cache, or none of them. */
bool irqm_lookup_load(struct irqm_lookup *l, struct irqm_dumpfile *f);

/* Keeps what was read in the dump, after irqm_lookup_load() gave nothing. */
void irqm_lookup_store(struct irqm_lookup *l, struct irqm_dumpfile *f);

#endif
