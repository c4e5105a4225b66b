/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Types of BTF: walking them, following them, finding a member of a
 * structure. Little-endian, at any alignment; nothing in it is trusted.
 */
#ifndef IRQM_LAYOUT_BTF_TYPES_H
#define IRQM_LAYOUT_BTF_TYPES_H

#include "layout/layout.h"

struct irqm_btf_loader;

/* include/uapi/linux/btf.h */
enum irqm_btf_kind {
	IRQM_BTF_INT = 1,
	IRQM_BTF_PTR,
	IRQM_BTF_ARRAY,
	IRQM_BTF_STRUCT,
	IRQM_BTF_UNION,
	IRQM_BTF_ENUM,
	IRQM_BTF_FWD,
	IRQM_BTF_TYPEDEF,
	IRQM_BTF_VOLATILE,
	IRQM_BTF_CONST,
	IRQM_BTF_RESTRICT,
	IRQM_BTF_FUNC,
	IRQM_BTF_FUNC_PROTO,
	IRQM_BTF_VAR,
	IRQM_BTF_DATASEC,
	IRQM_BTF_FLOAT,
	IRQM_BTF_DECL_TAG,
	IRQM_BTF_TYPE_TAG,
	IRQM_BTF_ENUM64,
	IRQM_BTF_NR_KINDS,
	IRQM_BTF_MAX_KINDS = 128,
};

#define IRQM_BTF_TYPE_SIZE 12   /* name, info, size or type */
#define IRQM_BTF_MEMBER_SIZE 12 /* name, type, offset */
#define IRQM_BTF_MAX_STEPS 32   /* typedefs, qualifiers, arrays of arrays */
#define IRQM_BTF_KIND_ENTRY 4   /* of the table of kinds: struct btf_layout */

struct irqm_btf {
	const uint8_t *types, *strings; /* the caller's */
	uint32_t types_len, strings_len;
	const uint8_t *table; /* of nr_table kinds: how to skip them */
	uint32_t nr_table;
	const struct irqm_btf_loader *loader;
	size_t strings_at;     /* where they are in the data */
	uint32_t loaded;       /* bytes of them that were loaded so far */
	uint32_t whole;        /* what of these are whole strings */
	bool unread;           /* something could not be loaded */
	uint32_t *at;          /* offset of each type; at[0] is type 1's */
	uint32_t nr;           /* types that were walked over so far */
	uint32_t next;         /* offset of the next one */
	uint32_t visits;       /* bounds the work on hostile types */
	uint32_t unknown_kind; /* an unknown kind that is needed; or 0 */
	uint32_t skipped;      /* an unknown kind that was skipped, or 0 */
	bool damaged;          /* something made no sense: all ends */
};

struct irqm_btf_type {
	uint32_t id;
	uint32_t name; /* offset of a string */
	uint32_t kind, vlen;
	bool flag;           /* kind_flag */
	uint32_t size;       /* bytes, or the id of a type */
	const uint8_t *rest; /* vlen entries, or what the kind has */
};

static inline uint32_t irqm_btf_u32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Checks the header and allocates the index; 0, or -1 with err. */
int irqm_btf_open(struct irqm_btf *b, const void *data, size_t size,
		  const struct irqm_btf_loader *loader, struct irqm_error *err);
void irqm_btf_close(struct irqm_btf *b);

/* Loads a part of the data; false, with unread set, if that fails. */
bool irqm_btf_load(struct irqm_btf *b, size_t from, size_t len);

/*
 * The next type; false at the end, or with damaged or unknown_kind set. All
 * below may be used once it has returned false for the end.
 */
bool irqm_btf_next(struct irqm_btf *b, struct irqm_btf_type *ret);

/* Gets the type of an id; false for void, and with damaged set for no type. */
bool irqm_btf_type(struct irqm_btf *b, uint32_t id, struct irqm_btf_type *ret);

/* The same without typedefs and qualifiers. Types may form loops. */
bool irqm_btf_peel(struct irqm_btf *b, uint32_t id, struct irqm_btf_type *ret);

/* Gets the size of a peeled type that is no array; false if it has none. */
bool irqm_btf_size(const struct irqm_btf_type *t, uint32_t *ret_size);

/*
 * A string; "", with damaged set, if it is outside of the strings or cannot
 * be loaded.
 */
const char *irqm_btf_string(struct irqm_btf *b, uint32_t offset);

/*
 * Fills m with the member of the structure id that path names: dots lead
 * through named structures, anonymous ones are looked through. *ret_leads_to
 * is the id of the structure m->target names, or 0. False if there is none.
 */
bool irqm_btf_member(struct irqm_btf *b, uint32_t id, const char *path,
		     struct irqm_member *m, uint32_t *ret_leads_to);

/* Bytes of a structure or union. */
uint32_t irqm_btf_struct_size(struct irqm_btf *b, uint32_t id);

/* btf_kinds.c: what follows the 12 bytes common to all kinds. */

/* True if the kind of this type is one of the above. */
static inline bool irqm_btf_knows(const struct irqm_btf_type *t)
{
	return t->kind > 0 && t->kind < IRQM_BTF_NR_KINDS;
}

/* Returns the bytes of a type, for unknown kinds from the table; 0: unknown. */
uint64_t irqm_btf_bytes(const struct irqm_btf *b,
			const struct irqm_btf_type *t);

/* Checks what the table says about known kinds. Returns 0, or -1 with err. */
int irqm_btf_check_table(const struct irqm_btf *b, struct irqm_error *err);

/*
 * True if all types that were walked over obey the format's rules. They do not
 * if a type was skipped with a wrong size.
 */
bool irqm_btf_keeps_rules(struct irqm_btf *b);

#endif
