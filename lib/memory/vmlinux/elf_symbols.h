/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The symbol table of an ELF vmlinux, by name and by address, as it was
 * linked. Private to this folder.
 */
#ifndef IRQM_MEMORY_ELF_SYMBOLS_H
#define IRQM_MEMORY_ELF_SYMBOLS_H

#include <gelf.h>

#include "memory/build.h"

struct irqm_elf_place;

/* To be all zeros before it is opened. */
struct irqm_elf_symbols {
	const Elf64_Sym *sym; /* in the mapped file */
	uint32_t nr;
	const char *names;
	size_t names_size;  /* the last byte is 0 */
	uint64_t text, end; /* of the kernel image */

	/* both made when they are first needed */
	uint32_t *slot; /* names' hash: symbol + 1; 0: empty */
	uint32_t mask;
	uint64_t steps;               /* that making it may still take */
	struct irqm_elf_place *place; /* sorted by value */
	uint32_t nr_places;
};

/*
 * 0, or -1 with err: it has none, they are damaged, or not a kernel's. To be
 * closed in either case; elf is to outlive it.
 */
int irqm_elf_symbols_open(struct irqm_elf_symbols *s, Elf *elf,
			  struct irqm_error *err);
void irqm_elf_symbols_close(struct irqm_elf_symbols *s);

/* Puts all of linux_banner into the build; nothing if the file has no data, or
 * the text does not end. */
void irqm_elf_banner(struct irqm_elf_symbols *s, Elf *elf,
		     struct irqm_build *b);

/* The symbol so named; NULL: there is none, or no memory. */
const Elf64_Sym *irqm_elf_symbol(struct irqm_elf_symbols *s, const char *name);

/* Whether a symbol of that name has that value; looks at all of them. */
bool irqm_elf_is_symbol(const struct irqm_elf_symbols *s, const char *name,
			uint64_t value);

/* All symbols of that name, one with each call: *i is 0 at first. */
const Elf64_Sym *irqm_elf_symbol_next(const struct irqm_elf_symbols *s,
				      const char *name, uint32_t *i);

/*
 * Name of the symbol that covers addr, and how far into it addr is. False if
 * there is none, or no memory.
 */
bool irqm_elf_symbol_at(struct irqm_elf_symbols *s, uint64_t addr, char *name,
			size_t size, uint64_t *ret_offset);

#endif
