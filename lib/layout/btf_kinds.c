/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of BTF: what follows a type of each kind, and the rules it obeys.
 *
 * Later kinds are skipped with the table that newer BTF can have (struct
 * btf_layout, 01504da43e67: the bytes that follow once, the bytes for each of
 * vlen entries, and flags without a meaning so far). If the table is wrong
 * about a kind, all later types are misread or their ids are shifted by one,
 * and members get the types of others. So if a type was skipped, all types must
 * obey the rules of the kernel's own verifier (btf_check_meta and the later
 * resolution in kernel/bpf/btf.c).
 */
#include "layout/btf_types.h"

enum {
	NAMED = 1,    /* must have a name */
	NAMELESS = 2, /* must not have one */
	FLAG = 4,     /* may have kind_flag */
	LINKAGE = 8,  /* vlen is a linkage, at most MAX_LINKAGE */
	LEADS = 16,   /* its size is the id of a type */
};

#define MAX_LINKAGE 2

static const struct kind {
	uint8_t fixed, each;
	uint8_t rules;
} kinds[IRQM_BTF_NR_KINDS] = {
	[IRQM_BTF_INT] = { 4, 0, 0 },
	[IRQM_BTF_PTR] = { 0, 0, NAMELESS | LEADS },
	[IRQM_BTF_ARRAY] = { 12, 0, NAMELESS },
	[IRQM_BTF_STRUCT] = { 0, IRQM_BTF_MEMBER_SIZE, FLAG },
	[IRQM_BTF_UNION] = { 0, IRQM_BTF_MEMBER_SIZE, FLAG },
	[IRQM_BTF_ENUM] = { 0, 8, FLAG },
	[IRQM_BTF_FWD] = { 0, 0, NAMED | FLAG },
	[IRQM_BTF_TYPEDEF] = { 0, 0, NAMED | LEADS },
	[IRQM_BTF_VOLATILE] = { 0, 0, NAMELESS | LEADS },
	[IRQM_BTF_CONST] = { 0, 0, NAMELESS | LEADS },
	[IRQM_BTF_RESTRICT] = { 0, 0, NAMELESS | LEADS },
	[IRQM_BTF_FUNC] = { 0, 0, NAMED | LEADS | LINKAGE },
	[IRQM_BTF_FUNC_PROTO] = { 0, 8, NAMELESS | LEADS },
	[IRQM_BTF_VAR] = { 4, 0, NAMED | LEADS },
	[IRQM_BTF_DATASEC] = { 0, 12, NAMED },
	[IRQM_BTF_FLOAT] = { 0, 0, NAMED },
	[IRQM_BTF_DECL_TAG] = { 4, 0, NAMED | FLAG | LEADS },
	[IRQM_BTF_TYPE_TAG] = { 0, 0, NAMED | FLAG | LEADS },
	[IRQM_BTF_ENUM64] = { 0, 12, FLAG },
};

/* Gets the sizes of an unknown kind from the table. Returns false if the table
 * does not have the kind. */
static bool by_table(const struct irqm_btf *b, uint32_t kind, struct kind *ret)
{
	const uint8_t *entry;

	if (kind == 0 || kind >= b->nr_table)
		return false;
	entry = b->table + (size_t)kind * IRQM_BTF_KIND_ENTRY;
	ret->fixed = entry[0];
	ret->each = entry[1];
	return entry[0] % 4 == 0 && entry[1] % 4 == 0;
}

uint64_t irqm_btf_bytes(const struct irqm_btf *b, const struct irqm_btf_type *t)
{
	struct kind k;

	if (irqm_btf_knows(t))
		k = kinds[t->kind];
	else if (!by_table(b, t->kind, &k))
		return 0;
	return IRQM_BTF_TYPE_SIZE + k.fixed + (uint64_t)k.each * t->vlen;
}

int irqm_btf_check_table(const struct irqm_btf *b, struct irqm_error *err)
{
	const uint8_t *entry = b->table;
	uint32_t i;

	for (i = 0; i < b->nr_table && i < IRQM_BTF_NR_KINDS; i++) {
		if (entry[0] != kinds[i].fixed || entry[1] != kinds[i].each) {
			irqm_error_set(err,
				       "its BTF gives types of kind %u "
				       "another size than irqmatrix expects: "
				       "use a newer version, or give a vmlinux "
				       "with DWARF (--vmlinux)",
				       i);
			return -1;
		}
		entry += IRQM_BTF_KIND_ENTRY;
	}
	return 0;
}

