/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entries and types of DWARF, over libdwarf, for libdwarf_check.c. An entry
 * that a function returns is to be dropped.
 */
#ifndef LIBDWARF_TYPES_H
#define LIBDWARF_TYPES_H

#include <libdwarf.h>
#include <stdbool.h>
#include <stddef.h>

/* The file that is read, once it is open. */
extern Dwarf_Debug dbg;

/* Says what is wrong and exits. */
void die(const char *what);

/* A constant attribute, whatever its sign; false if there is none. */
bool constant(Dwarf_Die d, Dwarf_Half name, long long *ret);
Dwarf_Half tag_of(Dwarf_Die d);
/* A copy, "" if there is none. */
void name_of(Dwarf_Die d, char *buf, size_t size);

void drop(Dwarf_Die d);
/* The type that d has, typedefs and qualifiers peeled; NULL for void. */
Dwarf_Die type_of(Dwarf_Die d);
/* A structure or union? */
bool aggregate(Dwarf_Die d);
/* Calls fn for each child until it returns true; whether one did. */
bool children(Dwarf_Die d, bool (*fn)(Dwarf_Die, void *), void *arg);
/* Bytes of a type, -1 if it does not say. */
long long bytes_of(Dwarf_Die t);

/* What a member's type says, as the line's last five words. */
struct typed {
	long long size, count, elem;
	const char *kind;
	char target[64];
};

void typed_of(Dwarf_Die member, struct typed *ty);
/* Bits from the start of the structure that the member is in. */
long long position(Dwarf_Die m, long long type_size);

#endif
