/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layout/btf_types.h"
#include "layout/rows.h"

#include <string.h>

/* Loads strings up to the wanted one, plus this much. */
#define LOAD_STRINGS (256U << 10)

#define MAX_DEPTH 16         /* nested anonymous structures */
#define MAX_VISITS (1 << 20) /* limit on members; a kernel needs 1,000 */

/* vlen had 16 bits and kind 5 before f7a6b9eaff3e; the other bits were 0. */
static void decode_type(const uint8_t *p, uint32_t id,
			struct irqm_btf_type *ret)
{
	uint32_t info = irqm_btf_u32(p + 4);

	ret->id = id;
	ret->name = irqm_btf_u32(p);
	ret->kind = info >> 24 & 0x7f;
	ret->vlen = info & 0xffffff;
	ret->flag = info >> 31;
	ret->size = irqm_btf_u32(p + 8);
	ret->rest = p + IRQM_BTF_TYPE_SIZE;
}

bool irqm_btf_next(struct irqm_btf *b, struct irqm_btf_type *ret)
{
	uint32_t left = b->types_len - b->next;
	uint64_t size;

	if (left == 0 || b->damaged)
		return false;
	if (left < IRQM_BTF_TYPE_SIZE) {
		b->damaged = true;
		return false;
	}
	decode_type(b->types + b->next, b->nr + 1, ret);
	size = irqm_btf_bytes(b, ret);
	if (size == 0)
		b->unknown_kind = ret->kind;
	else if (!irqm_btf_knows(ret))
		b->skipped = ret->kind;
	if (size == 0 || size > left) {
		b->damaged = true;
		return false;
	}
	b->at[b->nr++] = b->next;
	b->next += size;
	return true;
}

/*
 * Loads strings up to the end of the one at offset. Strings are in the order of
 * the types that use them first, those of functions last. So loading from the
 * start leaves few gaps and does not reach the end.
 */
static bool load_strings(struct irqm_btf *b, uint32_t offset)
{
	const uint8_t *last;
	uint32_t more;

	while (offset >= b->whole) {
		more = b->strings_len - b->loaded;
		if (more > LOAD_STRINGS)
			more = LOAD_STRINGS;
		if (!irqm_btf_load(b, b->strings_at + b->loaded, more))
			return false;
		last = memrchr(b->strings + b->loaded, '\0', more);
		if (last)
			b->whole = last + 1 - b->strings;
		b->loaded += more;
	}
	return true;
}

const char *irqm_btf_string(struct irqm_btf *b, uint32_t offset)
{
	if (offset < b->whole ||
	    (offset < b->strings_len && load_strings(b, offset)))
		return (const char *)b->strings + offset;
	b->damaged = true;
	return "";
}

bool irqm_btf_type(struct irqm_btf *b, uint32_t id, struct irqm_btf_type *ret)
{
	if (id > b->nr)
		b->damaged = true;
	if (id == 0 || b->damaged)
		return false;
	decode_type(b->types + b->at[id - 1], id, ret);
	return true;
}

bool irqm_btf_peel(struct irqm_btf *b, uint32_t id, struct irqm_btf_type *ret)
{
	int i;

	for (i = 0; i < IRQM_BTF_MAX_STEPS; i++) {
		if (!irqm_btf_type(b, id, ret))
			return false;
		switch (ret->kind) {
		case IRQM_BTF_TYPEDEF:
		case IRQM_BTF_VOLATILE:
		case IRQM_BTF_CONST:
		case IRQM_BTF_RESTRICT:
		case IRQM_BTF_TYPE_TAG:
			id = ret->size;
			break;
		default:
			return true;
		}
	}
	return false;
}

/* The same for a needed type: fails if the type was skipped. */
static bool peel_needed(struct irqm_btf *b, uint32_t id,
			struct irqm_btf_type *ret)
{
	if (!irqm_btf_peel(b, id, ret))
		return false;
	if (irqm_btf_knows(ret))
		return true;
	b->unknown_kind = ret->kind;
	b->damaged = true;
	return false;
}

