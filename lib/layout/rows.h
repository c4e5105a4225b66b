/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds rows of the table by name, and ranks definitions of a structure; for
 * type sources. */
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
	uint8_t slot[IRQM_NR_SLOTS]; /* row + 1; 0: empty */
	/* first member of each structure */
	unsigned int first[IRQM_NR_STRUCTS + 1];
};

void irqm_rows_prepare(struct irqm_rows *r);

/* Returns the row of a wanted structure, or -1. */
int irqm_rows_wanted(const struct irqm_rows *r, const char *tag);

/*
 * Ranks a definition of a structure; found has the members of all rows. Returns
 * RANK_GOOD if it has all required members and at least one, otherwise one more
 * than the number of members that it has.
 */
unsigned int irqm_rows_rank(const struct irqm_rows *r, unsigned int row,
			    const struct irqm_member *found);

/* Makes m an array; m->elem_size must be set. Returns false if the size
 * overflows. */
bool irqm_member_array(struct irqm_member *m, uint64_t count);

#endif
