/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BTF out of a layout's text. */
#include "tests/mkdump/internal.h"
#include "tests/mkdump/mkdump.h"

#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct type {
	char key[TEXT_NAME]; /* as the text spells it; "": it has no name */
	struct mk_buf body;
};

/* Ids are 1 on from the index: a structure may point at one that follows. */
struct builder {
	const struct text *text;
	struct type *types;
	unsigned int nr;
	struct mk_buf strings;
};

void mk_put(struct mk_buf *b, const void *data, size_t len)
{
	if (!len)
		return;
	if (b->len + len > b->size) {
		b->size = (b->len + len) * 2;
		b->data = must(realloc(b->data, b->size));
	}
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

void mk_put32(struct mk_buf *b, uint32_t value)
{
	mk_put(b, &value, 4);
}

static uint32_t string(struct builder *b, const char *s)
{
	uint32_t at = b->strings.len;

	if (!s[0])
		return 0;
	mk_put(&b->strings, s, strlen(s) + 1);
	return at;
}

static uint32_t new_type(struct builder *b, const char *key)
{
	if ((b->nr & (b->nr - 1)) == 0)
		b->types = must(realloc(b->types, (b->nr ? b->nr * 2 : 1) *
							  sizeof(*b->types)));
	b->types[b->nr] = (struct type){ .body = { 0 } };
	snprintf(b->types[b->nr].key, TEXT_NAME, "%s", key);
	return ++b->nr;
}

static void head(struct builder *b, uint32_t id, const char *name,
		 unsigned int kind, unsigned int vlen, bool flag,
		 uint32_t size_or_type)
{
	struct btf_type t = {
		.name_off = string(b, name),
		.info = (uint32_t)flag << 31 | kind << 24 | vlen,
		.size = size_or_type,
	};

	mk_put(&b->types[id - 1].body, &t, sizeof(t));
}

static bool ends_with(const char *s, char c)
{
	size_t len = strlen(s);

	return len && s[len - 1] == c;
}

/* "T[2][3]" is two of "T[3]". */
static unsigned int split_array(const char *type, char *elem)
{
	const char *open = strchr(type, '['), *close = strchr(open, ']');

	snprintf(elem, TEXT_NAME, "%.*s%s", (int)(open - type), type,
		 close + 1);
	return strtoul(open + 1, NULL, 10);
}

static const struct text_typedef *find_typedef(const struct text *t,
					       const char *name)
{
	unsigned int i;

	for (i = 0; i < t->nr_typedefs; i++)
		if (strcmp(t->typedefs[i].name, name) == 0)
			return &t->typedefs[i];
	return NULL;
}

static uint32_t size_of(const struct text *t, const char *type)
{
	const struct text_struct *s;
	const struct text_typedef *d;
	char elem[TEXT_NAME];
	unsigned int n;

	if (ends_with(type, ']')) {
		n = split_array(type, elem);
		return n * size_of(t, elem);
	}
	if (ends_with(type, '*'))
		return 8;
	if (strncmp(type, "struct ", 7) == 0 ||
	    strncmp(type, "union ", 6) == 0) {
		s = text_of_type(t, type);
		return s ? s->size : 0;
	}
	d = find_typedef(t, type);
	return d ? size_of(t, d->type) : text_scalar_size(type);
}

static uint32_t id_of(struct builder *b, const char *type);

static void put_array(struct builder *b, uint32_t id, const char *type)
{
	char elem[TEXT_NAME];
	struct btf_array a = { .nelems = split_array(type, elem) };

	a.type = id_of(b, elem);
	a.index_type = id_of(b, "unsigned int");
	head(b, id, "", BTF_KIND_ARRAY, 0, false, 0);
	mk_put(&b->types[id - 1].body, &a, sizeof(a));
}

static void put_int(struct builder *b, uint32_t id, const char *type)
{
	uint32_t size = text_scalar_size(type);
	uint32_t encoding = 0;

	if (strcmp(type, "bool") == 0)
		encoding = BTF_INT_BOOL;
	else if (!strstr(type, "unsigned") && !strchr("u_", type[0]))
		encoding = BTF_INT_SIGNED;
	head(b, id, type, BTF_KIND_INT, 0, false, size);
	mk_put32(&b->types[id - 1].body, encoding << 24 | size * 8);
}

static void put_pointer(struct builder *b, uint32_t id, const char *type)
{
	char to[TEXT_NAME];
	uint32_t target;

	snprintf(to, sizeof(to), "%.*s", (int)strlen(type) - 1, type);
	target = id_of(b, to);
	head(b, id, "", BTF_KIND_PTR, 0, false, target);
}

static void put_typedef(struct builder *b, uint32_t id, const char *type)
{
	const struct text_typedef *d = find_typedef(b->text, type);
	uint32_t target = d ? id_of(b, d->type) : 0; /* void: not known */

	head(b, id, type, BTF_KIND_TYPEDEF, 0, false, target);
}

static uint32_t id_of(struct builder *b, const char *type)
{
	unsigned int i;
	uint32_t id;

	if (strcmp(type, "void") == 0)
		return 0;
	for (i = 0; i < b->nr; i++)
		if (strcmp(b->types[i].key, type) == 0)
			return i + 1;
	/* the layouts' word for a structure that is declared only */
	if (strncmp(type, "fwd ", 4) == 0 && text_struct(b->text, type + 4)) {
		char full[TEXT_NAME];

		snprintf(full, sizeof(full), "struct %.80s", type + 4);
		return id_of(b, full);
	}
	id = new_type(b, type);
	if (ends_with(type, ']'))
		put_array(b, id, type);
	else if (ends_with(type, '*'))
		put_pointer(b, id, type);
	else if (strcmp(type, "fn") == 0)
		head(b, id, "", BTF_KIND_FUNC_PROTO, 0, false, 0);
	else if (strncmp(type, "struct ", 7) == 0 ||
		 strncmp(type, "union ", 6) == 0 ||
		 strncmp(type, "fwd ", 4) == 0)
		head(b, id, strchr(type, ' ') + 1, BTF_KIND_FWD, 0,
		     type[0] == 'u', 0);
	else if (strncmp(type, "enum ", 5) == 0)
		head(b, id, type + 5, BTF_KIND_ENUM, 0, false, 4);
	else if (!find_typedef(b->text, type) && text_scalar_size(type))
		put_int(b, id, type);
	else
		put_typedef(b, id, type);
	return id;
}

static uint32_t end_of(const struct text *t, const struct text_member *m)
{
	if (m->bit_size)
		return m->offset + (m->bit_offset + m->bit_size + 7) / 8;
	return m->offset + size_of(t, m->type);
}

static unsigned int put_composite(struct builder *b, uint32_t id,
				  const char *tag, bool is_union, uint32_t size,
				  const struct text_struct *s,
				  unsigned int first, uint32_t base);

/* A type that stands in the middle of another; next is behind it. */
static uint32_t inline_type(struct builder *b, const struct text_struct *s,
			    unsigned int i, unsigned int *next)
{
	const struct text_member *m = &s->members[i];
	uint32_t end = m->offset, id = new_type(b, "");
	unsigned int j;

	for (j = i + 1; j < s->nr && s->members[j].depth > m->depth; j++)
		if (end_of(b->text, &s->members[j]) > end)
			end = end_of(b->text, &s->members[j]);
	*next = put_composite(b, id, "", strncmp(m->type, "union", 5) == 0,
			      end - m->offset, s, i + 1, m->offset);
	return id;
}

/* The members from first on that are as deep as it is; returns the next. */
static unsigned int put_composite(struct builder *b, uint32_t id,
				  const char *tag, bool is_union, uint32_t size,
				  const struct text_struct *s,
				  unsigned int first, uint32_t base)
{
	unsigned int i = first, nr = 0, next, depth;
	struct mk_buf members = { 0 };
	struct btf_member bm;
	bool bits = false;

	depth = first < s->nr ? s->members[first].depth : 0;
	for (i = first; i < s->nr && s->members[i].depth == depth; i++)
		for (; i + 1 < s->nr && s->members[i + 1].depth > depth; i++)
			;
	/* bit fields change how all of the structure's offsets are written */
	for (next = first; next < i; next++)
		bits |= s->members[next].depth == depth &&
			s->members[next].bit_size;
	for (i = first; i < s->nr && s->members[i].depth == depth; i = next) {
		const struct text_member *m = &s->members[i];

		next = i + 1;
		bm.name_off = string(b, m->name);
		bm.offset = (m->offset - base) * 8 + m->bit_offset;
		if (bits)
			bm.offset |= m->bit_size << 24;
		if (next < s->nr && s->members[next].depth > depth)
			bm.type = inline_type(b, s, i, &next);
		else
			bm.type = id_of(b, m->type);
		mk_put(&members, &bm, sizeof(bm));
		nr++;
	}
	head(b, id, tag, is_union ? BTF_KIND_UNION : BTF_KIND_STRUCT, nr, bits,
	     size);
	mk_put(&b->types[id - 1].body, members.data, members.len);
	free(members.data);
	return i;
}

static void put_enum(struct builder *b, uint32_t id, unsigned int i)
{
	const struct irqm_enum *e = &b->text->enums[i];
	unsigned int j;

	head(b, id, b->text->enum_tags[i], BTF_KIND_ENUM, e->nr, false, 4);
	for (j = 0; j < e->nr; j++) {
		struct btf_enum v = { string(b, e->e[j].name),
				      (int32_t)e->e[j].value };

		mk_put(&b->types[id - 1].body, &v, sizeof(v));
	}
}

static void put_all(struct builder *b)
{
	const struct text *t = b->text;
	char key[TEXT_NAME + 8];
	unsigned int i;

	for (i = 0; i < t->nr_structs; i++) {
		snprintf(key, sizeof(key), "%s %s",
			 t->structs[i].is_union ? "union" : "struct",
			 t->structs[i].tag);
		new_type(b, key);
	}
	for (i = 0; i < t->nr_enums; i++) {
		snprintf(key, sizeof(key), "enum %s", t->enum_tags[i]);
		new_type(b, t->enum_tags[i][0] ? key : "");
	}
	for (i = 0; i < t->nr_structs; i++)
		put_composite(b, i + 1, t->structs[i].tag,
			      t->structs[i].is_union, t->structs[i].size,
			      &t->structs[i], 0, 0);
	for (i = 0; i < t->nr_enums; i++)
		put_enum(b, t->nr_structs + i + 1, i);
}

void mk_btf(const struct text *types, struct mk_buf *out)
{
	struct builder b = { .text = types };
	struct btf_header h = { .magic = BTF_MAGIC,
				.version = BTF_VERSION,
				.hdr_len = sizeof(h) };
	unsigned int i;

	mk_put(&b.strings, "", 1);
	put_all(&b);
	for (i = 0; i < b.nr; i++)
		h.type_len += b.types[i].body.len;
	h.str_off = h.type_len;
	h.str_len = b.strings.len;
	mk_put(out, &h, sizeof(h));
	for (i = 0; i < b.nr; i++) {
		mk_put(out, b.types[i].body.data, b.types[i].body.len);
		free(b.types[i].body.data);
	}
	mk_put(out, b.strings.data, b.strings.len);
	free(b.strings.data);
	free(b.types);
}

void mk_add_btf(struct mk *mk, const struct text *types)
{
	struct mk_buf btf = { 0 };
	uint64_t addr;

	mk_btf(types, &btf);
	addr = fk_alloc(mk->fk, FK_RODATA, btf.len, 4096);
	memcpy(fk_at(mk->fk, addr), btf.data, btf.len);
	fk_symbol(mk->fk, "__start_BTF", addr);
	fk_symbol(mk->fk, "__stop_BTF", addr + btf.len);
	free(btf.data);
}
