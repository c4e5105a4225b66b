/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/pages/cache.h"

#include <stdlib.h>

/* A page can be in any of the WAYS places of its set. */
#define SETS 512
#define WAYS 4

struct irqm_page_cache {
	/* page frame number + 1; 0: none */
	uint64_t frames[SETS][WAYS];
	/* the place to give away next, the oldest one, and how many were given
	 * away since begin */
	unsigned char oldest[SETS], given[SETS];
	unsigned char pages[SETS][WAYS][IRQM_PAGE_SIZE];
};

struct irqm_page_cache *irqm_page_cache_new(void)
{
	return calloc(1, sizeof(struct irqm_page_cache));
}

void irqm_page_cache_free(struct irqm_page_cache *c)
{
	free(c);
}

/* Neighbouring pages are in neighbouring sets, and frames at multiples of 2 MiB
 * are not all in the same one. */
static size_t set_of(uint64_t pfn)
{
	return (pfn ^ pfn >> 9) % SETS;
}

const unsigned char *irqm_page_cache_find(const struct irqm_page_cache *c,
					  uint64_t pfn)
{
	size_t set = set_of(pfn), way;

	for (way = 0; way < WAYS; way++)
		if (c->frames[set][way] == pfn + 1)
			return c->pages[set][way];
	return NULL;
}

void irqm_page_cache_begin(struct irqm_page_cache *c)
{
	size_t set;

	for (set = 0; set < SETS; set++)
		c->given[set] = 0;
}

unsigned char *irqm_page_cache_room(struct irqm_page_cache *c, uint64_t pfn)
{
	size_t set = set_of(pfn), way = c->oldest[set];

	if (c->given[set] == WAYS)
		return NULL;
	c->given[set]++;
	c->oldest[set] = (way + 1) % WAYS;
	c->frames[set][way] = 0;
	return c->pages[set][way];
}

void irqm_page_cache_keep(struct irqm_page_cache *c, uint64_t pfn,
			  const unsigned char *room)
{
	size_t place = (size_t)(room - c->pages[0][0]) / IRQM_PAGE_SIZE;

	c->frames[place / WAYS][place % WAYS] = pfn + 1;
}
