/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Learned kernels: the part of a vmlinux that is needed to read dumps without
 * types, tens of kB for each kernel. `irqmatrix learn` writes them; a file
 * holds any number. docs/kernels.md describes the format.
 *
 * A file is trusted no more than a dump: each line is checked, and a layout is
 * accepted only if irqm_layout_finish() would not change it.
 */
#ifndef IRQM_MEMORY_LEARNED_H
#define IRQM_MEMORY_LEARNED_H

#include "layout/layout.h"
#include "memory/build.h"
#include "memory/target.h"

#define IRQM_LEARNED_MAGIC "irqmatrix-kernels 1\n"

/* Limits on the bytes of a file, and of a kernel in it, which has 25 kB in
 * practice. */
#define IRQM_LEARNED_FILE_MAX (128ULL << 20)
#define IRQM_LEARNED_MAX (1ULL << 20)

/* Limit on symbols: the variables and VMCOREINFO's; some have several
 * values. */
#define IRQM_LEARNED_SYMBOLS 256
#define IRQM_LEARNED_NAME 64

struct irqm_learned_symbol {
	char name[IRQM_LEARNED_NAME];
	uint64_t value; /* as linked */
};

struct irqm_learned {
	char release[IRQM_RELEASE_SIZE]; /* "": unknown */
	int64_t time;       /* when it was learned, in epoch seconds */
	char from[128];     /* the file that it was learned from */
	const char *types;  /* "dwarf" or "btf" */
	uint64_t text, end; /* of the image, as in struct irqm_elf_symbols */
	struct irqm_build build;

	unsigned int nr_symbols;
	struct irqm_learned_symbol symbols[IRQM_LEARNED_SYMBOLS];
	struct irqm_layout layout;
};

/* The names in VMCOREINFO's SYMBOL() lines on x86-64 since 4.15, ending with
 * NULL. Other names are not compared. */
extern const char *const irqm_learned_names[];

/* Gets the first value of name. Returns false if the kernel has no such
 * symbol. */
bool irqm_learned_symbol(const struct irqm_learned *k, const char *name,
			 uint64_t *ret_value);

/* For struct irqm_build.symbol; ctx is the struct irqm_learned. */
enum irqm_build_symbol irqm_learned_compare(void *ctx, const char *name,
					    uint64_t addr, uint64_t *ret_own);

/* Returns true if both are the same build, so that one replaces the other. */
bool irqm_learned_same(const struct irqm_build *a, const struct irqm_build *b);

/* Returns k as text, to be freed with free(), and its length. Returns NULL if
 * out of memory. */
char *irqm_learned_print(const struct irqm_learned *k, size_t *ret_len);

/*
 * The part of a file that holds one kernel, not parsed yet. The head identifies
 * the kernel; most of the rest is the layout.
 */
struct irqm_learned_text {
	const char *text; /* not terminated */
	size_t len;
};

/*
 * Finds the next kernel in a file's text from *at on. Returns 1, 0 at the end,
 * or -1 with err. If *at is 0, checks the first line of the file.
 */
int irqm_learned_next(const char *text, size_t len, size_t *at,
		      struct irqm_learned_text *ret, struct irqm_error *err);

/*
 * Parses the head of a kernel, that is, all but the layout. Then k's build can
 * be checked, as long as k is not moved. Returns 0, or -1 with err, and k has
 * what could be parsed.
 */
int irqm_learned_head(const struct irqm_learned_text *t, struct irqm_learned *k,
		      struct irqm_error *err);
/* Parses all of it. Returns 0, or -1 with err. */
int irqm_learned_parse(const struct irqm_learned_text *t,
		       struct irqm_learned *k, struct irqm_error *err);

#endif
