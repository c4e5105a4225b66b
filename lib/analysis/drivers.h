/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vectors that drivers request, what they do without them, and what makes
 * them request fewer: drivers.def. Advice and plans follow from this table.
 */
#ifndef IRQM_DRIVERS_H
#define IRQM_DRIVERS_H

#include "snapshot/snapshot.h"

enum irqm_driver_queues {
	IRQM_QUEUES_PLAIN,   /* not managed */
	IRQM_QUEUES_PER_CPU, /* not managed, at most one for each online CPU */
	IRQM_QUEUES_MANAGED,
	IRQM_QUEUES_MANAGED_6_11, /* since that version */
};

/* When a driver requests its vectors, and how. */
enum irqm_driver_probe {
	IRQM_PROBE_ALL, /* at probe */
	IRQM_PROBE_VIRTIO,
	IRQM_PROBE_NVME,
	IRQM_PROBE_OPEN,    /* a network card: by `ip link set up` */
	IRQM_PROBE_ADMIN,   /* so, but the first at probe */
	IRQM_PROBE_VMXNET3, /* by `ip link set up`, which keeps what it got if
			       it fails */
	IRQM_PROBE_PORT,    /* a root port: by the drivers of its services */
	IRQM_PROBE_FIRST,   /* at probe, but only the first */
	IRQM_PROBE_MLX5,    /* _ADMIN since 6.6; before that all at probe, where
			     the first queue is enough */
	IRQM_PROBE_XHCI,    /* _FIRST since 6.8, before that _ALL */
};

/* What a driver does if it does not get the vectors that it accepts, at probe
 * or, with IRQM_PROBE_OPEN, when the interface is brought up. */
enum irqm_driver_then {
	IRQM_THEN_FAILS, /* it fails */
	IRQM_THEN_LINE,  /* it uses INTx */
	IRQM_THEN_MSI,   /* it asks for one unmanaged vector, then uses INTx */
};

/* What makes the driver take fewer vectors. */
enum irqm_driver_fewer {
	IRQM_FEWER_DEVICES,   /* only fewer devices */
	IRQM_FEWER_VIRTIO,    /* vectors= of the device, in the hypervisor */
	IRQM_FEWER_ETHTOOL,   /* ethtool -L */
	IRQM_FEWER_VFS,       /* sriov_numvfs: it is a driver of VFs */
	IRQM_FEWER_UNMANAGED, /* its parameters smp_affinity_enable=0 and, with
				 it, one for the number of vectors */
	IRQM_FEWER_PORTS,     /* pcie_ports=compat */
};

struct irqm_driver {
	const char *name;
	unsigned int pre;       /* vectors besides the queues' */
	unsigned int per_queue; /* vectors for each queue */
	enum irqm_driver_queues queues;
	enum irqm_driver_probe probe;
	unsigned int least; /* it accepts that many instead; 0: only all */
	enum irqm_driver_then then;
	enum irqm_driver_fewer fewer;
	bool seen; /* in a guest; otherwise known from its source only */
	const char *source; /* file and function */
};

extern const struct irqm_driver irqm_drivers[];
extern const unsigned int irqm_nr_drivers;

/* Finds a driver by its name, in which '-' equals '_'. Returns NULL if nothing
 * is known of it; so for NULL. */
const struct irqm_driver *irqm_driver_find(const char *name);
/* Returns true if the names are equal but for '-' and '_'. */
bool irqm_driver_is(const char *a, const char *b);

/* Returns true if the kernel of the dump is 6.11 or newer. */
bool irqm_is_since_6_11(const struct irqm_snapshot *s);
/* Returns true if this kernel manages the vectors of its queues. */
bool irqm_driver_manages(const struct irqm_driver *d,
			 const struct irqm_snapshot *s);

/* Says what the driver does without its vectors: "fewer, then INTx". */
const char *irqm_driver_short(const struct irqm_driver *d);

#endif
