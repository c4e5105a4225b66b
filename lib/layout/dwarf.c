/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout from DWARF, over elfutils' libdw.
 *
 * One scan over the top-level entries of the units: kernels carry no index
 * of names. The units of the interrupt code's own folders come first. What is
 * not defined there is not used there either, so the rest (nine tenths of the
 * time) is looked at only if something is lacking: see settled().
 *
 * The file is not trusted: every loop either moves forward in the file or is
 * counted, and an entry that makes no sense ends the scan.
 *
 * Several units may define one tag differently (struct class, struct cpumap
 * and struct device_type are taken by drivers too). The definition with all
 * its required members, and one member at least, wins; among lesser ones the
 * one with most members; among equals the first, those folders before others.
 */
#include "layout/layout.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
#define STRUCT(s, part) STRUCT_##s,
#include "layout/members.def"
	NR_STRUCTS,
};

enum {
#define MEMBER(s, m, path, need) MEMBER_##s##_##m,
#include "layout/members.def"
	NR_MEMBERS,
};

enum {
#define ENUM(name, witness) ENUM_##name,
#include "layout/members.def"
	NR_ENUMS,
};

#define NR_SLOTS 256          /* of the hash: a power of 2 >= 2 NR_STRUCTS */
#define MAX_TYPE_STEPS 32     /* typedefs, qualifiers, arrays of arrays */
#define MAX_DEPTH 16          /* anonymous structures in each other */
#define MAX_VISITS (64 << 20) /* entries within structures and enums */
#define RANK_GOOD 255

_Static_assert(NR_STRUCTS * 2 <= NR_SLOTS, "the hash is too full");

/*
 * Where the structures live. Folders rather than files: files were renamed
 * and included in each other between 4.15 and 7.2.
 */
static const struct home {
	const char *path;
	bool optional;         /* may be configured out */
} homes[] = {
	{ "arch/x86/kernel/apic/", false },
	{ "drivers/base/core", false },
	{ "drivers/iommu/", true },
	{ "drivers/pci/msi", true },
	{ "kernel/irq/", false },
	{ "kernel/sched/", false },
	{ "lib/maple_tree", true },
	{ "lib/radix-tree", false },
	{ "lib/xarray", true },
};
#define NR_HOMES (sizeof(homes) / sizeof(homes[0]))

struct scan {
	struct irqm_layout *l;
	uint8_t slot[NR_SLOTS];        /* row + 1; 0: empty */
	uint8_t rank[NR_STRUCTS];      /* of the definition in l; 0: none */
	unsigned int first[NR_STRUCTS + 1]; /* member rows of a structure */
	unsigned int left;             /* structures and enums not found yet */
	unsigned int visits;           /* bounds the work on a hostile file */
	bool damaged;
	bool home_seen[NR_HOMES];
	struct irqm_member found[NR_MEMBERS];
	struct irqm_enum values;
};

static unsigned int hash(const char *s)
{
	unsigned int h = 2166136261U;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619U;
	return (h ^ h >> 15) & (NR_SLOTS - 1);
}

static void prepare(struct scan *s)
{
	unsigned int i, h;

	for (i = 0; i < NR_STRUCTS; i++) {
		h = hash(irqm_struct_rows[i].name);
		while (s->slot[h])
			h = (h + 1) & (NR_SLOTS - 1);
		s->slot[h] = i + 1;
	}
	for (i = 0; i < NR_MEMBERS; i++)
		s->first[irqm_member_rows[i].strct + 1] = i + 1;
	s->left = NR_STRUCTS + NR_ENUMS;
}

/* The row of a wanted structure, or -1. */
static int wanted(const struct scan *s, const char *tag)
{
	unsigned int h = hash(tag);

	for (; s->slot[h]; h = (h + 1) & (NR_SLOTS - 1)) {
		if (strcmp(irqm_struct_rows[s->slot[h] - 1].name, tag) == 0)
			return s->slot[h] - 1;
	}
	return -1;
}

/*
 * The entry after die on its level. libdw follows DW_AT_sibling wherever it
 * points; only forward is believed, so that every walk ends.
 */
static bool next(struct scan *s, Dwarf_Die *die)
{
	Dwarf_Off was = dwarf_dieoffset(die);
	int rc = dwarf_siblingof(die, die);

	if (rc == 0 && dwarf_dieoffset(die) > was)
		return true;
	if (rc != 1)
		s->damaged = true;
	return false;
}

