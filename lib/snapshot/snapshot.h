/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stage 3, snapshot: the machine's interrupt state as plain data.
 *
 * Building it is the only code that reads the dump; each structure is read
 * whole, once. Afterwards no pointer leads into the dump: addresses are kept
 * as numbers, to be shown. What could not be read is unknown (IRQM_UNKNOWN,
 * a NULL string, a set without words) and has an entry in unread[].
 *
 * Strings are as the dump has them; a renderer escapes them.
 */
#ifndef IRQM_SNAPSHOT_H
#define IRQM_SNAPSHOT_H

#include "base/base.h"
#include "layout/layout.h"
#include "target/target.h"

/* NR_VECTORS of x86; vector_irq has that many entries. */
#define IRQM_NR_VECTORS 256

struct irqm_dump {
	const char *path;      /* of the target */
	const char *format;
	const char *types;
	const char *release;   /* VMCOREINFO's OSRELEASE */
	const char *build_id;  /* VMCOREINFO's BUILD-ID, hex */
	const char *arch;      /* "x86_64" */
	irqm_num crash_time;   /* VMCOREINFO's CRASHTIME, epoch seconds */
	bool live;
	unsigned int nr_cpu_ids;
	struct irqm_bits possible, present;
	struct irqm_bits online; /* cpu_online_mask; cpumap.online may differ */
	struct irqm_bits default_affinity;      /* irq_default_affinity */
	struct irqm_bits housekeeping_managed;  /* HK_TYPE_MANAGED_IRQ; unknown
						   also where it is not set */
};

/* struct irq_matrix, kernel/irq/matrix.c. Counters count vectors. */
struct irqm_matrix {
	uint64_t addr;         /* 0: vector_matrix could not be read, and
				  everything here is unknown */
	irqm_num matrix_bits, alloc_start, alloc_end, alloc_size;
	irqm_num global_available, global_reserved, systembits_inalloc;
	irqm_num total_allocated, online_maps;
	struct irqm_bits system_map;
};

/* What an entry of vector_irq[] holds. */
enum irqm_slot {
	IRQM_SLOT_UNKNOWN = 0,  /* vector_irq could not be read */
	IRQM_SLOT_UNUSED,       /* VECTOR_UNUSED, NULL */
	IRQM_SLOT_SHUTDOWN,     /* VECTOR_SHUTDOWN, -1 */
	IRQM_SLOT_RETRIGGERED,  /* VECTOR_RETRIGGERED, -2 */
	IRQM_SLOT_IRQ,          /* the descriptor of irq */
	IRQM_SLOT_STRAY,        /* a pointer that is no descriptor's */
};

struct irqm_vector_irq {
	enum irqm_slot slot;
	unsigned int irq;       /* IRQM_SLOT_IRQ */
	uint64_t value;         /* as read */
};

/* One possible CPU: its cpumap, its vector_irq, its place in the machine. */
struct irqm_cpu {
	unsigned int cpu;

	/* struct cpumap; online and initialized are 0, 1 or unknown */
	irqm_num online, initialized;
	irqm_num available, allocated, managed, managed_allocated;
	struct irqm_bits alloc_map, managed_map; /* of matrix_bits */

	/* IRQM_NR_VECTORS entries; NULL if it could not be read */
	struct irqm_vector_irq *vector_irq;

	irqm_num node;          /* NUMA node */
	struct irqm_bits siblings; /* threads of its core */
	struct irqm_bits cluster;  /* CPUs that share its L2 cache, which is
				      what x86 calls a cluster */
};

struct irqm_action {
	const char *name;
	const char *handler;    /* symbol, or NULL */
	const char *thread;     /* symbol of the thread function, or NULL */
	irqm_num flags;         /* IRQF_* */
	uint64_t dev_id;
};

/* One struct irq_data, from the device's own chip towards the CPU. */
struct irqm_level {
	uint64_t addr;
	const char *domain;     /* irq_domain.name; NULL also without domain */
	const char *chip;       /* irq_chip.name */
	uint64_t hwirq;
	uint64_t domain_addr, chip_data;
	bool vector_domain;     /* its domain is x86_vector_domain */
};

/* struct apic_chip_data. Counts and flags are as in the kernel. */
struct irqm_apic {
	unsigned int vector, cpu;           /* vector 0: none is assigned */
	unsigned int prev_vector, prev_cpu; /* vector 0: none */
	bool move_in_progress, can_reserve, has_reserved;
	irqm_num is_managed;
	irqm_num cleanup_pending; /* clist is linked: 0, 1 or unknown */
	irqm_num hw_vector;     /* hw_irq_cfg.vector, what was programmed */
	irqm_num hw_dest_apicid;
};

/* The interrupt's part of its msi_desc. */
struct irqm_msi {
	uint64_t desc;          /* address of the msi_desc */
	irqm_num index;         /* msi_index, or entry_nr before 5.17 */
	irqm_num msix;          /* 1 MSI-X, 0 MSI, unknown: not PCI */
	unsigned int first_irq; /* msi_desc->irq */
	unsigned int nvec_used; /* IRQs of this msi_desc (multi-MSI > 1) */
	bool has_msg;           /* address and data were read */
	uint64_t address;       /* address_hi:address_lo */
	uint32_t data;          /* with this IRQ's number within the desc */
	bool has_affinity;      /* the driver gave masks (pci_alloc_irq_
				   vectors_affinity); else affinity unknown */
	struct irqm_bits affinity; /* what was asked for, before any CPU that
				      is possible but absent is taken away */
	irqm_num is_managed;    /* irq_affinity_desc.is_managed; with plain
				   cpumasks (before 5.0) unknown */
};

