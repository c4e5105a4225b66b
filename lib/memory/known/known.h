/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kernels seen before: what was worked out from a dump's types and symbols,
 * in a directory of the user's, for the next dump that holds the same ones.
 *
 * A dump is hostile and must not change what is said of another one. An
 * entry's key is made from every byte that its content follows from, with a
 * secret of the directory: another dump finds the entry only by holding those
 * bytes, from which it would get the same content, and none can be made to
 * collide by who does not know the secret. An entry that someone else wrote,
 * or that was spoiled, is refused by the same secret. So the worst that a dump
 * can do is to have an entry of its own. What the bytes are is dump_key.h's.
 */
#ifndef IRQM_MEMORY_KNOWN_H
#define IRQM_MEMORY_KNOWN_H

#include "base/siphash.h"
#include "layout/layout.h"
#include "memory/kallsyms/kallsyms.h"

#define IRQM_KNOWN_SYMBOLS 64

struct irqm_known_entry {
	struct irqm_layout layout;
	/* from _stext; per-CPU variables as they are */
	uint64_t symbols[IRQM_KNOWN_SYMBOLS];
	uint8_t has_symbol[IRQM_KNOWN_SYMBOLS];
	/* from _stext, 0: none; relative_base as it is */
	struct irqm_kallsyms_where where;
};

struct irqm_files;
struct irqm_known;

/*
 * Opens the directory dir; makes it, and its secret, if it is not there. It
 * has to be the user's alone. symbols are the names of an entry's symbols
 * (nr, at most IRQM_KNOWN_SYMBOLS); entries that were written for others are
 * not found. 0, or -1 with err: then one does without.
 */
int irqm_known_open(const char *dir, const char *const symbols[],
		    unsigned int nr, struct irqm_known **ret,
		    struct irqm_error *err);
/* The same where files opens the directory, which is to outlive it. */
int irqm_known_open_files(const struct irqm_files *files,
			  const char *const symbols[], unsigned int nr,
			  struct irqm_known **ret, struct irqm_error *err);
void irqm_known_close(struct irqm_known *k); /* NULL is fine */

/*
 * The key of a dump: begin, and add each piece of the dump that the entry
 * follows from, in a fixed order: BTF, the tables of kallsyms, _stext's place
 * among them. They may be as the dump file holds them (compressed), together
 * with what says where they belong. Pieces are kept apart: "ab", "c" is not
 * "a", "bc". k is to outlive the key.
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
 * Fills all of e with the entry of a key. Returns 0; or -1 if there is none
 * (err's msg is "") or it is refused (msg says why). An entry's layout is as
 * irqm_layout_finish() leaves one.
 */
int irqm_known_load(const struct irqm_known *k,
		    const struct irqm_known_key *key,
		    struct irqm_known_entry *e, struct irqm_error *err);

/*
 * Writes an entry, at once or not at all; the oldest goes where there are
 * IRQM_KNOWN_ENTRIES. 0, or -1 with err.
 */
int irqm_known_store(const struct irqm_known *k,
		     const struct irqm_known_key *key,
		     const struct irqm_known_entry *e, struct irqm_error *err);

/* True if there is an entry of that name that is not refused. */
bool irqm_known_has(const struct irqm_known *k, const char *name);

#endif
