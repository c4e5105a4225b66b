/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

/* Small requests share a block of this size; larger ones get their own. */
#define BLOCK_SIZE (64 * 1024)
#define ALIGN 16

struct block {
	struct block *next;
	size_t used, size; /* bytes of data */
	_Alignas(ALIGN) unsigned char data[];
};

struct irqm_arena {
	struct block *blocks; /* small requests come from the first one */
	size_t total, limit;
	bool exhausted;
};

struct irqm_arena *irqm_arena_new(size_t limit)
{
	struct irqm_arena *a = calloc(1, sizeof(*a));

	if (a)
		a->limit = limit;
	return a;
}

void irqm_arena_free(struct irqm_arena *a)
{
	struct block *b, *next;

	if (!a)
		return;
	for (b = a->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

static struct block *add_block(struct irqm_arena *a, size_t size)
{
	struct block *b;

	if (size > a->limit - a->total)
		return NULL;
	b = calloc(1, sizeof(*b) + size);
	if (!b)
		return NULL;
	b->size = size;
	a->total += size;
	return b;
}

static void *take_bytes(struct irqm_arena *a, size_t count, size_t size)
{
	struct block *b = a->blocks;
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) ||
	    __builtin_add_overflow(bytes, ALIGN - 1, &bytes))
		return NULL;
	bytes &= ~(size_t)(ALIGN - 1);
	if (bytes == 0)
		/* a request for 0 bytes must not return NULL, which means out
		 * of memory */
		bytes = ALIGN;

	if (bytes > BLOCK_SIZE / 4) {
		b = add_block(a, bytes);
		if (!b)
			return NULL;
		b->used = bytes;
		/* insert after the first block, which small requests come
		 * from */
		if (a->blocks) {
			b->next = a->blocks->next;
			a->blocks->next = b;
		} else {
			a->blocks = b;
		}
		return b->data;
	}

	if (!b || b->size - b->used < bytes) {
		b = add_block(a, BLOCK_SIZE);
		if (!b)
			return NULL;
		b->next = a->blocks;
		a->blocks = b;
	}
	b->used += bytes;
	return b->data + b->used - bytes;
}

void *irqm_arena_alloc(struct irqm_arena *a, size_t count, size_t size)
{
	void *data = take_bytes(a, count, size);

	a->exhausted |= !data;
	return data;
}

bool irqm_arena_exhausted(const struct irqm_arena *a)
{
	return a->exhausted;
}

char *irqm_arena_strdup(struct irqm_arena *a, const char *s)
{
	size_t len = strlen(s) + 1;
	char *copy = irqm_arena_alloc(a, len, 1);

	if (copy)
		memcpy(copy, s, len);
	return copy;
}
