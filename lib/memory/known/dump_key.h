/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Computes a dump's key in the cache of known kernels (known.h), from the pages
 * with its symbols and types. Mostly uses the bytes as the file has them, so
 * that a known kernel is recognised without unpacking anything. Private to
 * lib/memory.
 *
 * Addresses are relative to _stext, and data that the kernel relocates is left
 * out or made relative, so that each boot of a kernel gives the same key.
 */
#ifndef IRQM_MEMORY_DUMP_KEY_H
#define IRQM_MEMORY_DUMP_KEY_H

#include "memory/kallsyms/kallsyms.h"
#include "memory/known/known.h"
#include "memory/paging.h"

/*
 * Adds where the tables of kallsyms are, and every byte that a lookup reads.
 * Returns false if no key can be made: a page is missing, the format does not
 * give a page's bytes, or the tables are not as kernels have them.
 */
bool irqm_dump_key_kallsyms(struct irqm_known_key *key, struct irqm_paging *p,
			    const struct irqm_kallsyms_where *where,
			    uint64_t stext);

/* Adds the memory at [addr, addr + len), which must not have relocated data. */
bool irqm_dump_key_memory(struct irqm_known_key *key, struct irqm_paging *p,
			  uint64_t addr, uint64_t len);

#endif
