/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds pages in the files of a kdump. Private to diskdump*.c. */
#ifndef IRQM_MEMORY_DISKDUMP_INDEX_H
#define IRQM_MEMORY_DISKDUMP_INDEX_H

#include "memory/pages/diskdump_file.h"
#include "memory/pages/unpack.h"

/* Size of a page's descriptor. */
#define IRQM_DESCRIPTOR_SIZE 24

/* The parts of bitmaps and descriptors that were read, for all files. */
struct irqm_diskdump_index;

struct irqm_diskdump_index *irqm_diskdump_index_new(void);
void irqm_diskdump_index_free(struct irqm_diskdump_index *x);

/*
 * Looks up page frame pfn, which must be in the file's range. Returns IRQM_OK,
 * IRQM_EXCLUDED, IRQM_TRUNCATED, or IRQM_INVALID for an impossible descriptor.
 */
enum irqm_why irqm_diskdump_find(struct irqm_diskdump_index *x,
				 struct irqm_diskdump_file *f, uint64_t pfn,
				 struct irqm_stored_page *ret);

/* Says that the page frame will be looked up: see irqm_input_expect(). */
void irqm_diskdump_index_expect(struct irqm_diskdump_index *x,
				struct irqm_diskdump_file *f, uint64_t pfn);

/* Returns the first page frame from pfn on that the file has (if there is true)
 * or lacks; end_pfn if there is none, or if the bitmap cannot be read. */
uint64_t irqm_diskdump_next_frame(struct irqm_diskdump_index *x,
				  const struct irqm_diskdump_file *f,
				  uint64_t pfn, bool there);

#endif
