/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The opened tables, for the sources of this folder: kallsyms.c opens them and
 * knows the values, names.c the packed names, and find.c looks for one by the
 * other; scan.c, which comes before, shares their bounds.
 */
#ifndef IRQM_MEMORY_KALLSYMS_TABLES_H
#define IRQM_MEMORY_KALLSYMS_TABLES_H

#include "memory/kallsyms/kallsyms.h"
#include "memory/window.h"

#define TOKENS 256U
/* An index is 16 bits wide; the last token begins at most there. */
#define TOKEN_TABLE_MAX (UINT16_MAX + 512U)
/* A bound, no fact: a kernel with everything built in stays far below. */
#define NAMES_MAX (1U << 26)
/* kallsyms_markers: the position of every 256th name. */
#define BLOCK 256U
/* 7 bits and 7 bits since 6.1, 73bbb94466fd. */
#define NAME_TOKENS_MAX 0x3fffU

enum kallsyms_form {
	FORM_ABSOLUTE, /* kallsyms_addresses, until 6.11 */
	FORM_RELATIVE, /* unsigned, from kallsyms_relative_base; 6.15 to 6.19 */
	FORM_PERCPU,   /* so, but >= 0 is a per-CPU offset; until 6.14 */
	FORM_PLACE,    /* from the entry's own address; since 7.0 */
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
	 * kallsyms_markers was found, else those that a walk came past.
	 */
	uint32_t *positions;
	uint32_t nr_positions, nr_blocks;
	uint64_t markers; /* or 0 */

	/* Memory that a look-up needed and could not read or use; or 0. */
	uint64_t unread;
};

/* One name of the table: its tokens. */
struct kallsyms_name {
	const unsigned char *tokens;
	size_t nr;
};

/* The bytes of a block of 256 names, as far as they are there. */
struct kallsyms_block {
	const unsigned char *p, *end;
	unsigned int nr; /* names that it should hold */
	bool big;        /* lengths may be of two bytes */
};

/* Entry i of the values, read as one of the form. */
bool irqm_kallsyms_value(struct irqm_kallsyms *k, enum kallsyms_form form,
			 uint32_t i, uint64_t *ret);

/*
 * The first of the symbols with the greatest value <= addr, as the kernel
 * has it. False if there is none or an entry that it depends on is missing.
 */
bool irqm_kallsyms_search(struct irqm_kallsyms *k, enum kallsyms_form form,
			  uint64_t addr, uint32_t *ret, uint64_t *ret_value);

/*
 * names.c: the length of 256 strings that lie one behind the other in the len
 * bytes of table, each where index says; 0 if they do not.
 */
size_t irqm_kallsyms_tokens_len(const char *table, size_t len,
				const uint16_t index[TOKENS]);
/* 0, or -1 if they cannot be read or are none. */
int irqm_kallsyms_read_tokens(struct irqm_kallsyms *k,
			      const struct irqm_target *memory);
/* The names' window and where its blocks begin; -1 without memory. */
int irqm_kallsyms_open_names(struct irqm_kallsyms *k,
			     const struct irqm_target *memory);

/* False if the block's names, or those before it, are not there. */
bool irqm_kallsyms_open_block(struct irqm_kallsyms *k, uint32_t block,
			      struct kallsyms_block *ret);
/* Steps over one name; NULL if the bytes up to end do not hold it. */
const unsigned char *irqm_kallsyms_next_name(const unsigned char *p,
					     const unsigned char *end, bool big,
					     struct kallsyms_name *ret);
/* The name without its type; cut to size. False if it is empty. */
bool irqm_kallsyms_expand(const struct irqm_kallsyms *k,
			  const struct kallsyms_name *name, char *dst,
			  size_t size);
/* The same of symbol i. */
bool irqm_kallsyms_name(struct irqm_kallsyms *k, uint32_t i, char *dst,
			size_t size);

/* A name that is not expanded has the same hash as its text. */
uint32_t irqm_kallsyms_hash(const char *name);
uint32_t irqm_kallsyms_name_hash(const struct irqm_kallsyms *k,
				 const struct kallsyms_name *name);

#endif
