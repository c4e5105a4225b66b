/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Knows which physical memory an ELF dump holds. Where a segment is shorter in
 * the file than in memory, makedumpfile left pages out, but crash reads zeros
 * there; and crash has the same error for "not in the file" and "the file is
 * truncated".
 */
#ifndef IRQM_ELF_SEGMENTS_H
#define IRQM_ELF_SEGMENTS_H

#include "base/base.h"

struct irqm_elf_segments;

/* Returns NULL if path is not an ELF dump of x86-64, or if out of memory. */
struct irqm_elf_segments *irqm_elf_segments_open(const char *path);
void irqm_elf_segments_close(struct irqm_elf_segments *s); /* NULL is fine */

/* Returns IRQM_OK if the len bytes at paddr, which are within one page, are in
 * the file, or why they are not. */
enum irqm_why irqm_elf_segments_why(const struct irqm_elf_segments *s,
				    uint64_t paddr, size_t len);

#endif
