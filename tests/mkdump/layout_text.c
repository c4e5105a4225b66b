/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/mkdump/layout_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_INDENT 3 /* of members, and two more a level */

/* One more element of an array, zeroed. Tests do without more: abort(). */
static void *append(void *array, unsigned int *nr, size_t size)
{
	char *more;

	more = realloc(*(void **)array, (*nr + 1) * size);
	if (!more)
		abort();
	*(void **)array = more;
	memset(more + *nr * size, 0, size);
	return more + (*nr)++ * size;
}

void text_free(struct text *t)
{
	unsigned int i;

	for (i = 0; i < t->nr_structs; i++)
		free(t->structs[i].members);
	free(t->structs);
	free(t->typedefs);
	free(t->enums);
	free(t->enum_tags);
}

static bool parse_section(struct text *t, const char *line)
{
	char tag[TEXT_NAME], type[TEXT_NAME];
	struct text_typedef *d;
	struct text_struct *s;
	unsigned int size;

	if (sscanf(line, "struct %95s size %u", tag, &size) == 2 ||
	    sscanf(line, "union %95s size %u", tag, &size) == 2) {
		s = append(&t->structs, &t->nr_structs, sizeof(*s));
		s->is_union = line[0] == 'u';
		strcpy(s->tag, tag);
		s->size = size;
		t->section = IN_STRUCT;
		return true;
	}
	if (sscanf(line, "typedef %95s %95[^\n]", tag, type) == 2) {
		d = append(&t->typedefs, &t->nr_typedefs, sizeof(*d));
		strcpy(d->name, tag);
		strcpy(d->type, type);
		t->section = IN_NOTHING;
		return true;
	}
	if (strncmp(line, "enum ", 5) == 0) {
		t->enum_tags =
			realloc(t->enum_tags, (t->nr_enums + 1) * TEXT_NAME);
		if (!t->enum_tags)
			abort();
		/* "enum of ANYTHING" has none */
		if (sscanf(line, "enum %95s %95s", tag, type) != 1)
			tag[0] = '\0';
		strcpy(t->enum_tags[t->nr_enums], tag);
		append(&t->enums, &t->nr_enums, sizeof(*t->enums));
		t->section = IN_ENUM;
		return true;
	}
	return false;
}

static bool parse_enumerator(struct irqm_enum *e, const char *line)
{
	unsigned int n = e->nr;

	if (n == IRQM_MAX_ENUMERATORS ||
	    sscanf(line, " %39s %" SCNi64, e->e[n].name, &e->e[n].value) != 2)
		return false;
	e->nr++;
	return true;
}

/* "+47  :6@2 name type": what stands before the name. */
static const char *parse_place(const char *s, struct text_member *m)
{
	int used;

	if (sscanf(s, "+%u%n", &m->offset, &used) != 1)
		return NULL;
	s += used;
	while (*s == ' ')
		s++;
	if (*s == ':') {
		if (sscanf(s, ":%u@%u%n", &m->bit_size, &m->bit_offset,
			   &used) != 2)
			return NULL;
		s += used;
	}
	return s;
}

static bool parse_member(struct text *t, const char *line)
{
	struct text_struct *s = &t->structs[t->nr_structs - 1];
	size_t indent = strspn(line, " "), depth;
	struct text_member *m;
	char name[TEXT_NAME];
	bool anonymous;

	depth = (indent - FIRST_INDENT) / 2;
	if (indent < FIRST_INDENT || depth >= TEXT_DEPTH)
		return false;
	m = append(&s->members, &s->nr, sizeof(*m));
	line = parse_place(line + indent, m);
	if (!line || sscanf(line, " %95s %95[^\n]", name, m->type) != 2)
		return false;
	anonymous = strcmp(name, "(anonymous)") == 0;
	m->depth = depth;
	if (!anonymous)
		strcpy(m->name, name);
	if (snprintf(m->path, sizeof(m->path), "%s%s", t->prefix[depth],
		     anonymous ? "" : name) >= (int)sizeof(m->path) - 1)
		return false;
	strcpy(t->prefix[depth + 1], m->path);
	if (!anonymous)
		strcat(t->prefix[depth + 1], ".");
	else
		m->path[0] = '\0';
	return true;
}

