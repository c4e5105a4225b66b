/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An ELF file on disk, plain or compressed, told to be of an x86-64 kernel.
 * Its headers are checked by libelf; nothing here trusts what they say.
 */
#ifndef IRQM_TARGET_ELF_FILE_H
#define IRQM_TARGET_ELF_FILE_H

#include <gelf.h>

#include "base/base.h"

/* Bytes of a build-id, SHA-1 in practice; the header of its note. */
#define IRQM_BUILD_ID_MAX 64
#define IRQM_BUILD_ID_HEADER 16

struct irqm_elf_file {
	int fd;      /* of the uncompressed file */
	Elf *elf;
	unsigned int id_size; /* of the build-id; 0: it has none */
	/* the note, from its first byte on; the build-id is its end */
	unsigned char note[IRQM_BUILD_ID_HEADER + IRQM_BUILD_ID_MAX];
};

/* 0, or -1 with err: not ELF, of another machine, a module, damaged ... */
int irqm_elf_open(struct irqm_elf_file *f, const char *path,
		  struct irqm_error *err);
void irqm_elf_close(struct irqm_elf_file *f);

/* A section that has bytes in this file; NULL if there is none so named. */
Elf_Scn *irqm_elf_section(const struct irqm_elf_file *f, const char *name);

/* Does the file have this build-id, in hexadecimal? */
bool irqm_elf_is_build_id(const struct irqm_elf_file *f, const char *hex);

/* What irqm_hex() makes of one. */
#define IRQM_BUILD_ID_HEX (2 * IRQM_BUILD_ID_MAX + 1)

#endif
