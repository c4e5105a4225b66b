/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the kernel's symbol table from its memory, in every encoding from
 * 4.15 to 7.x (kernel/kallsyms.c, scripts/kallsyms.c).
 */
#ifndef IRQM_MEMORY_KALLSYMS_H
#define IRQM_MEMORY_KALLSYMS_H

#include "memory/target.h"

struct irqm_kallsyms;

/*
 * Where VMCOREINFO (since 6.0, 5fd8fea935a1) says that the tables are, or
 * where a scan of the kernel image found them.
 */
struct irqm_kallsyms_where {
	uint64_t names, num_syms, token_table, token_index;
	uint64_t offsets;       /* or 0 */
	uint64_t relative_base; /* or 0: none, place-relative since 7.0 */
	uint64_t addresses;     /* absolute form; or 0 */
};

/* From the text of VMCOREINFO; false if it does not name the tables. */
bool irqm_kallsyms_from_vmcoreinfo(const char *vmcoreinfo,
				   struct irqm_kallsyms_where *ret);

/*
 * Looks for the tables in the kernel image at [start, end), start being
 * _stext, for kernels whose VMCOREINFO does not name them. Not for the
 * absolute form, which x86-64 leaves since 4.6. What is found has been tried:
 * it gives _stext the address start. False if they are not there.
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
 * The values of nr names in one pass over the table; found[i] says whether
 * name i is there. Values are what struct irqm_target.symbol has to return:
 * relocated, per-CPU variables as they are to be added to __per_cpu_offset.
 * Of several symbols with one name the first counts.
 *
 * Names of symbols between _stext and text_end are mostly left out, which is
 * half of the work: none of the names is to be there. 0: all are looked at.
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
 * several symbols at one address the first, as the kernel prints it. The
 * kernel has no sizes: the last symbol before a hole covers the hole.
 */
bool irqm_kallsyms_at(const struct irqm_kallsyms *k, uint64_t addr, char *name,
		      size_t size, uint64_t *ret_offset);

/* The ranges of memory that the tables are, for a distilled dump: at most
 * IRQM_KALLSYMS_RANGES, returns how many. */
#define IRQM_KALLSYMS_RANGES 8
unsigned int irqm_kallsyms_ranges(const struct irqm_kallsyms *k,
				  uint64_t addr[], uint64_t len[]);

#endif
