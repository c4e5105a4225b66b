/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The smallest changes, or combinations of them, after which everything has its vectors: what is there,
 * the devices that the log says failed to get theirs, and those that are to be
 * added. Every answer was run through the plan; none is given that the plan
 * does not confirm. docs/capacity.md describes what is tried.
 */
#ifndef IRQM_ADVISE_H
#define IRQM_ADVISE_H

#include "analysis/analysis.h"
#include "plan/plan.h"

/* What is changed. In this order if the rank is the same and equally few devices
 * change. */
enum irqm_knob {
	IRQM_KNOB_AFFINITY,     /* default_smp_affinity, irqaffinity= */
	IRQM_KNOB_MOVE,         /* smp_affinity of single interrupts */
	IRQM_KNOB_ONLINE,       /* more CPUs */
	IRQM_KNOB_ETHTOOL,      /* ethtool -L */
	IRQM_KNOB_NEW_VECTORS,  /* vectors=2 for the new devices */
	IRQM_KNOB_VFS,          /* fewer VFs */
	IRQM_KNOB_MSI_OFF,      /* msi_bus: a device uses INTx */
	IRQM_KNOB_UNPLUG,       /* fewer devices */
	IRQM_KNOB_REBOOT,       /* nothing else */
	IRQM_KNOB_WRITE_QUEUES, /* nvme.write_queues=0 */
	IRQM_KNOB_PORTS,        /* pcie_ports=compat */
	IRQM_KNOB_UNMANAGED,    /* smp_affinity_enable=0, msix_vectors= */
	IRQM_KNOB_QUEUES,       /* queues= of a virtio network card */
	IRQM_KNOB_VECTORS,      /* vectors=2 */
	IRQM_KNOB_SCSI,         /* disks behind one virtio-scsi controller */
	IRQM_KNOB_PARAMETER,    /* the driver's own, which turns MSI off */
	IRQM_KNOB_KERNEL,       /* a newer kernel, whose driver takes fewer */
	IRQM_KNOB_NR_CPUS,      /* nr_cpus= */
	IRQM_KNOB_COMBINED,     /* several of these */
	IRQM_KNOB_NO_MSI,       /* pci=nomsi: only if nothing else helps */
	IRQM_NR_KNOBS
};

/* Returns the knob's name in JSON: "default-affinity", "ethtool", ... */
const char *irqm_knob_name(enum irqm_knob knob);

#define IRQM_MAX_COMMANDS 4
#define IRQM_MAX_PARTS 3

struct irqm_advice_part {
	enum irqm_knob knob;
	unsigned int devices; /* number of devices that change */
	const char *what;     /* a sentence: "Give 20 of 176 ..." */
	const char *commands[IRQM_MAX_COMMANDS]; /* to type, or to put there */
	unsigned int nr_commands;
	const char *cost; /* what gets worse: a sentence */
	const char *undo; /* to type to get removed devices back, or NULL */
};

/* Changes of a lower rank come first. */
enum irqm_advice_rank {
	/* pcie_ports=compat on a machine of one CPU, as a crash kernel is */
	IRQM_RANK_CRASH_KERNEL,
	IRQM_RANK_RUNNING, /* without a reboot */
	IRQM_RANK_REBOOT,
	IRQM_RANK_FEWER_DEVICES, /* devices are removed, or not added */
	IRQM_RANK_FEWER_DEVICES_REBOOT,
};

/* A change that makes everything fit, or several changes together. */
struct irqm_advice {
	enum irqm_knob knob;
	enum irqm_advice_rank rank;
	bool reboot;          /* of the machine, or of the guest */
	bool other_driver;    /* than those of the goal */
	unsigned int devices; /* number of devices that change */
	struct irqm_advice_part parts[IRQM_MAX_PARTS];
	unsigned int nr_parts;
	/* global_available afterwards, by the plan; unknown: no plan confirms
	 * the change (pci=nomsi) */
	irqm_num available;
};

/* Why there is no advice. */
enum irqm_advise_end {
	IRQM_ADVISE_FOUND,
	IRQM_ADVISE_NO_GOAL, /* no device failed, and none is to be added */
	IRQM_ADVISE_FITS,    /* it fits without a change */
	IRQM_ADVISE_NOTHING, /* no change that is known helps */
};

struct irqm_advices {
	struct irqm_arena *arena;
	enum irqm_advise_end end;
	const char *goal; /* what is to fit: "16 virtio_blk devices that
				  failed: virtio161 ... virtio176" */
	struct irqm_plans *without; /* the plan without a change; NULL without
				       a goal */
	const char *probe_again;    /* what to type after a change without a
				    reboot, for each device that failed, or
				    NULL */
	/* Why there is nothing to search for, and what to type next, with
	 * IRQM_COMMAND_DUMP for the dump. Both are NULL with other ends, and
	 * mostly if everything fits. */
	const char *known, *next;
	const char *not_tried; /* a change that no plan can confirm, and why: a
				  sentence, or NULL */
	const char *unplanned; /* failed devices of which nothing is known, or
				  NULL: "foo1, foo2" */
	struct irqm_advice *list; /* best first */
	unsigned int nr;
	irqm_num available; /* global_available now */
	unsigned int plans; /* number of plans that were made */
	bool limited;       /* not all combinations were tried */
	/* IRQM_ADVISE_NOTHING: the change with which the fewest devices do not
	 * fit, and how many; NULL: no change applies */
	const char *nearest;
	unsigned int nearest_missing;
};

/* Tells how far the search is, if it is not NULL. */
struct irqm_advise_progress {
	void (*tried)(void *ctx, unsigned int plans);
	void *ctx;
};

/*
 * Searches. wishes are steps of the kinds ADD and LIKE: devices that are to be
 * added. Free the result with irqm_advices_free(). Returns NULL with err: a
 * wish is wrong, nothing can be predicted, or out of memory. a and its snapshot
 * must outlive the result.
 */
struct irqm_advices *irqm_advise(const struct irqm_analysis *a,
				 struct irqm_snapshot *s,
				 const struct irqm_plan_wish *wishes,
				 unsigned int nr,
				 const struct irqm_advise_progress *progress,
				 struct irqm_error *err);
void irqm_advices_free(struct irqm_advices *a); /* NULL is fine */

#endif
