/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the layout, and what BTF and DWARF share. */
#include "layout/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
#define STRUCT(s, part) INDEX_##s,
#include "layout/members.def"
};

const struct irqm_struct_row irqm_struct_rows[] = {
#define STRUCT(s, p)                                                           \
	{ .name = #s,                                                          \
	  .part = IRQM_PART_##p,                                               \
	  .exists = offsetof(struct irqm_layout, s.exists),                    \
	  .size = offsetof(struct irqm_layout, s.size) },
#include "layout/members.def"
};

const struct irqm_member_row irqm_member_rows[] = {
#define MEMBER(s, m, p, n)                                                     \
	{ .strct = INDEX_##s,                                                  \
	  .path = p,                                                           \
	  .need = IRQM_##n,                                                    \
	  .member = offsetof(struct irqm_layout, s.m) },
#include "layout/members.def"
};

const struct irqm_enum_row irqm_enum_rows[] = {
#define ENUM(name, w)                                                          \
	{ .witness = w, .values = offsetof(struct irqm_layout, name) },
#include "layout/members.def"
};

#define NR(rows) (ARRAY_SIZE(rows))
const unsigned int irqm_nr_struct_rows = NR(irqm_struct_rows);
const unsigned int irqm_nr_member_rows = NR(irqm_member_rows);
const unsigned int irqm_nr_enum_rows = NR(irqm_enum_rows);

/* Larger than any kernel structure that is read. */
#define MAX_STRUCT_SIZE (1U << 20)

/* Finishes a bit field: offset becomes the byte of its first bit, size the
 * number of bytes that it touches. */
static bool finish_bits(struct irqm_member *m)
{
	unsigned int bits;

	if (m->bit_size > 64 || m->bit_offset > 63 || m->kind != IRQM_KIND_INT)
		return false;
	m->offset += m->bit_offset / 8;
	m->bit_offset %= 8;
	bits = m->bit_offset + m->bit_size;
	m->size = (bits + 7) / 8;
	return true;
}

/* Returns true if later stages can trust the member of a structure of this
 * size. */
static bool finish_member(struct irqm_member *m, uint32_t size)
{
	m->target[sizeof(m->target) - 1] = '\0';
	if (m->offset > size)
		return false;
	if (m->bit_size && !finish_bits(m))
		return false;
	if (m->offset > size || m->size > size - m->offset)
		return false;
	switch (m->kind) {
	case IRQM_KIND_INT:
	case IRQM_KIND_POINTER:
		return m->size > 0 && m->size <= 8;
	case IRQM_KIND_ARRAY:
		return (uint64_t)m->count * m->elem_size <= m->size;
	default:
		return true;
	}
}

/* Checks structures that are read as part of another one, through their own
 * rows: a row that reaches beyond the member would lead out of the copy. */
static void finish_embedded(struct irqm_layout *l)
{
	const struct {
		struct irqm_member *m;
		bool exists;
		uint32_t size;
	} embedded[] = {
#define EMBEDDED(s, m, inner) { &l->s.m, l->inner.exists, l->inner.size }
		EMBEDDED(irq_desc, irq_common_data, irq_common_data),
		EMBEDDED(irq_desc, irq_data, irq_data),
		EMBEDDED(msi_desc, msg, msi_msg),
		EMBEDDED(device, kobj, kobject),
		EMBEDDED(device, msi, dev_msi_info),
#undef EMBEDDED
	};
	size_t i;

	for (i = 0; i < NR(embedded); i++)
		if (!embedded[i].exists ||
		    embedded[i].m->kind != IRQM_KIND_STRUCT ||
		    embedded[i].m->size != embedded[i].size)
			memset(embedded[i].m, 0, sizeof(*embedded[i].m));
}

static void finish_enum(struct irqm_enum *e)
{
	unsigned int i;

	if (e->nr > IRQM_MAX_ENUMERATORS)
		e->nr = IRQM_MAX_ENUMERATORS;
	for (i = 0; i < e->nr; i++)
		e->e[i].name[sizeof(e->e[i].name) - 1] = '\0';
}

