/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses the text form of a learned kernel, which print.c writes. */
#include "memory/learned/learned.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/rows.h"
#include "memory/learned/lines.h"
#include "memory/learned/words.h"
#include "memory/variables.h"

struct parser {
	struct lines lines;
	struct irqm_learned *k;
	bool has_types, has_image;
	bool variables[IRQM_NR_VARIABLES];
	/* rows that were read */
	bool structs[IRQM_NR_STRUCTS];
	bool members[IRQM_NR_MEMBERS];
	bool enums[IRQM_NR_ENUMS];
	struct irqm_enum *values; /* of the enumeration being read, or NULL */
	unsigned int values_left;
};

static bool take_kernel(struct parser *p)
{
	const char *release = p->lines.rest;

	return strcmp(release, "-") == 0 ||
	       irqm_lines_unescape(release, p->k->release,
				   sizeof(p->k->release));
}

static bool take_learned(struct parser *p)
{
	return irqm_lines_signed(p->lines.word[1], &p->k->time);
}

static bool take_from(struct parser *p)
{
	return irqm_lines_unescape(p->lines.rest, p->k->from,
				   sizeof(p->k->from));
}

static bool take_types(struct parser *p)
{
	static const char *const types[] = { "dwarf", "btf" };
	unsigned int i;

	for (i = 0; i < 2; i++)
		if (strcmp(p->lines.word[1], types[i]) == 0)
			p->k->types = types[i];
	p->has_types = p->k->types != NULL;
	return p->has_types;
}

static bool take_image(struct parser *p)
{
	p->has_image = irqm_lines_hex(p->lines.word[1], &p->k->text) &&
		       irqm_lines_hex(p->lines.word[2], &p->k->end) &&
		       p->k->text <= p->k->end;
	return p->has_image;
}

static bool take_note(struct parser *p)
{
	struct irqm_build *b = &p->k->build;
	size_t len =
		irqm_lines_bytes(p->lines.word[2], b->note, sizeof(b->note));

	if (len <= IRQM_BUILD_ID_HEADER ||
	    !irqm_lines_hex(p->lines.word[1], &b->note_at))
		return false;
	b->id_size = len - IRQM_BUILD_ID_HEADER;
	return true;
}

static bool take_banner(struct parser *p)
{
	struct irqm_build *b = &p->k->build;

	return irqm_lines_hex(p->lines.word[1], &b->banner_at) &&
	       irqm_lines_unescape(p->lines.rest2, b->banner,
				   sizeof(b->banner));
}

static bool take_symbol(struct parser *p)
{
	struct irqm_learned *k = p->k;
	struct irqm_learned_symbol *s = &k->symbols[k->nr_symbols];
	int i = irqm_variable_find(p->lines.word[1]);

	if (i >= 0)
		p->variables[i] = true;
	if (strcmp(p->lines.word[2], "-") == 0)
		return true;
	if (k->nr_symbols == IRQM_LEARNED_SYMBOLS ||
	    !irqm_lines_name(p->lines.word[1], s->name, sizeof(s->name)) ||
	    !irqm_lines_hex(p->lines.word[2], &s->value))
		return false;
	k->nr_symbols++;
	return true;
}

static bool take_struct(struct parser *p)
{
	const struct irqm_struct_row *r;
	unsigned int i;
	uint64_t size;

	for (i = 0; i < IRQM_NR_STRUCTS; i++)
		if (strcmp(irqm_struct_rows[i].name, p->lines.word[1]) == 0)
			break;
	if (i == IRQM_NR_STRUCTS)
		return true; /* line of a later version */
	p->structs[i] = true;
	if (strcmp(p->lines.word[2], "-") == 0)
		return true;
	r = &irqm_struct_rows[i];
	if (!irqm_lines_number(p->lines.word[2], UINT32_MAX, &size))
		return false;
	*irqm_row_exists(&p->k->layout, r) = true;
	*irqm_row_size(&p->k->layout, r) = size;
	return true;
}

/* Returns the row of a member such as "irq_data.chip", or -1. */
static int find_member(const char *name)
{
	const char *dot = strchr(name, '.');
	const struct irqm_member_row *r;
	const char *tag;
	unsigned int i;

	for (i = 0; dot && i < IRQM_NR_MEMBERS; i++) {
		r = &irqm_member_rows[i];
		tag = irqm_struct_rows[r->strct].name;
		if (strcmp(r->path, dot + 1) == 0 &&
		    strlen(tag) == (size_t)(dot - name) &&
		    strncmp(tag, name, dot - name) == 0)
			return i;
	}
	return -1;
}

