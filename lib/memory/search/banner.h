/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the kernel of a vmlinux in the memory of a dump that has no VMCOREINFO
 * at all, because the kernel has no CONFIG_VMCORE_INFO or the note was not
 * dumped.
 */
#ifndef IRQM_MEMORY_BANNER_H
#define IRQM_MEMORY_BANNER_H

#include "memory/search/note.h"

/*
 * Searches all pages for the vmlinux's linux_banner. Its location tells where
 * the image is in memory, and so where the kernel's page tables are; these tell
 * the banner's virtual address, which KASLR chose. A place is accepted only if
 * these tables also lead to the file's _stext and build-id.
 *
 * files open the vmlinux; its path is for messages.
 *
 * Returns 0 and sets *ret_text, which the caller frees, to the VMCOREINFO that
 * the kernel would have written; -1 with err if there is no such place, or more
 * than one.
 */
struct irqm_files;
int irqm_banner_find(const struct irqm_pages *pages, const char *vmlinux,
		     const struct irqm_files *files,
		     const struct irqm_note_options *options, char **ret_text,
		     struct irqm_error *err);

#endif