static bool is_kind(struct irqm_btf *b, uint32_t id, uint32_t kind)
{
	struct irqm_btf_type t;

	return irqm_btf_type(b, id, &t) && t.kind == kind;
}

/* True if a variable can have this type. */
static bool is_value(struct irqm_btf *b, uint32_t id)
{
	struct irqm_btf_type t;

	if (!irqm_btf_type(b, id, &t))
		return false;
	switch (t.kind) {
	case IRQM_BTF_FUNC:
	case IRQM_BTF_FUNC_PROTO:
	case IRQM_BTF_VAR:
	case IRQM_BTF_DATASEC:
	case IRQM_BTF_DECL_TAG:
		return false;
	default:
		return true;
	}
}

/* True if a type is known to be longer than this number of bytes. */
static bool is_longer(struct irqm_btf *b, uint32_t id, uint64_t than)
{
	struct irqm_btf_type t;
	uint64_t all = 1;
	uint32_t size;
	int i;

	for (i = 0; i < IRQM_BTF_MAX_STEPS; i++) {
		if (!irqm_btf_peel(b, id, &t))
			return false;
		if (t.kind != IRQM_BTF_ARRAY)
			return irqm_btf_size(&t, &size) &&
			       (__builtin_mul_overflow(all, size, &all) ||
				all > than);
		if (__builtin_mul_overflow(all, irqm_btf_u32(t.rest + 8), &all))
			return true;
		id = irqm_btf_u32(t.rest);
	}
	return false;
}

static bool member_keeps_rules(struct irqm_btf *b,
			       const struct irqm_btf_type *t, const uint8_t *p)
{
	uint32_t id = irqm_btf_u32(p + 4), bits = irqm_btf_u32(p + 8);
	bool bit_field = t->flag && bits >> 24;

	if (t->flag)
		bits &= 0xffffff;
	return irqm_btf_u32(p) < b->strings_len && is_value(b, id) &&
	       bits / 8 <= t->size &&
	       (bit_field || !is_longer(b, id, t->size - bits / 8));
}

static bool entry_keeps_rules(struct irqm_btf *b, const struct irqm_btf_type *t,
			      const uint8_t *p)
{
	uint32_t first = irqm_btf_u32(p), second = irqm_btf_u32(p + 4);

	switch (t->kind) {
	case IRQM_BTF_STRUCT:
	case IRQM_BTF_UNION:
		return member_keeps_rules(b, t, p);
	case IRQM_BTF_ENUM:
	case IRQM_BTF_ENUM64:
		return first != 0 && first < b->strings_len;
	case IRQM_BTF_FUNC_PROTO:
		/* name 0, type 0: the "..." of a variadic function */
		return first < b->strings_len &&
		       (second == 0 || is_value(b, second));
	case IRQM_BTF_DATASEC:
		return is_kind(b, first, IRQM_BTF_VAR);
	default:
		return true;
	}
}

static bool rest_keeps_rules(struct irqm_btf *b, const struct irqm_btf_type *t)
{
	const struct kind *k = &kinds[t->kind];
	uint32_t i;

	if (t->kind == IRQM_BTF_FUNC)
		return is_kind(b, t->size, IRQM_BTF_FUNC_PROTO);
	if (t->kind == IRQM_BTF_ARRAY)
		return is_value(b, irqm_btf_u32(t->rest)) &&
		       is_kind(b, irqm_btf_u32(t->rest + 4), IRQM_BTF_INT);
	for (i = 0; k->each && i < t->vlen; i++) {
		if (!entry_keeps_rules(b, t, t->rest + (size_t)i * k->each))
			return false;
	}
	return true;
}

static bool keeps_rules(struct irqm_btf *b, const struct irqm_btf_type *t)
{
	uint8_t rules;

	if (t->name >= b->strings_len)
		return false;
	if (!irqm_btf_knows(t))
		return true;
	rules = kinds[t->kind].rules;
	if (rules & NAMED && t->name == 0)
		return false;
	if (rules & NAMELESS && t->name != 0)
		return false;
	if (t->flag && !(rules & FLAG))
		return false;
	if (!kinds[t->kind].each &&
	    t->vlen > (rules & LINKAGE ? MAX_LINKAGE : 0))
		return false;
	if (rules & LEADS && t->size > b->nr)
		return false;
	return rest_keeps_rules(b, t);
}

bool irqm_btf_keeps_rules(struct irqm_btf *b)
{
	struct irqm_btf_type t;
	uint32_t id;

	for (id = 1; id <= b->nr; id++) {
		if (!irqm_btf_type(b, id, &t) || !keeps_rules(b, &t))
			return false;
	}
	return true;
}
