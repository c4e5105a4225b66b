/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reader: what the files of this folder share while a snapshot is built.
 *
 * Every access to the dump goes through it. A failed read leaves a line in
 * the snapshot's unread[] and the fact unknown; nothing else happens.
 */
#ifndef IRQM_SNAPSHOT_READER_H
#define IRQM_SNAPSHOT_READER_H

#include "snapshot/address_map.h"
#include "snapshot/snapshot.h"

/* A piece of a module's memory. */
struct module_range {
	uint64_t start, end;
	uint64_t module; /* address of its struct module */
};

/* A read that failed; IRQM_OK: none. */
struct module_failure {
	enum irqm_why why;
	uint64_t addr;
};

/* What is known of the modules so far: modules.c. */
struct modules {
	bool walked;
	struct module_failure list;  /* the first, of where modules are */
	uint64_t noted;              /* the address that was noted last */
	struct module_range *ranges; /* by start */
	unsigned int nr, room;
	unsigned int looked_at; /* symbols, for all names */
};

struct reader {
	struct irqm_target *target;
	const struct irqm_layout *layout;
	struct irqm_snapshot *s;
	struct irqm_arena *arena; /* of s */

	unsigned int flags; /* IRQM_READ_* */
	unsigned int steps; /* taken; see irqm_reader_step() */

	uint64_t *percpu_offset; /* __per_cpu_offset[nr_cpu_ids], or NULL */
	bool cpumask_known;      /* cpumask_var_t is known ... */
	bool cpumask_is_pointer; /* ... and a pointer: CPUMASK_OFFSTACK */

	uint64_t vector_domain; /* *x86_vector_domain, or 0 */
	struct modules modules;
	/* what was read already, by address */
	struct address_map names;      /* irq_domain, irq_chip ...: its name */
	struct address_map chip_flags; /* irq_chip: its flags */
	struct address_map functions;  /* a function: its name */
	struct address_map names_unread; /* a page of kallsyms: noted */
	struct address_map devices; /* struct device: index + 1 in devices[] */
	struct address_map descs;   /* irq_desc: index + 1 in irqs[] */
	struct address_map ir_tables; /* of Intel's IOMMU, of AMD's slot for a
					  device: its remapping table, or 0 */

	irqm_num eim_mode; /* Intel: destinations have 32 bits */
	irqm_num amd_ga;   /* AMD: entries have 128 bits */

	bool no_memory; /* an allocation failed: all is void */
};

/* Allocate in the snapshot; sets no_memory on failure. */
void *irqm_reader_alloc(struct reader *r, size_t count, size_t size);
char *irqm_reader_strdup(struct reader *r, const char *s);

/* Note that something could not be read or made sense of. */
__attribute__((format(printf, 4, 5))) void
irqm_reader_note(struct reader *r, enum irqm_why why, uint64_t addr,
		 const char *what, ...);

/*
 * Read len bytes at addr into buf, all or nothing. On failure buf is undefined
 * and the note "what" is added. Reports the bytes to the target as used
 * (target.h).
 */
__attribute__((format(printf, 5, 6))) bool
irqm_reader_read(struct reader *r, uint64_t addr, void *buf, size_t len,
		 const char *what, ...);

/*
 * The same in two steps and without a note: call irqm_reader_used() for the
 * bytes that were used. irqm_reader_try_string() reads at most size - 1 bytes,
 * and on failure *ret_failed is the address that could not be read.
 */
enum irqm_why irqm_reader_try(struct reader *r, uint64_t addr, void *buf,
			      size_t len);
enum irqm_why irqm_reader_try_string(struct reader *r, uint64_t addr, char *buf,
				     size_t size, uint64_t *ret_failed);
void irqm_reader_used(struct reader *r, uint64_t addr, size_t len,
		      const char *what);

/*
 * Read a structure whole into buf, which has READER_STRUCT_MAX bytes. Returns
 * buf, or NULL and a note if it cannot be read.
 */
__attribute__((format(printf, 5, 6))) void *
irqm_reader_struct(struct reader *r, void *buf, uint64_t addr, uint32_t size,
		   const char *what, ...);

/* Bytes that the largest structure of the layout may have. */
#define READER_STRUCT_MAX 8192

/*
 * Call this for each element of a list and each node of a tree. Every walk has
 * its own limit; this limit is for all of them together, because a damaged
 * dump may have a walk for each of 500,000 interrupts. Returns false when the
 * limit is reached, and adds one note: end the walk then.
 */
bool irqm_reader_step(struct reader *r, uint64_t addr, const char *what);

/* 20 for each interrupt of the largest machines known. */
#define READER_MAX_STEPS (1U << 20)

enum reader_found {
	READER_ABSENT, /* this kernel has no such symbol */
	READER_FOUND,
	READER_UNREAD, /* its part of the symbol table is missing */
};

/*
 * Gets the value of a symbol, or for READER_UNREAD the address in the symbol
 * table that cannot be read. Notes nothing: use it if there are alternative
 * names, or if it matters that the kernel has no such symbol.
 */
enum reader_found irqm_reader_find(struct reader *r, const char *name,
				   uint64_t *ret);

/* Gets the value of a symbol; false if it does not exist, with a note if that
 * is unknown. */
bool irqm_reader_symbol(struct reader *r, const char *name, uint64_t *ret);

/* The same for one that every kernel has: noted if it is not there. */
bool irqm_reader_required(struct reader *r, const char *name, uint64_t *ret);
/* The value of a number or pointer out of memory/variables.h. */
bool irqm_reader_variable(struct reader *r, const char *name, uint64_t *ret);

/*
 * True if the kernel is known to lack CONFIG_NUMA. Then all CPUs are on node 0,
 * and devices are on no node.
 */
bool irqm_reader_without_numa(struct reader *r);

/*
 * A string of at most 255 bytes, in the snapshot; longer ones are cut. NULL
 * if addr is 0 (no note) or cannot be read (noted).
 */
const char *irqm_reader_string(struct reader *r, uint64_t addr,
			       const char *what);

/*
 * The name of the object at addr: a string that the pointer at the member's
 * offset leads to. Each object is read once. NULL if addr is 0 or it
 * cannot be read.
 */
const char *irqm_reader_name_of(struct reader *r, uint64_t addr, uint32_t size,
				const struct irqm_member *name,
				const char *what);

/*
 * As struct irqm_target.symbol_at. Notes each page that cannot be read once.
 * Returns false also if the target has no names.
 */
bool irqm_reader_symbol_at(struct reader *r, uint64_t addr, char *name,
			   size_t size, uint64_t *ret_offset);

/* A bitmap of nbits at addr. An unknown set on failure, noted. */
struct irqm_bits irqm_reader_bitmap(struct reader *r, uint64_t addr,
				    unsigned int nbits, const char *what);
/* A set of nbits from a bitmap already in memory. */
struct irqm_bits irqm_reader_bits(struct reader *r, const void *bitmap,
				  unsigned int nbits);
/*
 * A cpumask_var_t: of the copy of a structure at addr, or (copy NULL) of a
 * variable at addr. Unknown, without a note, where the pointer is NULL.
 */
struct irqm_bits irqm_reader_cpumask_var(struct reader *r, uint64_t addr,
					 const void *copy,
					 const struct irqm_member *m,
					 const char *what);
struct irqm_bits irqm_reader_cpumask_symbol(struct reader *r, uint64_t addr,
					    const char *what);

/* Address of a per-CPU variable or pointer; false if cpu has no area. */
bool irqm_reader_percpu(struct reader *r, uint64_t ptr, unsigned int cpu,
			uint64_t *ret);

#endif
