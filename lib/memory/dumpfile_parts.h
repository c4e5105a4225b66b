/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open dump file. Private to dumpfile_*.c. */
#ifndef IRQM_MEMORY_DUMPFILE_PARTS_H
#define IRQM_MEMORY_DUMPFILE_PARTS_H

#include "memory/dumpfile.h"
#include "memory/files_local.h"
#include "memory/kallsyms/kallsyms.h"
#include "memory/known/known.h"
#include "memory/learned/learned.h"
#include "memory/paging.h"
#include "memory/target.h"
#include "memory/variables.h"
#include "memory/vmlinux/vmlinux.h"

/* What is looked up in one pass: the variables, and where BTF begins and
 * ends. */
enum {
	START_BTF = IRQM_NR_VARIABLES,
	STOP_BTF,
	NR_NAMES,
};

struct irqm_dumpfile {
	struct irqm_target target;
	struct irqm_layout layout;
	struct irqm_pages pages;
	struct irqm_paging paging;
	char *vmcoreinfo; /* found in memory, if the header has none */
	/* physical address of vmcoreinfo_note, if the text was found there */
	uint64_t note;
	bool truncated; /* a read went beyond the end of the file */

	/* Either the dump's own symbols ... */
	struct irqm_kallsyms *kallsyms;
	bool kallsyms_failed;
	uint64_t stext;
	struct irqm_kallsyms_where where;
	uint64_t values[NR_NAMES];
	bool found[NR_NAMES];
	uint64_t names_unread; /* irqm_kallsyms_find()'s result */
	/* of addresses, from the cache or looked up before */
	struct irqm_known_name names[IRQM_KNOWN_NAMES];
	uint64_t last_symbol; /* relative to _stext, 0: unknown */
	/* ... or those of a vmlinux ... */
	struct irqm_vmlinux *vmlinux;
	/* ... or of a learned kernel, with names from the dump's kallsyms. */
	struct irqm_learned *learned;
	uint64_t learned_offset;

	struct irqm_files_local local; /* used if the caller gave no files */
	/* what irqm_dumpfile_keep() stores; NULL: nothing */
	struct irqm_lookup *lookup;
};

/* Fills in the NR_NAMES names to look up. */
void irqm_dumpfile_names(const char *names[]);

/* Gets where BTF is, after the names were looked up. */
bool irqm_dumpfile_btf(const struct irqm_dumpfile *f, uint64_t *ret_start,
		       uint64_t *ret_size);

/* The target's symbol_at, from the dump's kallsyms. */
bool irqm_dumpfile_kallsyms_at(void *ctx, uint64_t addr, char *name,
			       size_t size, uint64_t *ret_offset);

#endif
