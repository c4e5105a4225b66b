/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Learned kernels: what the tool needs of a vmlinux, kept in a file of tens of
 * kB for each kernel (`irqmatrix learn`), to read dumps that have no types.
 * One file holds any number of them. docs/kernels.md describes the format.
 *
 * A file is as little to be trusted as a dump: each line is checked, and a
 * layout is one that irqm_layout_finish() would leave as it is.
 */
#ifndef IRQM_TARGET_LEARNED_H
#define IRQM_TARGET_LEARNED_H

#include "layout/layout.h"
#include "target/target.h"
#include "target/vmlinux/build.h"

#define IRQM_LEARNED_MAGIC "irqmatrix-kernels 1\n"

/* Bytes of a file, and of one kernel in it; 25 kB in use. */
#define IRQM_LEARNED_FILE_MAX (128ULL << 20)
#define IRQM_LEARNED_MAX (1ULL << 20)

/* The variables, and VMCOREINFO's symbols; some have several values. */
#define IRQM_LEARNED_SYMBOLS 256
#define IRQM_LEARNED_NAME 64

struct irqm_learned_symbol {
	char name[IRQM_LEARNED_NAME];
	uint64_t value;         /* as linked */
};

struct irqm_learned {
	char release[IRQM_RELEASE_SIZE]; /* "": the file did not tell */
	int64_t time;           /* when it was learned, in epoch seconds */
	char from[128];         /* the file that it was learned from */
	const char *types;      /* "dwarf" or "btf" */
	uint64_t text, end;     /* of the image, as struct irqm_elf_symbols */
	struct irqm_build build;

	unsigned int nr_symbols;
	struct irqm_learned_symbol symbols[IRQM_LEARNED_SYMBOLS];
	struct irqm_layout layout;
};

/*
 * The names that VMCOREINFO has in SYMBOL() on x86-64, from 4.15 on, ended by
 * NULL. One that is not here is not compared.
 */
extern const char *const irqm_learned_names[];

/* The first value of name; false if the kernel has none. */
bool irqm_learned_symbol(const struct irqm_learned *k, const char *name,
			 uint64_t *ret_value);

/* As struct irqm_build.symbol; ctx is the struct irqm_learned. */
enum irqm_build_symbol irqm_learned_compare(void *ctx, const char *name,
					    uint64_t addr, uint64_t *ret_own);

/* Are both of the same build? Then one replaces the other. */
bool irqm_learned_same(const struct irqm_build *a, const struct irqm_build *b);

/* As text, to free(), and its length; NULL without memory. */
char *irqm_learned_print(const struct irqm_learned *k, size_t *ret_len);

/*
 * A piece of a file that holds one kernel. It is not read yet: the head says
 * who it is, and most of it is the layout.
 */
struct irqm_learned_text {
	const char *text;       /* not terminated */
	size_t len;
};

/*
 * The next kernel of a file's text from *at on: 1, 0 at the end, -1 with err.
 * The file's first line is checked where *at is 0.
 */
int irqm_learned_next(const char *text, size_t len, size_t *at,
		      struct irqm_learned_text *ret, struct irqm_error *err);

/*
 * Reads the head of a kernel: all but the layout. k's build can be checked
 * then, as long as k is not moved. 0, or -1 with err, and k has what could be
 * read.
 */
int irqm_learned_head(const struct irqm_learned_text *t,
		      struct irqm_learned *k, struct irqm_error *err);
/* All of it: 0, or -1 with err. */
int irqm_learned_parse(const struct irqm_learned_text *t,
		       struct irqm_learned *k, struct irqm_error *err);

#endif
