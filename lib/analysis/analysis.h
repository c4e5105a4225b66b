/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stage 4, analyses: functions of a snapshot. They read no memory and print
 * nothing. Words are those of docs/words.md; counts are of vectors.
 */
#ifndef IRQM_ANALYSIS_H
#define IRQM_ANALYSIS_H

#include "snapshot/snapshot.h"

/*
 * The vectors of a device, of the IRQs without an MSI device, or of several
 * devices. A number is unknown if a fact that it depends on is.
 */
struct irqm_cost {
	int device; /* index in snapshot->devices, or -1 */
	irqm_num irqs;
	irqm_num managed_irqs;
	irqm_num allocated;        /* IRQs with a vector */
	irqm_num managed_reserved; /* weight of the managed IRQs' affinity
				      over the online cpumaps */
	irqm_num managed_reserved_offline; /* the same over offline cpumaps */
	/* managed_reserved minus the managed IRQs that have a vector on an
	 * online CPU */
	irqm_num idle_reserved;
	irqm_num reserved; /* IRQs with has_reserved */
	irqm_num cost;     /* what global_available would gain */
};

/* Subtotal of the devices of one driver. */
struct irqm_driver_cost {
	const char *driver;   /* irqm_device_driver() */
	irqm_num devices;     /* unknown if some may be missing */
	struct irqm_cost sum; /* device is -1 */
};

struct irqm_accounting {
	struct irqm_cost *devices; /* nr_devices of the snapshot, by cost,
				       highest first, then by name */
	unsigned int nr_devices;
	struct irqm_driver_cost *drivers; /* the same for drivers */
	unsigned int nr_drivers;
	struct irqm_cost no_device; /* IRQs without MSI device */
	/* sum over online cpumaps of alloc_size - systembits_inalloc, minus
	 * global_available */
	irqm_num lost;
	irqm_num unattributed; /* lost minus all costs above */
};

/* A set of CPUs with its vectors: a node, or where interrupts may go. */
enum irqm_pool_kind {
	IRQM_POOL_NODE,
	IRQM_POOL_DEFAULT, /* irq_default_affinity */
	IRQM_POOL_MANAGED, /* where isolcpus=managed_irq leaves managed
				    interrupts, if they can choose */
};

/* The expected counters of a CPU, computed from its bitmaps, which are always
 * right. Unknown if the bitmap is. */
struct irqm_cpu_check {
	irqm_num allocated, managed, managed_allocated, available;
	irqm_num idle; /* idle managed reservations */
	bool drift;    /* a counter of the CPU differs from these */
};

/* Sums over the CPUs with an online cpumap. If these CPUs are not known,
 * everything except each is unknown. */
struct irqm_totals {
	irqm_num cpus;
	irqm_num each, capacity; /* allocatable vectors of one CPU, of all */
	irqm_num managed, managed_allocated, available; /* sums of counters;
				    see irqm_managed_allocated() */
	irqm_num idle, bitmaps_available, bitmaps_allocated; /* sums by the
				    bitmaps */
};

/* The CPUs by cpumap.online. The sets are empty if there are no CPUs. */
struct irqm_online {
	struct irqm_bits yes, unknown;
	bool any_cpu; /* the snapshot has CPUs */
};

struct irqm_pool {
	enum irqm_pool_kind kind;
	irqm_num node;             /* IRQM_POOL_NODE: the node, or unknown */
	struct irqm_bits cpus;     /* possible CPUs */
	struct irqm_totals totals; /* of the online ones */
};

/* More nodes than this share the pool of the unknown one. */
#define IRQM_MAX_NODES 256

enum irqm_severity {
	IRQM_INFO,
	IRQM_WARNING,
	IRQM_CRITICAL
};

/* A fact that a finding is based on: a number, a name or a set. */
enum irqm_datum_type {
	IRQM_DATUM_NUM,
	IRQM_DATUM_STRING, /* as the dump has it; NULL is unknown */
	IRQM_DATUM_SET,    /* of CPUs, vectors or IRQs */
};

