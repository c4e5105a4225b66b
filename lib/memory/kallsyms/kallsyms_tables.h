/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The opened tables. Private to this folder: open.c opens them and reads the
 * values, names.c reads the compressed names, and find.c looks up names.
 * scan.c, which runs before, shares the limits.
 */
#ifndef IRQM_MEMORY_KALLSYMS_TABLES_H
#define IRQM_MEMORY_KALLSYMS_TABLES_H

#include "memory/kallsyms/kallsyms.h"
#include "memory/window.h"

#define TOKENS 256U
/* An index has 16 bits; the last token begins there at most. */
#define TOKEN_TABLE_MAX (UINT16_MAX + 512U)
/* A limit: a kernel with everything built in has far fewer. */
#define NAMES_MAX (1U << 26)
/* kallsyms_markers: the position of every 256th name. */
#define BLOCK 256U
/* 7 bits and 7 bits since 6.1, 73bbb94466fd. */
#define NAME_TOKENS_MAX 0x3fffU

enum kallsyms_form {
	FORM_ABSOLUTE, /* kallsyms_addresses, until 6.11 */
	FORM_RELATIVE, /* unsigned, from kallsyms_relative_base; 6.15 to 6.19 */
	/* also unsigned, but >= 0 is a per-CPU offset; until 6.14 */
	FORM_PERCPU,
	FORM_PLACE, /* relative to the entry's own address; since 7.0 */
	NR_FORMS
};

struct irqm_kallsyms {
	struct irqm_kallsyms_where where;
	uint64_t stext;
	uint32_t nr;
	enum kallsyms_form form;
	uint64_t base;

	char tokens[TOKEN_TABLE_MAX + 1];
	uint16_t token[TOKENS];
	uint16_t token_len[TOKENS];
	uint32_t token_hash[TOKENS];

	struct irqm_window names;
	struct irqm_window values;

	/*
	 * Where each block of 256 names begins in names. All are known if
	 * kallsyms_markers was found, otherwise those that a walk has passed.
	 */
	uint32_t *positions;
	uint32_t nr_positions, nr_blocks;
	uint64_t markers; /* may be 0 */

	/* Address that a lookup needed and could not read or use, or 0. */
	uint64_t unread;
};

/* A name of the table, as tokens. */
struct kallsyms_name {
	const unsigned char *tokens;
	size_t nr;
};

/* The available bytes of a block of 256 names. */
struct kallsyms_block {
	const unsigned char *p, *end;
	unsigned int nr; /* number of names that it should have */
	bool big;        /* lengths may have two bytes */
};

/* Gets entry i of the values, in this form. */
bool irqm_kallsyms_value(struct irqm_kallsyms *k, enum kallsyms_form form,
			 uint32_t i, uint64_t *ret);

/* Finds the first of the symbols with the greatest value <= addr, like the
 * kernel. Returns false if there is none, or if a needed entry is missing. */
bool irqm_kallsyms_search(struct irqm_kallsyms *k, enum kallsyms_form form,
			  uint64_t addr, uint32_t *ret, uint64_t *ret_value);

/* Returns the length of 256 consecutive strings in the len bytes of table, each
 * at its index, or 0 if they are not there (names.c). */
size_t irqm_kallsyms_tokens_len(const char *table, size_t len,
				const uint16_t index[TOKENS]);
/* Returns 0, or -1 if the tokens cannot be read or are invalid. */
int irqm_kallsyms_read_tokens(struct irqm_kallsyms *k,
			      const struct irqm_target *memory);
/* Opens the names' window and finds where its blocks begin. Returns -1 if out
 * of memory. */
int irqm_kallsyms_open_names(struct irqm_kallsyms *k,
			     const struct irqm_target *memory);

/* Returns false if the block's names, or those before it, are missing. */
bool irqm_kallsyms_open_block(struct irqm_kallsyms *k, uint32_t block,
			      struct kallsyms_block *ret);
/* Skips one name. Returns NULL if it does not end before end. */
const unsigned char *irqm_kallsyms_next_name(const unsigned char *p,
					     const unsigned char *end, bool big,
					     struct kallsyms_name *ret);
/* Expands a name without its type, cut to size. Returns false if it is
 * empty. */
bool irqm_kallsyms_expand(const struct irqm_kallsyms *k,
			  const struct kallsyms_name *name, char *dst,
			  size_t size);
/* The same for symbol i. */
bool irqm_kallsyms_name(struct irqm_kallsyms *k, uint32_t i, char *dst,
			size_t size);

/* Hashes a text. The hash of a compressed name with this text is equal. */
uint32_t irqm_kallsyms_hash(const char *name);
uint32_t irqm_kallsyms_name_hash(const struct irqm_kallsyms *k,
				 const struct kallsyms_name *name);

#endif
