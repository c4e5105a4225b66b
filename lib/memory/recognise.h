/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a file a dump? Told by its content, for who looks for dumps in a tree.
 */
#ifndef IRQM_MEMORY_RECOGNISE_H
#define IRQM_MEMORY_RECOGNISE_H

#include "base/base.h"

enum irqm_content {
	IRQM_CONTENT_OTHER,  /* as far as can be told: a core of a process, a
				log, something packed that is none */
	IRQM_CONTENT_ZEROS,  /* where a dump's header would be */
	IRQM_CONTENT_DUMP,   /* of whatever machine, perhaps spoiled */
	IRQM_CONTENT_PACKED_PART, /* one of a set (irqm_split_of), packed: it
				cannot be put together with the others */
};

/*
 * By the first bytes alone, which are not unpacked: false if it is no dump
 * for sure. fd is a file's, open for reading; its position does not matter.
 */
bool irqm_may_be_dump(int fd);

/*
 * By its headers and notes; of what is packed the beginning is unpacked, in
 * memory. An ELF core is a dump if it has a note VMCOREINFO or QEMU, or notes
 * that are not those of a process. Formats that the library does not read
 * (foreign.h) are dumps too.
 */
enum irqm_content irqm_recognise(int fd);

/* Which of a set that makedumpfile --split wrote. */
struct irqm_split {
	uint64_t start_pfn;
	/* the same in each of a set: of its RAM's size and its VMCOREINFO */
	uint8_t set[16];
};

/* False if it is not one of a set. */
bool irqm_split_of(int fd, struct irqm_split *ret);

#endif
