/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the layout from BTF (include/uapi/linux/btf.h), which is in the kernel
 * between __start_BTF and __stop_BTF, and in vmlinux in the section .BTF.
 *
 * BTF lacks some facts that DWARF has:
 * - variables, except per-CPU ones: memory/variables.h has the types of those
 *   that are read;
 * - which source file a structure is from. If several have the same tag, the
 *   one with most of the members wins, then one that a member of another wanted
 *   structure points to, then the first;
 * - whether an enumerator is signed, before 6.0: taken as unsigned.
 * On kernels where none of this matters the rows are those from DWARF;
 * make check-layout compares them.
 */
#ifndef IRQM_LAYOUT_BTF_H
#define IRQM_LAYOUT_BTF_H

#include "layout/layout.h"

/*
 * Fills the layout from size bytes of BTF at data, at any alignment; keeps no
 * pointer to it. Returns 0, or -1 with err: not BTF, truncated, damaged, of an
 * unknown version, or with an unknown kind of type that its table of kinds
 * cannot skip. Takes time in proportion to size (1.5 ms for a kernel's 5 MB)
 * and memory of at most a third of size. A missing structure is not an error:
 * see irqm_layout_missing().
 */
int irqm_layout_from_btf(struct irqm_layout *l, const void *data, size_t size,
			 struct irqm_error *err);

/*
 * The same for data that is read on demand, because only half of a kernel's
 * strings are needed. load(ctx, from, len) fills a part of data, and is called
 * for each part before it is used. If it returns false, the call fails.
 */
struct irqm_btf_loader {
	bool (*load)(void *ctx, size_t from, size_t len);
	void *ctx;
};

int irqm_layout_from_btf_parts(struct irqm_layout *l, const void *data,
			       size_t size,
			       const struct irqm_btf_loader *loader,
			       struct irqm_error *err);

#endif
