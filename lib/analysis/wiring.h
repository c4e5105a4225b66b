/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How an interrupt is wired: whether each level of the kernel, and the tables
 * that the hardware reads, agree on its vector and its CPU.
 */
#ifndef IRQM_WIRING_H
#define IRQM_WIRING_H

#include "analysis/analysis.h"

/* The places that name a vector or CPU, from the allocator to the device. */
enum irqm_wire {
	IRQM_WIRE_APIC,       /* apic_chip_data: vector and CPU */
	IRQM_WIRE_HW_CFG,     /* hw_irq_cfg: what was programmed last */
	IRQM_WIRE_EFFECTIVE,  /* effective_affinity */
	IRQM_WIRE_VECTOR_IRQ, /* that CPU's table */
	IRQM_WIRE_REMAP,      /* the driver's copy of the remapping entry */
	IRQM_WIRE_TABLE,      /* the entry in the remapping table */
	IRQM_WIRE_IOAPIC,     /* redirection entry */
	IRQM_WIRE_MESSAGE,    /* MSI message */
	IRQM_NR_WIRES,
};

/* The facts that they have about it. */
enum irqm_wire_fact {
	IRQM_FACT_VECTOR,
	IRQM_FACT_CPU,
	IRQM_FACT_DESTINATION, /* APIC id, or logical */
	IRQM_FACT_HANDLE,      /* index of the remapping table */
	IRQM_FACT_PRESENT,     /* 0, 1: the entry is valid */
	IRQM_FACT_IRQ,         /* of vector_irq; unknown: of no IRQ */
};

/* The fact at level differs from the one that follows from level by. Both
 * values are known, unless found is a vector_irq entry of no IRQ. */
struct irqm_disagreement {
	enum irqm_wire by, level;
	enum irqm_wire_fact fact;
	irqm_num expected, found;
	const char *normal; /* why this is no fault, or NULL */
};

#define IRQM_MAX_DISAGREEMENTS 16

struct irqm_wiring {
	struct irqm_disagreement d[IRQM_MAX_DISAGREEMENTS];
	unsigned int nr;
	unsigned int faults; /* elements of d[] that are not normal */
};

/*
 * Compares all levels. Does not compare what could not be read, or was not
 * composed by the kernel's APIC code (VMD, Hyper-V, a destination of an unknown
 * APIC driver).
 */
void irqm_check_wiring(const struct irqm_snapshot *s,
		       const struct irqm_irq *irq, struct irqm_wiring *w);

/* Return "vector", "destination" ... and "apic_chip_data", "msi_msg" ... */
const char *irqm_wire_fact_name(enum irqm_wire_fact fact);
const char *irqm_wire_name(enum irqm_wire wire);

/* Returns the destination that addresses the CPU; unknown if the CPU's APIC id
 * or the APIC driver's mode is. */
irqm_num irqm_cpu_destination(const struct irqm_snapshot *s, unsigned int cpu);
/* Returns the CPU that a destination addresses; unknown if there is none, or
 * more than one. */
irqm_num irqm_destination_cpu(const struct irqm_snapshot *s, irqm_num dest,
			      bool logical);

/* An IO-APIC's redirection entry. */
struct irqm_ioapic_fields {
	bool unknown;  /* the chip is IR-IO-APIC of an unknown IOMMU:
				   only masked, level and active_low are
				   set */
	bool remapped; /* handle, and no destination */
	unsigned int handle;
	unsigned int vector; /* remapped: a number for the EOI only */
	unsigned int destination;
	bool logical, masked, level, active_low;
	unsigned int delivery_mode;
};

/* irq->ioapic must not be NULL. */
void irqm_ioapic_decode(const struct irqm_irq *irq,
			struct irqm_ioapic_fields *f);

/*
 * When the kernel will apply a pending change of affinity (see its
 * irq_move_masked_irq()).
 */
enum irqm_pending {
	IRQM_PENDING_NEXT,    /* at the next interrupt on its CPU */
	IRQM_PENDING_ENABLED, /* the same, once it is enabled */
	IRQM_PENDING_MOVE,    /* after the previous move is finished */
	IRQM_PENDING_START,   /* when the interrupt is started */
	IRQM_PENDING_DROPPED, /* never: no CPU of the mask is online */
	IRQM_PENDING_UNKNOWN, /* a fact that decides this could not be read */
};

/* irq->setaffinity_pending must be 1. */
enum irqm_pending irqm_pending_when(const struct irqm_snapshot *s,
				    const struct irqm_irq *irq);

#endif
