/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One file of a kdump: what its headers say. Private to diskdump*.c.
 */
#ifndef IRQM_MEMORY_DISKDUMP_FILE_H
#define IRQM_MEMORY_DISKDUMP_FILE_H

#include "memory/input/input.h"

struct irqm_diskdump_file {
	const struct irqm_input *in;
	bool split;                  /* one of a set */
	uint32_t packing;            /* of IRQM_PACKED, of most pages */
	uint64_t start_pfn, end_pfn; /* whose descriptors it has */
	uint64_t max_mapnr;
	uint64_t bitmap, bitmap_len;         /* of the second one, bytes */
	uint64_t descriptors;                /* offset */
	uint64_t vmcoreinfo, vmcoreinfo_len; /* offset; 0 bytes: none */
	uint64_t notes, notes_len;           /* likewise */
	/* counts[i]: bits set from start_pfn to the i-th block of bits */
	uint64_t *counts;
	size_t nr_counts;
};

/* 0, or -1 with err. The input is to outlive it. */
int irqm_diskdump_file_open(struct irqm_diskdump_file *f,
			    const struct irqm_input *in,
			    struct irqm_error *err);
void irqm_diskdump_file_close(struct irqm_diskdump_file *f);

#endif