struct irqm_datum {
	const char *key; /* snake_case */
	enum irqm_datum_type type;
	union {
		irqm_num num;
		const char *string;
		struct irqm_bits set;
	};
};

/* The kinds: IRQM_COUNTER_DRIFT ... */
enum irqm_finding_name {
#define KIND(name, code, brief, meaning, advice) IRQM_##name,
#include "analysis/kinds.def"
#undef KIND
	IRQM_NR_FINDING_KINDS
};

struct irqm_finding_kind {
	const char *code;             /* "counter-drift" */
	const char *brief;            /* "allocator counters are wrong" */
	const char *meaning, *advice; /* a paragraph each */
};

extern const struct irqm_finding_kind irqm_finding_kinds[IRQM_NR_FINDING_KINDS];

#define IRQM_MAX_DATA 12

/* A checked statement. */
#define IRQM_MAX_COMMANDS 4        /* in a remedy */
#define IRQM_COMMAND_DUMP "VMCORE" /* stands for the dump in a command */

struct irqm_finding {
	const struct irqm_finding_kind *kind;
	enum irqm_severity severity;
	const char *text;  /* one line */
	size_t evidence;   /* where in text begins what a short text leaves out,
				 the quotation of the log; else its length */
	const char *brief; /* what the verdict says; NULL: the kind's */
	const char *remedy; /* what to do, with names and commands; NULL for
				 most infos */
	/* the commands in it, in this order; NULL after the last one */
	const char *commands[IRQM_MAX_COMMANDS + 1];
	irqm_num shown_with; /* index of the finding that says the same and is
				 shown instead; unknown: it is shown itself */
	struct irqm_datum data[IRQM_MAX_DATA];
	unsigned int nr_data;
};

/* A device that has no interrupts, and that the log says was short of vectors.
 * Names are as in the log. */
struct irqm_failed_device {
	const char *name, *driver; /* driver NULL: not known */
};

/* The worst that is known. Do not take INCOMPLETE for OK. */
enum irqm_verdict {
	IRQM_VERDICT_OK,         /* no warnings */
	IRQM_VERDICT_INCOMPLETE, /* none, but parts could not be read */
	IRQM_VERDICT_WARNING,
	IRQM_VERDICT_CRITICAL,
};

struct irqm_analysis {
	struct irqm_arena *arena;
	const struct irqm_snapshot *snapshot; /* must outlive the analysis */
	struct irqm_accounting accounting;
	struct irqm_online online;
	struct irqm_cpu_check *cpus; /* one for each of snapshot's */
	struct irqm_totals totals;
	/* nodes, which have each CPU once; the default affinity; managed, if
	 * isolcpus=managed_irq is set */
	struct irqm_pool *pools;
	unsigned int nr_pools;
	char *machine; /* a hash that identifies the machine, see
				    machine.c; NULL is unknown */
	struct irqm_finding *findings; /* most severe first */
	unsigned int nr_findings;
	/* indexes of those to be shown, by severity, what the log says first */
	unsigned int *shown;
	unsigned int nr_shown;
	struct irqm_failed_device *failed; /* in the order of the log */
	unsigned int nr_failed;
	enum irqm_verdict verdict;
	const char *verdict_text; /* "out of vectors; 2 warnings" */
};

/* Runs all analyses. Returns NULL if out of memory. */
struct irqm_analysis *irqm_analyse(const struct irqm_snapshot *s);
void irqm_analysis_free(struct irqm_analysis *a); /* NULL is fine */

/* Returns a CPU's managed_allocated: the kernel's counter or, before 4.20,
 * which has none, the number by the bitmaps. */
irqm_num irqm_managed_allocated(const struct irqm_analysis *a,
				unsigned int cpu_index);

