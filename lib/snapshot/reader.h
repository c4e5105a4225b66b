/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reader: what the files of this folder share while a snapshot is built.
 *
 * Every access to the dump goes through it. A failed read adds a line to the
 * snapshot's unread[] and leaves the fact unknown; nothing else happens.
 */
#ifndef IRQM_SNAPSHOT_READER_H
#define IRQM_SNAPSHOT_READER_H

#include "snapshot/address_map.h"
#include "snapshot/snapshot.h"

/* A part of a module's memory. */
struct module_range {
	uint64_t start, end;
	uint64_t module; /* address of its struct module */
};

/* A read that failed; IRQM_OK: none did. */
struct module_failure {
	enum irqm_why why;
	uint64_t addr;
};

/* What is known about the modules so far: modules.c. */
struct modules {
	bool walked;
	/* the first failure while the modules were listed */
	struct module_failure list;
	uint64_t noted;              /* the address that was recorded last */
	struct module_range *ranges; /* sorted by start */
	unsigned int nr, room;
	unsigned int looked_at; /* symbols read, for all names */
};

struct reader {
	struct irqm_target *target;
	const struct irqm_layout *layout;
	bool has_part[IRQM_NR_PARTS]; /* !irqm_layout_missing() */
	struct irqm_snapshot *s;
	struct irqm_arena *arena; /* the snapshot's arena */

	unsigned int flags; /* IRQM_READ_* */
	unsigned int steps; /* steps taken; see irqm_reader_step() */

	uint64_t *percpu_offset; /* __per_cpu_offset[nr_cpu_ids], or NULL */
	bool cpumask_known;      /* the kind of cpumask_var_t is known ... */
	bool cpumask_is_pointer; /* ... and a pointer: CPUMASK_OFFSTACK */

	uint64_t vector_domain; /* *x86_vector_domain, or 0 */
	struct modules modules;
	/* what was already read, by address */
	struct address_map names;      /* irq_domain, irq_chip ...: its name */
	struct address_map chip_flags; /* irq_chip: its flags */
	struct address_map functions;  /* a function: its name */
	struct address_map names_unread; /* page of kallsyms: recorded */
	struct address_map devices; /* struct device: index + 1 in devices[] */
	struct address_map descs;   /* irq_desc: index + 1 in irqs[] */
	/* to struct irqm_remap_table: from an Intel IOMMU, or from an AMD
	 * device's slot and from what the slot points to; 0: unread */
	struct address_map ir_tables;

	irqm_num eim_mode; /* Intel: destinations have 32 bits */
	irqm_num amd_ga;   /* AMD: entries have 128 bits */

	bool no_memory; /* an allocation failed; the snapshot is invalid */
};

/* Allocate in the snapshot. Set no_memory on failure. */
void *irqm_reader_alloc(struct reader *r, size_t count, size_t size);
char *irqm_reader_strdup(struct reader *r, const char *s);

/* Records that something could not be read or is invalid. */
__attribute__((format(printf, 4, 5))) void
irqm_reader_note(struct reader *r, enum irqm_why why, uint64_t addr,
		 const char *what, ...);

/*
 * Read len bytes at addr into buf. On failure buf is undefined, and the failure
 * is recorded with the text "what". Reports the bytes to the target as used
 * (target.h).
 */
__attribute__((format(printf, 5, 6))) bool
irqm_reader_read(struct reader *r, uint64_t addr, void *buf, size_t len,
		 const char *what, ...);

/*
 * The same in two steps, without recording a failure: call irqm_reader_used()
 * for the bytes that were used. irqm_reader_try_string() reads at most size - 1
 * bytes, and on failure *ret_failed is the address that could not be read.
 */
enum irqm_why irqm_reader_try(struct reader *r, uint64_t addr, void *buf,
			      size_t len);
enum irqm_why irqm_reader_try_string(struct reader *r, uint64_t addr, char *buf,
				     size_t size, uint64_t *ret_failed);
void irqm_reader_used(struct reader *r, uint64_t addr, size_t len,
		      const char *what);

/* Tells the target what will be read next. */
void irqm_reader_expect(struct reader *r, const struct irqm_extent extents[],
			size_t nr);
