/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The memory of a small made-up machine, as a kernel of a chosen generation
 * would have left it.
 *
 *	struct fk_machine m;
 *	fk_standard(&m);                 // or written down by the test
 *	struct fk *fk = fk_new(&layout, &m, &generation);
 *	fk_commit(fk, FK_PACKED);        // after every poke
 *	target = irqm_memory_target(fk->memory);
 *
 * The description says what is true of the machine, and so is the expected
 * answer of every test: see fake_check.h. What surrounds the objects is
 * filled with 0xa5, to be seen if it is read.
 */
#ifndef FAKE_KERNEL_H
#define FAKE_KERNEL_H

#include "irqmatrix.h"
#include "machine/machine.h"
#include "tests/mkdump/memory_target.h"

/* What a struct fk_machine has room for by itself. */
#define FK_MAX_CPUS 16
#define FK_MAX_IRQS 32
#define FK_MAX_DEVICES 8
#define FK_MAX_ENTRIES 8

/* A CPU as the kernel has it: irqm_machine_cpu, and what follows. */
struct fk_cpu {
	bool initialized, online;
	unsigned int available, allocated, managed, managed_allocated;
	uint64_t alloc_map[4], managed_map[4];
	int node;
	const char *siblings, *cluster;
};

/* A machine as the kernel has it: irqm_machine, and what follows. */
struct fk_machine {
	unsigned int nr_cpu_ids;
	const char *possible, *present, *online, *default_affinity;
	const char *housekeeping; /* NULL: no isolcpus=managed_irq */
	unsigned int matrix_bits, alloc_start, alloc_end, systembits_inalloc;
	unsigned int global_available, global_reserved, total_allocated;
	unsigned int online_maps;
	uint64_t system_map[4];
	struct fk_cpu *cpus;           /* by number */
	struct irqm_machine_irq *irqs; /* in order */
	unsigned int nr_irqs;
	struct irqm_machine_device *devices;
	unsigned int nr_devices;
	struct irqm_machine_entry *entries;
	unsigned int nr_entries;
	struct irqm_machine_leak *leaks;
	unsigned int nr_leaks;
	struct irqm_machine_drift *drifts;
	unsigned int nr_drifts;
	struct irqm_machine_log *log;
	unsigned int nr_log;
	enum irqm_machine_apic apic;
	bool amd_short;             /* remapping entries of 32 bits */
	unsigned int table_entries; /* of AMD's remapping table; 0: 512 */
	/* that many entries of the remapping table are allocated, besides
	 * those of the interrupts */
	unsigned int table_used;
	const char *release, *build_id;
	int64_t crash_time;

	/* What the pointers above point at, of a small machine. */
	struct {
		struct fk_cpu cpus[FK_MAX_CPUS];
		struct irqm_machine_irq irqs[FK_MAX_IRQS];
		struct irqm_machine_device devices[FK_MAX_DEVICES];
		struct irqm_machine_entry entries[FK_MAX_ENTRIES];
	} room;
};

enum fk_container {
	FK_RADIX_TREE,
	FK_XARRAY,
	FK_MAPLE_TREE,
	FK_ARRAY
};

/* What no layout says. */
struct fk_generation {
	enum fk_container container;
	unsigned int maple_fanout; /* slots that are used of a node, 2..10 */
	bool percpu_addresses;     /* 6.15: per-CPU symbols are addresses */
	bool total_nr_irqs;        /* 7.2: nr_irqs under another name */
	bool constant_cpu_ids;     /* CONFIG_FORCE_NR_CPUS: no nr_cpu_ids */
	bool no_note;              /* VMCOREINFO from vmcoreinfo_data */
	bool clean;                /* 0 between objects, not 0xa5 */
	bool modules;              /* drivers' handlers are in modules */
	uint64_t kaslr;            /* how far the image is moved */
	uint64_t page_offset;      /* 0: 0xffff888000000000 */
};

/* A piece of memory, growing as objects are put into it. */
struct fk_region {
	uint64_t base;
	unsigned char *bytes;
	size_t used, size;
	unsigned char fill;
};

/* FK_RODATA stays empty here; dumps have their types and symbols there. */
enum {
	FK_RODATA,
	FK_DATA,
	FK_HEAP,
	FK_PERCPU,
	FK_MODULES,
	FK_NR_REGIONS
};

#define FK_MODULES_BASE 0xffffffffc0000000ULL
#define FK_MODULE_FUNCTIONS 16

struct fk_module {
	const char *name;
	uint64_t text, data, end; /* text is one page */
	const char *functions[FK_MODULE_FUNCTIONS];
	unsigned int nr_functions;
};

#define FK_TEXT_BASE 0xffffffff81000000ULL
#define FK_PAGE_OFFSET 0xffff888000000000ULL

struct fk_object {
	uint64_t addr;
	size_t len;
};

struct fk {
	struct irqm_layout layout;
	struct fk_generation gen;
	const struct fk_machine *m;
	struct irqm_memory *memory;
	struct fk_region regions[FK_NR_REGIONS];
	struct fk_object *objects;
	unsigned int nr_objects;
	struct fk_symbol {
		const char *name;
		uint64_t value;
	} * symbols;
	unsigned int nr_symbols;
	uint64_t text_used;
	struct fk_module *modules;
	unsigned int nr_modules;