/* Returns the totals of these CPUs only; NULL: of all. */
struct irqm_totals irqm_totals_of(const struct irqm_analysis *a,
				  const struct irqm_bits *cpus);

/*
 * Accounts for the vectors of these CPUs only. The weight of a mask on other
 * CPUs, or on offline ones, is in managed_reserved_offline. lost is the CPUs'
 * capacity minus the sum of their available counters. *ret is in the arena.
 * Returns false if out of memory.
 */
bool irqm_account_cpus(const struct irqm_analysis *a, struct irqm_arena *arena,
		       const struct irqm_bits *cpus,
		       struct irqm_accounting *ret);

/*
 * How many more devices of a driver fit: each needs what its most expensive one
 * has, managed reservations on the same CPUs and its other vectors anywhere.
 */
struct irqm_fit {
	const char *driver;
	irqm_num devices;    /* unknown if a fact is that it depends on */
	irqm_num cost;       /* of one of them */
	irqm_num limit_cpu;  /* the CPU that is full first; unknown if the
				   sum of all CPUs is the limit */
	irqm_num limit_room; /* its free vectors */
	bool tight;          /* none fits and vectors are scarce */
};

/* Fills *ret, with unknown devices if the driver, which may be NULL, has none
 * that cost vectors. Returns false if out of memory. */
bool irqm_fit_of(const struct irqm_analysis *a, const char *driver,
		 struct irqm_fit *ret);

/* Returns the cost of a driver's most expensive device; NULL if it has none. */
const struct irqm_cost *irqm_most_expensive(const struct irqm_analysis *a,
					    const char *driver);

/* Returns "info", "warning" or "critical". */
const char *irqm_severity_name(enum irqm_severity severity);

/* Adds *c to *sum, except for device. */
void irqm_cost_add(struct irqm_cost *sum, const struct irqm_cost *c);

/*
 * Returns the driver that says what a device is: that of its virtio device
 * (virtio_blk), otherwise its own. Returns "" if no driver is bound; NULL if it
 * is unknown, also if the virtio device of a virtio-pci device could not be
 * read.
 */
const char *irqm_device_driver(const struct irqm_device *d);

/*
 * Returns whether the IRQ has apic_chip_data: 0, 1, or unknown if it could not
 * be read, or if the chain was not read down to the vector domain.
 */
irqm_num irqm_has_apic(const struct irqm_irq *irq);

/* The owner of a vector of a CPU. */
enum irqm_owner {
	IRQM_OWNER_UNKNOWN,
	IRQM_OWNER_FREE,
	IRQM_OWNER_OUTSIDE,  /* neither allocatable nor a system vector */
	IRQM_OWNER_SYSTEM,   /* bit in system_map */
	IRQM_OWNER_IRQ,      /* apic_chip_data's vector and cpu */
	IRQM_OWNER_PREVIOUS, /* prev_vector and prev_cpu: being moved */
	/* bit in managed_map and not in alloc_map. The matrix does not record
	 * which IRQ has which idle bit */
	IRQM_OWNER_MANAGED_IDLE,
	IRQM_OWNER_LEGACY, /* vector_irq has an IRQ without
				     apic_chip_data (IRQ 2) */
	IRQM_OWNER_NOBODY, /* bit in alloc_map that no IRQ explains */
};

struct irqm_vector_owner {
	enum irqm_owner owner;
	int irq;             /* index in snapshot->irqs, or -1 */
	irqm_num managed;    /* bit in managed_map: 0, 1 or unknown */
	enum irqm_slot slot; /* kind of the vector_irq entry */
};

/*
 * The IRQs with a vector on each CPU, by their apic_chip_data, collected for
 * all CPUs in one pass over the IRQs.
 */
struct irqm_claims {
	const struct irqm_snapshot *snapshot; /* must outlive the claims */
	bool uncertain;      /* IRQs that could not be read may have
				     vectors as well */
	unsigned int *irqs;  /* indexes in snapshot->irqs, CPU by CPU */
	unsigned int *begin; /* begin[i] to begin[i + 1] - 1: those of
				     snapshot->cpus[i] */
};

