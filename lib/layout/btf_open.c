/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTF's header, and the sections that it leads to. */
#include "layout/btf.h"
#include "layout/btf_types.h"

#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE 24 /* size of the header up to the table of kinds */

/* Returns true if [begin, begin + len) after the header lies within rest
 * bytes. */
static bool is_within(uint32_t begin, uint32_t len, size_t rest)
{
	return begin <= rest && len <= rest - begin;
}

static int cut_short(struct irqm_error *err)
{
	irqm_error_set(err,
		       "its BTF is truncated or damaged: is the file "
		       "complete? copy it again, or give the vmlinux of the "
		       "kernel's debug package");
	return -1;
}

static int check_magic(const uint8_t *p, size_t size, struct irqm_error *err)
{
	if (size < HEADER_SIZE)
		return cut_short(err);
	if (p[0] == 0xeb && p[1] == 0x9f) {
		irqm_error_set(err, "its BTF is big-endian: is it a kernel "
				    "for another architecture?");
		return -1;
	}
	if (p[0] != 0x9f || p[1] != 0xeb) {
		irqm_error_set(err, "not BTF: it starts with %02x%02x", p[0],
			       p[1]);
		return -1;
	}
	if (p[2] != 1 || p[3] != 0) {
		irqm_error_set(err,
			       "its BTF has version %u, flags 0x%x, which "
			       "this version of irqmatrix does not know: use a "
			       "newer version, or give a vmlinux with DWARF "
			       "(--vmlinux)",
			       p[2], p[3]);
		return -1;
	}
	return 0;
}

bool irqm_btf_load(struct irqm_btf *b, size_t from, size_t len)
{
	if (b->loader->load(b->loader->ctx, from, len))
		return true;
	b->unread = true;
	return false;
}

static int set_unread(struct irqm_error *err)
{
	irqm_error_set(err, "its BTF cannot be read");
	return -1;
}

static bool do_overlap(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
	return a < b + b_len && b < a + a_len;
}

/* Finds the table of kinds, which may be missing (01504da43e67, 2026). */
static int open_table(struct irqm_btf *b, const uint8_t *p, size_t size,
		      struct irqm_error *err)
{
	uint32_t header = irqm_btf_u32(p + 4), at, len;

	if (!irqm_btf_load(b, HEADER_SIZE, 8))
		return set_unread(err);
	at = irqm_btf_u32(p + HEADER_SIZE);
	len = irqm_btf_u32(p + HEADER_SIZE + 4);
	if (len == 0)
		return 0;
	if (at % 4 || len % IRQM_BTF_KIND_ENTRY ||
	    !is_within(at, len, size - header) ||
	    do_overlap(at, len, irqm_btf_u32(p + 8), b->types_len) ||
	    do_overlap(at, len, irqm_btf_u32(p + 16), b->strings_len))
		return cut_short(err);
	b->table = p + header + at;
	b->nr_table = len / IRQM_BTF_KIND_ENTRY;
	if (b->nr_table > IRQM_BTF_MAX_KINDS)
		b->nr_table = IRQM_BTF_MAX_KINDS;
	if (!irqm_btf_load(b, (size_t)header + at,
			   b->nr_table * IRQM_BTF_KIND_ENTRY))
		return set_unread(err);
	return irqm_btf_check_table(b, err);
}

int irqm_btf_open(struct irqm_btf *b, const void *data, size_t size,
		  const struct irqm_btf_loader *loader, struct irqm_error *err)
{
	const uint8_t *p = data;
	uint32_t header, types, strings;

	memset(b, 0, sizeof(*b));
	b->loader = loader;
	if (!irqm_btf_load(b, 0, size < HEADER_SIZE ? size : HEADER_SIZE))
		return set_unread(err);
	if (check_magic(p, size, err) != 0)
		return -1;
	header = irqm_btf_u32(p + 4);
	types = irqm_btf_u32(p + 8);
	b->types_len = irqm_btf_u32(p + 12);
	strings = irqm_btf_u32(p + 16);
	b->strings_len = irqm_btf_u32(p + 20);
	if (header < HEADER_SIZE || header > size ||
	    !is_within(types, b->types_len, size - header) ||
	    !is_within(strings, b->strings_len, size - header))
		return cut_short(err);
	b->types = p + header + types;
	b->strings = p + header + strings;
	b->strings_at = (size_t)header + strings;
	if (!b->strings_len)
		return cut_short(err);
	if (header >= HEADER_SIZE + 8 && open_table(b, p, size, err) != 0)
		return -1;
	if (!irqm_btf_load(b, (size_t)header + types, b->types_len) ||
	    !irqm_btf_load(b, b->strings_at + b->strings_len - 1, 1))
		return set_unread(err);
	/* so that every string ends within the section */
	if (b->strings[b->strings_len - 1] != '\0')
		return cut_short(err);
	/* one entry per smallest type; untouched pages cost no memory */
	b->at = malloc(((size_t)b->types_len / IRQM_BTF_TYPE_SIZE + 1) *
		       sizeof(*b->at));
	if (!b->at) {
		irqm_error_memory(err);
		return -1;
	}
	return 0;
}

void irqm_btf_close(struct irqm_btf *b)
{
	free(b->at);
	b->at = NULL;
}
