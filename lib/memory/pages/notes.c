/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/pages/notes.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "memory/elf_notes.h"
#include "memory/vmcoreinfo.h"

/* Limit on notes: 8192 CPUs have 3 MB of PRSTATUS. */
#define NOTES_MAX (16U << 20)

/* struct QEMUCPUState of x86-64, version 1: cr[3]. */
#define QEMU_VERSION 1
#define QEMU_CR3 416

static void add_cr3(struct irqm_notes *n, const unsigned char *desc,
		    size_t size)
{
	uint32_t version;
	unsigned int i;
	uint64_t cr3;

	if (size < QEMU_CR3 + sizeof(cr3) || n->nr_cr3 == IRQM_CR3_MAX)
		return;
	memcpy(&version, desc, sizeof(version));
	memcpy(&cr3, desc + QEMU_CR3, sizeof(cr3));
	if (version != QEMU_VERSION || cr3 == 0)
		return; /* size 0: a CPU that was not started */
	for (i = 0; i < n->nr_cr3; i++)
		if (n->cr3[i] == cr3)
			return;
	n->cr3[n->nr_cr3++] = cr3;
}

static void add_note(struct irqm_notes *n, const struct irqm_elf_note *note)
{
	if (note->name_size < sizeof("CORE"))
		return; /* a file may have millions of these */
	if (note->type == NT_AUXV && irqm_elf_note_is_named(note, "CORE"))
		n->has_auxv = true;
	if (note->type == NT_PRSTATUS && irqm_elf_note_is_named(note, "CORE"))
		n->has_prstatus = true;
	if (irqm_elf_note_is_named(note, IRQM_NOTE_NAME)) {
		n->left_out.log |= note->type == IRQM_NOTE_LOG_LEFT_OUT;
		n->left_out.host |= note->type == IRQM_NOTE_HOST_LEFT_OUT;
		n->has_identity |= note->type == IRQM_NOTE_IDENTITY;
		n->has_remap_tables |= note->type == IRQM_NOTE_REMAP_TABLES;
		n->is_live |= note->type == IRQM_NOTE_LIVE;
		n->is_distilled = true;
	}
	if (note->type == 0 && irqm_elf_note_is_named(note, "QEMU"))
		add_cr3(n, note->desc, note->desc_size);
	if (!n->vmcoreinfo && irqm_elf_note_is_named(note, "VMCOREINFO"))
		n->vmcoreinfo = strndup((const char *)note->desc,
					note->desc_size < IRQM_VMCOREINFO_MAX ?
						note->desc_size :
						IRQM_VMCOREINFO_MAX);
}

static void add_notes(struct irqm_notes *n, const char *data, size_t size)
{
	struct irqm_elf_notes notes = { .data = data, .size = size };
	struct irqm_elf_note note;

	while (irqm_elf_notes_next(&notes, &note) && !note.cut)
		add_note(n, &note);
}

int irqm_notes_read(struct irqm_notes *n, const struct irqm_input *in,
		    uint64_t offset, uint64_t size)
{
	char *notes;

	if (offset > in->size)
		return 0;
	if (size > in->size - offset)
		size = in->size - offset;
	if (size > NOTES_MAX - n->nr_bytes)
		size = NOTES_MAX - n->nr_bytes;
	n->nr_bytes += size;
	notes = malloc(size + 1);
	if (!notes)
		return -1;
	if (irqm_input_read(in, offset, notes, size) == IRQM_OK)
		add_notes(n, notes, size);
	free(notes);
	return 0;
}

void irqm_notes_deinit(struct irqm_notes *n)
{
	free(n->vmcoreinfo);
	n->vmcoreinfo = NULL;
}
