/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layout/dwarf_member.h"
#include "layout/rows.h"

#include <dwarf.h>
#include <string.h>

#define MAX_TYPE_STEPS 32     /* typedefs, qualifiers, nested arrays */
#define MAX_DEPTH 16          /* nested anonymous structures */
#define MAX_VISITS (64 << 20) /* of entries in structures, enums */

bool irqm_die_next(struct dwarf_walk *w, Dwarf_Die *die)
{
	Dwarf_Off was = dwarf_dieoffset(die);
	int rc = dwarf_siblingof(die, die);

	if (rc == 0 && dwarf_dieoffset(die) > was)
		return true;
	if (rc != 1)
		w->damaged = true;
	return false;
}

bool irqm_die_first_child(struct dwarf_walk *w, Dwarf_Die *die,
			  Dwarf_Die *ret_child)
{
	int rc = dwarf_child(die, ret_child);

	if (rc < 0)
		w->damaged = true;
	return rc == 0;
}

bool irqm_die_visit(struct dwarf_walk *w)
{
	if (++w->visits > MAX_VISITS)
		w->damaged = true;
	return !w->damaged;
}

static bool read_number(Dwarf_Die *die, unsigned int name, uint64_t *ret)
{
	Dwarf_Attribute attr;
	Dwarf_Word w;

	if (!dwarf_attr(die, name, &attr) || dwarf_formudata(&attr, &w) != 0)
		return false;
	*ret = w;
	return true;
}

/* libdw sign-extends DW_FORM_data*, which compilers use for unsigned values. */
bool irqm_die_signed(Dwarf_Die *die, unsigned int name, int64_t *ret)
{
	Dwarf_Attribute attr;
	Dwarf_Sword sw;
	Dwarf_Word w;
	unsigned int form;

	if (!dwarf_attr(die, name, &attr))
		return false;
	form = dwarf_whatform(&attr);
	if (form == DW_FORM_sdata || form == DW_FORM_implicit_const) {
		if (dwarf_formsdata(&attr, &sw) != 0)
			return false;
		*ret = sw;
		return true;
	}
	if (dwarf_formudata(&attr, &w) != 0)
		return false;
	*ret = (int64_t)w;
	return true;
}

bool irqm_die_flag(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	bool flag;

	return dwarf_attr(die, name, &attr) &&
	       dwarf_formflag(&attr, &flag) == 0 && flag;
}

static bool is_aggregate(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

/* Gets the type of die without typedefs and qualifiers. Returns false for
 * void. */
static bool type_of(Dwarf_Die *die, Dwarf_Die *ret_type)
{
	Dwarf_Die at = *die;
	Dwarf_Attribute attr;
	int i;

	for (i = 0; i < MAX_TYPE_STEPS; i++) {
		if (!dwarf_attr(&at, DW_AT_type, &attr) ||
		    !dwarf_formref_die(&attr, ret_type))
			return false;
		switch (dwarf_tag(ret_type)) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			at = *ret_type;
			break;
		default:
			return true;
		}
	}
	return false;
}

/* Returns the elements of an array type, over all dimensions; 0 for a flexible
 * array. */
static uint64_t array_count(struct dwarf_walk *w, Dwarf_Die *array)
{
	uint64_t count = 1, n;
	bool any = false;
	Dwarf_Die d;

	if (!irqm_die_first_child(w, array, &d))
		return 0;
	do {
		if (!irqm_die_visit(w))
			return 0;
		if (dwarf_tag(&d) != DW_TAG_subrange_type)
			continue;
		if (!read_number(&d, DW_AT_count, &n)) {
			/* the bound of [0] is -1 or missing */
			if (!read_number(&d, DW_AT_upper_bound, &n))
				return 0;
			n = (uint32_t)n + 1ULL > UINT32_MAX ? 0 : n + 1;
		}
		if (n > UINT32_MAX || __builtin_mul_overflow(count, n, &count))
			return 0;
		any = true;
	} while (irqm_die_next(w, &d));
	return any ? count : 0;
}

