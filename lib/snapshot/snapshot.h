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
#include "memory/target.h"

/* NR_VECTORS of x86, the number of entries in vector_irq. */
#define IRQM_NR_VECTORS 256

/* How interrupts address a CPU, by the function apic->calc_dest_apicid. */
enum irqm_apic_dest {
	IRQM_DEST_UNKNOWN = 0,
	IRQM_DEST_PHYSICAL, /* APIC id */
	IRQM_DEST_FLAT,     /* logical, a bit for each CPU */
	IRQM_DEST_CLUSTER,  /* logical, in x2APIC's format */
};

/* struct apic of the driver in use. */
struct irqm_apic_driver {
	const char *name; /* "physical flat", "cluster x2apic" */
	enum irqm_apic_dest dest;
	/* interrupts have logical destinations: 0, 1 or unknown */
	irqm_num logical;
};

/*
 * Which structures this kernel has. lib/plan derives from them how old the
 * kernel's algorithms are, because nothing else in a dump shows it.
 */
struct irqm_generation {
	bool affinity_desc;     /* msi_desc.affinity is an irq_affinity_desc,
				   not a cpumask: since 5.0, and in RHEL 8 */
	bool xarray;            /* since 4.20 */
	bool maple_tree;        /* of interrupt descriptors: since 6.5 */
	bool printk_ringbuffer; /* since 5.10 */
	bool map_pointers;      /* the matrix's bitmaps are not inside its
				   structures: since 6.11 */
};

struct irqm_dump {
	const char *path; /* from the target */
	const char *format;
	const char *types;
	const char *vmcoreinfo_from;
	const char *release;  /* VMCOREINFO's OSRELEASE */
	const char *build_id; /* VMCOREINFO's BUILD-ID, hex */
	const char *arch;     /* "x86_64" */
	irqm_num crash_time;  /* VMCOREINFO's CRASHTIME, epoch seconds */
	const char *hostname; /* of the first UTS namespace, init_uts_ns */
	const char
		*hardware; /* as an oops has it: "VENDOR NAME, BIOS ..."; NULL
				 also without DMI */
	const char *panic; /* why, in the kernel log's words; NULL also if
				 the log has no panic */
	irqm_num uptime;   /* seconds since boot, as /proc/uptime */
	irqm_num memory;   /* bytes that the kernel manages: totalram_pages */
	bool live;
	unsigned int nr_cpu_ids;
	struct irqm_bits possible, present;
	struct irqm_bits online; /* cpu_online_mask; cpumap.online may differ */
	struct irqm_bits default_affinity; /* irq_default_affinity */
	/* HK_TYPE_MANAGED_IRQ; unknown also if it is not set */
	struct irqm_bits housekeeping_managed;
	/* unknown whether it is set, or unknown mask */
	bool housekeeping_unread;
	struct irqm_apic_driver apic;
	bool shows_msi; /* debugfs shows the messages of MSI domains */
	struct irqm_generation generation;
	/* bit for each interrupt of the 8259A's that is not an IO-APIC's;
	 * unknown also without CONFIG_GENERIC_IRQ_DEBUGFS */
	irqm_num pic_irqs;
};

/* struct irq_matrix of kernel/irq/matrix.c. Counters count vectors. */
struct irqm_matrix {
	uint64_t addr; /* 0: vector_matrix could not be read, and
				  everything here is unknown */
	irqm_num matrix_bits, alloc_start, alloc_end, alloc_size;
	irqm_num global_available, global_reserved, systembits_inalloc;
	irqm_num total_allocated, online_maps;
	struct irqm_bits system_map;
};

/* struct irq_domain of x86_vector_domain. */
struct irqm_vector_domain {
	const char *name;
	irqm_num revmap_size, mapcount, flags;
	bool spells_flags; /* this kernel's debugfs prints names of flags */
};

/* The kernel's names for bits; empty if unknown. */
struct irqm_bit_names {
	struct irqm_enum state;  /* IRQD_* */
	struct irqm_enum istate; /* IRQS_* */
	struct irqm_enum status; /* _IRQ_* */
	struct irqm_enum chip;   /* IRQCHIP_* */
	struct irqm_enum domain; /* IRQ_DOMAIN_* */
};

/* The kind of an entry of vector_irq[]. */
enum irqm_slot {
	IRQM_SLOT_UNKNOWN = 0, /* vector_irq could not be read */
	IRQM_SLOT_UNUSED,      /* VECTOR_UNUSED, NULL */
	IRQM_SLOT_SHUTDOWN,    /* VECTOR_SHUTDOWN, -1 */
	IRQM_SLOT_RETRIGGERED, /* VECTOR_RETRIGGERED, -2 */
	IRQM_SLOT_IRQ,         /* the descriptor of irq */
	IRQM_SLOT_STRAY,       /* a pointer that is not a descriptor's */
};

