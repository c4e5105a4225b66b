/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * makedumpfile's kdump-compressed format, one file or the set of --split.
 * Private to lib/memory.
 */
#ifndef IRQM_MEMORY_DISKDUMP_H
#define IRQM_MEMORY_DISKDUMP_H

#include "memory/input/input.h"
#include "memory/pages/notes.h"
#include "memory/pages/pages.h"

struct irqm_diskdump;

/*
 * Opens a kdump. The inputs must outlive it. Large reads use at most this
 * number of threads, which end before the read returns. Returns 0, or -1 with
 * err.
 */
int irqm_diskdump_open(const struct irqm_input in[], unsigned int nr,
		       unsigned int threads, struct irqm_diskdump **ret,
		       struct irqm_error *err);
void irqm_diskdump_close(struct irqm_diskdump *d); /* NULL is fine */

/* For irqm_pages.read; ctx is the dump. IRQM_INVALID: the page does not
 * unpack. */
enum irqm_why irqm_diskdump_read(void *ctx, uint64_t paddr, void *buf,
				 size_t len);

/* For irqm_pages.expect. */
void irqm_diskdump_expect(void *ctx, const uint64_t paddrs[], size_t nr,
			  enum irqm_page_use use);

/* For irqm_pages.stored. */
struct irqm_stored;
enum irqm_why irqm_diskdump_stored(void *ctx, uint64_t paddr,
				   struct irqm_stored *ret);

/* Owned by the dump. NULL if there is none. */
const char *irqm_diskdump_vmcoreinfo(const struct irqm_diskdump *d);

/* Owned by the dump. Empty if the header has VMCOREINFO. */
const struct irqm_notes *irqm_diskdump_notes(const struct irqm_diskdump *d);

/* For irqm_pages.next, .end and .most. */
bool irqm_diskdump_next(void *ctx, uint64_t paddr, uint64_t *ret_start,
			uint64_t *ret_end);
uint64_t irqm_diskdump_end(const struct irqm_diskdump *d);
uint64_t irqm_diskdump_most(const struct irqm_diskdump *d);

#endif
