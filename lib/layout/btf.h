/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout out of BTF (include/uapi/linux/btf.h), as the kernel carries it
 * between __start_BTF and __stop_BTF and vmlinux in its section .BTF.
 *
 * BTF knows no variables but per-CPU ones; the types of those that are read
 * are stated where they are read (snapshot/), by members.def's structures.
 */
#ifndef IRQM_LAYOUT_BTF_H
#define IRQM_LAYOUT_BTF_H

#include "layout/layout.h"

/* size bytes of BTF, any alignment. 0, or -1 with err: not BTF, cut short,
 * spoiled. Bounded in time and memory by size. */
int irqm_layout_from_btf(struct irqm_layout *l, const void *data, size_t size,
			 struct irqm_error *err);

#endif
