/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The symbols and the layout of a dump in the cache of known kernels. */
#ifndef IRQM_MEMORY_DUMPFILE_KNOWN_H
#define IRQM_MEMORY_DUMPFILE_KNOWN_H

#include "memory/dumpfile_parts.h"

/* Returns true if the cache has an entry of that name that would be used. */
bool irqm_dumpfile_knows(const struct irqm_files *files, const char *name);

/* Opens the cache that files have. Returns NULL if there is none, or if the
 * dump's format does not support it. */
struct irqm_lookup *irqm_lookup_open(const struct irqm_files *files,
				     const struct irqm_dumpfile *f);
void irqm_lookup_close(struct irqm_lookup *l);

/* Takes the symbols' values and the layout from the cache, or neither. */
bool irqm_lookup_load(struct irqm_lookup *l, struct irqm_dumpfile *f);

/* Stores what was read from the dump, after irqm_lookup_load() found
 * nothing. */
void irqm_lookup_store(struct irqm_lookup *l, struct irqm_dumpfile *f);

#endif
