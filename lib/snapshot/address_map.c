/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/address_map.h"

#define FIRST_SIZE 64

/* Fibonacci hashing, because addresses have low and high bits in common. */
static size_t slot_of(const struct address_map *m, uint64_t key)
{
	size_t i = (key * 0x9e3779b97f4a7c15ULL >> 20) & (m->size - 1);

	while (m->entries[i].key && m->entries[i].key != key)
		i = (i + 1) & (m->size - 1);
	return i;
}

bool irqm_address_map_get(const struct address_map *m, uint64_t key,
			  uintptr_t *ret)
{
	size_t i;

	if (!m->size || !key)
		return false;
	i = slot_of(m, key);
	if (!m->entries[i].key)
		return false;
	*ret = m->entries[i].value;
	return true;
}

static bool grow_map(struct address_map *m)
{
	struct address_map old = *m;
	size_t i;

	m->size = old.size ? old.size * 2 : FIRST_SIZE;
	m->entries = irqm_arena_alloc(m->arena, m->size, sizeof(*m->entries));
	if (!m->entries) {
		*m = old;
		return false;
	}
	for (i = 0; i < old.size; i++)
		if (old.entries[i].key)
			m->entries[slot_of(m, old.entries[i].key)] =
				old.entries[i];
	return true;
}

bool irqm_address_map_put(struct address_map *m, uint64_t key, uintptr_t value)
{
	size_t i;

	if (m->used * 4 >= m->size * 3 && !grow_map(m))
		return false;
	i = slot_of(m, key);
	m->entries[i] = (struct address_map_entry){ key, value };
	m->used++;
	return true;
}