static bool first_child(struct scan *s, Dwarf_Die *die, Dwarf_Die *ret_child)
{
	int rc = dwarf_child(die, ret_child);

	if (rc < 0)
		s->damaged = true;
	return rc == 0;
}

/* The same inside structures, where types may lead back to where we were. */
static bool visit(struct scan *s)
{
	if (++s->visits > MAX_VISITS)
		s->damaged = true;
	return !s->damaged;
}

static bool number(Dwarf_Die *die, unsigned int name, uint64_t *ret)
{
	Dwarf_Attribute attr;
	Dwarf_Word w;

	if (!dwarf_attr(die, name, &attr) || dwarf_formudata(&attr, &w) != 0)
		return false;
	*ret = w;
	return true;
}

/* libdw extends the sign of DW_FORM_data*, which producers use unsigned. */
static bool signed_number(Dwarf_Die *die, unsigned int name, int64_t *ret)
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

static bool is_set(Dwarf_Die *die, unsigned int name)
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

/* The type that die has, typedefs and qualifiers peeled; false for void. */
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

/* Elements of one array type, all its dimensions; 0 for a flexible one. */
static uint64_t array_count(struct scan *s, Dwarf_Die *array)
{
	uint64_t count = 1, n;
	bool any = false;
	Dwarf_Die d;

	if (!first_child(s, array, &d))
		return 0;
	do {
		if (!visit(s))
			return 0;
		if (dwarf_tag(&d) != DW_TAG_subrange_type)
			continue;
		if (!number(&d, DW_AT_count, &n)) {
			/* the bound of [0] is -1, or is left out */
			if (!number(&d, DW_AT_upper_bound, &n))
				return 0;
			n = (uint32_t)n + 1ULL > UINT32_MAX ? 0 : n + 1;
		}
		if (n > UINT32_MAX ||
		    __builtin_mul_overflow(count, n, &count))
			return 0;
		any = true;
	} while (next(s, &d));
	return any ? count : 0;
}

static void set_target(struct irqm_member *m, Dwarf_Die *type)
{
	const char *tag = is_aggregate(type) ? dwarf_diename(type) : NULL;

	if (tag && strlen(tag) < sizeof(m->target))
		strcpy(m->target, tag);
}

