/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The symbols of kernel modules, out of the list `modules` and of what each
 * keeps of its own symbol table: a target need not know them.
 *
 * What cannot be read is noted as unread where a name is missing for it.
 * Nothing is read before the first name is asked for, and of a module no more
 * than where it is before an address in it is.
 */
#ifndef IRQM_SNAPSHOT_MODULES_H
#define IRQM_SNAPSHOT_MODULES_H

#include "base/base.h"

struct reader;

/* A piece of a module's memory. */
struct module_range {
	uint64_t start, end;
	uint64_t module;             /* address of its struct module */
};

/* A read that failed; IRQM_OK: none. */
struct module_failure {
	enum irqm_why why;
	uint64_t addr;
};

struct modules {
	bool walked;
	struct module_failure list;  /* the first, of where modules are */
	uint64_t noted;              /* the address that was noted last */
	struct module_range *ranges; /* by start */
	unsigned int nr, room;
	unsigned int looked_at;      /* symbols, for all names */
};

/*
 * As struct irqm_target.symbol_at: the symbol that the kernel would print
 * (find_kallsyms_symbol() in kernel/module/kallsyms.c). Of several symbols
 * at one address the first. One in another piece of the module's memory than
 * addr is does not cover it.
 */
bool modules_symbol_at(struct reader *r, uint64_t addr, char *name,
		       size_t size, uint64_t *ret_offset);

#endif
