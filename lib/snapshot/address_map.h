/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash table of pointers or numbers by address, in an arena. */
#ifndef IRQM_SNAPSHOT_ADDRESS_MAP_H
#define IRQM_SNAPSHOT_ADDRESS_MAP_H

#include "base/base.h"

struct address_map_entry {
	uint64_t key; /* 0: free */
	uintptr_t value;
};

struct address_map {
	struct irqm_arena *arena;
	struct address_map_entry *entries;
	size_t used, size; /* size is 0 or a power of two */
};

/* Gets the value of key. Returns false if it is not in the map. */
bool irqm_address_map_get(const struct address_map *m, uint64_t key,
			  uintptr_t *ret);
/* Adds key, which must not be 0 or already in the map. Returns false if out of
 * memory. */
bool irqm_address_map_put(struct address_map *m, uint64_t key, uintptr_t value);

#endif
