/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A machine on paper: what irqmatrix-machine(5) describes, as plain data. Text
 * becomes a machine, and lib/plan makes a snapshot of it, so that plans need no
 * dump. tests/mkdump makes dumps of the same machines.
 *
 * Lists of CPUs are strings as in "0-3,5" or "all", and "" is the empty list. No
 * CPU is at or above nr_cpu_ids. All strings and arrays are in the arena.
 */
#ifndef IRQM_MACHINE_H
#define IRQM_MACHINE_H

#include "base/base.h"

/*
 * Limits on a text, which may come from anybody. Linux has at most 524,544
 * interrupts on x86 (NR_IRQS with 8,192 CPUs).
 */
#define IRQM_MACHINE_MAX_TEXT (16U << 20) /* bytes of a file */
#define IRQM_MACHINE_MAX_CPUS 65536
#define IRQM_MACHINE_MAX_IRQS 524544
#define IRQM_MACHINE_MAX_DEVICES 65536
#define IRQM_MACHINE_MAX_OTHERS 65536 /* of each: entry, leak, drift, log */
/* after "repeat": */
#define IRQM_MACHINE_MAX_LINES (1U << 22)
#define IRQM_MACHINE_MAX_BYTES (1U << 28)
#define IRQM_MACHINE_MAX_PLACED (1U << 28) /* CPUs that "node" lines name */

/* How interrupts address CPUs; the last two with x2APIC. */
enum irqm_machine_apic {
	IRQM_MACHINE_PHYSICAL,
	IRQM_MACHINE_FLAT,
	IRQM_MACHINE_X2_PHYSICAL,
	IRQM_MACHINE_X2_CLUSTER
};

/* A level of an interrupt's chain of domains. */
enum irqm_machine_level {
	IRQM_LEVEL_END = 0,
	IRQM_LEVEL_VECTOR, /* x86_vector_domain */
	IRQM_LEVEL_IOAPIC,
	IRQM_LEVEL_DMAR,
	IRQM_LEVEL_PCI_MSI,
	IRQM_LEVEL_IR_PCI_MSI,
	IRQM_LEVEL_IR,
	IRQM_LEVEL_XEN,       /* a domain that has no vector domain below */
	IRQM_LEVEL_NO_DOMAIN, /* a chip without domain */
	IRQM_LEVEL_AMD_IR,
	IRQM_LEVEL_VMD,
	IRQM_NR_LEVELS
};

struct irqm_machine_cpu {
	int node;
	const char *siblings, *cluster;
};

struct irqm_machine_action {
	const char *name, *handler, *thread; /* the last two: symbols */
};

/* The vector is the lowest that is free, or the one that is reserved if it is
 * managed. */
#define IRQM_MACHINE_AUTO (~0U)

struct irqm_machine_irq {
	unsigned int irq;
	enum irqm_machine_level chain[5]; /* from the device's chip on */
	struct irqm_machine_action actions[4];
	const char *flow, *name;
	const char *state[10]; /* IRQD_* */
	const char *affinity, *effective;
	const char *pending; /* NULL: IRQD_SETAFFINITY_PENDING is off */

	bool no_chip_data; /* IRQ 2: vector domain, chip_data NULL */
	unsigned int vector, cpu, prev_vector, prev_cpu;
	bool move_in_progress, managed, can_reserve, has_reserved, cleanup;

	int node;   /* of irq_common_data; -1: none */
	int device; /* index, or -1: no msi_desc */
	unsigned int first_irq, nvec, index;
	const char *msi_affinity; /* NULL: the driver gave none */
	uint64_t address;
	uint32_t data;
	/* hw_irq_cfg's and the remapping entry's, where they are wrong; 0 */
	unsigned int hw_vector, entry_vector;
	bool own_message; /* address and data are given */

	const char *hint;   /* affinity_hint; NULL: none */
	const char *notify; /* symbol of affinity_notify's; NULL: none */

	bool quiet; /* counted only on cpu, count times */
	uint32_t count;
};

struct irqm_machine_consumer {
	const char *name, *driver, *kind;
	bool on_bus; /* else kind is a class */
};

struct irqm_machine_device {
	const char *name, *bus, *driver; /* driver NULL: none bound */
	int node;
	unsigned int class, vendor, device;
	unsigned int nr_msi_descs;
	bool msix;
	struct irqm_machine_consumer consumers[3];
};

/* An entry of vector_irq that does not follow from the IRQs. */
struct irqm_machine_entry {
	unsigned int cpu, vector;
	uint64_t value;
};

/* A vector that is allocated, but no interrupt owns it. */
struct irqm_machine_leak {
	unsigned int cpu, vector;
};

/* A counter that is off: of a CPU, or of the matrix if cpu is -1. */
struct irqm_machine_drift {
	int cpu;
	const char *counter;
	int by;
};

/* A line of the kernel's log. */
struct irqm_machine_log {
	uint64_t ns;
	unsigned int level;
	const char *text;
};

struct irqm_machine {
	struct irqm_arena *arena;
	unsigned int nr_cpu_ids;
	unsigned int threads, cluster; /* CPUs in a row; 0: not given */
	const char *possible, *present, *online, *default_affinity;
	const char *housekeeping;      /* NULL: no isolcpus=managed_irq */
	uint64_t system_map[4];        /* vectors of the system */
	bool system_given;             /* else it follows from the kernel */
	struct irqm_machine_cpu *cpus; /* by number */
	struct irqm_machine_irq *irqs; /* ascending */
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
	/* what remaps interrupts that have no "chain": IRQM_LEVEL_IR,
	 * IRQM_LEVEL_AMD_IR, or IRQM_LEVEL_END: nothing */
	enum irqm_machine_level remapping;
	bool amd_short;      /* remapping entries of 32 bits */
	const char *release; /* "6.12.0"; NULL: not given */
	const char *build_id;
	int64_t crash_time; /* IRQM_UNKNOWN: not given */
};

/* Makes an empty machine, whose memory is in the caller's arena. */
void irqm_machine_init(struct irqm_machine *m, struct irqm_arena *arena);

#endif
