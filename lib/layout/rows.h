/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the table by name, and by how good a definition is; for sources. */
#ifndef IRQM_LAYOUT_ROWS_H
#define IRQM_LAYOUT_ROWS_H

#include "layout/layout.h"

enum {
#define STRUCT(s, part) IRQM_STRUCT_##s,
#include "layout/members.def"
	IRQM_NR_STRUCTS,
};

enum {
#define MEMBER(s, m, path, need) IRQM_MEMBER_##s##_##m,
#include "layout/members.def"
	IRQM_NR_MEMBERS,
};

enum {
#define ENUM(name, witness) IRQM_ENUM_##name,
#include "layout/members.def"
	IRQM_NR_ENUMS,
};

#define IRQM_NR_SLOTS 256 /* of the hash: a power of 2 >= 2 NR_STRUCTS */
#define IRQM_RANK_GOOD 255

struct irqm_rows {
	uint8_t slot[IRQM_NR_SLOTS];             /* row + 1; 0: empty */
	unsigned int first[IRQM_NR_STRUCTS + 1]; /* members of a structure */
};

void irqm_rows_prepare(struct irqm_rows *r);

/* The row of a wanted structure, or -1. */
int irqm_rows_wanted(const struct irqm_rows *r, const char *tag);

/*
 * How good a definition of a structure is; found are all rows' members, of
 * which those of this structure are looked at. RANK_GOOD: all the required
 * ones, and one at least; else one more than it has.
 */
unsigned int irqm_rows_rank(const struct irqm_rows *r, unsigned int row,
			    const struct irqm_member *found);

/* Makes m an array; m->elem_size is set. False if its numbers are too big. */
bool irqm_member_array(struct irqm_member *m, uint64_t count);

#endif
