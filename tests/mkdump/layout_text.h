/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A type source for tests: a layout out of a text, tests/data/layouts/NAME.txt.
 * tests/data/layouts/README has the format.
 */
#ifndef LAYOUT_TEXT_H
#define LAYOUT_TEXT_H

#include "layout/layout.h"

/*
 * Fills every row of the layout, as irqm_layout_from_dwarf() does. 0, or -1
 * with err, which names the file and the line.
 */
int layout_text_load(struct irqm_layout *l, const char *path,
		     struct irqm_error *err);

/*
 * The text itself, for who writes types instead of reading them. Names are
 * cut nowhere: a longer one is not understood.
 */
#define TEXT_NAME 96
#define TEXT_DEPTH 8

struct text_member {
	char path[TEXT_NAME]; /* anonymous ones are looked through */
	char name[TEXT_NAME]; /* "" if it is anonymous */
	char type[TEXT_NAME];
	unsigned int depth; /* below the member before it, if deeper */
	uint32_t offset;    /* from the start of the structure */
	unsigned int bit_offset, bit_size;
};

struct text_struct {
	char tag[TEXT_NAME];
	bool is_union;
	uint32_t size;
	struct text_member *members;
	unsigned int nr;
};

struct text_typedef {
	char name[TEXT_NAME], type[TEXT_NAME];
};

struct text {
	struct text_struct *structs;
	struct text_typedef *typedefs;
	struct irqm_enum *enums;
	char (*enum_tags)[TEXT_NAME]; /* of each; "" if it has none */
	unsigned int nr_structs, nr_typedefs, nr_enums;
	/* while it is read: what the lines below belong to */
	enum {
		IN_NOTHING,
		IN_STRUCT,
		IN_ENUM
	} section;
	char prefix[TEXT_DEPTH + 1][TEXT_NAME];
};

/* 0, or -1 with err, which names the file and the line. */
int text_read(struct text *t, const char *path, struct irqm_error *err);
void text_free(struct text *t);
/* Of "struct TAG" or "union TAG", which may both be there; else NULL. */
const struct text_struct *text_of_type(const struct text *t, const char *type);
const struct text_struct *text_struct(const struct text *t, const char *tag);
/* Types as C spells them; 0 for what is none of the known numbers. */
uint32_t text_scalar_size(const char *type);

#endif