struct irqm_vector_irq {
	enum irqm_slot slot;
	unsigned int irq; /* for IRQM_SLOT_IRQ */
	uint64_t value;   /* as read */
};

/* A possible CPU: its cpumap, its vector_irq, its place in the machine. */
struct irqm_cpu {
	unsigned int cpu;

	/* struct cpumap; online and initialized are 0, 1 or unknown */
	irqm_num online, initialized;
	/* managed_allocated does not exist before e8da8794a7fd (5.0) */
	irqm_num available, allocated, managed, managed_allocated;
	struct irqm_bits alloc_map, managed_map; /* of matrix_bits */

	/* IRQM_NR_VECTORS entries; NULL if it could not be read */
	struct irqm_vector_irq *vector_irq;

	irqm_num node;             /* NUMA node */
	struct irqm_bits siblings; /* threads of its core */
	struct irqm_bits cluster;  /* CPUs that share its L2 cache, which is
				      what x86 calls a cluster */
	/* x86_cpu_to_apicid; unknown also if the CPU has none (BAD_APICID) */
	irqm_num apicid;
	irqm_num logical_apicid; /* only with the x2APIC cluster driver */
};

struct irqm_action {
	const char *name;
	const char *handler; /* symbol, or NULL */
	const char *thread;  /* symbol of the thread function, or NULL */
	const char *comm;    /* name of the thread that runs it, or NULL */
	irqm_num pid;        /* process ID of that thread; otherwise unknown */
	irqm_num flags;      /* IRQF_* */
	uint64_t dev_id;
};

/* One struct irq_data, from the device's own chip towards the CPU. */
struct irqm_level {
	uint64_t addr;
	const char *domain;  /* irq_domain.name; NULL also without a domain */
	const char *chip;    /* irq_chip.name */
	uint64_t chip_addr;  /* 0: no chip */
	irqm_num chip_flags; /* IRQCHIP_* */
	uint64_t hwirq;
	uint64_t domain_addr, chip_data;
	bool vector_domain; /* its domain is x86_vector_domain */
};

/* struct apic_chip_data. Counts and flags are as in the kernel. */
struct irqm_apic {
	unsigned int vector, cpu;           /* vector 0: none is assigned */
	unsigned int prev_vector, prev_cpu; /* vector 0: none */
	bool move_in_progress, can_reserve, has_reserved;
	irqm_num is_managed;
	irqm_num cleanup_pending; /* clist is linked: 0, 1 or unknown */
	irqm_num hw_vector;       /* hw_irq_cfg.vector: what was programmed */
	irqm_num hw_dest_apicid;
};

/* An entry of an IOMMU's interrupt remapping table, Intel's or AMD's. */
struct irqm_irte {
	bool known; /* false: could not be read, and nothing below is set */
	bool present;
	/* delivered to a vCPU or through a descriptor in memory: vector and
	 * destination are not those of a CPU */
	bool posted;
	unsigned int vector;
	/* APIC id; unknown if posted, or if its format is */
	irqm_num destination;
	bool logical, redirect_hint;
	unsigned int delivery_mode; /* as in an MSI message */
};

/* An interrupt remapping table: an IOMMU's (Intel), or that of a device and its
 * aliases (AMD). Only those of the interrupts in irqs[] are known. */
struct irqm_remap_table {
	bool amd;
	uint64_t addr;    /* of its entries */
	const char *name; /* Intel: the IOMMU's, "dmar0"; may be NULL */
	irqm_num devid;   /* AMD: ID of the first device found with it */
	irqm_num entries, used;
	unsigned int irqs; /* the interrupts that have an entry in it ... */
	unsigned int first_irq; /* ... and the number of the first one */
};

/* chip_data of the level that remaps: intel_ir_data or amd_ir_data. */
struct irqm_remap {
	/* NULL: could not be read */
	const struct irqm_remap_table *in;
	bool amd;
	/* index in the table, including the subhandle */
	unsigned int index;
	/* AMD has a table for each device: the ID of the device */
	irqm_num devid;
	struct irqm_irte entry; /* as the driver composed it last */
	struct irqm_irte table; /* as read from the table */
};