static bool parse_line(struct text *t, const char *line)
{
	if (line[0] != ' ')
		return parse_section(t, line);
	if (t->section == IN_STRUCT)
		return parse_member(t, line);
	return t->section == IN_ENUM &&
	       parse_enumerator(&t->enums[t->nr_enums - 1], line);
}

const struct text_struct *text_struct(const struct text *t, const char *tag)
{
	unsigned int i;

	for (i = 0; i < t->nr_structs; i++)
		if (strcmp(t->structs[i].tag, tag) == 0)
			return &t->structs[i];
	return NULL;
}

/* Types as C spells them; "long unsigned int" and "unsigned long" alike. */
uint32_t text_scalar_size(const char *type)
{
	static const struct {
		const char *name;
		uint32_t size;
	} sizes[] = {
		{ "bool", 1 },
		{ "char", 1 },
		{ "unsigned char", 1 },
		{ "u8", 1 },
		{ "__u8", 1 },
		{ "short unsigned int", 2 },
		{ "short int", 2 },
		{ "u16", 2 },
		{ "__u16", 2 },
		{ "int", 4 },
		{ "unsigned int", 4 },
		{ "u32", 4 },
		{ "__u32", 4 },
		{ "s32", 4 },
		{ "long int", 8 },
		{ "long unsigned int", 8 },
		{ "u64", 8 },
		{ "__u64", 8 },
		{ "long long unsigned int", 8 },
	};
	size_t i;

	if (strncmp(type, "enum ", 5) == 0)
		return 4;
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		if (strcmp(type, sizes[i].name) == 0)
			return sizes[i].size;
	return 0;
}

/* The tag of "struct TAG", "union TAG" or "fwd TAG"; NULL if there is none. */
static const char *tag_of(const char *type)
{
	const char *space = strchr(type, ' ');

	if (strncmp(type, "struct ", 7) != 0 &&
	    strncmp(type, "union ", 6) != 0 && strncmp(type, "fwd ", 4) != 0)
		return NULL;
	return space[1] == '<' ? NULL : space + 1;
}

static void set_target(struct irqm_member *m, const char *tag)
{
	if (tag && strlen(tag) < sizeof(m->target))
		strcpy(m->target, tag);
}

static void peel_typedefs(const struct text *t, char *type)
{
	unsigned int i;

	for (i = 0; i < t->nr_typedefs; i++)
		if (strcmp(type, t->typedefs[i].name) == 0)
			strcpy(type, t->typedefs[i].type);
}

static void set_type(const struct text *t, struct irqm_member *m,
		     const char *type);

/* AMD's union irte is not Intel's struct irte. */
const struct text_struct *text_of_type(const struct text *t, const char *type)
{
	const char *tag = tag_of(type);
	unsigned int i;

	for (i = 0; tag && i < t->nr_structs; i++)
		if (strcmp(t->structs[i].tag, tag) == 0 &&
		    t->structs[i].is_union == (type[0] == 'u'))
			return &t->structs[i];
	return NULL;
}

static void set_array(const struct text *t, struct irqm_member *m,
		      const char *type)
{
	struct irqm_member elem = { 0 };
	char name[TEXT_NAME];
	const char *dim;
	size_t len = strcspn(type, "[");

	snprintf(name, sizeof(name), "%.*s", (int)len, type);
	set_type(t, &elem, name);
	m->kind = IRQM_KIND_ARRAY;
	m->elem_size = elem.size;
	m->count = 1;
	for (dim = strchr(type, '['); dim; dim = strchr(dim + 1, '['))
		m->count *= strtoul(dim + 1, NULL, 10);
	m->size = m->count * m->elem_size;
	/* an array of pointers has no target of its own */
	if (elem.kind == IRQM_KIND_STRUCT)
		strcpy(m->target, elem.target);
}