static void set_target(struct irqm_member *m, Dwarf_Die *type)
{
	const char *tag = is_aggregate(type) ? dwarf_diename(type) : NULL;

	if (tag && strnlen(tag, sizeof(m->target)) < sizeof(m->target))
		strcpy(m->target, tag);
}

/* Finds the element of nested arrays, and the number of elements. */
static bool array_element(struct dwarf_walk *w, Dwarf_Die *array,
			  Dwarf_Die *ret_elem, uint64_t *ret_count)
{
	Dwarf_Die at = *array;
	uint64_t count = 1;
	int i;

	for (i = 0; i < MAX_TYPE_STEPS; i++) {
		if (__builtin_mul_overflow(count, array_count(w, &at),
					   &count) ||
		    !type_of(&at, ret_elem))
			return false;
		if (dwarf_tag(ret_elem) != DW_TAG_array_type) {
			*ret_count = count;
			return true;
		}
		at = *ret_elem;
	}
	return false;
}

/* Gets the size of a type that is not an array. */
bool irqm_die_size(Dwarf_Die *type, uint32_t *ret_size)
{
	uint64_t size;

	if (!read_number(type, DW_AT_byte_size, &size)) {
		/* clang omits the size of pointers, which is in the unit's
		 * header */
		if (dwarf_tag(type) != DW_TAG_pointer_type)
			return false;
		size = 8;
	}
	*ret_size = size;
	return size <= UINT32_MAX;
}

static bool fill_array(struct dwarf_walk *w, Dwarf_Die *type,
		       struct irqm_member *m)
{
	Dwarf_Die elem;
	uint64_t count;

	if (!array_element(w, type, &elem, &count) ||
	    !irqm_die_size(&elem, &m->elem_size) ||
	    !irqm_member_array(m, count))
		return false;
	set_target(m, &elem);
	return true;
}

static void fill_pointer(struct dwarf_walk *w, Dwarf_Die *type,
			 struct irqm_member *m)
{
	Dwarf_Die to, elem;
	uint64_t count;

	m->kind = IRQM_KIND_POINTER;
	if (!type_of(type, &to))
		return; /* void */
	if (dwarf_tag(&to) != DW_TAG_array_type)
		set_target(m, &to);
	else if (array_element(w, &to, &elem, &count))
		set_target(m, &elem);
}

/* Sets kind, size and target by the member's type. */
static bool fill_type(struct dwarf_walk *w, Dwarf_Die *member,
		      struct irqm_member *m)
{
	Dwarf_Die type;

	if (!type_of(member, &type))
		return false;
	if (dwarf_tag(&type) == DW_TAG_array_type)
		return fill_array(w, &type, m);
	if (!irqm_die_size(&type, &m->size))
		return false;
	switch (dwarf_tag(&type)) {
	case DW_TAG_base_type:
	case DW_TAG_enumeration_type:
		m->kind = IRQM_KIND_INT;
		break;
	case DW_TAG_pointer_type:
		fill_pointer(w, &type, m);
		break;
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
		m->kind = IRQM_KIND_STRUCT;
		set_target(m, &type);
		break;
	default:
		m->kind = IRQM_KIND_OTHER;
	}
	return true;
}

/* Gets a member's offset in bits from the start of its own structure. Members
 * of a union have no location. */
static bool read_location(Dwarf_Die *member, uint64_t *ret_bits)
{
	Dwarf_Attribute attr;
	Dwarf_Word bytes;
	Dwarf_Op *op;
	size_t nr;

	*ret_bits = 0;
	if (!dwarf_attr(member, DW_AT_data_member_location, &attr))
		return true;
	if (dwarf_formudata(&attr, &bytes) != 0) {
		/* DWARF 2 encodes the number as an expression */
		if (dwarf_getlocation(&attr, &op, &nr) != 0 || nr != 1 ||
		    op[0].atom != DW_OP_plus_uconst)
			return false;
		bytes = op[0].number;
	}
	*ret_bits = bytes * 8;
	return bytes <= UINT32_MAX;
}

