/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A second reader of the layout's table, over libdwarf: shares with the
 * program nothing but members.def, and prints what dump_layout prints.
 *
 * It works the other way round: each unit's whole tree of types becomes a
 * list of (offset of entry -> entry) only where asked, all definitions of a
 * tag are kept apart, and the choice between them is made at the end, with a
 * note on stderr where they differ.
 */
#include "tests/layout/libdwarf_types.h"

#include <dwarf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The table, as text. */
struct wanted_member {
	const char *tag, *path;
	bool required;
};

static const char *const wanted_structs[] = {
#define STRUCT(s, part) #s,
#include "layout/members.def"
};

static const struct wanted_member wanted_members[] = {
#define REQUIRED true
#define OPTIONAL false
#define MEMBER(s, m, path, need) { #s, path, need },
#include "layout/members.def"
};

static const char *const wanted_enums[] = {
#define ENUM(name, witness) witness,
#include "layout/members.def"
};

#define NR(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_TEXT 16384

/* The best definition of each so far, already as text. */
static struct {
	int score;
	char *text;
} structs[NR(wanted_structs)];
static char *enums[NR(wanted_enums)];

/* All members of a structure under their full dotted names. */
struct listing {
	const char *tag;
	char prefix[128];
	long long base;
	char *out; /* lines for the wanted ones, or NULL */
	bool have[NR(wanted_members)];
	char line[NR(wanted_members)][160];
	int depth;
};

static bool list_member(Dwarf_Die m, void *arg);

static void list_inner(struct listing *l, Dwarf_Die m, const char *name)
{
	char saved[sizeof(l->prefix)];
	long long base = l->base;
	size_t len = strlen(l->prefix);
	Dwarf_Die t = type_of(m);

	/* no path of the table is longer than three names */
	if (aggregate(t) && l->depth < 12) {
		memcpy(saved, l->prefix, sizeof(saved));
		if (*name)
			snprintf(l->prefix + len, sizeof(l->prefix) - len,
				 "%s.", name);
		l->base += position(m, 0);
		l->depth++;
		children(t, list_member, l);
		l->depth--;
		l->base = base;
		memcpy(l->prefix, saved, sizeof(saved));
	}
	drop(t);
}

static bool leads_on(const struct listing *l, const char *full)
{
	size_t i, len = strlen(full);

	for (i = 0; i < NR(wanted_members); i++) {
		if (strcmp(wanted_members[i].tag, l->tag) == 0 &&
		    strncmp(wanted_members[i].path, full, len) == 0 &&
		    wanted_members[i].path[len] == '.')
			return true;
	}
	return false;
}

static void list_line(struct listing *l, size_t i, Dwarf_Die m)
{
	long long pos, bit_size = 0, bit = 0;
	struct typed ty;

	typed_of(m, &ty);
	pos = l->base + position(m, ty.size);
	if (constant(m, DW_AT_bit_size, &bit_size)) {
		bit = pos % 8;
		ty.size = (bit + bit_size + 7) / 8;
	}
	l->have[i] = true;
	snprintf(l->line[i], sizeof(l->line[i]),
		 "%lld %lld %lld %lld %s %lld %lld %s", pos / 8, ty.size, bit,
		 bit_size, ty.kind, ty.count, ty.elem,
		 ty.target[0] ? ty.target : "-");
}

static bool list_member(Dwarf_Die m, void *arg)
{
	struct listing *l = arg;
	char name[128], full[300];
	size_t i;

	if (tag_of(m) != DW_TAG_member)
		return false;
	name_of(m, name, sizeof(name));
	snprintf(full, sizeof(full), "%s%s", l->prefix, name);
	for (i = 0; *name && i < NR(wanted_members); i++) {
		if (!l->have[i] && strcmp(wanted_members[i].tag, l->tag) == 0 &&
		    strcmp(wanted_members[i].path, full) == 0)
			list_line(l, i, m);
	}
	if (!*name || leads_on(l, full))
		list_inner(l, m, name);
	return false;
}

/* Required ones first, then any, then how many. */
static int score(const struct listing *l)
{
	int n = 0, all = 1;
	size_t i;

	for (i = 0; i < NR(wanted_members); i++) {
		if (strcmp(wanted_members[i].tag, l->tag) != 0)
			continue;
		n += l->have[i];
		if (wanted_members[i].required && !l->have[i])
			all = 0;
	}
	return all && n ? 1000 : 1 + n;
}

static void print_struct(FILE *f, const struct listing *l)
{
	size_t i;

	for (i = 0; i < NR(wanted_members); i++) {
		if (strcmp(wanted_members[i].tag, l->tag) == 0)
			fprintf(f, "%s.%s %s\n", l->tag, wanted_members[i].path,
				l->have[i] ? l->line[i] : "-");
	}
}

