/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the kernel's own VMCOREINFO in the memory of a dump whose header has
 * none, as hypervisors write them. The kernel prepares it at boot for kexec:
 * one page starts with the text (vmcoreinfo_data), and one with an ELF note of
 * it (vmcoreinfo_note), to which a panic adds the time. Each has its own page
 * since 4.13 (203e9e41219b, "kexec: move vmcoreinfo out of the kernel's .bss
 * section").
 */
#ifndef IRQM_MEMORY_NOTE_H
#define IRQM_MEMORY_NOTE_H

#include "memory/search/kernel.h"

/* Offset of the text in the note, after the header and the name. */
#define IRQM_NOTE_TEXT 24

struct irqm_note {
	char *text;     /* to be freed */
	uint64_t paddr; /* of the page in which it was found */
	/* found in vmcoreinfo_note, otherwise in vmcoreinfo_data */
	bool is_note;
	/* physical address of another text of the same kernel, or 0 */
	uint64_t other;
	struct irqm_kernel kernel;
};

struct irqm_note_options {
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
};

/*
 * Searches all pages, but stops at the note of a kernel that all of the dump's
 * CPUs run. Returns 0, with ret->text NULL if there is none. If several kernels
 * pass irqm_kernel_check(), chooses the one that crashed, provided that CPUs of
 * the dump run it; if that does not decide, returns -1 with err.
 */
int irqm_note_find(const struct irqm_pages *pages,
		   const struct irqm_note_options *options,
		   struct irqm_note *ret, struct irqm_error *err);

#endif
