/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks over ELF notes in memory, which may be cut or damaged. */
#ifndef IRQM_MEMORY_ELF_NOTES_H
#define IRQM_MEMORY_ELF_NOTES_H

#include <string.h>

#include "base/base.h"

/* Set the first two members and zero the rest. */
struct irqm_elf_notes {
	const void *data;
	size_t size;
	size_t at; /* offset of the next note */
};

/* Points into the data. */
struct irqm_elf_note {
	uint32_t type, name_size, desc_size; /* as its header says */
	const unsigned char *header;
	const char *name;          /* all of it is there */
	const unsigned char *desc; /* NULL if cut */
	bool cut;                  /* the data end within desc */
};

/* Gets the next note. Returns false at the end, after a note that is cut, and
 * if a name is cut. */
bool irqm_elf_notes_next(struct irqm_elf_notes *notes,
			 struct irqm_elf_note *ret);

static inline bool irqm_elf_note_is_named(const struct irqm_elf_note *note,
					  const char *name)
{
	size_t size = strlen(name) + 1;

	return note->name_size == size && memcmp(note->name, name, size) == 0;
}

#endif
