/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout from DWARF, over elfutils' libdw.
 *
 * One scan over the top-level entries of the units: kernels carry no index of
 * names. The units of the interrupt code's own folders come first. A structure
 * that they do not define is not used in them either, so the other units, which
 * take nine tenths of the time, are read only if something is missing: see
 * settled().
 *
 * The file is not trusted: every loop either moves forward in the file or is
 * counted, and an entry that makes no sense ends the scan.
 *
 * If units define a tag differently (drivers have their own struct class,
 * struct cpumap and struct device_type), a definition with all required members
 * and at least one member wins; then the one with most members; then the first,
 * with those folders before others.
 */
#include "layout/dwarf_member.h"
#include "layout/rows.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Folders of the source files that define the structures. Not file names: files
 * were renamed and included in each other between 4.15 and 7.2. */
static const struct home {
	const char *path;
	bool optional; /* may be disabled in the configuration */
} homes[] = {
	{ "arch/x86/kernel/apic/", false },
	{ "drivers/base/core", false },
	{ "drivers/iommu/", true },
	{ "drivers/pci/msi", true },
	{ "kernel/irq/", false },
	{ "kernel/printk/", true },
	{ "kernel/sched/", false },
	{ "kernel/time/timekeeping", true },
	{ "lib/maple_tree", true },
	{ "lib/radix-tree", false },
	{ "lib/xarray", true },
};
#define NR_HOMES ARRAY_SIZE(homes)

struct scan {
	struct irqm_layout *l;
	const struct irqm_dwarf_files *files;
	struct irqm_rows rows;
	/* rank of the definition in l; 0: none */
	uint8_t rank[IRQM_NR_STRUCTS];
	/* structures and enumerations not found yet */
	unsigned int left;
	struct dwarf_walk walk;
	bool home_seen[NR_HOMES];
	char no_dwo[128]; /* name of a split unit's file that was not found */
	struct irqm_member found[IRQM_NR_MEMBERS];
	struct irqm_enum values;
};

static void take_struct(struct scan *s, Dwarf_Die *die, unsigned int row)
{
	const struct irqm_struct_row *r = &irqm_struct_rows[row];
	unsigned int i, how_good;
	uint32_t size;

	if (s->rank[row] == IRQM_RANK_GOOD ||
	    irqm_die_flag(die, DW_AT_declaration) || !irqm_die_size(die, &size))
		return;
	for (i = s->rows.first[row]; i < s->rows.first[row + 1]; i++) {
		memset(&s->found[i], 0, sizeof(s->found[i]));
		irqm_die_member(&s->walk, die, irqm_member_rows[i].path,
				&s->found[i]);
	}
	how_good = irqm_rows_rank(&s->rows, row, s->found);
	if (s->walk.damaged || how_good <= s->rank[row])
		return;
	s->rank[row] = how_good;
	if (how_good == IRQM_RANK_GOOD)
		s->left--;
	*irqm_row_exists(s->l, r) = true;
	*irqm_row_size(s->l, r) = size;
	for (i = s->rows.first[row]; i < s->rows.first[row + 1]; i++)
		*irqm_row_member(s->l, &irqm_member_rows[i]) = s->found[i];
}

/* Reads an enumeration into s->values. Returns its row or -1. */
static int read_enum(struct scan *s, Dwarf_Die *die)
{
	struct irqm_enum *e = &s->values;
	const char *name;
	int row = -1, i;
	Dwarf_Die d;

	e->nr = 0;
	if (!irqm_die_first_child(&s->walk, die, &d))
		return -1;
	do {
		if (!irqm_die_visit(&s->walk))
			return -1;
		name = dwarf_diename(&d);
		if (dwarf_tag(&d) != DW_TAG_enumerator || !name)
			continue;
		for (i = 0; i < IRQM_NR_ENUMS && row < 0; i++) {
			if (strcmp(name, irqm_enum_rows[i].witness) == 0)
				row = i;
		}
		if (e->nr < IRQM_MAX_ENUMERATORS &&
		    strnlen(name, sizeof(e->e[0].name)) <
			    sizeof(e->e[0].name) &&
		    irqm_die_signed(&d, DW_AT_const_value, &e->e[e->nr].value))
			strcpy(e->e[e->nr++].name, name);
	} while (irqm_die_next(&s->walk, &d));
	return row;
}

static void take_enum(struct scan *s, Dwarf_Die *die)
{
	struct irqm_enum *e;
	int row = read_enum(s, die);

	if (row < 0 || s->walk.damaged)
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

	if (!irqm_die_first_child(&s->walk, unit, &d))
		return;
	do {
		switch (dwarf_tag(&d)) {
		case DW_TAG_structure_type:
			tag = dwarf_diename(&d);
			row = tag ? irqm_rows_wanted(&s->rows, tag) : -1;
			if (row >= 0)
				take_struct(s, &d, row);
			break;
		case DW_TAG_enumeration_type:
			take_enum(s, &d);
			break;
		case DW_TAG_invalid:
			s->walk.damaged = true;
			break;
		}
	} while (!s->walk.damaged && s->left && irqm_die_next(&s->walk, &d));
}

