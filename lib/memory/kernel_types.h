/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the layout from the BTF in the kernel's memory. */
#ifndef IRQM_MEMORY_KERNEL_TYPES_H
#define IRQM_MEMORY_KERNEL_TYPES_H

#include "layout/layout.h"
#include "memory/target.h"

/* Limit in bytes; the largest BTF seen is 6 MB (7.2). */
#define IRQM_MAX_BTF (64ULL << 20)

/*
 * Reads the pages of BTF that are needed, from __start_BTF to __stop_BTF.
 * Returns 0, or -1 with err: the kernel has none (CONFIG_DEBUG_INFO_BTF), or
 * pages are missing.
 */
int irqm_kernel_types(const struct irqm_target *t, struct irqm_layout *l,
		      struct irqm_error *err);
/* The same if BTF is known to be size bytes at start. */
int irqm_kernel_types_at(const struct irqm_target *t, uint64_t start,
			 uint64_t size, struct irqm_layout *l,
			 struct irqm_error *err);

#endif
