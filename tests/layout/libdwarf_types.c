/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/layout/libdwarf_types.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Dwarf_Debug dbg;

void die(const char *what)
{
	fprintf(stderr, "libdwarf_check: %s\n", what);
	exit(2);
}

static bool attr_of(Dwarf_Die d, Dwarf_Half name, Dwarf_Attribute *a)
{
	return dwarf_attr(d, name, a, NULL) == DW_DLV_OK;
}

bool constant(Dwarf_Die d, Dwarf_Half name, long long *ret)
{
	Dwarf_Attribute a;
	Dwarf_Unsigned u;
	Dwarf_Signed s;
	Dwarf_Half form = 0;
	bool ok = false;

	if (!attr_of(d, name, &a))
		return false;
	dwarf_whatform(a, &form, NULL);
	if (form == DW_FORM_sdata || form == DW_FORM_implicit_const) {
		ok = dwarf_formsdata(a, &s, NULL) == DW_DLV_OK;
		if (ok)
			*ret = s;
	} else if (dwarf_formudata(a, &u, NULL) == DW_DLV_OK) {
		ok = true;
		*ret = (long long)u;
	}
	dwarf_dealloc(dbg, a, DW_DLA_ATTR);
	return ok;
}

Dwarf_Half tag_of(Dwarf_Die d)
{
	Dwarf_Half tag = 0;

	dwarf_tag(d, &tag, NULL);
	return tag;
}

void name_of(Dwarf_Die d, char *buf, size_t size)
{
	char *s;

	buf[0] = '\0';
	if (dwarf_diename(d, &s, NULL) != DW_DLV_OK)
		return;
	snprintf(buf, size, "%s", s);
	dwarf_dealloc(dbg, s, DW_DLA_STRING);
}

/* The entry that DW_AT_type of d leads to, one step; NULL for void. */
static Dwarf_Die step(Dwarf_Die d)
{
	Dwarf_Attribute a;
	Dwarf_Off off;
	Dwarf_Die to = NULL;

	if (!attr_of(d, DW_AT_type, &a))
		return NULL;
	if (dwarf_global_formref(a, &off, NULL) == DW_DLV_OK)
		dwarf_offdie_b(dbg, off, 1, &to, NULL);
	dwarf_dealloc(dbg, a, DW_DLA_ATTR);
	return to;
}

static bool transparent(Dwarf_Half tag)
{
	return tag == DW_TAG_typedef || tag == DW_TAG_const_type ||
	       tag == DW_TAG_volatile_type || tag == DW_TAG_restrict_type ||
	       tag == DW_TAG_atomic_type;
}

void drop(Dwarf_Die d)
{
	if (d)
		dwarf_dealloc(dbg, d, DW_DLA_DIE);
}

Dwarf_Die type_of(Dwarf_Die d)
{
	Dwarf_Die t = step(d), n;

	while (t && transparent(tag_of(t))) {
		n = step(t);
		drop(t);
		t = n;
	}
	return t;
}

bool aggregate(Dwarf_Die d)
{
	return d && (tag_of(d) == DW_TAG_structure_type ||
		     tag_of(d) == DW_TAG_union_type);
}

bool children(Dwarf_Die d, bool (*fn)(Dwarf_Die, void *), void *arg)
{
	Dwarf_Die c, n;
	bool done;
	int rc;

	rc = dwarf_child(d, &c, NULL);
	if (rc == DW_DLV_ERROR)
		die("damaged children");
	while (rc == DW_DLV_OK) {
		done = fn(c, arg);
		if (!done)
			rc = dwarf_siblingof_b(dbg, c, 1, &n, NULL);
		drop(c);
		if (done)
			return true;
		if (rc == DW_DLV_ERROR)
			die("damaged sibling");
		c = n;
	}
	return false;
}

static bool count_dim(Dwarf_Die d, void *arg)
{
	long long *count = arg, v;

	if (tag_of(d) != DW_TAG_subrange_type)
		return false;
	if (constant(d, DW_AT_count, &v))
		*count *= v;
	else if (constant(d, DW_AT_upper_bound, &v))
		*count *= v < 0 || v == 0xffffffffLL ? 0 : v + 1;
	else
		*count = 0;
	return false;
}

/* The innermost element of an array type, which is given up. */
static Dwarf_Die element(Dwarf_Die array, long long *count)
{
	Dwarf_Die e;

	*count = 1;
	while (array && tag_of(array) == DW_TAG_array_type) {
		children(array, count_dim, count);
		e = type_of(array);
		drop(array);
		array = e;
	}
	return array;
}

long long bytes_of(Dwarf_Die t)
{
	long long size;

	if (t && constant(t, DW_AT_byte_size, &size))
		return size;
	return t && tag_of(t) == DW_TAG_pointer_type ? 8 : -1;
}

static void target_of(Dwarf_Die t, struct typed *ty)
{
	if (aggregate(t))
		name_of(t, ty->target, sizeof(ty->target));
}

void typed_of(Dwarf_Die member, struct typed *ty)
{
	Dwarf_Die t = type_of(member), to;
	long long ignored;

	memset(ty, 0, sizeof(*ty));
	ty->kind = "other";
	if (!t) {
		ty->size = -1;
		return;
	}
	switch (tag_of(t)) {
	case DW_TAG_array_type:
		ty->kind = "array";
		t = element(t, &ty->count);
		ty->elem = bytes_of(t);
		ty->size = ty->count * ty->elem;
		target_of(t, ty);
		break;
	case DW_TAG_pointer_type:
		ty->kind = "pointer";
		ty->size = bytes_of(t);
		to = element(type_of(t), &ignored);
		target_of(to, ty);
		drop(to);
		break;
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
		ty->kind = "struct";
		ty->size = bytes_of(t);
		target_of(t, ty);
		break;
	case DW_TAG_base_type:
	case DW_TAG_enumeration_type:
		ty->kind = "int";
		/* fallthrough */
	default:
		ty->size = bytes_of(t);
	}
	drop(t);
}

long long position(Dwarf_Die m, long long type_size)
{
	long long loc = 0, bit_size, v, unit = type_size;

	constant(m, DW_AT_data_member_location, &loc);
	loc *= 8;
	if (!constant(m, DW_AT_bit_size, &bit_size))
		return loc;
	if (constant(m, DW_AT_data_bit_offset, &v))
		return loc + v;
	if (constant(m, DW_AT_bit_offset, &v)) {
		constant(m, DW_AT_byte_size, &unit);
		return loc + unit * 8 - v - bit_size;
	}
	return loc;
}
