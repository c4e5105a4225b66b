/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An ELF vmlinux, or a separate debug file, that should belong to a dump:
 * symbols and types of kernels whose dumps have none. */
#ifndef IRQM_MEMORY_VMLINUX_H
#define IRQM_MEMORY_VMLINUX_H

#include "layout/layout.h"
#include "memory/build.h"
#include "memory/target.h"

struct irqm_elf_file;
struct irqm_files;
struct irqm_vmlinux;

/* Opens the vmlinux that files were given. Returns a descriptor, or -1 with
 * err. */
int irqm_vmlinux_given(const struct irqm_files *files, struct irqm_error *err);

/*
 * Reads an open file, which it closes in any case, without a dump to compare it
 * with. Then nothing is relocated, and only irqm_vmlinux_build() is known.
 * files opens a temporary file if it is compressed. Returns 0, or -1 with err.
 */
int irqm_vmlinux_load(int fd, const struct irqm_files *files,
		      struct irqm_vmlinux **ret, struct irqm_error *err);
const struct irqm_build *irqm_vmlinux_build(const struct irqm_vmlinux *v);

/*
 * Opens path and checks that it is of the build that was dumped (build.h). That
 * needs the dump's VMCOREINFO and, if this has no BUILD-ID, its memory. Returns
 * 0, or -1 with err, which says what differs.
 */
int irqm_vmlinux_open(const char *path, const struct irqm_target *dump,
		      struct irqm_vmlinux **ret, struct irqm_error *err);
/* The same for an open file, like irqm_vmlinux_load(). */
int irqm_vmlinux_take(int fd, const struct irqm_files *files,
		      const struct irqm_target *dump, struct irqm_vmlinux **ret,
		      struct irqm_error *err);
void irqm_vmlinux_close(struct irqm_vmlinux *v); /* NULL is fine */

/* Like irqm_build_witnesses(). */
unsigned int irqm_vmlinux_witnesses(const struct irqm_vmlinux *v,
				    uint64_t ret_addr[], uint64_t ret_len[]);

/* Like struct irqm_target.symbol and symbol_at, relocated for the dump. */
bool irqm_vmlinux_symbol(struct irqm_vmlinux *v, const char *name,
			 uint64_t *ret_value);
bool irqm_vmlinux_at(struct irqm_vmlinux *v, uint64_t addr, char *name,
		     size_t size, uint64_t *ret_offset);

/*
 * Reads the layout from DWARF, otherwise from the .BTF section; *ret_types is
 * "dwarf" or "btf". files opens .dwo files and those from dwz; NULL: this
 * process does. Returns 0, or -1 with err.
 */
int irqm_vmlinux_layout(struct irqm_vmlinux *v, const struct irqm_files *files,
			struct irqm_layout *l, const char **ret_types,
			struct irqm_error *err);
/* The same for a file without a dump. */
int irqm_elf_layout(const struct irqm_elf_file *f,
		    const struct irqm_files *files, struct irqm_layout *l,
		    const char **ret_types, struct irqm_error *err);

#endif
