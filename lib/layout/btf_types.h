/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Types of BTF: walking them, following them, finding a member of a
 * structure. Little-endian, at any alignment; nothing in it is trusted.
 */
#ifndef IRQM_LAYOUT_BTF_TYPES_H
#define IRQM_LAYOUT_BTF_TYPES_H

#include "layout/btf.h"

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
};

struct irqm_btf {
	const uint8_t *types, *strings; /* the caller's */
	uint32_t types_len, strings_len;
	const struct irqm_btf_loader *loader;
	size_t strings_at;     /* where they are in the data */
	uint32_t loaded;       /* bytes of them that were loaded so far */
	uint32_t whole;        /* what of these are whole strings */
	bool unread;           /* something could not be loaded */
	uint32_t *at;          /* offset of each type; at[0] is type 1's */
	uint32_t nr;           /* types that were walked over so far */
	uint32_t next;         /* offset of the next one */
	uint32_t visits;       /* bounds the work on hostile types */
	uint32_t unknown_kind; /* what ended the walk, or 0 */
	bool damaged;          /* something made no sense: all ends */
};

struct irqm_btf_type {
	uint32_t id;
	uint32_t name;         /* offset of a string */
	uint32_t kind, vlen;
	bool flag;             /* kind_flag */
	uint32_t size;         /* bytes, or the id of a type */
	const uint8_t *rest;   /* vlen entries, or what the kind has */
};

static inline uint32_t irqm_btf_u32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Checks the header and allocates the index; 0, or -1 with err. */
int irqm_btf_open(struct irqm_btf *b, const void *data, size_t size,
		  const struct irqm_btf_loader *loader,
		  struct irqm_error *err);
void irqm_btf_close(struct irqm_btf *b);

/*
 * The next type; false at the end, or with damaged or unknown_kind set. All
 * below may be used once it has returned false for the end.
 */
bool irqm_btf_next(struct irqm_btf *b, struct irqm_btf_type *ret);

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

#endif
