/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The headers of one file of a kdump. Private to diskdump*.c. */
#ifndef IRQM_MEMORY_DISKDUMP_FILE_H
#define IRQM_MEMORY_DISKDUMP_FILE_H

#include "memory/input/input.h"

struct irqm_diskdump_file {
	const struct irqm_input *in;
	bool split;                  /* one file of a set */
	uint32_t packing;            /* IRQM_PACKED flag of most pages */
	uint64_t start_pfn, end_pfn; /* range whose descriptors it has */
	uint64_t max_mapnr;
	/* offset and bytes of the second bitmap */
	uint64_t bitmap, bitmap_len;
	uint64_t descriptors;                /* offset */
	uint64_t vmcoreinfo, vmcoreinfo_len; /* offset, bytes; 0 bytes: none */
	uint64_t notes, notes_len;           /* offset, bytes; 0 bytes: none */
	/* counts[i]: bits set from start_pfn to the i-th block of bits */
	uint64_t *counts;
	size_t nr_counts;
};

/* The first bytes of a file that irqm_diskdump_packing() needs. */
#define IRQM_DISKDUMP_HEAD 428
/* Returns how the header says that most pages are packed, or all of
 * IRQM_PACKED if these are not the first bytes of a kdump. */
uint32_t irqm_diskdump_packing(const void *head);

/* Returns 0, or -1 with err. The input must outlive f. */
int irqm_diskdump_file_open(struct irqm_diskdump_file *f,
			    const struct irqm_input *in,
			    struct irqm_error *err);
void irqm_diskdump_file_close(struct irqm_diskdump_file *f);

#endif
