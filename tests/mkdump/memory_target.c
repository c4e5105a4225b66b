/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/mkdump/memory_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct range {
	struct range *next;
	uint64_t addr;
	size_t len;
	enum irqm_why why; /* IRQM_OK: data holds it */
	unsigned char data[];
};

struct symbol {
	struct symbol *next;
	uint64_t value;
	char name[];
};

struct irqm_memory {
	struct range *ranges; /* newest first */
	struct range *denied;
	struct symbol *symbols;
	uint64_t reads, fail_at;
};

struct irqm_memory *irqm_memory_new(void)
{
	return calloc(1, sizeof(struct irqm_memory));
}

static void free_ranges(struct range *r)
{
	struct range *next;

	for (; r; r = next) {
		next = r->next;
		free(r);
	}
}

void irqm_memory_free(struct irqm_memory *m)
{
	struct symbol *s, *next;

	if (!m)
		return;
	free_ranges(m->ranges);
	free_ranges(m->denied);
	for (s = m->symbols; s; s = next) {
		next = s->next;
		free(s);
	}
	free(m);
}

static struct range *add_range(struct range **list, uint64_t addr, size_t len,
			       size_t data_len)
{
	struct range *r = calloc(1, sizeof(*r) + data_len);

	if (!r)
		return NULL;
	r->addr = addr;
	r->len = len;
	r->next = *list;
	*list = r;
	return r;
}

int irqm_memory_write(struct irqm_memory *m, uint64_t addr, const void *data,
		      size_t len)
{
	struct range *r = add_range(&m->ranges, addr, len, len);

	if (!r)
		return -1;
	memcpy(r->data, data, len);
	return 0;
}

int irqm_memory_deny(struct irqm_memory *m, uint64_t addr, size_t len,
		     enum irqm_why why)
{
	struct range *r = add_range(&m->denied, addr, len, 0);

	if (!r)
		return -1;
	r->why = why;
	return 0;
}

int irqm_memory_symbol(struct irqm_memory *m, const char *name, uint64_t value)
{
	struct symbol *s = calloc(1, sizeof(*s) + strlen(name) + 1);

	if (!s)
		return -1;
	strcpy(s->name, name);
	s->value = value;
	s->next = m->symbols;
	m->symbols = s;
	return 0;
}

void irqm_memory_fail_at(struct irqm_memory *m, uint64_t k)
{
	m->fail_at = k ? m->reads + k : 0;
}

uint64_t irqm_memory_reads(const struct irqm_memory *m)
{
	return m->reads;
}

static bool overlaps(const struct range *r, uint64_t addr, size_t len)
{
	/* either begins within the other; addr + len may wrap to 0 */
	return addr - r->addr < r->len || r->addr - addr < len;
}

static bool holds(const struct range *r, uint64_t addr, size_t len)
{
	return addr >= r->addr && len <= r->len &&
	       addr - r->addr <= r->len - len;
}

static enum irqm_why memory_read(void *ctx, uint64_t addr, void *buf,
				 size_t len)
{
	struct irqm_memory *m = ctx;
	const struct range *r;

	m->reads++;
	if (m->reads == m->fail_at)
		return IRQM_EXCLUDED;
	for (r = m->denied; r; r = r->next)
		if (overlaps(r, addr, len))
			return r->why;
	for (r = m->ranges; r; r = r->next) {
		if (holds(r, addr, len)) {
			memcpy(buf, r->data + (addr - r->addr), len);
			return IRQM_OK;
		}
	}
	return IRQM_UNMAPPED;
}

static bool memory_symbol(void *ctx, const char *name, uint64_t *ret_value)
{
	const struct irqm_memory *m = ctx;
	const struct symbol *s;

	for (s = m->symbols; s; s = s->next) {
		if (strcmp(s->name, name) == 0) {
			*ret_value = s->value;
			return true;
		}
	}
	return false;
}

static bool memory_symbol_at(void *ctx, uint64_t addr, char *name, size_t size,
			     uint64_t *ret_offset)
{
	const struct irqm_memory *m = ctx;
	const struct symbol *s, *best = NULL;

	for (s = m->symbols; s; s = s->next)
		if (s->value <= addr && (!best || s->value > best->value))
			best = s;
	if (!best)
		return false;
	snprintf(name, size, "%s", best->name);
	*ret_offset = addr - best->value;
	return true;
}

struct irqm_target irqm_memory_target(struct irqm_memory *m)
{
	return (struct irqm_target){
		.ctx = m,
		.read = memory_read,
		.symbol = memory_symbol,
		.symbol_at = memory_symbol_at,
		.path = "memory",
		.format = "memory",
		.types = "dwarf",
	};
}
