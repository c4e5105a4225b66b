/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of a file unpacked, one at a time or many at once by several threads.
 * Private to lib/memory.
 */
#ifndef IRQM_MEMORY_UNPACK_H
#define IRQM_MEMORY_UNPACK_H

#include "memory/input/input.h"
#include "memory/pages/pages.h"

/* makedumpfile's flags of a page. */
enum {
	IRQM_PACKED_ZLIB = 0x1,
	IRQM_PACKED_LZO = 0x2,
	IRQM_PACKED_SNAPPY = 0x4,
	IRQM_PACKED_ZSTD = 0x20,
	IRQM_PACKED = 0x27,
};

/* zlib's worst case is a few bytes more than a page. */
#define IRQM_STORED_MAX (2 * IRQM_PAGE_SIZE)

struct irqm_stored_page {
	const struct irqm_input *in;
	uint64_t offset;
	uint32_t size;    /* at most IRQM_STORED_MAX */
	uint32_t packing; /* of IRQM_PACKED */
};

/* What a thread needs of its own. */
struct irqm_unpacker;

struct irqm_unpacker *irqm_unpacker_new(void);    /* NULL: out of memory */
void irqm_unpacker_free(struct irqm_unpacker *u); /* NULL is fine */

/*
 * Loads what pages may take, for a program that cannot load it later; that it
 * is not installed shows in irqm_unpacker_load().
 */
void irqm_unpack_preload(void);

/*
 * Loads what pages of that packing take; once, and as long as a library may be
 * loaded (command/sandbox.h). 0, or -1 with err.
 */
int irqm_unpacker_load(struct irqm_unpacker *u, uint32_t packing,
		       struct irqm_error *err);

/*
 * The page as the file has it, good until u's next use; NULL if it cannot be
 * read. ahead: bytes from its offset on that will be wanted next.
 */
const void *irqm_unpack_look(struct irqm_unpacker *u,
			     const struct irqm_stored_page *p, uint64_t ahead);

/*
 * Unpacks a page to `page`. IRQM_OK, IRQM_TRUNCATED, or IRQM_INVALID, one that
 * does not unpack to a page's size.
 */
enum irqm_why irqm_unpack(struct irqm_unpacker *u,
			  const struct irqm_stored_page *p, uint64_t ahead,
			  void *page);

/*
 * Unpacks nr pages one behind the other to buf, with up to `threads` threads
 * that end before it returns; the first is the caller, who uses u. What is
 * wrong with the first page of which something is.
 */
enum irqm_why irqm_unpack_many(struct irqm_unpacker *u, unsigned int threads,
			       const struct irqm_stored_page pages[], size_t nr,
			       void *buf);

/* With fewer pages than that a thread does not pay. */
#define IRQM_UNPACK_MANY 32

#endif
