/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An ELF vmlinux, or a separate debug file, that is told to belong to a
 * dump: symbols and types of kernels whose dump has none in it.
 */
#ifndef IRQM_MEMORY_VMLINUX_H
#define IRQM_MEMORY_VMLINUX_H

#include "layout/layout.h"
#include "memory/build.h"
#include "memory/target.h"

struct irqm_elf_file;
struct irqm_files;
struct irqm_vmlinux;

/* Opens the vmlinux that was given to files. Returns it, or -1 with err. */
int irqm_vmlinux_given(const struct irqm_files *files, struct irqm_error *err);

/*
 * Reads an open file, which it closes in any case, without a dump to compare
 * it with: then nothing is relocated, and irqm_vmlinux_build() is all that is
 * known. files open the temporary file for one that is compressed. 0, or -1
 * with err.
 */
int irqm_vmlinux_load(int fd, const struct irqm_files *files,
		      struct irqm_vmlinux **ret, struct irqm_error *err);
const struct irqm_build *irqm_vmlinux_build(const struct irqm_vmlinux *v);

/*
 * Opens path and checks that it is of the build that was dumped (build.h),
 * which takes the dump's VMCOREINFO and, where that has no BUILD-ID, its
 * memory. 0, or -1 with err, which says what differs.
 */
int irqm_vmlinux_open(const char *path, const struct irqm_target *dump,
		      struct irqm_vmlinux **ret, struct irqm_error *err);
/* The same of an open file, as irqm_vmlinux_load() takes it. */
int irqm_vmlinux_take(int fd, const struct irqm_files *files,
		      const struct irqm_target *dump, struct irqm_vmlinux **ret,
		      struct irqm_error *err);
void irqm_vmlinux_close(struct irqm_vmlinux *v); /* NULL is fine */

/* As irqm_build_witnesses(). */
unsigned int irqm_vmlinux_witnesses(const struct irqm_vmlinux *v,
				    uint64_t ret_addr[], uint64_t ret_len[]);

/* As struct irqm_target.symbol and symbol_at, relocated for the dump. */
bool irqm_vmlinux_symbol(struct irqm_vmlinux *v, const char *name,
			 uint64_t *ret_value);
bool irqm_vmlinux_at(struct irqm_vmlinux *v, uint64_t addr, char *name,
		     size_t size, uint64_t *ret_offset);

/*
 * The layout out of its DWARF, else its .BTF section; *ret_types is "dwarf"
 * or "btf". files open .dwo files and dwz's; NULL: this process does. 0, or -1
 * with err.
 */
int irqm_vmlinux_layout(struct irqm_vmlinux *v, const struct irqm_files *files,
			struct irqm_layout *l, const char **ret_types,
			struct irqm_error *err);
/* The same of a file that is not compared with any dump. */
int irqm_elf_layout(const struct irqm_elf_file *f,
		    const struct irqm_files *files, struct irqm_layout *l,
		    const char **ret_types, struct irqm_error *err);

#endif