	/* where things ended up */
	uint64_t *descs, *actions, *chip_data; /* of each IRQ */
	uint64_t *parents;                     /* the second level's irq_data */
	uint64_t *remaps, *ioapics;            /* intel_ir_data, mp_chip_data */
	uint64_t iommu, irtes;                 /* intel_iommu, its table */
	uint64_t amd_iommu, amd_irtes;         /* likewise */
	uint64_t *msi_descs;
	uint64_t *devices;
	uint64_t domains[IRQM_NR_LEVELS], chips[IRQM_NR_LEVELS];
	uint64_t matrix, maps; /* maps: the per-CPU pointer */
	uint64_t kstat;        /* of the first IRQ; per-CPU too */
	uint64_t percpu_used, percpu_area;
};

/* A machine with one of everything; tests/unit/fake_machine.c shows it. */
void fk_standard(struct fk_machine *m);
/* The same IRQs without holes between their numbers. */
void fk_renumber(struct fk_machine *m);
/* An empty machine that uses its own room. */
void fk_machine_init(struct fk_machine *m);
/*
 * The machine of a text, whose arrays it shares: what a text can leave out has a
 * value, which CPUs are online is told to each. m is initialised, and becomes
 * the owner of m->cpus.
 */
void fk_machine_from(struct fk_machine *m, const struct irqm_machine *text);
/* Bitmaps and counters of the matrix as they follow from the IRQs. */
void fk_count(struct fk_machine *m);
/*
 * The same, and before that a free vector for each IRQ whose vector is
 * IRQM_MACHINE_AUTO; managed ones have one reserved on each CPU of their affinity. 0,
 * or -1 with err: a CPU has no vector left, or two IRQs have the same.
 */
int fk_derive(struct fk_machine *m, struct irqm_error *err);

struct fk *fk_new(const struct irqm_layout *layout, const struct fk_machine *m,
		  const struct fk_generation *gen);
void fk_free(struct fk *fk);

/*
 * FK_PACKED: memory is as in a dump, an object behind the other.
 * FK_STRICT: nothing can be read but objects, so that reading past the end of
 * one fails.
 */
enum fk_mode {
	FK_PACKED,
	FK_STRICT
};
void fk_commit(struct fk *fk, enum fk_mode mode); /* into fk->memory */

/* Whom the memory is given to. */
struct fk_sink {
	void *ctx;
	void (*symbol)(void *ctx, const char *name, uint64_t value);
	void (*write)(void *ctx, uint64_t addr, const void *data, size_t len);
};
void fk_emit(struct fk *fk, enum fk_mode mode, const struct fk_sink *sink);

/* For tests that build or spoil something themselves. */
uint64_t fk_alloc(struct fk *fk, int region, size_t len, size_t align);
void *fk_at(struct fk *fk, uint64_t addr);
void fk_put(struct fk *fk, uint64_t addr, const struct irqm_member *m,
	    uint64_t value);
void fk_put64(struct fk *fk, uint64_t addr, uint64_t value);
uint64_t fk_string(struct fk *fk, const char *s);
void fk_symbol(struct fk *fk, const char *name, uint64_t value);
uint64_t fk_symbol_value(const struct fk *fk, const char *name);
uint64_t fk_percpu(const struct fk *fk, uint64_t ptr, unsigned int cpu);

struct fk_tree_entry {
	uint64_t index, value;
};

/* Builds a tree from entries in ascending order; returns what its root
 * holds. tag is the low bits of a pointer to a node: 2 of an XArray, 1 of a
 * radix tree. */
uint64_t fk_radix(struct fk *fk, const struct fk_tree_entry *e, size_t nr,
		  unsigned int tag);
uint64_t fk_maple(struct fk *fk, const struct fk_tree_entry *e, size_t nr,
		  unsigned int fanout);

/* What the machine's memory holds for facts that the table does not list. */
uint64_t fk_hwirq(const struct irqm_machine_irq *irq, unsigned int level);
uint32_t fk_kstat(const struct irqm_machine_irq *irq, unsigned int cpu);
uint32_t fk_apicid(unsigned int cpu);
uint32_t fk_destination(enum irqm_machine_apic apic, unsigned int cpu);
unsigned int
fk_handle(const struct irqm_machine_irq *irq); /* of the remapping table */
/* The message that the kernel would have composed of vector and CPU. */
void fk_message(struct irqm_machine_irq *irq, enum irqm_machine_apic apic);
const char *
fk_domain_name(enum irqm_machine_level level); /* NULL: it has none */
const char *fk_chip_name(enum irqm_machine_level level);
/* The IRQs' numbers that CPUs' vector_irq should show; -1 for none. */
int fk_vector_owner(const struct fk_machine *m, unsigned int cpu,
		    unsigned int vector);

/* A cpulist as a set below nbits; free words. */
struct irqm_bits fk_bits(const char *list, unsigned int nbits);

#endif
