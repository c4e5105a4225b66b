/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries of DWARF: walks them, and finds a member of a structure. */
#ifndef IRQM_LAYOUT_DWARF_MEMBER_H
#define IRQM_LAYOUT_DWARF_MEMBER_H

#include <elfutils/libdw.h>

#include "layout/layout.h"

/* The state of a walk over an untrusted file. */
struct dwarf_walk {
	unsigned int visits; /* limits the work on a hostile file */
	bool damaged;        /* an entry is invalid: every call fails */
};

/*
 * Gets the next entry on die's level, or its first child. Returns false at the
 * end, or with damaged set. libdw follows DW_AT_sibling wherever it points;
 * only forward ones are accepted, so that every walk ends.
 */
bool irqm_die_next(struct dwarf_walk *w, Dwarf_Die *die);
bool irqm_die_first_child(struct dwarf_walk *w, Dwarf_Die *die,
			  Dwarf_Die *ret_child);

/* Call this for each entry within a structure or an enumeration, because types
 * may form loops. Returns false, with damaged set, beyond a limit. */
bool irqm_die_visit(struct dwarf_walk *w);

/* Gets an attribute as a signed number. Returns false if die does not
 * have it. */
bool irqm_die_signed(Dwarf_Die *die, unsigned int name, int64_t *ret);
/* Returns true if the flag is set. */
bool irqm_die_flag(Dwarf_Die *die, unsigned int name);

/* Gets the size of a type that is not an array. Returns false if it has
 * none. */
bool irqm_die_size(Dwarf_Die *type, uint32_t *ret_size);

/*
 * Fills m with the member of strct that path names: dots lead through named
 * structures, and anonymous ones are searched. Returns false if there is no
 * such member.
 */
bool irqm_die_member(struct dwarf_walk *w, Dwarf_Die *strct, const char *path,
		     struct irqm_member *m);

#endif
