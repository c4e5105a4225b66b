/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout from BTF: one walk over the types, which finds the wanted ones by
 * name and records where each type is, then their members by id.
 *
 * Names are read where a type points rather than searched for among the
 * strings: nothing is assumed about how a producer shares or orders those.
 *
 * If a tag has several definitions (drivers define their own struct class, for
 * example), the one with most of the wanted members wins, as in dwarf.c. BTF
 * does not say which source file used which definition. So among equals, one
 * that a member of another wanted structure points to wins, then the first.
 */
#include "layout/btf.h"
#include "layout/btf_types.h"
#include "layout/rows.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SAME_TAG 8 /* definitions of one tag to try */

struct scan {
	struct irqm_btf b;
	struct irqm_layout *l;
	struct irqm_rows rows;
	uint32_t id[IRQM_NR_STRUCTS][MAX_SAME_TAG];
	unsigned int nr[IRQM_NR_STRUCTS];
	/* members of the definition being read, and of the one in l */
	struct irqm_member found[IRQM_NR_MEMBERS];
	uint32_t found_leads_to[IRQM_NR_MEMBERS];
	uint32_t leads_to[IRQM_NR_MEMBERS];
};

#define ENUM_SIZE 8    /* name, value */
#define ENUM64_SIZE 12 /* name, low half, high half */

static size_t enumerator_size(const struct irqm_btf_type *t)
{
	return t->kind == IRQM_BTF_ENUM64 ? ENUM64_SIZE : ENUM_SIZE;
}

/* kind_flag says signed, but was never set before 6089fb325cf7 (6.0). Only
 * flags and counts are read, which are not negative. */
static int64_t enumerator_value(const struct irqm_btf_type *t, const uint8_t *p)
{
	uint32_t low = irqm_btf_u32(p + 4);

	if (t->kind == IRQM_BTF_ENUM64)
		return (int64_t)((uint64_t)irqm_btf_u32(p + 8) << 32 | low);
	if (t->flag)
		return (int32_t)low;
	return low;
}

static void take_enum(struct scan *s, const struct irqm_btf_type *t,
		      struct irqm_enum *e)
{
	const char *name;
	const uint8_t *p;
	uint32_t i;

	for (i = 0; i < t->vlen && e->nr < IRQM_MAX_ENUMERATORS; i++) {
		p = t->rest + i * enumerator_size(t);
		name = irqm_btf_string(&s->b, irqm_btf_u32(p));
		if (strnlen(name, sizeof(e->e[0].name)) == sizeof(e->e[0].name))
			continue;
		strcpy(e->e[e->nr].name, name);
		e->e[e->nr++].value = enumerator_value(t, p);
	}
}

/* Returns the row whose witness is called name, or -1. */
static int find_witness(const char *name)
{
	unsigned int i;

	for (i = 0; i < IRQM_NR_ENUMS; i++) {
		/* fast path: a kernel has 100,000 enumerators */
		if (irqm_enum_rows[i].witness[0] == name[0] &&
		    strcmp(irqm_enum_rows[i].witness, name) == 0)
			return i;
	}
	return -1;
}

static void see_enum(struct scan *s, const struct irqm_btf_type *t)
{
	size_t each = enumerator_size(t);
	struct irqm_enum *e;
	const char *name;
	uint32_t i;
	int row;

	for (i = 0; i < t->vlen; i++) {
		name = irqm_btf_string(&s->b, irqm_btf_u32(t->rest + i * each));
		row = find_witness(name);
		if (row < 0)
			continue;
		e = irqm_row_enum(s->l, &irqm_enum_rows[row]);
		if (!e->nr)
			take_enum(s, t, e);
		return;
	}
}

static void see_struct(struct scan *s, const struct irqm_btf_type *t)
{
	int row = irqm_rows_wanted(&s->rows, irqm_btf_string(&s->b, t->name));

	if (row >= 0 && s->nr[row] < MAX_SAME_TAG)
		s->id[row][s->nr[row]++] = t->id;
}

/* Do not treat a needed structure as absent because its kind is unknown. */
static void see_unknown(struct scan *s, const struct irqm_btf_type *t)
{
	if (irqm_rows_wanted(&s->rows, irqm_btf_string(&s->b, t->name)) < 0)
		return;
	s->b.unknown_kind = t->kind;
	s->b.damaged = true;
}

static void walk_types(struct scan *s)
{
	struct irqm_btf_type t;

	while (irqm_btf_next(&s->b, &t)) {
		switch (t.kind) {
		case IRQM_BTF_STRUCT:
			see_struct(s, &t);
			break;
		case IRQM_BTF_ENUM:
		case IRQM_BTF_ENUM64:
			see_enum(s, &t);
			break;
		default:
			if (!irqm_btf_knows(&t))
				see_unknown(s, &t);
		}
	}
	if (s->b.skipped && !s->b.damaged && !irqm_btf_keeps_rules(&s->b))
		s->b.damaged = true;
}

