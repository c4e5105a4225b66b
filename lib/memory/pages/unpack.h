/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacks the pages of a file, one at a time or many at once with several
 * threads. Private to lib/memory. */
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
	uint32_t packing; /* an IRQM_PACKED flag */
	/* for irqm_unpack_many(): where the page goes, and the result */
	void *page;
	enum irqm_why why;
};

/* The state that each thread needs. */
struct irqm_unpacker;

struct irqm_unpacker *irqm_unpacker_new(void);    /* NULL: out of memory */
void irqm_unpacker_free(struct irqm_unpacker *u); /* NULL is fine */

/* Loads the libraries that pages may need, for a program that cannot load them
 * later. irqm_unpacker_load() reports a missing library. */
void irqm_unpack_preload(void);

/* Loads what pages with this compression need, once, while libraries can still
 * be loaded (command/sandbox.h). Returns 0, or -1 with err. */
int irqm_unpacker_load(struct irqm_unpacker *u, uint32_t packing,
		       struct irqm_error *err);

/* Returns the page as the file has it, valid until u is used again; NULL if it
 * cannot be read. ahead: bytes from its offset on that will be read next. */
const void *irqm_unpack_look(struct irqm_unpacker *u,
			     const struct irqm_stored_page *p, uint64_t ahead);

/* Unpacks a page to `page`. Returns IRQM_OK, IRQM_TRUNCATED, or IRQM_INVALID if
 * it does not unpack to the size of a page. */
enum irqm_why irqm_unpack(struct irqm_unpacker *u,
			  const struct irqm_stored_page *p, uint64_t ahead,
			  void *page);

/* Says that these pages will be read, in the order of the file. */
void irqm_unpack_expect(const struct irqm_stored_page pages[], size_t nr);

/*
 * Unpacks nr pages, each to its own place, with up to `threads` threads, which
 * end before it returns; the first is the caller, who uses u. Sets why of each
 * page. Pages in the order of the file need the fewest reads.
 */
void irqm_unpack_many(struct irqm_unpacker *u, unsigned int threads,
		      struct irqm_stored_page pages[], size_t nr);

/* With fewer pages than this, a thread is not worth it. */
#define IRQM_UNPACK_MANY 32

#endif
