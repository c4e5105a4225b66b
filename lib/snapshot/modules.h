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

#include "snapshot/reader.h"

/*
 * As struct irqm_target.symbol_at: the symbol that the kernel would print
 * (find_kallsyms_symbol() in kernel/module/kallsyms.c). Of several symbols
 * at one address the first. One in another piece of the module's memory than
 * addr is does not cover it.
 */
bool modules_symbol_at(struct reader *r, uint64_t addr, char *name,
		       size_t size, uint64_t *ret_offset);

#endif
