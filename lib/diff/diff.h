/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two dumps of one machine, before and after: what came, went and moved, and
 * what that did to the matrix. A function of two analyses, as they are of
 * snapshots.
 *
 * What is unknown on one side does not differ, nor does what only one side has
 * where the other could not be read in full: it may be there. Numbers of interrupts are
 * other ones after each boot: nothing is matched by them alone.
 */
#ifndef IRQM_DIFF_H
#define IRQM_DIFF_H

#include "analysis/analysis.h"

enum irqm_change {
	IRQM_CAME, /* only after */
	IRQM_WENT, /* only before */
	IRQM_CHANGED,
	IRQM_CHANGE_UNKNOWN, /* on one side, and the other was not read in
				   full; findings: one of them was not */
	IRQM_SAME,
};

/*
 * The same device: its bus and name (the PCI address) are, and so are vendor
 * and device number, and irqm_device_driver(). Another device at an address
 * is one that went and one that came.
 */
struct irqm_device_diff {
	enum irqm_change change; /* changed: one of the figures, or a name */
	const struct irqm_cost *before, *after; /* NULL if it is not there */
	irqm_num cost; /* after less before, 0 for what is not there;
				   unknown if the change is */
	bool renamed;  /* its consumers have other names */
};

struct irqm_driver_diff {
	enum irqm_change change;
	const char *driver;
	const struct irqm_driver_cost *before, *after;
	irqm_num cost; /* as of a device */
};

/* What of an interrupt changed. */
enum {
	IRQM_DIFF_IRQ = 1 << 0,      /* its number */
	IRQM_DIFF_ACTIONS = 1 << 1,  /* their names */
	IRQM_DIFF_VECTOR = 1 << 2,   /* another one, or one where was none */
	IRQM_DIFF_CPU = 1 << 3,      /* of its vector, where both have one */
	IRQM_DIFF_AFFINITY = 1 << 4, /* but not from all possible to all */
	IRQM_DIFF_MANAGED = 1 << 5,
	IRQM_DIFF_PENDING = 1 << 6, /* the affinity that was asked for and
					not applied yet */
};
#define IRQM_NR_DIFF_BITS 7
/* "irq", "actions", ... of bit 0, 1, ... */
const char *irqm_diff_bit_name(unsigned int bit);

/*
 * The same interrupt: of one device, its MSI index and its number within the
 * descriptor. Without a device, domain and hwirq of its own chip (without a
 * domain, chip and number), and a common action unless one has none.
 */
struct irqm_irq_diff {
	enum irqm_change change;
	unsigned int what; /* IRQM_DIFF_*, if changed */
	const struct irqm_irq *before, *after;
	int device; /* index in devices[], or -1 */
};

struct irqm_cpu_diff {
	enum irqm_change change; /* came: it became a possible one */
	const struct irqm_cpu *before, *after;
};

/* By code. Changed: the most severe of that code is more or less so. */
struct irqm_finding_diff {
	enum irqm_change change;
	const struct irqm_finding *before, *after; /* the most severe */
};

struct irqm_diff_num {
	const char *name; /* as in the document: "global_available" */
	irqm_num before, after;
};

/* How the matrix' figures changed, after less before. */
struct irqm_diff_sums {
	irqm_num capacity; /* vectors that all online CPUs could give */
	irqm_num came, went, changed; /* costs of devices */
	irqm_num no_device, unattributed;
	/* capacity less the sum of the five above, to the last vector */
	irqm_num available; /* global_available */
};

#define IRQM_NR_DIFF_NUMS 13

/* Of which kinds a dump may have more than could be read. */
struct irqm_diff_gaps {
	bool devices, irqs, cpus, findings; /* drivers: as devices */
};

struct irqm_diff {
	struct irqm_arena *arena;
	const struct irqm_analysis *before, *after; /* outlive the diff */
	struct irqm_diff_gaps gaps_before, gaps_after;
	bool differs;        /* anything but path, format, types, times */
	bool other_kernel;   /* release or build ID */
	bool other_cpus;     /* possible or present ones */
	bool after_is_older; /* by crash_time */
	/* Of the devices of the side that has fewer, how many are at the same
	 * address with the same numbers on the other; less than half of them
	 * are two machines, unless there are gaps. */
	unsigned int same_places, places;
	bool other_machine;

	struct irqm_diff_num nums[IRQM_NR_DIFF_NUMS];
	struct irqm_diff_sums sums;
	/* All of both sides, also those that are the same, which come last.
	 * Devices: came, went, changed. Both by how much the cost changed,
	 * then by name. */
	struct irqm_device_diff *devices;
	struct irqm_driver_diff *drivers;
	struct irqm_irq_diff *irqs; /* those without device first, then in
					 the order of devices[] */
	struct irqm_cpu_diff *cpus; /* ascending */
	struct irqm_finding_diff *findings; /* none that are the same */
	unsigned int nr_devices, nr_drivers, nr_irqs, nr_cpus, nr_findings;
};

/* NULL without memory. */
struct irqm_diff *irqm_diff(const struct irqm_analysis *before,
			    const struct irqm_analysis *after);
void irqm_diff_free(struct irqm_diff *d); /* NULL is fine */

/* The device itself: as it is after, or was before if it went. */
const struct irqm_device *irqm_diff_device(const struct irqm_diff *d,
					   const struct irqm_device_diff *diff);

/* "came", "went", "changed", "unknown", "same" */
const char *irqm_change_name(enum irqm_change change);

#endif
