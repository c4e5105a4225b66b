/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The symbols of kernel modules, read from the list `modules` and the symbol
 * table of each module, so that targets need not know them.
 *
 * Records unread data only if a name is missing because of it. Nothing is read
 * before the first lookup; for each module only its address ranges are read
 * before a lookup falls into one.
 */
#ifndef IRQM_SNAPSHOT_MODULES_H
#define IRQM_SNAPSHOT_MODULES_H

#include "snapshot/reader.h"

/*
 * Like struct irqm_target.symbol_at: finds the symbol that the kernel would
 * print (find_kallsyms_symbol() in kernel/module/kallsyms.c), the first of
 * several at one address. A symbol does not cover addr if it is in another part
 * of the module's memory.
 */
bool irqm_modules_symbol_at(struct reader *r, uint64_t addr, char *name,
			    size_t size, uint64_t *ret_offset);

#endif
