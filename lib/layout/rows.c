/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layout/rows.h"

#include <string.h>

_Static_assert(IRQM_NR_STRUCTS * 2 <= IRQM_NR_SLOTS, "the hash is too full");

/* Longer than any name in the table. In a hostile file, a million structures
 * may share one name of megabytes, or suffixes of it. */
#define TAG_MAX 64

/* Hashes the first TAG_MAX bytes, which are enough to distinguish all names in
 * the table. */
static unsigned int hash_name(const char *s)
{
	unsigned int h = 2166136261U, i;

	for (i = 0; s[i] && i < TAG_MAX; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619U;
	return (h ^ h >> 15) & (IRQM_NR_SLOTS - 1);
}

void irqm_rows_prepare(struct irqm_rows *r)
{
	unsigned int i, h;

	memset(r, 0, sizeof(*r));
	for (i = 0; i < IRQM_NR_STRUCTS; i++) {
		h = hash_name(irqm_struct_rows[i].name);
		while (r->slot[h])
			h = (h + 1) & (IRQM_NR_SLOTS - 1);
		r->slot[h] = i + 1;
	}
	for (i = 0; i < IRQM_NR_MEMBERS; i++)
		r->first[irqm_member_rows[i].strct + 1] = i + 1;
}

int irqm_rows_wanted(const struct irqm_rows *r, const char *tag)
{
	unsigned int h = hash_name(tag);

	for (; r->slot[h]; h = (h + 1) & (IRQM_NR_SLOTS - 1)) {
		if (strcmp(irqm_struct_rows[r->slot[h] - 1].name, tag) == 0)
			return r->slot[h] - 1;
	}
	return -1;
}

unsigned int irqm_rows_rank(const struct irqm_rows *r, unsigned int row,
			    const struct irqm_member *found)
{
	unsigned int i, nr = 0;
	bool all = true;

	for (i = r->first[row]; i < r->first[row + 1]; i++) {
		if (found[i].exists)
			nr++;
		else if (irqm_member_rows[i].need == IRQM_REQUIRED)
			all = false;
	}
	return all && nr > 0 ? IRQM_RANK_GOOD : 1 + nr;
}

bool irqm_member_array(struct irqm_member *m, uint64_t count)
{
	uint64_t size;

	if (__builtin_mul_overflow(count, m->elem_size, &size) ||
	    count > UINT32_MAX || size > UINT32_MAX)
		return false;
	m->kind = IRQM_KIND_ARRAY;
	m->count = count;
	m->size = size;
	return true;
}
