/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the kernel's symbol table from its memory, in every encoding from
 * 4.15 to 7.x (kernel/kallsyms.c, scripts/kallsyms.c).
 */
#ifndef IRQM_MEMORY_KALLSYMS_H
#define IRQM_MEMORY_KALLSYMS_H

#include "memory/target.h"

struct irqm_kallsyms;

/* Where the tables are, by VMCOREINFO (since 6.0, 5fd8fea935a1) or by a scan of
 * the kernel image. */
struct irqm_kallsyms_where {
	uint64_t names, num_syms, token_table, token_index;
	uint64_t offsets;       /* may be 0 */
	uint64_t relative_base; /* 0: none, place-relative since 7.0 */
	uint64_t addresses;     /* absolute form; may be 0 */
};

/* Parses VMCOREINFO. Returns false if it does not name the tables. */
bool irqm_kallsyms_from_vmcoreinfo(const char *vmcoreinfo,
				   struct irqm_kallsyms_where *ret);

/*
 * Looks for the tables in the kernel image at [start, end), where start is
 * _stext, for kernels whose VMCOREINFO does not name them. Does not find the
 * absolute form, which x86-64 has not used since 4.6. The result was verified:
 * it gives _stext the address start. Returns false if nothing was found.
 */
bool irqm_kallsyms_scan(const struct irqm_target *memory, uint64_t start,
			uint64_t end, struct irqm_kallsyms_where *ret);

/*
 * Reads the tables; expands nothing yet. Chooses the encoding that gives _stext
 * the address stext (VMCOREINFO's SYMBOL(_stext)). memory must outlive *ret.
 * Returns 0, or -1 with err.
 */
int irqm_kallsyms_new(const struct irqm_target *memory,
		      const struct irqm_kallsyms_where *where, uint64_t stext,
		      struct irqm_kallsyms **ret, struct irqm_error *err);
void irqm_kallsyms_free(struct irqm_kallsyms *k); /* NULL is fine */

/*
 * Looks up nr names in one pass over the table; found[i] says if name i exists.
 * Values are what struct irqm_target.symbol returns: relocated, and for per-CPU
 * variables what to add to __per_cpu_offset. If several symbols have a name,
 * the first counts.
 *
 * If text_end is not 0, most symbols between _stext and text_end are skipped,
 * which saves half of the work; the names must not be among them.
 *
 * Returns 0 if the needed part of the table was read, so that a name that was
 * not found does not exist. Otherwise returns an address in the table that
 * cannot be read or is invalid, and a name that was not found may exist.
 */
uint64_t irqm_kallsyms_find(const struct irqm_kallsyms *k, uint64_t text_end,
			    const char *const names[], unsigned int nr,
			    uint64_t values[], bool found[]);

/*
 * Sets *ret to whether a value moves with the kernel (KASLR); offsets of
 * per-CPU variables do not. Returns false if that is unknown.
 */
bool irqm_kallsyms_moves(const struct irqm_kallsyms *k, uint64_t value,
			 bool *ret);

/*
 * As struct irqm_target.symbol_at, without a pass over the whole table. Of
 * several symbols at one address, returns the first, as the kernel does. The
 * kernel has no sizes: the last symbol before a hole covers the hole.
 */
bool irqm_kallsyms_at(const struct irqm_kallsyms *k, uint64_t addr, char *name,
		      size_t size, uint64_t *ret_offset);

/* Gets the value of the last symbol, behind which irqm_kallsyms_at() finds
 * none. Returns false if it cannot be read. */
bool irqm_kallsyms_last(const struct irqm_kallsyms *k, uint64_t *ret);

/* Lists the ranges of memory with the tables, for a distilled dump. Returns the
 * number of ranges, at most IRQM_KALLSYMS_RANGES. */
#define IRQM_KALLSYMS_RANGES 8
unsigned int irqm_kallsyms_ranges(const struct irqm_kallsyms *k,
				  uint64_t addr[], uint64_t len[]);

#endif
