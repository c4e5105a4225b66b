/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/elf_notes.h"

#include <elf.h>
#include <string.h>

static size_t note_align(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

bool irqm_elf_notes_next(struct irqm_elf_notes *notes,
			 struct irqm_elf_note *ret)
{
	const unsigned char *header =
		(const unsigned char *)notes->data + notes->at;
	size_t left = notes->size - notes->at, desc;
	Elf64_Nhdr nh;

	if (left < sizeof(nh))
		return false;
	memcpy(&nh, header, sizeof(nh));
	if (nh.n_namesz > left - sizeof(nh))
		return false;
	desc = sizeof(nh) + note_align(nh.n_namesz);
	*ret = (struct irqm_elf_note){
		.type = nh.n_type,
		.name_size = nh.n_namesz,
		.desc_size = nh.n_descsz,
		.header = header,
		.name = (const char *)header + sizeof(nh),
		.cut = desc > left || nh.n_descsz > left - desc,
	};
	if (ret->cut) {
		notes->at = notes->size;
		return true;
	}
	ret->desc = header + desc;
	desc += note_align(nh.n_descsz);
	/* the last one need not be padded */
	notes->at += desc < left ? desc : left;
	return true;
}
