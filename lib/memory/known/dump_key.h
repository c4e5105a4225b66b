/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dump's key among the known kernels (known.h): of the pages that its
 * symbols and types are on, mostly as the file holds them, so that nothing is
 * unpacked to find out that it is known. Private to lib/memory.
 *
 * Addresses are taken from _stext on, and what the kernel relocates is not
 * taken as it is, so that each boot of one kernel has the same key.
 */
#ifndef IRQM_MEMORY_DUMP_KEY_H
#define IRQM_MEMORY_DUMP_KEY_H

#include "memory/kallsyms/kallsyms.h"
#include "memory/known/known.h"
#include "memory/paging.h"

/*
 * Adds where the tables of kallsyms are, and every byte that is read to look
 * a name up. False: no key can be made, as a page is missing, the format
 * does not tell what it holds, or the tables are not as kernels have them.
 */
bool irqm_dump_key_kallsyms(struct irqm_known_key *key, struct irqm_paging *p,
			    const struct irqm_kallsyms_where *where,
			    uint64_t stext);

/* Adds the memory at [addr, addr + len), which holds nothing relocated. */
bool irqm_dump_key_memory(struct irqm_known_key *key, struct irqm_paging *p,
			  uint64_t addr, uint64_t len);

#endif
