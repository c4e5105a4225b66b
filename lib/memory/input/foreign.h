/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dumps in formats that the library does not read: they are recognised to say
 * which program does. Private to lib/memory.
 */
#ifndef IRQM_MEMORY_FOREIGN_H
#define IRQM_MEMORY_FOREIGN_H

#include "memory/input/input.h"

/* The signatures are within the first bytes of the file. */
#define IRQM_FOREIGN_HEAD 4104

/*
 * Says what the file is that begins with these bytes, and what to do with it:
 * "an LKCD dump; crash(8) reads it". NULL if it is none of the known formats.
 */
const char *irqm_foreign_format(const void *head, size_t len);

/* The same for an ELF core that has sections and no memory segments. */
const char *irqm_foreign_elf(const struct irqm_input *in);

#endif
