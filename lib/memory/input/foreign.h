/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognises dumps in formats that the library does not read, to name a program
 * that does. Private to lib/memory. */
#ifndef IRQM_MEMORY_FOREIGN_H
#define IRQM_MEMORY_FOREIGN_H

#include "memory/input/input.h"

/* The signatures are within the first bytes of a file. */
#define IRQM_FOREIGN_HEAD 4104

/*
 * Says what a file that begins with these bytes is, and what to do with it: "an
 * LKCD dump; crash(8) reads it". Returns NULL if it is not one of these
 * formats.
 */
const char *irqm_foreign_format(const void *head, size_t len);

/* The same, by the end of the file's name, for a file of which neither this nor
 * irqm_other_file() knows the first bytes. */
const char *irqm_foreign_name(const char *name);

/* The same for files that are no dumps: archives, images, logs. */
const char *irqm_other_file(const void *head, size_t len);

/* The same for an ELF core that has sections but no memory segments. */
const char *irqm_foreign_elf(const struct irqm_input *in);

#endif
