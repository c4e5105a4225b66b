/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What dumpfile.c finds in the dump itself, dumpfile_known.c in the cache of
 * known kernels, and dumpfile_learned.c in files of learned ones. Private to
 * these.
 */
#ifndef IRQM_MEMORY_DUMPFILE_KNOWN_H
#define IRQM_MEMORY_DUMPFILE_KNOWN_H

#include "memory/dumpfile.h"
#include "memory/kallsyms/kallsyms.h"
#include "memory/learned/search.h"
#include "memory/paging.h"
#include "memory/target.h"
#include "memory/variables.h"
#include "memory/vmlinux/vmlinux.h"

/* Looked up in one pass: the variables, and where BTF begins and ends. */
enum {
	START_BTF = IRQM_NR_VARIABLES,
	STOP_BTF,
	NR_NAMES,
};

struct irqm_dumpfile {
	struct irqm_target target;
	struct irqm_layout layout;
	struct irqm_pages pages;
	struct irqm_paging paging;
	char *vmcoreinfo; /* of pages, if the header has none */
	uint64_t note;    /* physical address of vmcoreinfo_note, if that is
			     where it was found */
	bool truncated; /* something was beyond the file's end */

	/* Either the dump's own symbols ... */
	struct irqm_kallsyms *kallsyms;
	bool kallsyms_failed;
	uint64_t stext;
	struct irqm_kallsyms_where where;
	uint64_t values[NR_NAMES];
	bool found[NR_NAMES];
	uint64_t names_unread; /* irqm_kallsyms_find()'s result */
	/* ... or those of a vmlinux ... */
	struct irqm_vmlinux *vmlinux;
	/* ... or of a learned kernel, with names from the dump's kallsyms. */
	struct irqm_learned *learned;
	uint64_t learned_offset;
};

/* Names of what is looked up, NR_NAMES of them. */
void irqm_dumpfile_names(const char *names[]);

/* Where BTF is, once the names were looked up. */
bool irqm_dumpfile_btf(const struct irqm_dumpfile *f, uint64_t *ret_start,
		       uint64_t *ret_size);

/*
 * Opens the cache that files have; NULL if there is none, or the dump's format
 * does not allow it.
 */
struct irqm_lookup *irqm_lookup_open(const struct irqm_files *files,
				     const struct irqm_dumpfile *f);
void irqm_lookup_close(struct irqm_lookup *l);

/* Takes the names' values and the layout from the cache, or none of them. */
bool irqm_lookup_load(struct irqm_lookup *l, struct irqm_dumpfile *f);

/* Keeps what was read in the dump, after irqm_lookup_load() gave nothing. */
void irqm_lookup_store(struct irqm_lookup *l, struct irqm_dumpfile *f);

/*
 * Looks for the dump's kernel among the learned kernels in a place: 0 is the
 * options' kernels, others their kernel_places. Returns 1 if found, and uses its
 * symbols and types; 0 if it is not there, see seen; -1 with err if the place
 * cannot be read.
 */
int irqm_dumpfile_learned(struct irqm_dumpfile *f,
			  const struct irqm_dumpfile_options *o,
			  unsigned int place,
			  struct irqm_learned_seen *seen,
			  struct irqm_error *err);

/* The same for the options' kernel_places; true if found. */
bool irqm_dumpfile_learned_places(struct irqm_dumpfile *f,
				  const struct irqm_dumpfile_options *o,
				  struct irqm_learned_seen *seen);

/* Sets err if no kernel matches. reason: why the dump itself is not enough. */
void irqm_dumpfile_not_learned(const struct irqm_dumpfile *f,
			       const struct irqm_learned_seen *seen,
			       const char *reason, struct irqm_error *err);

/* The target's symbol_at, by the dump's kallsyms. */
bool irqm_dumpfile_kallsyms_at(void *ctx, uint64_t addr, char *name,
			       size_t size, uint64_t *ret_offset);

#endif