/* The element that arrays of arrays end in, and how many there are. */
static bool array_element(struct scan *s, Dwarf_Die *array,
			  Dwarf_Die *ret_elem, uint64_t *ret_count)
{
	Dwarf_Die at = *array;
	uint64_t count = 1;
	int i;

	for (i = 0; i < MAX_TYPE_STEPS; i++) {
		if (__builtin_mul_overflow(count, array_count(s, &at),
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

/* Size of a type other than an array. */
static bool size_of(Dwarf_Die *type, uint32_t *ret_size)
{
	uint64_t size;

	if (!number(type, DW_AT_byte_size, &size)) {
		/* clang leaves that of pointers to the unit's header */
		if (dwarf_tag(type) != DW_TAG_pointer_type)
			return false;
		size = 8;
	}
	*ret_size = size;
	return size <= UINT32_MAX;
}

static bool fill_array(struct scan *s, Dwarf_Die *type, struct irqm_member *m)
{
	Dwarf_Die elem;
	uint64_t count, size;

	if (!array_element(s, type, &elem, &count) ||
	    !size_of(&elem, &m->elem_size) ||
	    __builtin_mul_overflow(count, m->elem_size, &size) ||
	    count > UINT32_MAX || size > UINT32_MAX)
		return false;
	m->kind = IRQM_KIND_ARRAY;
	m->count = count;
	m->size = size;
	set_target(m, &elem);
	return true;
}

static void fill_pointer(struct scan *s, Dwarf_Die *type,
			 struct irqm_member *m)
{
	Dwarf_Die to, elem;
	uint64_t count;

	m->kind = IRQM_KIND_POINTER;
	if (!type_of(type, &to))
		return; /* void */
	if (dwarf_tag(&to) != DW_TAG_array_type)
		set_target(m, &to);
	else if (array_element(s, &to, &elem, &count))
		set_target(m, &elem);
}

/* Kind, size and target of a member's type. */
static bool fill_type(struct scan *s, Dwarf_Die *member,
		      struct irqm_member *m)
{
	Dwarf_Die type;

	if (!type_of(member, &type))
		return false;
	if (dwarf_tag(&type) == DW_TAG_array_type)
		return fill_array(s, &type, m);
	if (!size_of(&type, &m->size))
		return false;
	switch (dwarf_tag(&type)) {
	case DW_TAG_base_type:
	case DW_TAG_enumeration_type:
		m->kind = IRQM_KIND_INT;
		break;
	case DW_TAG_pointer_type:
		fill_pointer(s, &type, m);
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

/*
 * Where a member is, in bits from the start of its own structure. A union's
 * members have no location.
 */
static bool location(Dwarf_Die *member, uint64_t *ret_bits)
{
	Dwarf_Attribute attr;
	Dwarf_Word bytes;
	Dwarf_Op *op;
	size_t nr;

	*ret_bits = 0;
	if (!dwarf_attr(member, DW_AT_data_member_location, &attr))
		return true;
	if (dwarf_formudata(&attr, &bytes) != 0) {
		/* DWARF 2 spells a number as an expression */
		if (dwarf_getlocation(&attr, &op, &nr) != 0 || nr != 1 ||
		    op[0].atom != DW_OP_plus_uconst)
			return false;
		bytes = op[0].number;
	}
	*ret_bits = bytes * 8;
	return bytes <= UINT32_MAX;
}

/*
 * The bit offset of a bit field. DW_AT_bit_offset, before DWARF 5, counts
 * from the most significant bit of a unit of byte_size; a packed field may
 * begin before its unit.
 */
static bool bit_location(Dwarf_Die *member, uint64_t bit_size,
			 uint32_t type_size, uint64_t *bits)
{
	Dwarf_Attribute attr;
	uint64_t unit = type_size;
	Dwarf_Sword msb;

	if (number(member, DW_AT_data_bit_offset, bits))
		return true;
	if (!dwarf_attr(member, DW_AT_bit_offset, &attr))
		return true;
	number(member, DW_AT_byte_size, &unit);
	if (unit > 16 || dwarf_formsdata(&attr, &msb) != 0)
		return false;
	*bits += unit * 8 - bit_size - (uint64_t)msb;
	return true;
}

/* All of a member whose structure begins base bits into the row's. */
static bool fill_member(struct scan *s, Dwarf_Die *die, uint64_t base,
			struct irqm_member *m)
{
	uint64_t bits, bit_size = 0;

	memset(m, 0, sizeof(*m));
	if (!fill_type(s, die, m) || !location(die, &bits))
		return false;
	if (number(die, DW_AT_bit_size, &bit_size)) {
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

/*
 * Looks for the member called name (len bytes of it) in a structure and in
 * the anonymous ones in it. *base grows by where that structure is, in bits.
 */
static bool find_name(struct scan *s, Dwarf_Die *strct, const char *name,
		      size_t len, unsigned int depth, uint64_t *base,
		      Dwarf_Die *ret_member)
{
	uint64_t bits, inner;
	const char *n;
	Dwarf_Die type;

	if (depth > MAX_DEPTH || !first_child(s, strct, ret_member))
		return false;
	do {
		Dwarf_Die d = *ret_member;

		if (!visit(s))
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
		    !location(&d, &bits))
			continue;
		inner = *base + bits;
		if (find_name(s, &type, name, len, depth + 1, &inner,
			      ret_member)) {
			*base = inner;
			return true;
		}
		*ret_member = d;
	} while (next(s, ret_member));
	return false;
}

/* Follows a dotted path through named structures. */
static bool find_path(struct scan *s, Dwarf_Die *strct, const char *path,
		      struct irqm_member *m)
{
	Dwarf_Die in = *strct, member;
	uint64_t base = 0, bits;
	size_t len;

	for (;;) {
		len = strcspn(path, ".");
		if (!find_name(s, &in, path, len, 0, &base, &member))
			return false;
		if (path[len] == '\0')
			return fill_member(s, &member, base, m);
		if (!location(&member, &bits) || !type_of(&member, &in) ||
		    !is_aggregate(&in))
			return false;
		base += bits;
		path += len + 1;
	}
}

/* How good a definition is, its members being in s->found. */
static unsigned int rank(const struct scan *s, unsigned int row)
{
	unsigned int i, nr = 0;
	bool all = true;

	for (i = s->first[row]; i < s->first[row + 1]; i++) {
		if (s->found[i].exists)
			nr++;
		else if (irqm_member_rows[i].need == IRQM_REQUIRED)
			all = false;
	}
	return all && nr > 0 ? RANK_GOOD : 1 + nr;
}

static void take_struct(struct scan *s, Dwarf_Die *die, unsigned int row)
{
	const struct irqm_struct_row *r = &irqm_struct_rows[row];
	unsigned int i, how_good;
	uint32_t size;

	if (s->rank[row] == RANK_GOOD || is_set(die, DW_AT_declaration) ||
	    !size_of(die, &size))
		return;
	for (i = s->first[row]; i < s->first[row + 1]; i++) {
		memset(&s->found[i], 0, sizeof(s->found[i]));
		find_path(s, die, irqm_member_rows[i].path, &s->found[i]);
	}
	how_good = rank(s, row);
	if (s->damaged || how_good <= s->rank[row])
		return;
	s->rank[row] = how_good;
	if (how_good == RANK_GOOD)
		s->left--;
	*irqm_row_exists(s->l, r) = true;
	*irqm_row_size(s->l, r) = size;
	for (i = s->first[row]; i < s->first[row + 1]; i++)
		*irqm_row_member(s->l, &irqm_member_rows[i]) = s->found[i];
}

/* Collects an enumeration in s->values; which row it is, or -1. */
static int read_enum(struct scan *s, Dwarf_Die *die)
{
	struct irqm_enum *e = &s->values;
	const char *name;
	int row = -1, i;
	Dwarf_Die d;

	e->nr = 0;
	if (!first_child(s, die, &d))
		return -1;
	do {
		if (!visit(s))
			return -1;
		name = dwarf_diename(&d);
		if (dwarf_tag(&d) != DW_TAG_enumerator || !name)
			continue;
		for (i = 0; i < NR_ENUMS && row < 0; i++) {
			if (strcmp(name, irqm_enum_rows[i].witness) == 0)
				row = i;
		}
		if (e->nr < IRQM_MAX_ENUMERATORS &&
		    strlen(name) < sizeof(e->e[0].name) &&
		    signed_number(&d, DW_AT_const_value, &e->e[e->nr].value))
			strcpy(e->e[e->nr++].name, name);
	} while (next(s, &d));
	return row;
}

static void take_enum(struct scan *s, Dwarf_Die *die)
{
	struct irqm_enum *e;
	int row = read_enum(s, die);

	if (row < 0 || s->damaged)
		return;
	e = irqm_row_enum(s->l, &irqm_enum_rows[row]);
	if (e->nr)
		return;
	memcpy(e, &s->values, sizeof(*e));
	s->left--;
}

static void scan_unit(struct scan *s, Dwarf_Die *unit)
{
	const char *tag;
	Dwarf_Die d;
	int row;

	if (!first_child(s, unit, &d))
		return;
	do {
		switch (dwarf_tag(&d)) {
		case DW_TAG_structure_type:
			tag = dwarf_diename(&d);
			row = tag ? wanted(s, tag) : -1;
			if (row >= 0)
				take_struct(s, &d, row);
			break;
		case DW_TAG_enumeration_type:
			take_enum(s, &d);
			break;
		case DW_TAG_invalid:
			s->damaged = true;
			break;
		}
	} while (!s->damaged && s->left && next(s, &d));
}

/* Is the unit in one of the folders? Names may be absolute paths. */
static bool is_home(struct scan *s, Dwarf_Die *unit)
{
	const char *name = dwarf_diename(unit), *at;
	unsigned int i;

	for (i = 0; name && i < NR_HOMES; i++) {
		at = strstr(name, homes[i].path);
		if (at && (at == name || at[-1] == '/')) {
			s->home_seen[i] = true;
			return true;
		}
	}
	return false;
}

/* All units: compile units, and the partial ones that dwz makes. */
static void scan_file(struct scan *s, Dwarf *dbg, bool homes_only)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;
	int rc = 0;

	while (s->left && !s->damaged &&
	       (rc = dwarf_get_units(dbg, cu, &cu, NULL, NULL, &unit,
				     NULL)) == 0) {
		if (!homes_only || is_home(s, &unit))
			scan_unit(s, &unit);
	}
	if (rc < 0)
		s->damaged = true;
}

/* Does a member that was found lead to a structure that was not? */
static bool leads_nowhere(const struct scan *s)
{
	unsigned int i;

	for (i = 0; i < NR_MEMBERS; i++) {
		const struct irqm_member *m =
			irqm_row_member(s->l, &irqm_member_rows[i]);
		int row = m->exists ? wanted(s, m->target) : -1;

		if (row >= 0 && s->rank[row] != RANK_GOOD)
			return true;
	}
	/* these lead on through untyped pointers */
	return (s->rank[STRUCT_xarray] && !s->rank[STRUCT_xa_node]) ||
	       (s->rank[STRUCT_maple_tree] && !s->rank[STRUCT_maple_node]);
}

/*
 * Is what the folders' units lack really not in this kernel? Only if they
 * were all seen, nothing required is missing, and no loose end is left. Else
 * (link-time optimisation, dwz, a kernel to come) the whole file is scanned.
 */
static bool settled(const struct scan *s)
{
	unsigned int i;
	char buf[8];

	for (i = 0; i < NR_HOMES; i++) {
		if (!s->home_seen[i] && !homes[i].optional)
			return false;
	}
	for (i = 0; i < IRQM_NR_PARTS; i++) {
		if (irqm_layout_missing(s->l, i, buf, sizeof(buf)))
			return false;
	}
	return !leads_nowhere(s);
}

/* Does the file keep types in another one (dwz -m) that is not at hand? */
static const char *missing_file(Dwarf *dbg)
{
	const char *name;
	const void *id;

	if (dwarf_getalt(dbg) ||
	    dwelf_dwarf_gnu_debugaltlink(dbg, &name, &id) <= 0)
		return NULL;
	return name;
}

static int scan_all(struct scan *s, Dwarf *dbg, struct irqm_error *err)
{
	unsigned int i, nr = 0;
	const char *other;
	Dwarf *alt;

	scan_file(s, dbg, true);
	if (!settled(s)) {
		scan_file(s, dbg, false);
		alt = s->left ? dwarf_getalt(dbg) : NULL;
		if (alt)
			scan_file(s, alt, false);
	}
	if (s->damaged) {
		irqm_error_set(err, "its DWARF is damaged: is the file "
			       "complete? copy it again, or install the "
			       "kernel's debug package again");
		return -1;
	}
	for (i = 0; i < NR_STRUCTS; i++)
		nr += s->rank[i] != 0;
	if (nr)
		return 0;
	other = missing_file(dbg);
	if (other)
		irqm_error_set(err, "its types are in another file that is "
			       "not found: %.150s", other);
	else
		irqm_error_set(err, "its DWARF has none of the kernel's "
			       "interrupt structures: a kernel module, or no "
			       "kernel at all? give it the vmlinux");
	return -1;
}

/* Says what is wrong with a file that libdw does not open. */
static int refuse(int fd, struct irqm_error *err)
{
	int dwerr = dwarf_errno();
	unsigned char id[6];

	if (pread(fd, id, sizeof(id), 0) != (ssize_t)sizeof(id)) {
		irqm_error_set(err, "cannot be read, or is empty");
	} else if (memcmp(id, "\177ELF", 4) != 0) {
		irqm_error_set(err, "not an ELF file: a compressed kernel "
			       "(vmlinuz)? give it the vmlinux of the "
			       "kernel's debug package");
	} else if (id[4] != 2 || id[5] != 1) {
		irqm_error_set(err, "not a 64-bit little-endian ELF file");
	} else {
		irqm_error_set(err, "no DWARF in it (%s): a stripped "
			       "vmlinux, or one cut short? install the "
			       "kernel's debug package", dwarf_errmsg(dwerr));
	}
	return -1;
}

int irqm_layout_from_dwarf(struct irqm_layout *l, int fd,
			   struct irqm_error *err)
{
	struct scan *s;
	Dwarf *dbg;
	int rc;

	memset(l, 0, sizeof(*l));
	dbg = dwarf_begin(fd, DWARF_C_READ);
	if (!dbg)
		return refuse(fd, err);
	s = calloc(1, sizeof(*s));
	if (s) {
		s->l = l;
		prepare(s);
		rc = scan_all(s, dbg, err);
	} else {
		irqm_error_set(err, "out of memory");
		rc = -1;
	}
	free(s);
	dwarf_end(dbg);
	if (rc == 0)
		irqm_layout_finish(l);
	else
		memset(l, 0, sizeof(*l));
	return rc;
}