void irqm_layout_finish(struct irqm_layout *l)
{
	unsigned int i;

	for (i = 0; i < irqm_nr_struct_rows; i++) {
		const struct irqm_struct_row *r = &irqm_struct_rows[i];
		uint32_t size = *irqm_row_size(l, r);

		if (size == 0 || size > MAX_STRUCT_SIZE)
			*irqm_row_exists(l, r) = false;
	}

	for (i = 0; i < irqm_nr_member_rows; i++) {
		const struct irqm_member_row *r = &irqm_member_rows[i];
		const struct irqm_struct_row *s = &irqm_struct_rows[r->strct];
		struct irqm_member *m = irqm_row_member(l, r);

		if (!*irqm_row_exists(l, s) || !m->exists ||
		    !finish_member(m, *irqm_row_size(l, s)))
			memset(m, 0, sizeof(*m));
	}
	finish_embedded(l);
	for (i = 0; i < irqm_nr_enum_rows; i++)
		finish_enum(irqm_row_enum(l, &irqm_enum_rows[i]));
}

/* Returns true if a bool is 0 or 1, and not another byte. */
static bool is_bool(const bool *b)
{
	unsigned char c;

	memcpy(&c, b, 1);
	return c <= 1;
}

static bool has_bools(struct irqm_layout *l)
{
	unsigned int i;

	for (i = 0; i < irqm_nr_struct_rows; i++) {
		if (!is_bool(irqm_row_exists(l, &irqm_struct_rows[i])))
			return false;
	}
	for (i = 0; i < irqm_nr_member_rows; i++) {
		if (!is_bool(&irqm_row_member(l, &irqm_member_rows[i])->exists))
			return false;
	}
	return true;
}

bool irqm_layout_is_finished(const struct irqm_layout *l)
{
	struct irqm_layout *copy = malloc(sizeof(*copy));
	bool same = false;

	if (copy) {
		memcpy(copy, l, sizeof(*copy));
		if (has_bools(copy)) {
			irqm_layout_finish(copy);
			same = memcmp(copy, l, sizeof(*copy)) == 0;
		}
	}
	free(copy);
	return same;
}

bool irqm_layout_missing(const struct irqm_layout *l, enum irqm_part part,
			 char *buf, size_t size)
{
	/* the accessors only compute addresses */
	struct irqm_layout *rw = (struct irqm_layout *)(uintptr_t)l;
	unsigned int i;

	for (i = 0; i < irqm_nr_struct_rows; i++) {
		const struct irqm_struct_row *r = &irqm_struct_rows[i];

		if (r->part == part && part != IRQM_PART_OTHER &&
		    !*irqm_row_exists(rw, r)) {
			snprintf(buf, size, "%s", r->name);
			return true;
		}
	}
	for (i = 0; i < irqm_nr_member_rows; i++) {
		const struct irqm_member_row *r = &irqm_member_rows[i];

		if (irqm_struct_rows[r->strct].part == part &&
		    r->need == IRQM_REQUIRED &&
		    !irqm_row_member(rw, r)->exists) {
			snprintf(buf, size, "%s.%s",
				 irqm_struct_rows[r->strct].name, r->path);
			return true;
		}
	}
	return false;
}

bool irqm_enum_value(const struct irqm_enum *e, const char *name,
		     int64_t *ret_value)
{
	unsigned int i;

	for (i = 0; i < e->nr && i < IRQM_MAX_ENUMERATORS; i++) {
		if (strcmp(e->e[i].name, name) == 0) {
			*ret_value = e->e[i].value;
			return true;
		}
	}
	return false;
}

uint64_t irqm_get(const void *copy, const struct irqm_member *m)
{
	uint64_t v = 0;

	if (!m->exists)
		return 0;
	if (m->bit_size) {
		memcpy(&v, (const char *)copy + m->offset,
		       m->size < 8 ? m->size : 8);
		v >>= m->bit_offset & 63;
		if (m->bit_size < 64)
			v &= (1ULL << m->bit_size) - 1;
		return v;
	}
	memcpy(&v, (const char *)copy + m->offset, m->size < 8 ? m->size : 8);
	return v;
}

irqm_num irqm_get_num(const void *copy, const struct irqm_member *m)
{
	return m->exists ? (irqm_num)irqm_get(copy, m) : IRQM_UNKNOWN;
}
