/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open dump file, for the files that open it: dumpfile_*.c. */
#ifndef IRQM_MEMORY_DUMPFILE_PARTS_H
#define IRQM_MEMORY_DUMPFILE_PARTS_H

#include "memory/dumpfile.h"
#include "memory/kallsyms/kallsyms.h"
#include "memory/learned/learned.h"
#include "memory/paging.h"
#include "memory/target.h"
#include "memory/variables.h"
#include "memory/vmlinux/vmlinux.h"

/* Looked up in one pass: the variables, and where BTF begins and ends. */
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
	char *vmcoreinfo; /* of pages, if the header has none */
	uint64_t note;    /* physical address of vmcoreinfo_note, if that is
			     where it was found */
	bool truncated;   /* something was beyond the file's end */

	/* Either the dump's own symbols ... */
	struct irqm_kallsyms *kallsyms;
	bool kallsyms_failed;
	uint64_t stext;
	struct irqm_kallsyms_where where;
	uint64_t values[NR_NAMES];
	bool found[NR_NAMES];
	uint64_t names_unread; /* irqm_kallsyms_find()'s result */
	/* ... or those of a vmlinux ... */
	struct irqm_vmlinux *vmlinux;
	/* ... or of a learned kernel, with names from the dump's kallsyms. */
	struct irqm_learned *learned;
	uint64_t learned_offset;
};

/* Names of what is looked up, NR_NAMES of them. */
void irqm_dumpfile_names(const char *names[]);

/* Where BTF is, once the names were looked up. */
bool irqm_dumpfile_btf(const struct irqm_dumpfile *f, uint64_t *ret_start,
		       uint64_t *ret_size);

/* The target's symbol_at, by the dump's kallsyms. */
bool irqm_dumpfile_kallsyms_at(void *ctx, uint64_t addr, char *name,
			       size_t size, uint64_t *ret_offset);

#endif
