/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of the made-up kernel: regions, objects, symbols. */
#include "tests/mkdump/internal.h"

#include <stdlib.h>
#include <string.h>

void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

struct irqm_bits fk_bits(const char *list, unsigned int nbits)
{
	struct irqm_bits b = { .nbits = nbits };
	struct irqm_error err;

	b.words = must(calloc(IRQM_BITS_WORDS(nbits) + 1, 8));
	if (list[0] && irqm_bits_parse(&b, list, &err) != 0)
		abort();
	return b;
}

static struct fk_region *region_of(struct fk *fk, uint64_t addr)
{
	int i;

	for (i = 0; i < FK_NR_REGIONS; i++)
		if (addr >= fk->regions[i].base &&
		    addr - fk->regions[i].base < fk->regions[i].size)
			return &fk->regions[i];
	abort();
}

void region_grow(struct fk_region *r, size_t size)
{
	if (size <= r->size)
		return;
	size = (size * 3 / 2 + 4095) & ~(size_t)4095;
	if (!r->bytes && !r->fill) {
		/* without touching it: much of it stays empty */
		r->bytes = must(calloc(1, size));
	} else {
		r->bytes = must(realloc(r->bytes, size));
		memset(r->bytes + r->size, r->fill, size - r->size);
	}
	r->size = size;
}

void *fk_at(struct fk *fk, uint64_t addr)
{
	struct fk_region *r = region_of(fk, addr);

	return r->bytes + (addr - r->base);
}

void add_object(struct fk *fk, uint64_t addr, size_t len)
{
	if ((fk->nr_objects & (fk->nr_objects - 1)) == 0)
		fk->objects = must(realloc(
			fk->objects, (fk->nr_objects ? fk->nr_objects * 2 : 1) *
					     sizeof(*fk->objects)));
	fk->objects[fk->nr_objects++] = (struct fk_object){ addr, len };
	if (region_of(fk, addr)->fill)
		memset(fk_at(fk, addr), 0, len);
}

uint64_t fk_alloc(struct fk *fk, int region, size_t len, size_t align)
{
	struct fk_region *r = &fk->regions[region];
	uint64_t addr;

	/* a gap, so that neighbours do not touch */
	r->used = (r->used + 24 + align - 1) & ~(align - 1);
	addr = r->base + r->used;
	r->used += len;
	region_grow(r, r->used);
	add_object(fk, addr, len);
	return addr;
}

uint64_t heap(struct fk *fk, size_t len)
{
	return fk_alloc(fk, FK_HEAP, len, 16);
}

void fk_put64(struct fk *fk, uint64_t addr, uint64_t value)
{
	memcpy(fk_at(fk, addr), &value, sizeof(value));
}

void fk_put(struct fk *fk, uint64_t addr, const struct irqm_member *m,
	    uint64_t value)
{
	unsigned char *at;
	uint64_t old = 0, mask;

	if (!m->exists)
		return;
	at = fk_at(fk, addr + m->offset);
	if (m->bit_size) {
		mask = ((m->bit_size < 64 ? 1ULL << m->bit_size : 0) - 1)
		       << m->bit_offset;
		memcpy(&old, at, m->size);
		value = (old & ~mask) | (value << m->bit_offset & mask);
	}
	memcpy(at, &value, m->size);
}

uint64_t fk_string(struct fk *fk, const char *s)
{
	/* strings are read in pieces of 64 */
	uint64_t addr =
		fk_alloc(fk, FK_HEAP, (strlen(s) + 64) & ~(size_t)63, 64);

	strcpy(fk_at(fk, addr), s);
	return addr;
}

uint64_t string_or_null(struct fk *fk, const char *s)
{
	return s ? fk_string(fk, s) : 0;
}

void fk_symbol(struct fk *fk, const char *name, uint64_t value)
{
	if ((fk->nr_symbols & (fk->nr_symbols - 1)) == 0)
		fk->symbols = must(realloc(
			fk->symbols, (fk->nr_symbols ? fk->nr_symbols * 2 : 1) *
					     sizeof(*fk->symbols)));
	fk->symbols[fk->nr_symbols++] = (struct fk_symbol){ name, value };
}

uint64_t fk_symbol_value(const struct fk *fk, const char *name)
{
	unsigned int i;

	for (i = 0; i < fk->nr_symbols; i++)
		if (strcmp(fk->symbols[i].name, name) == 0)
			return fk->symbols[i].value;
	return 0;
}

/* A static variable of len bytes. */
uint64_t variable(struct fk *fk, const char *name, size_t len)
{
	uint64_t addr = fk_alloc(fk, FK_DATA, len, 16);

	fk_symbol(fk, name, addr);
	return addr;
}

void variable_set(struct fk *fk, const char *name, size_t len, uint64_t value)
{
	uint64_t addr = variable(fk, name, len);

	memcpy(fk_at(fk, addr), &value, len);
}