static unsigned int find_members(struct scan *s, unsigned int row, uint32_t id)
{
	unsigned int i;

	for (i = s->rows.first[row]; i < s->rows.first[row + 1]; i++) {
		s->found_leads_to[i] = 0;
		if (!irqm_btf_member(&s->b, id, irqm_member_rows[i].path,
				     &s->found[i], &s->found_leads_to[i]))
			memset(&s->found[i], 0, sizeof(s->found[i]));
	}
	return irqm_rows_rank(&s->rows, row, s->found);
}

static void take_struct(struct scan *s, unsigned int row, uint32_t id)
{
	const struct irqm_struct_row *r = &irqm_struct_rows[row];
	unsigned int i;

	*irqm_row_exists(s->l, r) = true;
	*irqm_row_size(s->l, r) = irqm_btf_struct_size(&s->b, id);
	for (i = s->rows.first[row]; i < s->rows.first[row + 1]; i++) {
		*irqm_row_member(s->l, &irqm_member_rows[i]) = s->found[i];
		s->leads_to[i] = s->found_leads_to[i];
	}
}

static bool is_led_to(const struct scan *s, uint32_t id)
{
	unsigned int i;

	for (i = 0; i < IRQM_NR_MEMBERS; i++) {
		if (s->leads_to[i] == id)
			return true;
	}
	return false;
}

static void choose_struct(struct scan *s, unsigned int row)
{
	unsigned int i, how_good, best = 0;

	for (i = 0; i < s->nr[row]; i++) {
		uint32_t id = s->id[row][i];

		how_good = find_members(s, row, id) * 2 + is_led_to(s, id);
		if (how_good > best) {
			best = how_good;
			take_struct(s, row, id);
		}
	}
}

/* Starts with tags that are defined once: their members may point to the right
 * definition of others. */
static void choose_all(struct scan *s)
{
	unsigned int row;

	for (row = 0; row < IRQM_NR_STRUCTS; row++) {
		if (s->nr[row] == 1)
			choose_struct(s, row);
	}
	for (row = 0; row < IRQM_NR_STRUCTS; row++) {
		if (s->nr[row] > 1)
			choose_struct(s, row);
	}
}

static int set_refused(const struct irqm_btf *b, struct irqm_error *err)
{
	if (b->unread)
		irqm_error_set(err, "its BTF cannot be read");
	else if (b->unknown_kind)
		irqm_error_set(err,
			       "its BTF has a type of the unknown kind "
			       "%u: use a newer version of irqmatrix, or give "
			       "a vmlinux with DWARF (--vmlinux)",
			       b->unknown_kind);
	else if (b->skipped)
		irqm_error_set(err,
			       "its BTF has types of the unknown kind %u "
			       "and cannot be read by skipping them: use a "
			       "newer version of irqmatrix, or give a vmlinux "
			       "with DWARF (--vmlinux)",
			       b->skipped);
	else
		irqm_error_set(err,
			       "its BTF is damaged after %u %s: is the "
			       "file complete? copy it again, or give the "
			       "vmlinux of the kernel's debug package",
			       b->nr, irqm_plural(b->nr, "type", "types"));
	return -1;
}

static int scan_all(struct scan *s, struct irqm_error *err)
{
	unsigned int row;

	walk_types(s);
	if (!s->b.damaged)
		choose_all(s);
	if (s->b.damaged)
		return set_refused(&s->b, err);
	for (row = 0; row < IRQM_NR_STRUCTS; row++) {
		if (s->nr[row])
			return 0;
	}
	irqm_error_set(err, "its BTF has none of the kernel's interrupt "
			    "structures, like that of a kernel module: give "
			    "the kernel's vmlinux");
	return -1;
}

int irqm_layout_from_btf_parts(struct irqm_layout *l, const void *data,
			       size_t size,
			       const struct irqm_btf_loader *loader,
			       struct irqm_error *err)
{
	struct scan *s = calloc(1, sizeof(*s));
	int rc = -1;

	memset(l, 0, sizeof(*l));
	if (!s) {
		irqm_error_memory(err);
		return -1;
	}
	s->l = l;
	irqm_rows_prepare(&s->rows);
	if (irqm_btf_open(&s->b, data, size, loader, err) == 0)
		rc = scan_all(s, err);
	irqm_btf_close(&s->b);
	free(s);
	if (rc == 0)
		irqm_layout_finish(l);
	else
		memset(l, 0, sizeof(*l));
	return rc;
}

static bool all_there(void *ctx, size_t from, size_t len)
{
	(void)ctx;
	(void)from;
	(void)len;
	return true;
}

int irqm_layout_from_btf(struct irqm_layout *l, const void *data, size_t size,
			 struct irqm_error *err)
{
	static const struct irqm_btf_loader whole = { .load = all_there };

	return irqm_layout_from_btf_parts(l, data, size, &whole, err);
}
