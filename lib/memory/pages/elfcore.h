/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An ELF dump: /proc/vmcore copied, makedumpfile -E, QEMU's
 * dump-guest-memory. Private to lib/memory and the extension.
 */
#ifndef IRQM_MEMORY_ELFCORE_H
#define IRQM_MEMORY_ELFCORE_H

#include "memory/input/input.h"
#include "memory/pages/notes.h"
#include "memory/pages/pages.h"

struct irqm_elfcore;
struct irqm_stored;

/* Returns 0, or -1 with err. The input must outlive *ret. */
int irqm_elfcore_open(const struct irqm_input *in, struct irqm_elfcore **ret,
		      struct irqm_error *err);
void irqm_elfcore_close(struct irqm_elfcore *e); /* NULL is fine */

/* For irqm_pages.expect; ctx is the core. */
void irqm_elfcore_expect(void *ctx, const uint64_t paddrs[], size_t nr,
			 enum irqm_page_use use);

/* For irqm_pages.read and .stored; ctx is the core. */
enum irqm_why irqm_elfcore_read(void *ctx, uint64_t paddr, void *buf,
				size_t len);
enum irqm_why irqm_elfcore_stored(void *ctx, uint64_t paddr,
				  struct irqm_stored *ret);

/*
 * Checks if len bytes at paddr, within a page, are in the file, without reading
 * them. Returns IRQM_OK; IRQM_EXCLUDED if the dump left them out; IRQM_UNMAPPED
 * above all memory; IRQM_TRUNCATED if the file ends before them.
 */
enum irqm_why irqm_elfcore_why(const struct irqm_elfcore *e, uint64_t paddr,
			       size_t len);

/* For irqm_pages.next. */
bool irqm_elfcore_next(void *ctx, uint64_t paddr, uint64_t *ret_start,
		       uint64_t *ret_end);
/* Returns the end of the last segment. */
uint64_t irqm_elfcore_end(const struct irqm_elfcore *e);

/* Owned by the core. */
const struct irqm_notes *irqm_elfcore_notes(const struct irqm_elfcore *e);

#endif
