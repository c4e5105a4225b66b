/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries of DWARF: walking them, and finding a member of a structure. */
#ifndef IRQM_LAYOUT_DWARF_MEMBER_H
#define IRQM_LAYOUT_DWARF_MEMBER_H

#include <elfutils/libdw.h>

#include "layout/layout.h"

/* What every walk over a file that is not trusted keeps. */
struct dwarf_walk {
	unsigned int visits; /* bounds the work on a hostile file */
	bool damaged;        /* an entry made no sense: all ends */
};

/*
 * The entry after die on its level, or its first child; false at the end, or
 * with damaged set. libdw follows DW_AT_sibling wherever it points; only
 * forward is believed, so that every walk ends.
 */
bool irqm_die_next(struct dwarf_walk *w, Dwarf_Die *die);
bool irqm_die_first_child(struct dwarf_walk *w, Dwarf_Die *die,
			  Dwarf_Die *ret_child);

/*
 * Call this for each entry within a structure or an enumeration, because types
 * may form loops. Returns false, with damaged set, past a limit.
 */
bool irqm_die_visit(struct dwarf_walk *w);

/* An attribute as a signed number; false if it has none. */
bool irqm_die_signed(Dwarf_Die *die, unsigned int name, int64_t *ret);
/* True if the flag is set. */
bool irqm_die_flag(Dwarf_Die *die, unsigned int name);

/* Bytes of a type other than an array; false if it does not say. */
bool irqm_die_size(Dwarf_Die *type, uint32_t *ret_size);

/*
 * Fills m with the member of strct that path names: dots lead through named
 * structures, anonymous ones are looked through. False if there is none.
 */
bool irqm_die_member(struct dwarf_walk *w, Dwarf_Die *strct, const char *path,
		     struct irqm_member *m);

#endif
