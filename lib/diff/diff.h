/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares two dumps of one machine, before and after: which devices,
 * interrupts, CPUs and findings came, went and changed, and how that changed
 * the matrix. A function of two analyses.
 *
 * A value that is unknown on one side does not count as a difference. Neither
 * does something that only one side has, if the other could not be read in
 * full: it may be in the part that is missing. IRQ numbers differ after each
 * boot, so nothing is matched by them alone.
 */
#ifndef IRQM_DIFF_H
#define IRQM_DIFF_H

#include "analysis/analysis.h"

enum irqm_change {
	IRQM_CAME, /* only in the second dump */
	IRQM_WENT, /* only in the first dump */
	IRQM_CHANGED,
	/* only in one dump, and the other could not be read in full; for
	 * findings: one dump could not */
	IRQM_CHANGE_UNKNOWN,
	IRQM_SAME,
};

/*
 * Two devices are the same if bus, PCI address, vendor and device number, and
 * irqm_device_driver() are equal. If another device is at an address, one went
 * and one came.
 */
struct irqm_device_diff {
	enum irqm_change change; /* changed: a figure or a name differs */
	/* NULL on the side without it */
	const struct irqm_cost *before, *after;
	/* after minus before, counting a missing device as 0; unknown if change
	 * is */
	irqm_num cost;
	bool renamed; /* its consumers changed names */
};

struct irqm_driver_diff {
	enum irqm_change change;
	const char *driver;
	const struct irqm_driver_cost *before, *after;
	irqm_num cost; /* as for a device */
};

/* What changed in an interrupt. */
enum {
	IRQM_DIFF_IRQ = 1 << 0,     /* the IRQ number */
	IRQM_DIFF_ACTIONS = 1 << 1, /* the names of the actions */
	IRQM_DIFF_VECTOR = 1 << 2,  /* also if only one side has a vector */
	/* CPU of the vector, if both sides have one */
	IRQM_DIFF_CPU = 1 << 3,
	/* but not if both sides allow all possible CPUs */
	IRQM_DIFF_AFFINITY = 1 << 4,
	IRQM_DIFF_MANAGED = 1 << 5,
	IRQM_DIFF_PENDING = 1 << 6, /* the pending affinity */
};
#define IRQM_NR_DIFF_BITS 7
/* Returns the name of a bit: "irq" for bit 0, "actions" for bit 1 ... */
const char *irqm_diff_bit_name(unsigned int bit);

/*
 * Two interrupts are the same if device, MSI index, and number within the
 * descriptor are equal. Without a device: if domain and hwirq of its own chip
 * are equal (without a domain: chip and IRQ number), and they have an action in
 * common or one of them has none.
 */
struct irqm_irq_diff {
	enum irqm_change change;
	unsigned int what; /* IRQM_DIFF_* bits, if changed */
	const struct irqm_irq *before, *after;
	int device; /* index in devices[], or -1 */
};

struct irqm_cpu_diff {
	enum irqm_change change; /* came: the CPU became a possible one */
	const struct irqm_cpu *before, *after;
};

/* Findings are matched by code. Changed: the highest severity differs. */
struct irqm_finding_diff {
	enum irqm_change change;
	const struct irqm_finding *before, *after; /* the most severe one */
};

struct irqm_diff_num {
	const char *name; /* as in the document, such as "global_available" */
	irqm_num before, after;
};

/* How the figures of the matrix changed, after minus before. */
struct irqm_diff_sums {
	irqm_num capacity; /* change in the vectors that all online CPUs have */
	irqm_num came, went, changed; /* change in the costs of devices */
	irqm_num no_device, unattributed;
	/* the change in global_available: capacity minus the sum of the five
	 * above */
	irqm_num available;
};

#define IRQM_NR_DIFF_NUMS 13

/* True for the kinds that could not be read in full, so that a dump may have
 * more of them. */
struct irqm_diff_gaps {
	bool devices, irqs, cpus, findings; /* devices also covers drivers */
};

struct irqm_diff {
	struct irqm_arena *arena;
	const struct irqm_analysis *before, *after; /* outlive the diff */
	struct irqm_diff_gaps gaps_before, gaps_after;
	/* anything except path, format, types and times differs */
	bool differs;
	bool other_kernel;   /* release or build ID */
	bool other_cpus;     /* possible or present CPUs */
	bool after_is_older; /* by crash_time */
	/*
	 * places: devices of the side that has fewer. same_places: those with
	 * the same numbers at the same address on the other side. If it is less
	 * than half, the dumps are of two machines, unless there are gaps.
	 */
	unsigned int same_places, places;
	bool other_machine;

	struct irqm_diff_num nums[IRQM_NR_DIFF_NUMS];
	struct irqm_diff_sums sums;
	/*
	 * Of both sides, including those that are the same, which come last.
	 * Devices are sorted by change (came, went, changed), devices and
	 * drivers by how much the cost changed, then by name.
	 */
	struct irqm_device_diff *devices;
	struct irqm_driver_diff *drivers;
	/* those without a device first, then in the order of devices[] */
	struct irqm_irq_diff *irqs;
	struct irqm_cpu_diff *cpus;         /* ascending */
	struct irqm_finding_diff *findings; /* only those that differ */
	unsigned int nr_devices, nr_drivers, nr_irqs, nr_cpus, nr_findings;
};

/* Returns NULL if out of memory. */
struct irqm_diff *irqm_diff(const struct irqm_analysis *before,
			    const struct irqm_analysis *after);
void irqm_diff_free(struct irqm_diff *d); /* NULL is fine */

/* Returns the device after, or before if it went. */
const struct irqm_device *irqm_diff_device(const struct irqm_diff *d,
					   const struct irqm_device_diff *diff);

/* "came", "went", "changed", "unknown", "same" */
const char *irqm_change_name(enum irqm_change change);

#endif