static bool take_numbers(char *const word[], struct irqm_member *m)
{
	uint64_t n[6];
	unsigned int i;

	for (i = 0; i < 6; i++)
		if (!irqm_lines_number(
			    word[i], i == 2 || i == 3 ? UINT8_MAX : UINT32_MAX,
			    &n[i]))
			return false;
	m->offset = n[0];
	m->size = n[1];
	m->bit_offset = n[2];
	m->bit_size = n[3];
	m->count = n[4];
	m->elem_size = n[5];
	return true;
}

static bool take_member(struct parser *p)
{
	int row = find_member(p->lines.word[1]), kind;
	char *const *word = p->lines.word;
	struct irqm_member *m;

	if (row < 0)
		return true; /* line of a later version */
	p->members[row] = true;
	if (strcmp(word[2], "-") == 0)
		return true;
	m = irqm_row_member(&p->k->layout, &irqm_member_rows[row]);
	for (kind = 0; kind < IRQM_LEARNED_KINDS; kind++)
		if (strcmp(irqm_learned_kinds[kind], word[2]) == 0)
			break;
	if (p->lines.nr != 10 || kind == IRQM_LEARNED_KINDS ||
	    !take_numbers(word + 3, m))
		return false;
	m->kind = kind;
	m->exists = true;
	return strcmp(word[9], "-") == 0 ||
	       irqm_lines_name(word[9], m->target, sizeof(m->target));
}

static bool take_enum(struct parser *p)
{
	unsigned int i;
	uint64_t nr;

	if (p->values_left ||
	    !irqm_lines_number(p->lines.word[2], IRQM_MAX_ENUMERATORS, &nr))
		return false;
	p->values = NULL;
	p->values_left = nr;
	for (i = 0; i < IRQM_NR_ENUMS; i++) {
		if (strcmp(irqm_enum_rows[i].witness, p->lines.word[1]) != 0)
			continue;
		if (p->enums[i])
			return false;
		p->enums[i] = true;
		p->values = irqm_row_enum(&p->k->layout, &irqm_enum_rows[i]);
	}
	return true;
}

static bool take_value(struct parser *p)
{
	struct irqm_enum *e = p->values;

	if (!p->values_left)
		return false;
	p->values_left--;
	if (!e)
		return true; /* line of a later version */
	return irqm_lines_name(p->lines.word[1], e->e[e->nr].name,
			       sizeof(e->e[0].name)) &&
	       irqm_lines_signed(p->lines.word[2], &e->e[e->nr++].value);
}

/* Parsers by the first word of the line. Later versions may have more. */
static const struct {
	const char *keyword;
	unsigned int words;
	bool (*take)(struct parser *p);
} keywords[] = {
	{ "kernel", 2, take_kernel }, { "learned", 2, take_learned },
	{ "from", 2, take_from },     { "types", 2, take_types },
	{ "image", 3, take_image },   { "note", 3, take_note },
	{ "banner", 3, take_banner }, { "symbol", 3, take_symbol },
	{ "struct", 3, take_struct }, { "member", 3, take_member },
	{ "enum", 3, take_enum },     { "value", 3, take_value },
};

static bool take_line(struct parser *p)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keywords); i++)
		if (strcmp(p->lines.word[0], keywords[i].keyword) == 0)
			return p->lines.nr >= keywords[i].words &&
			       keywords[i].take(p);
	return true;
}

/* Reads the lines up to the layout (head), or to the end. */
static int take_lines(struct parser *p, bool head, struct irqm_error *err)
{
	int more;

	while ((more = irqm_lines_next(&p->lines)) > 0) {
		if (head && irqm_lines_is(&p->lines, "struct", 1))
			return 0;
		if (irqm_lines_is(&p->lines, "end", 2))
			return 0;
		if (!take_line(p)) {
			irqm_error_set(err, "damaged at the line \"%.60s\"",
				       p->lines.whole);
			return -1;
		}
	}
	irqm_error_set(err, "damaged: a line is too long or not text");
	return -1;
}

static int set_lacking(const char *what, const char *name,
		       struct irqm_error *err)
{
	irqm_error_set(err,
		       "written by a version of irqmatrix that did not "
		       "learn %s%.60s; learn the kernel again",
		       what, name);
	return -1;
}

static int check_head(const struct parser *p, struct irqm_error *err)
{
	unsigned int i;
	uint64_t value;

	if (!p->has_types || !p->has_image ||
	    !irqm_learned_symbol(p->k, "_stext", &value)) {
		irqm_error_set(err, "damaged: types, image or _stext missing");
		return -1;
	}
	for (i = 0; i < IRQM_NR_VARIABLES; i++)
		if (!p->variables[i])
			return set_lacking("the symbol ",
					   irqm_variables[i].name, err);
	return 0;
}