/* Returns true if the file is in one of the folders. Names may be absolute. */
static bool is_home(struct scan *s, const char *name)
{
	const char *at;
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

static const char *dwo_name(Dwarf_Die *skeleton)
{
	Dwarf_Attribute a;

	if (!dwarf_attr(skeleton, DW_AT_dwo_name, &a) &&
	    !dwarf_attr(skeleton, DW_AT_GNU_dwo_name, &a))
		return NULL;
	return dwarf_formstring(&a);
}

static uint64_t unit_id(Dwarf_CU *cu)
{
	uint64_t id = 0;

	dwarf_cu_info(cu, NULL, NULL, NULL, NULL, &id, NULL, NULL);
	return id;
}

/* Scans the unit with this id in a .dwo file. Returns false if there is
 * none. */
static bool scan_dwo(struct scan *s, Dwarf *dwo, uint64_t id)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;
	uint8_t type;

	while (dwarf_get_units(dwo, cu, &cu, NULL, &type, &unit, NULL) == 0) {
		if (type != DW_UT_split_compile || unit_id(cu) != id)
			continue;
		scan_unit(s, &unit);
		return true;
	}
	return false;
}

static bool open_dwo(struct scan *s, const char *name, uint64_t id)
{
	int fd = s->files ? s->files->dwo(s->files->ctx, name) : -1;
	Dwarf *dwo = fd >= 0 ? dwarf_begin(fd, DWARF_C_READ) : NULL;
	bool found = dwo && scan_dwo(s, dwo, id);

	dwarf_end(dwo);
	if (fd >= 0)
		close(fd);
	return found;
}

/* Scans a unit whose .dwo file libdw did not open, if the file is beside the
 * vmlinux. */
static void scan_skeleton(struct scan *s, Dwarf_CU *cu, Dwarf_Die *skeleton,
			  bool homes_only)
{
	const char *name = dwo_name(skeleton);

	if (name && (!homes_only || is_home(s, name)) &&
	    !open_dwo(s, name, unit_id(cu)) && !s->no_dwo[0])
		irqm_escape(s->no_dwo, sizeof(s->no_dwo), name);
}

/* Scans all units: compile units, partial units from dwz and, for split units
 * (CONFIG_DEBUG_INFO_SPLIT), those in the .dwo files. */
static void scan_file(struct scan *s, Dwarf *dbg, bool homes_only)
{
	Dwarf_Die unit, split, *die;
	Dwarf_CU *cu = NULL;
	uint8_t type;
	int rc = 0;

	while (s->left && !s->walk.damaged &&
	       (rc = dwarf_get_units(dbg, cu, &cu, NULL, &type, &unit,
				     &split)) == 0) {
		die = type == DW_UT_skeleton ? &split : &unit;
		if (!die->addr)
			scan_skeleton(s, cu, &unit, homes_only);
		else if (!homes_only || is_home(s, dwarf_diename(die)))
			scan_unit(s, die);
	}
	if (rc < 0)
		s->walk.damaged = true;
}

/* Returns true if a member that was found points to a structure that was
 * not. */
static bool leads_nowhere(const struct scan *s)
{
	unsigned int i;

	for (i = 0; i < IRQM_NR_MEMBERS; i++) {
		const struct irqm_member *m =
			irqm_row_member(s->l, &irqm_member_rows[i]);
		int row = -1;

		if (m->exists)
			row = irqm_rows_wanted(&s->rows, m->target);
		if (row >= 0 && s->rank[row] != IRQM_RANK_GOOD)
			return true;
	}
	/* these contain untyped pointers to the second structure */
	return (s->rank[IRQM_STRUCT_xarray] && !s->rank[IRQM_STRUCT_xa_node]) ||
	       (s->rank[IRQM_STRUCT_maple_tree] &&
		!s->rank[IRQM_STRUCT_maple_node]);
}

/*
 * Returns true if what the folders' units lack is not in this kernel: all
 * folders were seen, nothing required is missing, and no member points to a
 * missing structure. Otherwise (link-time optimisation, dwz, a newer kernel)
 * the whole file is scanned.
 */
static bool is_settled(const struct scan *s)
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
	/* where the APIC ids are; clang omits types that a unit does not use */
	return !leads_nowhere(s) && (s->l->cpuinfo_topology.apicid.exists ||
				     s->l->cpuinfo_x86.apicid.exists);
}

