/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * makedumpfile's kdump-compressed format, one file or the set of --split.
 * Private to lib/target.
 *
 * libkdumpfile reads it, too, three times slower, and as zeros where the file
 * is cut short; what it alone can do, other compressions than zlib and zstd,
 * is left to it page by page.
 */
#ifndef IRQM_TARGET_DISKDUMP_H
#define IRQM_TARGET_DISKDUMP_H

#include "target/input/input.h"

struct irqm_diskdump;

/* Reads one page by other means. */
typedef enum irqm_why irqm_other_page(void *ctx, uint64_t paddr, void *page);

/*
 * 0, or -1 with err. The inputs are to outlive it. Large reads are done with
 * up to that many threads, which end before the read returns.
 */
int irqm_diskdump_open(const struct irqm_input in[], unsigned int nr,
		       unsigned int threads, irqm_other_page *other,
		       void *other_ctx, struct irqm_diskdump **ret,
		       struct irqm_error *err);
void irqm_diskdump_close(struct irqm_diskdump *d); /* NULL is fine */

/* For irqm_pages.read, ctx is the dump; IRQM_INVALID: does not inflate. */
enum irqm_why irqm_diskdump_read(void *ctx, uint64_t paddr, void *buf,
				 size_t len);

/* For irqm_pages.stored; IRQM_INVALID where other means are needed. */
enum irqm_why irqm_diskdump_stored(void *ctx, uint64_t paddr,
				   const void **ret_data, size_t *ret_size,
				   uint32_t *ret_packing);

/*
 * Whether it was written with a compression that takes other means, as its
 * header says.
 */
bool irqm_diskdump_is_other(const struct irqm_diskdump *d);

/* Owned by the dump; NULL if there is none. */
const char *irqm_diskdump_vmcoreinfo(const struct irqm_diskdump *d);

#endif
