/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types of BTF: walks them, follows them, finds a member of a structure. The
 * data is little-endian, has any alignment, and is not trusted. */
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
#define IRQM_BTF_MAX_STEPS 32   /* typedefs, qualifiers, nested arrays */
#define IRQM_BTF_KIND_ENTRY 4   /* in the table of kinds: struct btf_layout */

struct irqm_btf {
	const uint8_t *types, *strings; /* owned by the caller */
	uint32_t types_len, strings_len;
	const uint8_t *table; /* table of nr_table kinds: how to skip them */
	uint32_t nr_table;
	const struct irqm_btf_loader *loader;
	size_t strings_at; /* offset of the strings in the data */
	uint32_t loaded;   /* bytes of the strings loaded so far */
	uint32_t whole;    /* bytes of these that are complete strings */
	bool unread;       /* a part could not be loaded */
	/* offset of each type; at[0] is that of type 1 */
	uint32_t *at;
	uint32_t nr;           /* types walked so far */
	uint32_t next;         /* offset of the next type */
	uint32_t visits;       /* limits the work on hostile types */
	uint32_t unknown_kind; /* an unknown kind that is needed, or 0 */
	uint32_t skipped;      /* an unknown kind that was skipped, or 0 */
	bool damaged;          /* the data is invalid: every call fails */
};

struct irqm_btf_type {
	uint32_t id;
	uint32_t name; /* offset of a string */
	uint32_t kind, vlen;
	bool flag;           /* kind_flag */
	uint32_t size;       /* bytes, or the id of a type */
	const uint8_t *rest; /* vlen entries, or other data of the kind */
};

static inline uint32_t irqm_btf_u32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Checks the header and allocates the index. Returns 0, or -1 with err. */
int irqm_btf_open(struct irqm_btf *b, const void *data, size_t size,
		  const struct irqm_btf_loader *loader, struct irqm_error *err);
void irqm_btf_close(struct irqm_btf *b);

/* Loads a part of the data. Returns false, with unread set, if that fails. */
bool irqm_btf_load(struct irqm_btf *b, size_t from, size_t len);

/* Gets the next type. Returns false at the end, or with damaged or unknown_kind
 * set. The functions below may be used after it returned false at the end. */
bool irqm_btf_next(struct irqm_btf *b, struct irqm_btf_type *ret);

/* Gets the type with an id. Returns false for void, and with damaged set if
 * there is no such type. */
bool irqm_btf_type(struct irqm_btf *b, uint32_t id, struct irqm_btf_type *ret);

/* The same without typedefs and qualifiers. Types may form loops. */
bool irqm_btf_peel(struct irqm_btf *b, uint32_t id, struct irqm_btf_type *ret);

/* Gets the size of a peeled type that is not an array. Returns false if it has
 * none. */
bool irqm_btf_size(const struct irqm_btf_type *t, uint32_t *ret_size);

/* Returns a string; "", with damaged set, if it is outside of the strings or
 * cannot be loaded. */
const char *irqm_btf_string(struct irqm_btf *b, uint32_t offset);

/*
 * Fills m with the member of structure id that path names: dots lead through
 * named structures, and anonymous ones are searched. *ret_leads_to is the id of
 * the structure that m->target names, or 0. Returns false if there is no such
 * member.
 */
bool irqm_btf_member(struct irqm_btf *b, uint32_t id, const char *path,
		     struct irqm_member *m, uint32_t *ret_leads_to);

/* Returns the size of a structure or union. */
uint32_t irqm_btf_struct_size(struct irqm_btf *b, uint32_t id);

/* btf_kinds.c: what follows the 12 bytes common to all kinds. */

/* Returns true if the kind of this type is one of the above. */
static inline bool irqm_btf_knows(const struct irqm_btf_type *t)
{
	return t->kind > 0 && t->kind < IRQM_BTF_NR_KINDS;
}

/* Returns the size of a type in the data, for unknown kinds from the table; 0:
 * unknown. */
uint64_t irqm_btf_bytes(const struct irqm_btf *b,
			const struct irqm_btf_type *t);

/* Checks the table's sizes of known kinds. Returns 0, or -1 with err. */
int irqm_btf_check_table(const struct irqm_btf *b, struct irqm_error *err);

/* Returns true if all types that were walked obey the format's rules. They do
 * not if a type was skipped with a wrong size. */
bool irqm_btf_keeps_rules(struct irqm_btf *b);

#endif