static void set_type(const struct text *t, struct irqm_member *m,
		     const char *name)
{
	const struct text_struct *s;
	char type[TEXT_NAME];
	size_t len;

	snprintf(type, sizeof(type), "%s", name);
	peel_typedefs(t, type);
	len = strlen(type);
	if (strchr(type, '[')) {
		set_array(t, m, type);
	} else if (len && type[len - 1] == '*') {
		type[len - 1] = '\0';
		m->kind = IRQM_KIND_POINTER;
		m->size = 8;
		if (!strchr(type, '*'))
			set_target(m, tag_of(type));
	} else if (tag_of(type)) {
		s = text_of_type(t, type);
		m->kind = IRQM_KIND_STRUCT;
		m->size = s ? s->size : 0;
		set_target(m, tag_of(type));
	} else {
		m->size = text_scalar_size(type);
		m->kind = m->size ? IRQM_KIND_INT : IRQM_KIND_OTHER;
	}
}

/* Finds a path, also through members that are structures of their own. */
static bool find_member(const struct text *t, const struct text_struct *s,
			const char *path, uint32_t base,
			struct irqm_member *ret)
{
	unsigned int i;
	size_t len;

	for (i = 0; i < s->nr; i++) {
		const struct text_member *m = &s->members[i];
		const struct text_struct *inner;

		len = strlen(m->path);
		if (!len || strncmp(path, m->path, len) != 0)
			continue;
		if (path[len] == '\0') {
			*ret = (struct irqm_member){
				.exists = true,
				.offset = base + m->offset,
				.bit_offset = m->bit_offset,
				.bit_size = m->bit_size,
			};
			set_type(t, ret, m->type);
			return true;
		}
		if (path[len] != '.' || !tag_of(m->type))
			continue;
		inner = text_struct(t, tag_of(m->type));
		if (inner && find_member(t, inner, path + len + 1,
					 base + m->offset, ret))
			return true;
	}
	return false;
}

static void fill_layout(const struct text *t, struct irqm_layout *l)
{
	const struct text_struct *s;
	unsigned int i, j;
	int64_t value;

	memset(l, 0, sizeof(*l));
	for (i = 0; i < irqm_nr_struct_rows; i++) {
		s = text_struct(t, irqm_struct_rows[i].name);
		*irqm_row_exists(l, &irqm_struct_rows[i]) = s != NULL;
		*irqm_row_size(l, &irqm_struct_rows[i]) = s ? s->size : 0;
	}
	for (i = 0; i < irqm_nr_member_rows; i++) {
		const struct irqm_member_row *r = &irqm_member_rows[i];

		s = text_struct(t, irqm_struct_rows[r->strct].name);
		if (s)
			find_member(t, s, r->path, 0, irqm_row_member(l, r));
	}
	for (i = 0; i < irqm_nr_enum_rows; i++)
		for (j = 0; j < t->nr_enums; j++)
			if (irqm_enum_value(&t->enums[j],
					    irqm_enum_rows[i].witness, &value))
				*irqm_row_enum(l, &irqm_enum_rows[i]) =
					t->enums[j];
	irqm_layout_finish(l);
}

int text_read(struct text *t, const char *path, struct irqm_error *err)
{
	unsigned int nr = 0;
	char line[256];
	FILE *f = fopen(path, "r");

	memset(t, 0, sizeof(*t));
	if (!f) {
		irqm_error_set(err, "%s: cannot be opened", path);
		return -1;
	}
	while (fgets(line, sizeof(line), f)) {
		nr++;
		line[strcspn(line, "\n")] = '\0';
		if (parse_line(t, line))
			continue;
		irqm_error_set(err, "%s:%u: not understood", path, nr);
		fclose(f);
		text_free(t);
		return -1;
	}
	fclose(f);
	return 0;
}

int layout_text_load(struct irqm_layout *l, const char *path,
		     struct irqm_error *err)
{
	struct text t;

	if (text_read(&t, path, err) != 0)
		return -1;
	fill_layout(&t, l);
	text_free(&t);
	return 0;
}