/* mp_chip_data of the IO-APIC's level. */
struct irqm_ioapic {
	irqm_num apic, pin; /* the first pin that it drives; unknown: none */
	irqm_num nr_pins;
	uint64_t entry; /* the redirection entry as written */
	irqm_num isa_irq;
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
	/* includes this IRQ's number within the descriptor */
	uint32_t data;
	/* the driver gave masks (pci_alloc_irq_vectors_affinity); false:
	 * affinity is unknown */
	bool has_affinity;
	/* the affinity that was requested, including absent CPUs */
	struct irqm_bits affinity;
	/* irq_affinity_desc.is_managed; unknown with plain cpumasks (before
	 * 5.0) */
	irqm_num is_managed;
};

/*
 * How often an interrupt arrived on a CPU. Most interrupts arrive on few CPUs,
 * so only those are listed: a counter for each of 8,192 CPUs would take 32 KB
 * per interrupt.
 */
struct irqm_cpu_count {
	uint32_t index; /* index in cpus[] */
	uint32_t count;
};

struct irqm_irq {
	unsigned int irq;
	uint64_t desc; /* address of the irq_desc */

	struct irqm_action *actions; /* NULL and 0: none requested */
	unsigned int nr_actions;
	/* there are more, but the next one could not be read */
	bool actions_cut;
	const char *flow; /* symbol of handle_irq */
	const char *name; /* irq_desc.name: "edge", "fasteoi" */
	irqm_num status;  /* status_use_accessors, _IRQ_* */
	irqm_num istate;  /* IRQS_* */
	irqm_num depth, wake_depth, irqs_unhandled;
	/* the kernel stores it: CONFIG_GENERIC_IRQ_DEBUGFS */
	bool has_dev_name;
	bool dev_name_unknown; /* it exists, but could not be read */
	const char *dev_name;  /* only for MSI devices, otherwise NULL */

	irqm_num state; /* IRQD_* bits of irq_common_data */
	/* their names in the kernel: "IRQD_ACTIVATED" */
	const char **state_flags;
	unsigned int nr_state_flags;
	irqm_num managed; /* IRQD_AFFINITY_MANAGED: 0, 1 or unknown */
	/* IRQD_SETAFFINITY_PENDING: 0, 1 or unknown */
	irqm_num setaffinity_pending;
	irqm_num node;

	struct irqm_bits affinity; /* smp_affinity */
	struct irqm_bits effective_affinity;
	/* meaningless unless setaffinity_pending is 1 */
	struct irqm_bits pending_mask;
	/* the driver gave irqbalance an affinity_hint: 0, 1 or unknown */
	irqm_num has_hint;
	struct irqm_bits affinity_hint; /* unknown without a hint */
	const char *notify; /* function called when the affinity changes */

	struct irqm_level *chain;
	unsigned int nr_levels;
	bool in_vector_domain; /* some level's domain is x86_vector_domain */
	bool chain_cut;        /* a level could not be read */
	/* x86_vector_domain could not be read: any level may be the vector
	 * domain's */
	bool vector_domain_unknown;
	/* NULL: not in the vector domain; or chip_data is 0 or could not be
	 * read */
	struct irqm_apic *apic;
	/* NULL: not remapped, or could not be read */
	struct irqm_remap *remap;
	/* NULL: not of an IO-APIC, or could not be read */
	struct irqm_ioapic *ioapic;
	/* NULL: no msi_desc, or could not be read */
	struct irqm_msi *msi;
	int device; /* index in devices[], or -1 */
	/* device is -1 only because the descriptor or its msi_desc could not be
	 * read */
	bool device_unknown;

	/* the counts that are not 0, by CPU; NULL if not requested with
	 * IRQM_READ_COUNTS, or not read */
	struct irqm_cpu_count *cpu_counts;
	unsigned int nr_cpu_counts;
	irqm_num count; /* their sum */
};

struct irqm_consumer {
	const char *name;   /* "virtio3", "vda" */
	const char *driver; /* "virtio_blk", or NULL */
	const char *kind;   /* bus or class: "virtio", "block", "net" */
};

/* A device that owns MSI descriptors: msi_desc->dev. */
struct irqm_device {
	uint64_t addr;
	const char *name;   /* PCI address for a PCI device */
	const char *bus;    /* "pci" */
	const char *driver; /* "virtio-pci"; "" if none is bound */
	irqm_num node;      /* -1: NUMA_NO_NODE */
	irqm_num pci_class; /* 24 bits, as lspci -n; vendor and device ID */
	irqm_num pci_vendor, pci_device;
	struct irqm_consumer *consumers;
	unsigned int nr_consumers;
	bool consumers_cut; /* there may be more that could not be read */
	/* in the device's own store; more than its IRQs if some were never
	 * mapped */
	irqm_num nr_msi_descs;
};

/*
 * A PCI function with an MSI or MSI-X capability that uses neither, although
 * a driver is bound and nothing forbids it. It is not in devices[].
 */