static void take_struct(Dwarf_Die d, size_t row)
{
	struct listing *l = calloc(1, sizeof(*l));
	size_t size;
	char *text;
	FILE *f;
	int sc;

	if (!l)
		die("out of memory");
	l->tag = wanted_structs[row];
	children(d, list_member, l);
	sc = score(l);
	f = open_memstream(&text, &size);
	fprintf(f, "struct %s size %lld\n", l->tag, bytes_of(d));
	print_struct(f, l);
	fclose(f);
	if (structs[row].text && strcmp(structs[row].text, text) != 0)
		fprintf(stderr, "note: struct %s is defined twice:\n%s%s",
			l->tag, structs[row].text, text);
	if (sc > structs[row].score) {
		free(structs[row].text);
		structs[row].text = text;
		structs[row].score = sc;
	} else {
		free(text);
	}
	free(l);
}

struct enum_list {
	FILE *f;
	const char *witness; /* the row's, once it is known */
	bool second_time;
};

static bool find_witness(Dwarf_Die d, void *arg)
{
	struct enum_list *l = arg;
	char name[128];
	size_t i;

	name_of(d, name, sizeof(name));
	for (i = 0; i < NR(wanted_enums); i++) {
		if (strcmp(name, wanted_enums[i]) == 0) {
			l->witness = wanted_enums[i];
			l->second_time = enums[i] != NULL;
			return true;
		}
	}
	return false;
}

static bool print_enumerator(Dwarf_Die d, void *arg)
{
	struct enum_list *l = arg;
	long long v = 0;
	char name[128];

	name_of(d, name, sizeof(name));
	constant(d, DW_AT_const_value, &v);
	fprintf(l->f, "enum %s %s %lld\n", l->witness, name, v);
	return false;
}

static void take_enum(Dwarf_Die d)
{
	struct enum_list l = { 0 };
	size_t size, i;

	if (!children(d, find_witness, &l) || l.second_time)
		return;
	for (i = 0; i < NR(wanted_enums); i++) {
		if (wanted_enums[i] != l.witness)
			continue;
		l.f = open_memstream(&enums[i], &size);
		children(d, print_enumerator, &l);
		fclose(l.f);
	}
}

static bool take_top(Dwarf_Die d, void *arg)
{
	char name[128];
	Dwarf_Bool declared = 0;
	Dwarf_Half tag = tag_of(d);
	size_t i;

	(void)arg;
	if (tag == DW_TAG_enumeration_type)
		take_enum(d);
	if (tag != DW_TAG_structure_type)
		return false;
	dwarf_hasattr(d, DW_AT_declaration, &declared, NULL);
	if (declared)
		return false;
	name_of(d, name, sizeof(name));
	for (i = 0; *name && i < NR(wanted_structs); i++) {
		if (strcmp(wanted_structs[i], name) == 0)
			take_struct(d, i);
	}
	return false;
}

static void read_units(void)
{
	Dwarf_Unsigned abbrev, type_off, next;
	Dwarf_Half version, addr, off, ext, type;
	Dwarf_Unsigned len;
	Dwarf_Sig8 sig;
	Dwarf_Die unit;
	int rc;

	for (;;) {
		rc = dwarf_next_cu_header_d(dbg, 1, &len, &version, &abbrev,
					    &addr, &off, &ext, &sig, &type_off,
					    &next, &type, NULL);
		if (rc == DW_DLV_NO_ENTRY)
			return;
		if (rc != DW_DLV_OK ||
		    dwarf_siblingof_b(dbg, NULL, 1, &unit, NULL) != DW_DLV_OK)
			die("damaged unit");
		children(unit, take_top, NULL);
		drop(unit);
	}
}

/* dump_layout prints structures, then members, then enumerations. */
static void print_all(void)
{
	size_t i, j;
	char *nl;

	for (i = 0; i < NR(wanted_structs); i++) {
		nl = structs[i].text ? strchr(structs[i].text, '\n') : NULL;
		if (nl)
			printf("%.*s\n", (int)(nl - structs[i].text),
			       structs[i].text);
		else
			printf("struct %s -\n", wanted_structs[i]);
	}
	for (i = 0; i < NR(wanted_structs); i++) {
		if (structs[i].text) {
			printf("%s", strchr(structs[i].text, '\n') + 1);
			continue;
		}
		for (j = 0; j < NR(wanted_members); j++) {
			if (strcmp(wanted_members[j].tag, wanted_structs[i]) ==
			    0)
				printf("%s.%s -\n", wanted_members[j].tag,
				       wanted_members[j].path);
		}
	}
	for (i = 0; i < NR(wanted_enums); i++) {
		if (enums[i])
			printf("%s", enums[i]);
		else
			printf("enum %s -\n", wanted_enums[i]);
	}
}

int main(int argc, char **argv)
{
	int fd;

	if (argc != 2)
		die("usage: libdwarf_check VMLINUX");
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || dwarf_init_b(fd, DW_DLC_READ, DW_GROUPNUMBER_ANY, NULL,
				   NULL, &dbg, NULL) != DW_DLV_OK)
		die("cannot read the file");
	read_units();
	print_all();
	return 0;
}
