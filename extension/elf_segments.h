/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which physical memory an ELF dump holds. crash reads zeros where a segment
 * is shorter in the file than in memory, and that is where makedumpfile left
 * pages out; and it has one error for "not there" and "the file ended".
 */
#ifndef IRQM_ELF_SEGMENTS_H
#define IRQM_ELF_SEGMENTS_H

#include "base/base.h"

struct irqm_elf_segments;

/* NULL if path is not an ELF dump of x86-64, or without memory. */
struct irqm_elf_segments *irqm_elf_segments_open(const char *path);
void irqm_elf_segments_close(struct irqm_elf_segments *s); /* NULL is fine */

/* IRQM_OK if len bytes from paddr on, within a page, are in the file. */
enum irqm_why irqm_elf_segments_why(const struct irqm_elf_segments *s,
				    uint64_t paddr, size_t len);

#endif