/*
 * The same for a per-CPU variable or pointer, in a loop over cpus[]: call it
 * for each index i. It tells the target about READER_CPUS of them at a time, so
 * that it still has all of their pages when they are read.
 */
void irqm_reader_expect_percpu(struct reader *r, unsigned int i, uint64_t ptr,
			       size_t len);
#define READER_CPUS 256

/* Read a whole structure into buf, which has READER_STRUCT_MAX bytes. Returns
 * buf, or NULL after recording the failure. */
__attribute__((format(printf, 5, 6))) void *
irqm_reader_struct(struct reader *r, void *buf, uint64_t addr, uint32_t size,
		   const char *what, ...);

/* Limit on the size of a structure in the layout. */
#define READER_STRUCT_MAX 8192

/*
 * Call this for each element of a list and each node of a tree. Every walk has
 * its own limit; this limit is for all of them together, because a damaged dump
 * may have a walk for each of 500,000 interrupts. Returns false when the limit
 * is reached, and records that once: end the walk then.
 */
bool irqm_reader_step(struct reader *r, uint64_t addr, const char *what);

/* 20 for each interrupt of the largest machines known. */
#define READER_MAX_STEPS (1U << 20)

enum reader_found {
	READER_ABSENT, /* this kernel has no such symbol */
	READER_FOUND,
	READER_UNREAD, /* the needed part of the symbol table is missing */
};

/*
 * Gets the value of a symbol; for READER_UNREAD, the address in the symbol
 * table that cannot be read. Records nothing: use it if there are alternative
 * names, or if it matters that the kernel has no such symbol.
 */
enum reader_found irqm_reader_find(struct reader *r, const char *name,
				   uint64_t *ret);

/* Gets the value of a symbol. Returns false if it does not exist; if that is
 * unknown, records it. */
bool irqm_reader_symbol(struct reader *r, const char *name, uint64_t *ret);

/* The same for a symbol that every kernel has: if it is missing, records
 * that. */
bool irqm_reader_required(struct reader *r, const char *name, uint64_t *ret);
/* Reads a number or pointer listed in memory/variables.h. */
bool irqm_reader_variable(struct reader *r, const char *name, uint64_t *ret);

/* Returns true if the kernel is known to lack CONFIG_NUMA. Then all CPUs are on
 * node 0, and devices are on no node. */
bool irqm_reader_without_numa(struct reader *r);

/* Reads a string of at most 255 bytes into the snapshot; longer ones are cut.
 * Returns NULL if addr is 0 or, after recording it, if it cannot be read. */
const char *irqm_reader_string(struct reader *r, uint64_t addr,
			       const char *what);

/*
 * Returns the name of the object at addr: the string to which the pointer at
 * the member's offset points. Reads each object once. Returns NULL if addr is 0
 * or the name cannot be read.
 */
const char *irqm_reader_name_of(struct reader *r, uint64_t addr, uint32_t size,
				const struct irqm_member *name,
				const char *what);

/* Like struct irqm_target.symbol_at. Records each page that cannot be read
 * once. Returns false also if the target has no names. */
bool irqm_reader_symbol_at(struct reader *r, uint64_t addr, char *name,
			   size_t size, uint64_t *ret_offset);

/* Reads a bitmap of nbits at addr. If that fails, records it and returns an
 * unknown set. */
struct irqm_bits irqm_reader_bitmap(struct reader *r, uint64_t addr,
				    unsigned int nbits, const char *what);
/* Makes a set from a bitmap of nbits in memory. */
struct irqm_bits irqm_reader_bits(struct reader *r, const void *bitmap,
				  unsigned int nbits);
/*
 * Reads a cpumask_var_t: from the copy of a structure at addr or, if copy is
 * NULL, from a variable at addr. Returns an unknown set, without recording it,
 * if the pointer is NULL.
 */
struct irqm_bits irqm_reader_cpumask_var(struct reader *r, uint64_t addr,
					 const void *copy,
					 const struct irqm_member *m,
					 const char *what);
struct irqm_bits irqm_reader_cpumask_symbol(struct reader *r, uint64_t addr,
					    const char *what);

/* Gets the address of a per-CPU variable or pointer. Returns false if cpu has
 * no area. */
bool irqm_reader_percpu(struct reader *r, uint64_t ptr, unsigned int cpu,
			uint64_t *ret);

#endif
