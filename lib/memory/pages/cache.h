/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of a dump that were read last, by page frame number. Private to
 * lib/memory. */
#ifndef IRQM_MEMORY_CACHE_H
#define IRQM_MEMORY_CACHE_H

#include "base/base.h"

/* 8 MB, of which only what is used takes memory. */
struct irqm_page_cache;

struct irqm_page_cache *irqm_page_cache_new(void);    /* NULL: out of memory */
void irqm_page_cache_free(struct irqm_page_cache *c); /* NULL is fine */

/* Returns the page, valid until the next irqm_page_cache_room(), or NULL. */
const unsigned char *irqm_page_cache_find(const struct irqm_page_cache *c,
					  uint64_t pfn);

/*
 * To add pages: begin, get room for each, read them, in any order and by any
 * thread, and keep those that could be read. Room is NULL if pages since begin
 * have taken all that there is for this one.
 */
void irqm_page_cache_begin(struct irqm_page_cache *c);
unsigned char *irqm_page_cache_room(struct irqm_page_cache *c, uint64_t pfn);
void irqm_page_cache_keep(struct irqm_page_cache *c, uint64_t pfn,
			  const unsigned char *room);

#endif