/* Returns 0, or -1 if out of memory; then there is nothing to free. */
int irqm_claims_init(struct irqm_claims *c, const struct irqm_snapshot *s);
void irqm_claims_deinit(struct irqm_claims *c);

/*
 * Sets owners[] to the owners of all IRQM_NR_VECTORS vectors of
 * cpus[cpu_index]. Takes time proportional to the CPU's claims and vectors.
 */
void irqm_vector_owners(const struct irqm_claims *c, unsigned int cpu_index,
			struct irqm_vector_owner *owners);

/* What a vector is used for, as maps show it. */
enum irqm_use {
	IRQM_USE_SYSTEM,
	IRQM_USE_LEGACY,
	IRQM_USE_UNMANAGED, /* of an IRQ, outside of managed_map */
	IRQM_USE_MANAGED,   /* of an IRQ, in managed_map */
	IRQM_USE_PREVIOUS,
	IRQM_USE_MANAGED_IDLE,
	IRQM_USE_NOBODY,
	IRQM_USE_FREE,
	IRQM_USE_OUTSIDE,
	IRQM_USE_UNKNOWN,
	IRQM_NR_USES
};

enum irqm_use irqm_vector_use(const struct irqm_vector_owner *o);
/* Returns "system", "legacy", "unmanaged", "managed_in_use", "previous",
 * "managed_idle", "nobody", "free", "outside" or "unknown". */
const char *irqm_use_name(enum irqm_use use);

/*
 * Lists the managed IRQs whose affinity includes cpus[cpu_index] and that have
 * no vector on it: each has one of the CPU's idle managed reservations. irqs[]
 * has room for max indexes. Returns the number of such IRQs.
 */
unsigned int irqm_managed_idle_irqs(const struct irqm_snapshot *s,
				    unsigned int cpu_index, unsigned int *irqs,
				    unsigned int max);
/* Returns true if some interrupts could not be read, so that this list may be
 * incomplete. */
bool irqm_managed_idle_cut(const struct irqm_snapshot *s);

/* The fields of an MSI message, as in x86's struct arch_msi_msg_addr_lo and
 * arch_msi_msg_data. */
struct irqm_msi_fields {
	bool remapped; /* for an IOMMU, Intel's (address bit 4) or
				     AMD's; of the fields below only handle
				     is set */
	bool unknown;  /* the format depends on a level that could
				     not be read; no field below is set */
	bool foreign;  /* a format of Hyper-V; no field below is
				     set */
	bool vmd;      /* for a VMD bridge, by whose vector
				     bridge_index it arrives; the only field
				     that is set */
	unsigned int bridge_index;
	unsigned int handle;      /* remapping table index, subhandle added */
	unsigned int destination; /* APIC id, with the extended bits */
	bool redirect_hint, logical;
	unsigned int vector;
	unsigned int delivery_mode; /* 0 fixed, 1 lowest priority, 2 SMI,
				       4 NMI, 5 INIT, 7 ExtINT */
	bool level, level_assert;
	bool empty;      /* 0/0/0: never written or torn down */
	bool local_apic; /* the address is 0xfeexxxxx */
};

/* irq->msi must not be NULL. */
void irqm_msi_decode(const struct irqm_irq *irq, struct irqm_msi_fields *f);
const char *irqm_delivery_mode_name(unsigned int mode);

/* Returns whether the device is behind a VMD bridge: an interrupt of the bridge
 * carries this one, and its affinity cannot be set. */
bool irqm_is_vmd(const struct irqm_irq *irq);
/* Returns the interrupt of the bridge that carries it; NULL if unknown. */
const struct irqm_irq *irqm_vmd_bridge(const struct irqm_snapshot *s,
				       const struct irqm_irq *irq);

#endif
