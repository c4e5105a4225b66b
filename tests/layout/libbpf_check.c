/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A second reader of BTF, over libbpf: shares with the program nothing but
 * members.def, and prints what dump_layout prints.
 *
 * Each structure is looked up by its tag as libbpf does it, which gives the
 * first definition; that there are more is noted on stderr.
 */
#include <bpf/btf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const wanted_structs[] = {
#define STRUCT(s, part) #s,
#include "layout/members.def"
};

static const struct {
	const char *tag, *path;
} wanted_members[] = {
#define MEMBER(s, m, path, need) { #s, path },
#include "layout/members.def"
};

static const char *const wanted_enums[] = {
#define ENUM(name, witness) witness,
#include "layout/members.def"
};

#define NR(a) (sizeof(a) / sizeof((a)[0]))

static struct btf *btf;

static const char *str(__u32 offset)
{
	return btf__name_by_offset(btf, offset);
}

static const struct btf_type *skip(__u32 id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (btf_is_mod(t) || btf_is_typedef(t))
		t = btf__type_by_id(btf, t->type);
	return t;
}

/* Where a member is in its structure; bits and type of it. */
struct place {
	long bits, bit_size;
	__u32 type;
};

static bool find(const struct btf_type *t, const char *name, size_t len,
		 long base, struct place *ret)
{
	const struct btf_member *m = btf_members(t);
	const struct btf_type *in;
	const char *n;
	int i;

	for (i = 0; i < btf_vlen(t); i++) {
		n = str(m[i].name_off);
		ret->bits = base + btf_member_bit_offset(t, i);
		ret->bit_size = btf_member_bitfield_size(t, i);
		ret->type = m[i].type;
		if (strlen(n) == len && strncmp(n, name, len) == 0)
			return true;
		in = skip(m[i].type);
		if (!*n && btf_is_composite(in) &&
		    find(in, name, len, ret->bits, ret))
			return true;
	}
	return false;
}

static bool follow(const struct btf_type *t, const char *path,
		   struct place *ret)
{
	const char *dot;
	long base = 0;

	while ((dot = strchr(path, '.'))) {
		if (!find(t, path, dot - path, base, ret))
			return false;
		base = ret->bits;
		t = skip(ret->type);
		path = dot + 1;
	}
	return find(t, path, strlen(path), base, ret);
}

static const struct btf_type *element(const struct btf_type *t, long *count)
{
	for (*count = 1; btf_is_array(t); t = skip(btf_array(t)->type))
		*count *= btf_array(t)->nelems;
	return t;
}

static long size_of(const struct btf_type *t)
{
	return btf_is_ptr(t) ? 8 : t->size;
}

static const char *target_of(const struct btf_type *t)
{
	if (t->name_off && (btf_is_composite(t) || btf_is_fwd(t)))
		return str(t->name_off);
	return "-";
}

static void print_place(const struct place *p)
{
	const struct btf_type *t = skip(p->type), *e;
	long size = 0, count = 0, elem = 0, bit = 0, ignored;
	const char *kind = "int";

	e = element(t, &ignored);
	if (btf_is_array(t)) {
		kind = "array";
		elem = size_of(e);
		element(t, &count);
		size = btf__resolve_size(btf, p->type);
	} else {
		size = size_of(t);
	}
	if (btf_is_ptr(t)) {
		kind = "pointer";
		e = element(skip(t->type), &ignored);
	} else if (btf_is_composite(t)) {
		kind = "struct";
	}
	if (p->bit_size) {
		bit = p->bits % 8;
		size = (bit + p->bit_size + 7) / 8;
	}
	printf("%ld %ld %ld %ld %s %ld %ld %s\n", p->bits / 8, size, bit,
	       p->bit_size, kind, count, elem, target_of(e));
}

static void note_others(int first)
{
	const struct btf_type *t = btf__type_by_id(btf, first), *o;
	__u32 i;

	for (i = first + 1; i < btf__type_cnt(btf); i++) {
		o = btf__type_by_id(btf, i);
		if (btf_is_struct(o) && o->name_off == t->name_off)
			fprintf(stderr,
				"note: struct %s is type %d, of %u "
				"bytes, and type %u, of %u\n",
				str(t->name_off), first, t->size, i, o->size);
	}
}

static void print_structs(void)
{
	size_t i;
	int id;

	for (i = 0; i < NR(wanted_structs); i++) {
		id = btf__find_by_name_kind(btf, wanted_structs[i],
					    BTF_KIND_STRUCT);
		if (id < 0) {
			printf("struct %s -\n", wanted_structs[i]);
			continue;
		}
		printf("struct %s size %u\n", wanted_structs[i],
		       btf__type_by_id(btf, id)->size);
		note_others(id);
	}
}

static void print_members(void)
{
	struct place p;
	size_t i;
	int id;

	for (i = 0; i < NR(wanted_members); i++) {
		printf("%s.%s ", wanted_members[i].tag, wanted_members[i].path);
		id = btf__find_by_name_kind(btf, wanted_members[i].tag,
					    BTF_KIND_STRUCT);
		if (id > 0 && follow(btf__type_by_id(btf, id),
				     wanted_members[i].path, &p))
			print_place(&p);
		else
			printf("-\n");
	}
}

/* An enumerator of t: its name and value; both sizes of enumerations. */
static const char *enumerator(const struct btf_type *t, int i, long long *v)
{
	if (btf_is_enum64(t)) {
		*v = btf_enum64_value(&btf_enum64(t)[i]);
		return str(btf_enum64(t)[i].name_off);
	}
	*v = btf_enum(t)[i].val;
	if (!btf_kflag(t))
		*v = (__u32)*v;
	return str(btf_enum(t)[i].name_off);
}

static bool print_enum(const struct btf_type *t, const char *witness)
{
	bool found = false;
	const char *name;
	long long v;
	int i;

	for (i = 0; i < btf_vlen(t) && !found; i++)
		found = strcmp(enumerator(t, i, &v), witness) == 0;
	for (i = 0; i < btf_vlen(t) && found; i++) {
		name = enumerator(t, i, &v);
		printf("enum %s %s %lld\n", witness, name, v);
	}
	return found;
}

static void print_enums(void)
{
	const struct btf_type *t;
	bool found;
	size_t i;
	__u32 id;

	for (i = 0; i < NR(wanted_enums); i++) {
		found = false;
		for (id = 1; id < btf__type_cnt(btf) && !found; id++) {
			t = btf__type_by_id(btf, id);
			found = btf_is_any_enum(t) &&
				print_enum(t, wanted_enums[i]);
		}
		if (!found)
			printf("enum %s -\n", wanted_enums[i]);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: libbpf_check VMLINUX\n");
		return 2;
	}
	btf = btf__parse(argv[1], NULL);
	if (!btf) {
		fprintf(stderr, "libbpf_check: %s: no BTF\n", argv[1]);
		return 2;
	}
	print_structs();
	print_members();
	print_enums();
	btf__free(btf);
	return 0;
}