struct irqm_pci_line {
	struct irqm_device device;
	unsigned int irq; /* its interrupt line, pci_dev.irq; 0: perhaps none */
	bool msix;        /* it has MSI-X; false: only MSI */
};

/* A line of the kernel log. A record with several lines has one of these for
 * each. */
struct irqm_log_line {
	uint64_t ns;           /* time since boot, by local_clock() */
	unsigned int level;    /* 0 KERN_EMERG .. 7 KERN_DEBUG */
	unsigned int facility; /* 0: the kernel; otherwise a program wrote it */
	const char *text;      /* without newline */
};

/* The printk ring buffer (since 5.10), or log_buf. */
struct irqm_log {
	bool known;    /* it was found, and its lines were read */
	bool left_out; /* a distilled dump without its log, which is no error */
	/* incomplete: the beginning or other records are missing */
	bool cut;
	struct irqm_log_line *lines; /* oldest first */
	unsigned int nr_lines;
};

struct irqm_unread {
	const char *what; /* "irq_desc of IRQ 31" */
	uint64_t addr;
	enum irqm_why why;
};

struct irqm_profile;

struct irqm_snapshot {
	struct irqm_arena *arena;
	struct irqm_dump dump;
	struct irqm_matrix matrix;
	struct irqm_vector_domain vector_domain;
	struct irqm_bit_names names;

	struct irqm_cpu *cpus; /* every possible CPU, ascending */
	unsigned int nr_cpus;

	struct irqm_irq *irqs; /* every descriptor, ascending */
	unsigned int nr_irqs;
	/* false: the tree was not found, or not read to its end */
	bool irqs_known;

	/* Names of the system vectors from the IDT ("local_timer"); NULL if the
	 * gate has none. */
	const char *system_vector[IRQM_NR_VECTORS];
	bool system_vectors_cut; /* some could not be read */

	struct irqm_device *devices; /* in order of their lowest IRQ */
	unsigned int nr_devices;

	/* in order of their first IRQ */
	struct irqm_remap_table **remap_tables;
	unsigned int nr_remap_tables;
	/* a dump that was distilled without what they hold, which is no error */
	bool remap_tables_left_out;
	/* some interrupts could not be read as far as their table, so each
	 * table may have more, and an earlier one may be the first */
	bool remap_irqs_cut;

	struct irqm_pci_line *pci_lines; /* in order of the buses */
	unsigned int nr_pci_lines;

	struct irqm_log log; /* unknown unless requested with IRQM_READ_LOG */

	struct irqm_unread *unread; /* at most IRQM_MAX_UNREAD */
	unsigned int nr_unread;
	unsigned int unread_dropped; /* number of further ones */

	/* A machine that is only described (plan/described.h): which kernel it
	 * is taken for, and the same machine with the other kernel that it may
	 * have. NULL for a dump. */
	const struct irqm_profile *profile;
	struct irqm_snapshot *other;
};

#define IRQM_MAX_UNREAD 4096

enum {
	/* Counts per CPU. There is one for each IRQ and CPU, so they are read
	 * only on request. */
	IRQM_READ_COUNTS = 1 << 0,
	/* The kernel log. Findings use it; distill must not read it. */
	IRQM_READ_LOG = 1 << 1,
};

/*
 * Reads the machine's state. Parts that cannot be read are unknown and recorded
 * in unread[]. The call fails only if nothing can be read: the kernel has no
 * vector matrix (before 4.15), there is no layout, or no memory.
 *
 * If the vectors of a running machine change meanwhile, or something cannot be
 * read, reads all again, up to five times. What had changed the last time is
 * recorded in unread[], too.
 *
 * flags: IRQM_READ_*. Free *ret with irqm_snapshot_free(). Returns 0, or -1
 * with err.
 */
int irqm_snapshot_read(struct irqm_target *target,
		       const struct irqm_layout *layout, unsigned int flags,
		       struct irqm_snapshot **ret, struct irqm_error *err);

/* Returns an empty snapshot with an arena and everything unknown, for tests
 * that fill it in. Returns NULL if out of memory. */
struct irqm_snapshot *irqm_snapshot_new(void);
void irqm_snapshot_free(struct irqm_snapshot *s); /* NULL is fine */

/* Finds an IRQ by number. Returns NULL if there is none. */
const struct irqm_irq *irqm_find_irq(const struct irqm_snapshot *s,
				     unsigned int irq);
const struct irqm_cpu *irqm_find_cpu(const struct irqm_snapshot *s,
				     unsigned int cpu);

/* Returns true if irq->state_flags has the name, such as "IRQD_ACTIVATED". */
bool irqm_has_state(const struct irqm_irq *irq, const char *name);

#endif