/* Returns the name of the file to which dwz -m moved types, if it was not
 * found. */
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
	if (!is_settled(s)) {
		scan_file(s, dbg, false);
		alt = s->left ? dwarf_getalt(dbg) : NULL;
		if (alt)
			scan_file(s, alt, false);
	}
	if (s->walk.damaged) {
		irqm_error_set(err, "its DWARF is damaged: is the file "
				    "complete? copy it again, or install the "
				    "kernel's debug package again");
		return -1;
	}
	for (i = 0; i < IRQM_NR_STRUCTS; i++)
		nr += s->rank[i] != 0;
	if (nr)
		return 0;
	other = missing_file(dbg);
	if (other)
		irqm_error_set(err,
			       "its types are in another file, which "
			       "cannot be found: %.150s",
			       other);
	else if (s->no_dwo[0])
		irqm_error_set(
			err,
			"its types are in .dwo files "
			"(CONFIG_DEBUG_INFO_SPLIT), and %s cannot "
			"be opened: keep vmlinux and the .dwo files in "
			"the folder where the kernel was built; irqmatrix "
			"learn does not read them, so use --vmlinux there",
			s->no_dwo);
	else
		irqm_error_set(err,
			       "its DWARF has none of the kernel's "
			       "interrupt structures: a kernel module, or a "
			       "kernel built without CONFIG_DEBUG_INFO? give "
			       "the vmlinux of the kernel's debug package");
	return -1;
}

static bool has_build_id(Dwarf *dbg, const void *id, size_t len)
{
	const void *own;

	return dwelf_elf_gnu_build_id(dwarf_getelf(dbg), &own) ==
		       (ssize_t)len &&
	       memcmp(own, id, len) == 0;
}

/* Gives dbg the file to which dwz moved types, unless libdw has opened it.
 * Returns what must be ended after dbg, or NULL. */
static Dwarf *open_dwz(Dwarf *dbg, const struct irqm_dwarf_files *files,
		       int *ret_fd)
{
	Dwarf *alt = NULL;
	const char *name;
	const void *id;
	ssize_t len;

	*ret_fd = -1;
	if (!files || dwarf_getalt(dbg))
		return NULL;
	len = dwelf_dwarf_gnu_debugaltlink(dbg, &name, &id);
	if (len > 0)
		*ret_fd = files->dwz(files->ctx, name, id, len);
	if (*ret_fd >= 0)
		alt = dwarf_begin(*ret_fd, DWARF_C_READ);
	if (alt && !has_build_id(alt, id, len)) {
		dwarf_end(alt);
		alt = NULL;
	}
	if (alt)
		dwarf_setalt(dbg, alt);
	return alt;
}

/* Sets err to why libdw does not open the file. */
static int set_refused(int fd, struct irqm_error *err)
{
	int dwerr = dwarf_errno();
	unsigned char id[6];

	if (pread(fd, id, sizeof(id), 0) != (ssize_t)sizeof(id)) {
		irqm_error_set(err, "cannot be read, or is empty");
	} else if (memcmp(id, "\177ELF", 4) != 0) {
		irqm_error_set(err,
			       "not an ELF file: a compressed kernel "
			       "(vmlinuz)? give the vmlinux of the kernel's "
			       "debug package");
	} else if (id[4] != 2 || id[5] != 1) {
		irqm_error_set(err, "not a 64-bit little-endian ELF file");
	} else {
		irqm_error_set(err,
			       "has no DWARF (%s): a stripped or "
			       "truncated vmlinux? install the kernel's debug "
			       "package",
			       dwarf_errmsg(dwerr));
	}
	return -1;
}

static int scan_new(struct irqm_layout *l, Dwarf *dbg,
		    const struct irqm_dwarf_files *files,
		    struct irqm_error *err)
{
	struct scan *s = calloc(1, sizeof(*s));
	int rc;

	if (!s) {
		irqm_error_memory(err);
		return -1;
	}
	s->l = l;
	s->files = files;
	irqm_rows_prepare(&s->rows);
	s->left = IRQM_NR_STRUCTS + IRQM_NR_ENUMS;
	rc = scan_all(s, dbg, err);
	free(s);
	return rc;
}

int irqm_layout_from_dwarf(struct irqm_layout *l, int fd,
			   const struct irqm_dwarf_files *files,
			   struct irqm_error *err)
{
	Dwarf *dbg, *alt;
	int alt_fd, rc;

	memset(l, 0, sizeof(*l));
	dbg = dwarf_begin(fd, DWARF_C_READ);
	if (!dbg)
		return set_refused(fd, err);
	alt = open_dwz(dbg, files, &alt_fd);
	rc = scan_new(l, dbg, files, err);
	dwarf_end(dbg);
	dwarf_end(alt);
	if (alt_fd >= 0)
		close(alt_fd);
	if (rc == 0)
		irqm_layout_finish(l);
	else
		memset(l, 0, sizeof(*l));
	return rc;
}