struct irqm_irq {
	unsigned int irq;
	uint64_t desc;          /* address of the irq_desc */

	struct irqm_action *actions; /* NULL and 0: none requested */
	unsigned int nr_actions;
	bool actions_cut;       /* there are more: the next could not be read */
	const char *flow;       /* symbol of handle_irq */
	const char *name;       /* irq_desc.name: "edge", "fasteoi" */
	irqm_num status;        /* status_use_accessors, _IRQ_* */
	irqm_num istate;        /* IRQS_* */
	irqm_num depth, wake_depth, irqs_unhandled;

	irqm_num state;         /* irq_common_data's, IRQD_* */
	const char **state_flags; /* its bits, as the kernel spells them:
				     "IRQD_ACTIVATED" */
	unsigned int nr_state_flags;
	irqm_num managed;       /* IRQD_AFFINITY_MANAGED: 0, 1 or unknown */
	irqm_num setaffinity_pending; /* IRQD_SETAFFINITY_PENDING, likewise */
	irqm_num node;

	struct irqm_bits affinity;           /* smp_affinity */
	struct irqm_bits effective_affinity;
	struct irqm_bits pending_mask;       /* garbage unless
						setaffinity_pending is 1 */

	struct irqm_level *chain;
	unsigned int nr_levels;
	bool in_vector_domain;  /* some level's domain is x86_vector_domain */
	bool chain_cut;         /* a level could not be read, or not where
				   x86_vector_domain is: one of the levels may
				   be the vector domain's */
	struct irqm_apic *apic; /* NULL: not in the vector domain; no data: its
				   level has chip_data 0; else not readable */
	struct irqm_msi *msi;   /* NULL: no msi_desc, or not readable */
	int device;             /* index in devices[], or -1 */
	bool device_unknown;    /* device is -1 only because the desc or its
				   msi_desc could not be read */

	uint32_t *per_cpu_counts; /* in the order of cpus[]; NULL unless asked
				     for with IRQM_READ_COUNTS and read */
	irqm_num count;         /* their sum */
};

struct irqm_consumer {
	const char *name;       /* "virtio3", "vda" */
	const char *driver;     /* "virtio_blk", or NULL */
	const char *kind;       /* bus or class: "virtio", "block", "net" */
};

/* A device that owns MSI descriptors: msi_desc->dev. */
struct irqm_device {
	uint64_t addr;
	const char *name;       /* PCI address for a PCI device */
	const char *bus;        /* "pci" */
	const char *driver;     /* "virtio-pci"; "" if none is bound */
	irqm_num node;          /* -1 (NUMA_NO_NODE) is the kernel's word */
	irqm_num pci_class;     /* 24 bits, as lspci -n; vendor and device ID */
	irqm_num pci_vendor, pci_device;
	struct irqm_consumer *consumers;
	unsigned int nr_consumers;
	bool consumers_cut;     /* there may be more than could be read */
	irqm_num nr_msi_descs;  /* in the device's own store; more than its
				   IRQs have if some were never mapped */
};

struct irqm_unread {
	const char *what;       /* "irq_desc of IRQ 31" */
	uint64_t addr;
	enum irqm_why why;
};

struct irqm_snapshot {
	struct irqm_arena *arena;
	struct irqm_dump dump;
	struct irqm_matrix matrix;

	struct irqm_cpu *cpus;      /* every possible CPU, ascending */
	unsigned int nr_cpus;

	struct irqm_irq *irqs;      /* every descriptor, ascending */
	unsigned int nr_irqs;
	bool irqs_known;            /* false: the tree could not be found, or
				       not walked to its end */

	/* Names of the system vectors out of the IDT ("local_timer"), NULL
	 * where the gate has none. */
	const char *system_vector[IRQM_NR_VECTORS];

	struct irqm_device *devices; /* in order of their lowest IRQ */
	unsigned int nr_devices;

	struct irqm_unread *unread;  /* at most IRQM_MAX_UNREAD */
	unsigned int nr_unread;
	unsigned int unread_dropped; /* how many more there were */
};

#define IRQM_MAX_UNREAD 4096

enum {
	/* Per-CPU counts: one number per IRQ and CPU, so only on demand. */
	IRQM_READ_COUNTS = 1 << 0,
};

/*
 * Reads the machine's state. Parts that cannot be read are unknown and noted
 * in unread[]; the call fails only if nothing at all can be said: not a
 * kernel with a vector matrix (before 4.15), no layout, no memory.
 *
 * flags: IRQM_READ_*. *ret is the caller's, to be freed.
 * Returns 0, or -1 with err.
 */
int irqm_snapshot_read(struct irqm_target *target,
		       const struct irqm_layout *layout, unsigned int flags,
		       struct irqm_snapshot **ret, struct irqm_error *err);

/*
 * An empty snapshot with an arena, everything unknown: for tests that write
 * one down. NULL without memory.
 */
struct irqm_snapshot *irqm_snapshot_new(void);
void irqm_snapshot_free(struct irqm_snapshot *s); /* NULL is fine */

/* By number; NULL if there is none. */
const struct irqm_irq *irqm_find_irq(const struct irqm_snapshot *s,
				     unsigned int irq);
const struct irqm_cpu *irqm_find_cpu(const struct irqm_snapshot *s,
				     unsigned int cpu);

/* One of irq->state_flags, spelled as there: "IRQD_ACTIVATED". */
bool irqm_has_state(const struct irqm_irq *irq, const char *name);

#endif
