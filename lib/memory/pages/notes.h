/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ELF notes of a dump's header. Private to lib/memory/pages.
 */
#ifndef IRQM_MEMORY_NOTES_H
#define IRQM_MEMORY_NOTES_H

#include "memory/input/input.h"
#include "memory/pages/left_out.h"

/* Notes of this name are added to a distilled dump; they have a type and no
 * content. */
#define IRQM_NOTE_NAME "irqmatrix"
enum {
	IRQM_NOTE_LOG_LEFT_OUT = 1,
	IRQM_NOTE_HOST_LEFT_OUT = 2,
	IRQM_NOTE_IDENTITY =
		3, /* hardware, memory, uptime and, unless left out,
				   the host name are in it */
	IRQM_NOTE_REMAP_TABLES = 4, /* size and use of remapping tables are */
	IRQM_NOTE_LIVE = 5,         /* the machine was running */
};

/* Limit on the page tables of CPUs: enough to recognise the kernel. */
#define IRQM_CR3_MAX 256

/* Zero this before the first notes are read. */
struct irqm_notes {
	char *vmcoreinfo; /* NULL: none */
	struct irqm_left_out left_out;
	bool is_distilled; /* has one of these */
	bool has_identity; /* see IRQM_NOTE_IDENTITY */
	bool has_remap_tables;
	bool is_live;               /* see IRQM_NOTE_LIVE */
	bool has_prstatus;          /* of CPUs; no distilled dump has any */
	bool has_auxv;              /* then it is the core of a process */
	uint64_t cr3[IRQM_CR3_MAX]; /* of QEMU's CPUs, each value once */
	unsigned int nr_cr3;
	uint64_t nr_bytes; /* read so far, in all segments */
};

/* Adds the notes in size bytes at offset; ignores those beyond a limit or the
 * end of the file. Returns 0, or -1 if out of memory. */
int irqm_notes_read(struct irqm_notes *n, const struct irqm_input *in,
		    uint64_t offset, uint64_t size);
void irqm_notes_deinit(struct irqm_notes *n);

#endif
