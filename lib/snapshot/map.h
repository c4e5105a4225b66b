/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash map from addresses to pointers or numbers, in an arena. */
#ifndef IRQM_SNAPSHOT_MAP_H
#define IRQM_SNAPSHOT_MAP_H

#include "base/base.h"

struct map_entry {
	uint64_t key;           /* 0: free */
	uintptr_t value;
};

struct map {
	struct irqm_arena *arena;
	struct map_entry *entries;
	size_t used, size;      /* size is 0 or a power of two */
};

/* Value of key, in *ret; false if it is not in the map. */
bool map_get(const struct map *m, uint64_t key, uintptr_t *ret);
/* Adds key, which must not be 0 nor be in the map. False without memory. */
bool map_put(struct map *m, uint64_t key, uintptr_t value);

#endif
