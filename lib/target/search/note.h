/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's own VMCOREINFO, in the memory of a dump whose header has none:
 * what a hypervisor wrote. The kernel makes it as it boots, for kexec to find:
 * a page that begins with the text (vmcoreinfo_data), and one that begins with
 * an ELF note of it (vmcoreinfo_note), to which a panic adds the time. Both
 * are pages of their own since 4.13 (203e9e41219b, "kexec: move vmcoreinfo out
 * of the kernel's .bss section").
 */
#ifndef IRQM_TARGET_NOTE_H
#define IRQM_TARGET_NOTE_H

#include "target/search/kernel.h"

/* Where the text begins in the note: header and name are before it. */
#define IRQM_NOTE_TEXT 24

struct irqm_note {
	char *text;      /* to be freed */
	uint64_t paddr;  /* of the page it was found in */
	bool is_note;    /* vmcoreinfo_note, else vmcoreinfo_data */
	uint64_t other;  /* of one of this kernel that says something else */
	struct irqm_kernel kernel;
};

struct irqm_note_options {
	void (*progress)(void *ctx, const char *what, unsigned int percent);
	void *progress_ctx;
};

/*
 * Searches all pages, but stops at the note of a kernel that all of the dump's
 * CPUs run. 0, ret->text being NULL if there is none; or -1 with err: of
 * several kernels that pass irqm_kernel_check() the one is taken that crashed
 * while CPUs of the dump ran it, else none.
 */
int irqm_note_find(const struct irqm_pages *pages,
		   const struct irqm_note_options *options,
		   struct irqm_note *ret, struct irqm_error *err);

#endif
