/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recognises dumps by their content or their name, for the search in
 * directories.
 */
#ifndef IRQM_MEMORY_RECOGNISE_H
#define IRQM_MEMORY_RECOGNISE_H

#include "base/base.h"

enum irqm_content {
	/* probably not a dump: a core of a process, a log, a packed file
	 * without a dump */
	IRQM_CONTENT_OTHER,
	IRQM_CONTENT_ZEROS, /* zeros in place of a dump's header */
	IRQM_CONTENT_DUMP,  /* of any architecture, perhaps damaged */
	/* a packed file of a set (irqm_split_of): it cannot be combined with
	 * the others */
	IRQM_CONTENT_PACKED_PART,
};

/*
 * Looks at the first bytes only, without unpacking. Returns false if the file
 * is certainly no dump. fd must be open for reading; its position does not
 * matter.
 */
bool irqm_may_be_dump(int fd);

/*
 * Looks at headers and notes; unpacks the beginning of a packed file in
 * memory. An ELF core is a dump if it has a note VMCOREINFO or QEMU, or notes
 * that are not those of a process. Formats that the library does not read
 * (foreign.h) are dumps too.
 */
enum irqm_content irqm_recognise(int fd);

/* The place of a file in a set that makedumpfile --split wrote. */
struct irqm_split {
	uint64_t start_pfn;
	/* equal in all files of a set: from the size of RAM and VMCOREINFO */
	uint8_t set[16];
};

/* Returns false if the file is not part of a set. */
bool irqm_split_of(int fd, struct irqm_split *ret);

/*
 * Returns true if a file with this name should be a dump: it contains "vmcore",
 * begins with "dump", or ends in .dump, .kdump, .elf or .flat. Logs, texts and
 * checksums beside a dump ("vmcore-dmesg.txt", "dump.sha256") are not.
 */
bool irqm_is_dump_name(const char *name);

#endif
