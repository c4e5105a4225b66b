/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What dumpfile.c does where a dump's header has no VMCOREINFO. */
#ifndef IRQM_TARGET_DUMPFILE_SEARCH_H
#define IRQM_TARGET_DUMPFILE_SEARCH_H

#include "target/dumpfile.h"
#include "target/dumpfile_known.h"

/*
 * Sets VMCOREINFO of the pages, and where it is from: the kernel's own in
 * memory, else what the vmlinux of the options tells. 0, or -1 with err.
 */
int irqm_dumpfile_search(struct irqm_dumpfile *f,
			 const struct irqm_dumpfile_options *o,
			 struct irqm_error *err);

/*
 * With the kernel's symbols: is the note that was found the one that its
 * variable vmcoreinfo_note leads to, or equal to it? 0, also where that cannot be told; -1
 * with err if it is another one.
 */
int irqm_dumpfile_check_note(struct irqm_dumpfile *f, struct irqm_error *err);

#endif