static int check_layout(const struct parser *p, struct irqm_error *err)
{
	unsigned int i;

	for (i = 0; i < IRQM_NR_STRUCTS; i++)
		if (!p->structs[i])
			return set_lacking("struct ", irqm_struct_rows[i].name,
					   err);
	for (i = 0; i < IRQM_NR_MEMBERS; i++)
		if (!p->members[i])
			return set_lacking("the member ",
					   irqm_member_rows[i].path, err);
	for (i = 0; i < IRQM_NR_ENUMS; i++)
		if (!p->enums[i])
			return set_lacking("the enumeration with ",
					   irqm_enum_rows[i].witness, err);
	if (p->values_left || !irqm_layout_is_finished(&p->k->layout)) {
		irqm_error_set(err, "damaged: no kernel has this layout");
		return -1;
	}
	return 0;
}

/* Checks the last line, which is a checksum of all lines before it. */
static int check_sum(const struct irqm_learned_text *t, struct irqm_error *err)
{
	char want[sizeof("end 01234567\n")];
	size_t len = sizeof(want) - 1;

	if (t->len >= len) {
		snprintf(want, sizeof(want), "end %08" PRIx32 "\n",
			 irqm_learned_sum(t->text, t->len - len));
		if (memcmp(t->text + t->len - len, want, len) == 0)
			return 0;
	}
	irqm_error_set(err, "damaged: wrong checksum; learn the kernel "
			    "again");
	return -1;
}

static int parse_lines(const struct irqm_learned_text *t,
		       struct irqm_learned *k, bool head,
		       struct irqm_error *err)
{
	struct parser *p = calloc(1, sizeof(*p));
	int rc;

	if (!p) {
		irqm_error_memory(err);
		return -1;
	}
	memset(k, 0, sizeof(*k));
	k->build.symbol = irqm_learned_compare;
	k->build.ctx = k;
	p->lines.p = t->text;
	p->lines.end = t->text + t->len;
	p->k = k;
	rc = take_lines(p, head, err) || check_head(p, err) ||
			     (!head && check_layout(p, err)) ?
		     -1 :
		     0;
	free(p);
	return rc;
}

int irqm_learned_head(const struct irqm_learned_text *t, struct irqm_learned *k,
		      struct irqm_error *err)
{
	return parse_lines(t, k, true, err);
}

int irqm_learned_parse(const struct irqm_learned_text *t,
		       struct irqm_learned *k, struct irqm_error *err)
{
	if (check_sum(t, err) < 0)
		return -1;
	return parse_lines(t, k, false, err);
}

static bool begins_with(const char *text, size_t len, const char *what)
{
	return len >= strlen(what) && memcmp(text, what, strlen(what)) == 0;
}

/* Returns the end of the line "end ..." that closes a kernel, or NULL. */
static const char *find_end(const char *text, size_t len)
{
	const char *last, *end;

	if (len > IRQM_LEARNED_MAX)
		len = IRQM_LEARNED_MAX;
	last = memmem(text, len, "\nend ", 5);
	end = last ? memchr(last + 1, '\n', text + len - last - 1) : NULL;
	return end ? end + 1 : NULL;
}

int irqm_learned_next(const char *text, size_t len, size_t *at,
		      struct irqm_learned_text *ret, struct irqm_error *err)
{
	const char *p = text + *at, *end;
	size_t left = len - *at;

	if (*at == 0 && !begins_with(p, left, IRQM_LEARNED_MAGIC)) {
		irqm_error_set(
			err, begins_with(p, left, "irqmatrix-kernels ") ?
				     "written by a later version of irqmatrix" :
				     "not a file of learned kernels (irqmatrix "
				     "learn makes one)");
		return -1;
	}
	/* files may have been concatenated */
	while (begins_with(p, left, IRQM_LEARNED_MAGIC)) {
		p += strlen(IRQM_LEARNED_MAGIC);
		left -= strlen(IRQM_LEARNED_MAGIC);
	}
	*at = p - text;
	if (!left)
		return 0;
	end = begins_with(p, left, "kernel ") ? find_end(p, left) : NULL;
	if (!end) {
		irqm_error_set(err,
			       "damaged or truncated at byte %zu; learn "
			       "its kernels again",
			       *at);
		return -1;
	}
	*ret = (struct irqm_learned_text){ p, end - p };
	*at = end - text;
	return 1;
}