/*
 * Gets the bit offset of a bit field. DW_AT_bit_offset, used before DWARF 5,
 * counts from the most significant bit of a unit of byte_size; a packed field
 * may begin before its unit.
 */
static bool bit_location(Dwarf_Die *member, uint64_t bit_size,
			 uint32_t type_size, uint64_t *bits)
{
	Dwarf_Attribute attr;
	uint64_t unit = type_size;
	Dwarf_Sword msb;

	if (read_number(member, DW_AT_data_bit_offset, bits))
		return true;
	if (!dwarf_attr(member, DW_AT_bit_offset, &attr))
		return true;
	read_number(member, DW_AT_byte_size, &unit);
	if (unit > 16 || dwarf_formsdata(&attr, &msb) != 0)
		return false;
	*bits += unit * 8 - bit_size - (uint64_t)msb;
	return true;
}

/* Fills the row from a member of a structure that begins at bit base. */
static bool fill_member(struct dwarf_walk *w, Dwarf_Die *die, uint64_t base,
			struct irqm_member *m)
{
	uint64_t bits, bit_size = 0;

	memset(m, 0, sizeof(*m));
	if (!fill_type(w, die, m) || !read_location(die, &bits))
		return false;
	if (read_number(die, DW_AT_bit_size, &bit_size)) {
		if (m->kind != IRQM_KIND_INT || bit_size == 0 ||
		    bit_size > 64 ||
		    !bit_location(die, bit_size, m->size, &bits))
			return false;
	}
	bits += base;
	if (bits / 8 > UINT32_MAX)
		return false;
	m->offset = bits / 8;
	m->bit_offset = bits % 8;
	m->bit_size = bit_size;
	m->exists = true;
	return true;
}

/* Looks for the member called name (len bytes) in a structure and its anonymous
 * structures. Adds the offset in bits of the structure that has it to *base. */
static bool find_name(struct dwarf_walk *w, Dwarf_Die *strct, const char *name,
		      size_t len, unsigned int depth, uint64_t *base,
		      Dwarf_Die *ret_member)
{
	uint64_t bits, inner;
	const char *n;
	Dwarf_Die type;

	if (depth > MAX_DEPTH || !irqm_die_first_child(w, strct, ret_member))
		return false;
	do {
		Dwarf_Die d = *ret_member;

		if (!irqm_die_visit(w))
			return false;
		if (dwarf_tag(&d) != DW_TAG_member)
			continue;
		n = dwarf_diename(&d);
		if (n && *n) {
			if (strncmp(n, name, len) == 0 && n[len] == '\0')
				return true;
			continue;
		}
		if (!type_of(&d, &type) || !is_aggregate(&type) ||
		    !read_location(&d, &bits))
			continue;
		inner = *base + bits;
		if (find_name(w, &type, name, len, depth + 1, &inner,
			      ret_member)) {
			*base = inner;
			return true;
		}
		*ret_member = d;
	} while (irqm_die_next(w, ret_member));
	return false;
}

bool irqm_die_member(struct dwarf_walk *w, Dwarf_Die *strct, const char *path,
		     struct irqm_member *m)
{
	Dwarf_Die in = *strct, member;
	uint64_t base = 0, bits;
	size_t len;

	for (;;) {
		len = strcspn(path, ".");
		if (!find_name(w, &in, path, len, 0, &base, &member))
			return false;
		if (path[len] == '\0')
			return fill_member(w, &member, base, m);
		if (!read_location(&member, &bits) || !type_of(&member, &in) ||
		    !is_aggregate(&in))
			return false;
		base += bits;
		path += len + 1;
	}
}
