/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How an interrupt is wired: what each level of the kernel, and the tables
 * that the hardware reads, say of its vector and its CPU, and whether they
 * say the same.
 */
#ifndef IRQM_WIRING_H
#define IRQM_WIRING_H

#include "analysis/analysis.h"

/* Who says something, from the allocator towards the device. */
enum irqm_wire {
	IRQM_WIRE_APIC,         /* apic_chip_data: vector and CPU */
	IRQM_WIRE_HW_CFG,       /* hw_irq_cfg: what was last programmed */
	IRQM_WIRE_EFFECTIVE,    /* effective_affinity */
	IRQM_WIRE_VECTOR_IRQ,   /* that CPU's table */
	IRQM_WIRE_REMAP,        /* remapping entry as the driver has it */
	IRQM_WIRE_TABLE,        /* and as it stands in the table */
	IRQM_WIRE_IOAPIC,       /* redirection entry */
	IRQM_WIRE_MESSAGE,      /* MSI message */
	IRQM_NR_WIRES,
};

/* About what. */
enum irqm_wire_fact {
	IRQM_FACT_VECTOR,
	IRQM_FACT_CPU,
	IRQM_FACT_DESTINATION,  /* APIC id, or logical */
	IRQM_FACT_HANDLE,       /* index of the remapping table */
	IRQM_FACT_PRESENT,      /* 0, 1: the entry is valid */
	IRQM_FACT_IRQ,          /* of vector_irq; unknown: no IRQ's */
};

/* level says other than what follows from by; both values are known but a
 * vector_irq entry that is no IRQ's. */
struct irqm_disagreement {
	enum irqm_wire by, level;
	enum irqm_wire_fact fact;
	irqm_num expected, found;
	const char *normal;     /* why that is no fault, or NULL */
};

#define IRQM_MAX_DISAGREEMENTS 16

struct irqm_wiring {
	struct irqm_disagreement d[IRQM_MAX_DISAGREEMENTS];
	unsigned int nr;
	unsigned int faults;    /* of d[], those that are not normal */
};

/*
 * What could not be read, or is composed by another than the kernel's own
 * APIC code (VMD, Hyper-V, a destination of an unknown APIC driver), is not
 * compared.
 */
void irqm_check_wiring(const struct irqm_snapshot *s,
		       const struct irqm_irq *irq, struct irqm_wiring *w);

/* "vector", "destination" ... and "apic_chip_data", "msi_msg" ... */
const char *irqm_wire_fact_name(enum irqm_wire_fact fact);
const char *irqm_wire_name(enum irqm_wire wire);

/* The number by which an interrupt is sent to the CPU; unknown if the APIC
 * driver's way is, or the CPU. */
irqm_num irqm_cpu_destination(const struct irqm_snapshot *s, unsigned int cpu);
/* The CPU that a destination means, logical or not; unknown if it is none's
 * or more than one's. */
irqm_num irqm_destination_cpu(const struct irqm_snapshot *s, irqm_num dest,
			      bool logical);

/* An IO-APIC's redirection entry. */
struct irqm_ioapic_fields {
	bool unknown;           /* the chip is IR-IO-APIC, and which IOMMU's
				   is not known: no field below but masked,
				   level and active_low means anything */
	bool remapped;          /* handle, and no destination */
	unsigned int handle;
	unsigned int vector;    /* remapped: a number for the EOI only */
	unsigned int destination;
	bool logical, masked, level, active_low;
	unsigned int delivery_mode;
};

/* irq->ioapic is not NULL. */
void irqm_ioapic_decode(const struct irqm_irq *irq,
			struct irqm_ioapic_fields *f);

/*
 * When a change of affinity that is pending will be applied, as the kernel's
 * irq_move_masked_irq() does it. irq->setaffinity_pending is 1.
 */
enum irqm_pending {
	IRQM_PENDING_NEXT,      /* by its next interrupt, on its CPU */
	IRQM_PENDING_ENABLED,   /* likewise, but it is disabled */
	IRQM_PENDING_MOVE,      /* the move before has to be finished first */
	IRQM_PENDING_START,     /* it is not started: when it is */
	IRQM_PENDING_DROPPED,   /* never: no CPU of the mask is online */
	IRQM_PENDING_UNKNOWN,   /* what it depends on could not be read */
};
enum irqm_pending irqm_pending_when(const struct irqm_snapshot *s,
				    const struct irqm_irq *irq);

#endif
