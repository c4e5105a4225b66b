/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds VMCOREINFO for dumpfile_open.c if a dump's header has none. */
#ifndef IRQM_MEMORY_DUMPFILE_SEARCH_H
#define IRQM_MEMORY_DUMPFILE_SEARCH_H

#include "memory/dumpfile_parts.h"

/*
 * Sets the VMCOREINFO of the pages, and where it came from: the kernel's copy
 * in memory, otherwise the kernel that the vmlinux of the options locates.
 * Returns 0, or -1 with err.
 */
int irqm_dumpfile_search(struct irqm_dumpfile *f,
			 const struct irqm_dumpfile_options *o,
			 struct irqm_error *err);

/*
 * Call this once symbols are known. Checks that the note that was found is the
 * one that the kernel's variable vmcoreinfo_note points to, or equal to it.
 * Returns -1 with err if it differs, and 0 otherwise, also if this cannot be
 * checked.
 */
int irqm_dumpfile_check_note(struct irqm_dumpfile *f, struct irqm_error *err);

#endif
