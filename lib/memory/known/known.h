/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cache of known kernels: what was computed from a dump's symbols and
 * types, and names of functions, in a directory of the user, for the next dump
 * with the same symbols and types.
 *
 * A hostile dump must not affect the result for another one. The key of an
 * entry is computed from every byte that its content depends on, with a secret
 * of the directory. So another dump finds the entry only if it has the same
 * bytes, which give the same content, and without the secret no collision can
 * be constructed. With the same secret, an entry that was damaged or written by
 * someone else is recognised and refused. So the worst that a dump can do is to
 * add an entry of its own. dump_key.h chooses the bytes.
 */
#ifndef IRQM_MEMORY_KNOWN_H
#define IRQM_MEMORY_KNOWN_H

#include "base/siphash.h"
#include "layout/layout.h"
#include "memory/kallsyms/kallsyms.h"

#define IRQM_KNOWN_SYMBOLS 64
#define IRQM_KNOWN_NAMES 128

/* What irqm_kallsyms_at() returned for addresses in one symbol. */
struct irqm_known_name {
	uint32_t start; /* the symbol's value, relative to _stext */
	uint32_t last;  /* largest offset that is known to be in it */
	char name[56];  /* "": none */
};

struct irqm_known_entry {
	struct irqm_layout layout;
	/* relative to _stext; per-CPU variables unchanged */
	uint64_t symbols[IRQM_KNOWN_SYMBOLS];
	uint8_t has_symbol[IRQM_KNOWN_SYMBOLS];
	/* relative to _stext, 0: none; relative_base unchanged */
	struct irqm_kallsyms_where where;
	/* of functions that the first dump of this kernel refers to */
	struct irqm_known_name names[IRQM_KNOWN_NAMES];
	/* value of the last symbol, relative to _stext; 0: unknown */
	uint64_t last_symbol;
};

struct irqm_files;
struct irqm_known;

/*
 * Opens the directory dir, creating it and its secret if needed. Only the user
 * may have access to it. symbols are the names of an entry's symbols (nr, at
 * most IRQM_KNOWN_SYMBOLS); entries with other symbols are not found. Returns
 * 0, or -1 with err: then work without the cache.
 */
int irqm_known_open(const char *dir, const char *const symbols[],
		    unsigned int nr, struct irqm_known **ret,
		    struct irqm_error *err);
/* The same, but files opens the directory; files must outlive *ret. */
int irqm_known_open_files(const struct irqm_files *files,
			  const char *const symbols[], unsigned int nr,
			  struct irqm_known **ret, struct irqm_error *err);
void irqm_known_close(struct irqm_known *k); /* NULL is fine */

/*
 * The key of a dump: begin, and add each part of the dump that the entry
 * depends on, in a fixed order: BTF, the tables of kallsyms, _stext's place
 * among them. Parts may be as the dump file has them (compressed), together
 * with what tells where they belong. Parts are separated: "ab", "c" differs
 * from "a", "bc". k must outlive the key.
 */
struct irqm_known_key {
	struct irqm_siphash hash;
	const struct irqm_known *known;
};

void irqm_known_key_begin(struct irqm_known_key *key,
			  const struct irqm_known *k, const void *build_id,
			  size_t size);
void irqm_known_key_add(struct irqm_known_key *key, const void *data,
			size_t size);

/*
 * Fills e with the entry of a key. Returns 0; or -1 if there is none (err's msg
 * is "") or it is refused (msg says why). The layout is one that
 * irqm_layout_finish() accepts.
 */
int irqm_known_load(const struct irqm_known *k,
		    const struct irqm_known_key *key,
		    struct irqm_known_entry *e, struct irqm_error *err);

/* Writes an entry atomically, and removes the oldest one if there are more than
 * IRQM_KNOWN_ENTRIES. Returns 0, or -1 with err. */
int irqm_known_store(const struct irqm_known *k,
		     const struct irqm_known_key *key,
		     const struct irqm_known_entry *e, struct irqm_error *err);

/* Returns true if there is an entry of that name that is not refused. */
bool irqm_known_has(const struct irqm_known *k, const char *name);

#endif