static bool is_aggregate(const struct irqm_btf_type *t)
{
	return t->kind == IRQM_BTF_STRUCT || t->kind == IRQM_BTF_UNION;
}

bool irqm_btf_size(const struct irqm_btf_type *t, uint32_t *ret_size)
{
	switch (t->kind) {
	case IRQM_BTF_PTR:
		*ret_size = 8;
		return true;
	case IRQM_BTF_INT:
	case IRQM_BTF_ENUM:
	case IRQM_BTF_ENUM64:
	case IRQM_BTF_FLOAT:
	case IRQM_BTF_STRUCT:
	case IRQM_BTF_UNION:
		*ret_size = t->size;
		return true;
	default:
		return false;
	}
}

/* The row being filled, and where its member points. */
struct filling {
	struct irqm_btf *b;
	struct irqm_member *m;
	uint32_t leads_to;
};

/* A structure that is only declared also has a tag. */
static void set_target(struct filling *f, const struct irqm_btf_type *t)
{
	const char *tag;

	if (!is_aggregate(t) && t->kind != IRQM_BTF_FWD)
		return;
	tag = irqm_btf_string(f->b, t->name);
	if (strnlen(tag, sizeof(f->m->target)) < sizeof(f->m->target))
		strcpy(f->m->target, tag);
	f->leads_to = t->id;
}

/* Finds the element of nested arrays, and the number of elements. */
static bool array_element(struct irqm_btf *b, struct irqm_btf_type *t,
			  uint64_t *ret_count)
{
	uint64_t count = 1;
	int i;

	for (i = 0; i < IRQM_BTF_MAX_STEPS && t->kind == IRQM_BTF_ARRAY; i++) {
		/* type of the element, type of the index, number of elements */
		if (__builtin_mul_overflow(count, irqm_btf_u32(t->rest + 8),
					   &count) ||
		    !peel_needed(b, irqm_btf_u32(t->rest), t))
			return false;
	}
	*ret_count = count;
	return t->kind != IRQM_BTF_ARRAY;
}

static bool fill_array(struct filling *f, struct irqm_btf_type *t)
{
	uint64_t count;

	if (!array_element(f->b, t, &count) ||
	    !irqm_btf_size(t, &f->m->elem_size) ||
	    !irqm_member_array(f->m, count))
		return false;
	set_target(f, t);
	return true;
}

static void fill_pointer(struct filling *f, const struct irqm_btf_type *t)
{
	struct irqm_btf_type to;
	uint64_t count;

	f->m->kind = IRQM_KIND_POINTER;
	if (peel_needed(f->b, t->size, &to) && array_element(f->b, &to, &count))
		set_target(f, &to);
}

/* Sets kind, size and target by the member's type. */
static bool fill_type(struct filling *f, struct irqm_btf_type *t)
{
	if (t->kind == IRQM_BTF_ARRAY)
		return fill_array(f, t);
	if (!irqm_btf_size(t, &f->m->size))
		return false;
	switch (t->kind) {
	case IRQM_BTF_PTR:
		fill_pointer(f, t);
		break;
	case IRQM_BTF_STRUCT:
	case IRQM_BTF_UNION:
		f->m->kind = IRQM_KIND_STRUCT;
		set_target(f, t);
		break;
	default:
		f->m->kind = IRQM_KIND_INT;
	}
	return true;
}

/* A member as encoded in BTF. */
struct entry {
	uint32_t name, type;
	uint32_t bits;     /* offset from the start of its own structure */
	uint32_t bit_size; /* 0: not a bit field, or its type has the size */
};

static void entry_of(const struct irqm_btf_type *strct, uint32_t i,
		     struct entry *ret)
{
	const uint8_t *p = strct->rest + (size_t)i * IRQM_BTF_MEMBER_SIZE;
	uint32_t offset = irqm_btf_u32(p + 8);

