/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An ELF vmlinux, or a separate debug file, that is told to belong to a
 * dump: symbols and types of kernels whose dump has none in it.
 */
#ifndef IRQM_TARGET_VMLINUX_H
#define IRQM_TARGET_VMLINUX_H

#include "layout/layout.h"

struct irqm_elf_file;
struct irqm_vmlinux;

/*
 * Opens path and checks it against the dump's VMCOREINFO: build-id, else
 * release (linux_banner), and that its _stext moved by KERNELOFFSET is the
 * dump's. A file of another kernel is refused, err naming both. 0, or -1.
 */
int irqm_vmlinux_open(const char *path, const char *vmcoreinfo,
		      struct irqm_vmlinux **ret, struct irqm_error *err);
void irqm_vmlinux_close(struct irqm_vmlinux *v); /* NULL is fine */

/* As struct irqm_target.symbol and symbol_at, relocated for the dump. */
bool irqm_vmlinux_symbol(struct irqm_vmlinux *v, const char *name,
			 uint64_t *ret_value);
bool irqm_vmlinux_at(struct irqm_vmlinux *v, uint64_t addr, char *name,
		     size_t size, uint64_t *ret_offset);

/* The layout out of its DWARF, else its .BTF section; *ret_types is "dwarf"
 * or "btf". 0, or -1 with err. */
int irqm_vmlinux_layout(struct irqm_vmlinux *v, struct irqm_layout *l,
			const char **ret_types, struct irqm_error *err);
/* The same of a file that is not compared with any dump. */
int irqm_elf_layout(const struct irqm_elf_file *f, struct irqm_layout *l,
		    const char **ret_types, struct irqm_error *err);

#endif
