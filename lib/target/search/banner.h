/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel of a vmlinux in the memory of a dump that has no VMCOREINFO at
 * all: kernels without CONFIG_VMCORE_INFO, or a note that was not dumped.
 */
#ifndef IRQM_TARGET_BANNER_H
#define IRQM_TARGET_BANNER_H

#include "target/search/note.h"

/*
 * Searches all pages for the vmlinux's linux_banner. Where it lies tells where
 * the image is in memory, that where the kernel's page tables are, and these
 * at which address they have the banner, which KASLR chose. A place counts if
 * _stext and the build-id are also as the file has them, by these tables.
 *
 * 0, and *ret_text, to be freed, is what VMCOREINFO would say of that; -1 with
 * err if there is no such place, or more than one.
 */
int irqm_banner_find(const struct irqm_pages *pages, const char *vmlinux,
		     const struct irqm_note_options *options, char **ret_text,
		     struct irqm_error *err);

#endif
