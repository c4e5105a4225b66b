/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where in the files of a kdump a page is. Private to diskdump*.c.
 */
#ifndef IRQM_MEMORY_DISKDUMP_INDEX_H
#define IRQM_MEMORY_DISKDUMP_INDEX_H

#include "memory/pages/diskdump_file.h"
#include "memory/pages/unpack.h"

/* Bytes of a page's descriptor. */
#define IRQM_DESCRIPTOR_SIZE 24

/* Parts of bitmaps and descriptors that were read, of all files. */
struct irqm_diskdump_index;

struct irqm_diskdump_index *irqm_diskdump_index_new(void);
void irqm_diskdump_index_free(struct irqm_diskdump_index *x);

/*
 * What the file says of page frame pfn, one of its own. IRQM_OK,
 * IRQM_EXCLUDED, IRQM_TRUNCATED, or IRQM_INVALID where it cannot be.
 */
enum irqm_why irqm_diskdump_find(struct irqm_diskdump_index *x,
				 struct irqm_diskdump_file *f, uint64_t pfn,
				 struct irqm_stored_page *ret);

/*
 * Returns the first page frame from pfn on that the file has (if there is
 * true) or lacks; end_pfn if there is none, or if the bitmap cannot be read.
 */
uint64_t irqm_diskdump_next_frame(struct irqm_diskdump_index *x,
				  const struct irqm_diskdump_file *f,
				  uint64_t pfn, bool there);

#endif
