/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/pages/notes.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "memory/vmcoreinfo.h"

/* PRSTATUS of each CPU: 8192 CPUs have 3 MB of them. */
#define NOTES_MAX (16U << 20)

/* struct QEMUCPUState of x86-64, version 1: cr[3]. */
#define QEMU_VERSION 1
#define QEMU_CR3 416

static size_t note_align(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static bool is_named(const Elf64_Nhdr *nh, const char *name, const char *is)
{
	size_t size = strlen(is) + 1;

	return nh->n_namesz == size && memcmp(name, is, size) == 0;
}

static void add_cr3(struct irqm_notes *n, const char *desc, size_t size)
{
	uint32_t version;
	unsigned int i;
	uint64_t cr3;

	if (size < QEMU_CR3 + sizeof(cr3) || n->nr_cr3 == IRQM_CR3_MAX)
		return;
	memcpy(&version, desc, sizeof(version));
	memcpy(&cr3, desc + QEMU_CR3, sizeof(cr3));
	if (version != QEMU_VERSION || cr3 == 0)
		return; /* 0: a CPU that was not started */
	for (i = 0; i < n->nr_cr3; i++)
		if (n->cr3[i] == cr3)
			return;
	n->cr3[n->nr_cr3++] = cr3;
}

static void add_note(struct irqm_notes *n, const Elf64_Nhdr *nh,
		     const char *name, const char *desc)
{
	if (nh->n_type == NT_AUXV && is_named(nh, name, "CORE"))
		n->has_auxv = true;
	if (nh->n_type == IRQM_NOTE_LOG_LEFT_OUT &&
	    is_named(nh, name, IRQM_NOTE_NAME))
		n->log_left_out = true;
	if (nh->n_type == 0 && is_named(nh, name, "QEMU"))
		add_cr3(n, desc, nh->n_descsz);
	if (!n->vmcoreinfo && is_named(nh, name, "VMCOREINFO"))
		n->vmcoreinfo =
			strndup(desc, nh->n_descsz < IRQM_VMCOREINFO_MAX ?
					      nh->n_descsz :
					      IRQM_VMCOREINFO_MAX);
}

static void walk_notes(struct irqm_notes *n, const char *notes, size_t size)
{
	size_t at = 0, name, desc;
	Elf64_Nhdr nh;

	while (size - at >= sizeof(nh)) {
		memcpy(&nh, notes + at, sizeof(nh));
		name = at + sizeof(nh);
		if (nh.n_namesz > size - name)
			return;
		desc = name + note_align(nh.n_namesz);
		if (desc > size || nh.n_descsz > size - desc)
			return;
		add_note(n, &nh, notes + name, notes + desc);
		at = desc + note_align(nh.n_descsz);
		if (at > size)
			return;
	}
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
		walk_notes(n, notes, size);
	free(notes);
	return 0;
}

void irqm_notes_deinit(struct irqm_notes *n)
{
	free(n->vmcoreinfo);
	n->vmcoreinfo = NULL;
}
