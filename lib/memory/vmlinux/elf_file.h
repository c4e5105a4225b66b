/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens an ELF file of an x86-64 kernel, plain or compressed. libelf checks its
 * headers; nothing here trusts them.
 */
#ifndef IRQM_MEMORY_ELF_FILE_H
#define IRQM_MEMORY_ELF_FILE_H

#include <gelf.h>

#include "memory/build.h"

/* Limit on the bytes of an unpacked vmlinux; the largest seen has 0.6 GB. */
#define IRQM_UNPACKED_MAX (4ULL << 30)

struct irqm_elf_file {
	int fd; /* of the uncompressed file */
	Elf *elf;
	struct irqm_build build; /* only the build-id's note is filled in */
};

/* Returns 0, or -1 with err: not ELF, of another machine, a module,
 * damaged ... */
int irqm_elf_open(struct irqm_elf_file *f, const char *path,
		  struct irqm_error *err);
/* The same for an open file, which f closes, also on failure. files opens a
 * temporary file for it; NULL: this process does. */
struct irqm_files;
int irqm_elf_take(struct irqm_elf_file *f, int fd,
		  const struct irqm_files *files, struct irqm_error *err);
/* The same for an uncompressed open file, which the caller closes. */
int irqm_elf_open_fd(struct irqm_elf_file *f, int fd, struct irqm_error *err);
void irqm_elf_close(struct irqm_elf_file *f);

/* Returns a section that has bytes in this file, or NULL if there is none with
 * this name. */
Elf_Scn *irqm_elf_section(const struct irqm_elf_file *f, const char *name);

#endif