	ret->name = irqm_btf_u32(p);
	ret->type = irqm_btf_u32(p + 4);
	ret->bits = strct->flag ? offset & 0xffffff : offset;
	ret->bit_size = strct->flag ? offset >> 24 : 0;
}

/* Without kind_flag in the structure (before 9d5f9f701b18, 5.0), a bit field
 * has its own integer type, with fewer bits than the bytes it occupies. */
static void old_bit_field(const struct irqm_btf_type *t, struct entry *e)
{
	uint32_t data, bits;

	if (t->kind != IRQM_BTF_INT)
		return;
	data = irqm_btf_u32(t->rest);
	bits = data & 0xff;
	if (bits && bits != (uint64_t)t->size * 8) {
		e->bit_size = bits;
		e->bits += data >> 16 & 0xff;
	}
}

/* Fills the row from a member of a structure that begins at bit base. */
static bool fill_member(struct filling *f, struct entry e, bool flag,
			uint64_t base)
{
	struct irqm_member *m = f->m;
	struct irqm_btf_type t;

	memset(m, 0, sizeof(*m));
	if (!peel_needed(f->b, e.type, &t))
		return false;
	if (!flag)
		old_bit_field(&t, &e);
	if (!fill_type(f, &t))
		return false;
	if (e.bit_size && (m->kind != IRQM_KIND_INT || e.bit_size > 64))
		return false;
	base += e.bits;
	if (base / 8 > UINT32_MAX)
		return false;
	m->offset = base / 8;
	m->bit_offset = base % 8;
	m->bit_size = e.bit_size;
	m->exists = !f->b->damaged;
	return m->exists;
}

/*
 * Looks for the member called name (len bytes) in *strct and its anonymous
 * structures. Sets *strct to the structure that has it, and adds that
 * structure's offset in bits to *base.
 */
static bool find_name(struct irqm_btf *b, struct irqm_btf_type *strct,
		      const char *name, size_t len, unsigned int depth,
		      uint64_t *base, struct entry *ret)
{
	struct irqm_btf_type inner;
	uint64_t inner_base;
	const char *n;
	uint32_t i;

	for (i = 0; i < strct->vlen && depth <= MAX_DEPTH; i++) {
		if (++b->visits > MAX_VISITS)
			b->damaged = true;
		entry_of(strct, i, ret);
		n = irqm_btf_string(b, ret->name);
		if (b->damaged)
			return false;
		if (*n) {
			if (strncmp(n, name, len) == 0 && n[len] == '\0')
				return true;
			continue;
		}
		if (!peel_needed(b, ret->type, &inner) || !is_aggregate(&inner))
			continue;
		inner_base = *base + ret->bits;
		if (find_name(b, &inner, name, len, depth + 1, &inner_base,
			      ret)) {
			*base = inner_base;
			*strct = inner;
			return true;
		}
	}
	return false;
}

bool irqm_btf_member(struct irqm_btf *b, uint32_t id, const char *path,
		     struct irqm_member *m, uint32_t *ret_leads_to)
{
	struct filling f = { .b = b, .m = m };
	struct irqm_btf_type in;
	uint64_t base = 0;
	struct entry e;
	size_t len;
	bool ok;

	if (!irqm_btf_type(b, id, &in) || !is_aggregate(&in))
		return false;
	for (;;) {
		len = strcspn(path, ".");
		if (!find_name(b, &in, path, len, 0, &base, &e))
			return false;
		if (path[len] == '\0')
			break;
		base += e.bits;
		if (!peel_needed(b, e.type, &in) || !is_aggregate(&in))
			return false;
		path += len + 1;
	}
	ok = fill_member(&f, e, in.flag, base);
	*ret_leads_to = ok ? f.leads_to : 0;
	return ok;
}

uint32_t irqm_btf_struct_size(struct irqm_btf *b, uint32_t id)
{
	struct irqm_btf_type t;

	return irqm_btf_type(b, id, &t) && is_aggregate(&t) ? t.size : 0;
}
