/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The symbol table of an ELF vmlinux, by name and by address, as linked.
 * Private to this folder. */
#ifndef IRQM_MEMORY_ELF_SYMBOLS_H
#define IRQM_MEMORY_ELF_SYMBOLS_H

#include <gelf.h>

#include "memory/build.h"

struct irqm_elf_place;

/* Zero this before it is opened. */
struct irqm_elf_symbols {
	const Elf64_Sym *sym; /* in the mapped file */
	uint32_t nr;
	const char *names;
	size_t names_size;  /* the last byte is 0 */
	uint64_t text, end; /* of the kernel image */

	/* both are built when they are first needed */
	uint32_t *slot; /* hash table of names: symbol + 1; 0: empty */
	uint32_t mask;
	/* steps that building it may still take */
	uint64_t steps;
	struct irqm_elf_place *place; /* sorted by value */
	uint32_t nr_places;
};

/* Returns 0, or -1 with err: no symbols, damaged ones, or not a kernel's. Close
 * s in either case; elf must outlive it. */
int irqm_elf_symbols_open(struct irqm_elf_symbols *s, Elf *elf,
			  struct irqm_error *err);
void irqm_elf_symbols_close(struct irqm_elf_symbols *s);

/* Copies linux_banner into the build. Does nothing if the file has no data, or
 * the text does not end. */
void irqm_elf_banner(struct irqm_elf_symbols *s, Elf *elf,
		     struct irqm_build *b);

/* Returns the symbol with this name; NULL if there is none, or if out of
 * memory. */
const Elf64_Sym *irqm_elf_symbol(struct irqm_elf_symbols *s, const char *name);

/* Returns true if a symbol has this name and value. Compares all symbols. */
bool irqm_elf_is_symbol(const struct irqm_elf_symbols *s, const char *name,
			uint64_t value);

/* Iterates over the symbols with this name. Set *i to 0 before the first
 * call. */
const Elf64_Sym *irqm_elf_symbol_next(const struct irqm_elf_symbols *s,
				      const char *name, uint32_t *i);

/* Gets the name of the symbol that covers addr, and the offset of addr in it.
 * Returns false if there is none, or if out of memory. */
bool irqm_elf_symbol_at(struct irqm_elf_symbols *s, uint64_t addr, char *name,
			size_t size, uint64_t *ret_offset);

#endif
