/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is shown of a CPU, device, driver, pool or interrupt. Each has a table,
 * NAME.def, with one row per fact: its key in JSON, its column in text and CSV,
 * its type, and where its value is. lib/render writes each fact by its type,
 * lib/diff compares some, and fleet/store stores them. "Add a fact" in
 * CONTRIBUTING.md describes how to add one.
 *
 * The macros of a row:
 *
 * KEY(key, type, get)      only in JSON
 * COLUMN(name, type, get, place, title, flags, help)
 *                          only in text and CSV
 * FACT(key, type, get, place, title, flags, help)
 *                          both
 * NEST(key)                only in JSON; the renderer builds the value
 * CELL(name, place, title, flags, help)
 *                          only in text and CSV; the view's fill_name() writes
 *                          the cell
 *
 * The order of the rows is the order of the keys. place is the position of the
 * column, from 1. type is IRQM_TYPE_type, flags is IRQM_COL_flags. get is
 * MEMBER(object, member), object being a member of struct irqm_fact_row, or
 * CALL(function).
 */
#ifndef IRQM_FACTS_H
#define IRQM_FACTS_H

#include "analysis/analysis.h"

enum irqm_type {
	IRQM_TYPE_INDEX, /* the number of the row, never unknown */
	IRQM_TYPE_NUM,
	IRQM_TYPE_BOOL,
	IRQM_TYPE_BITS,
	IRQM_TYPE_NAME,
	IRQM_TYPE_ADDRESS, /* 0 means unknown */
	IRQM_TYPE_HEX,
	IRQM_TYPE_NEST, /* the renderer builds it */
};

/* The object that a row is about. Pointers that do not apply are NULL. */
struct irqm_fact_row {
	const struct irqm_analysis *analysis;
	const struct irqm_claims *claims;
	const struct irqm_cpu *cpu;
	const struct irqm_cpu_check *check;
	const struct irqm_device *device;
	const struct irqm_driver_cost *driver;
	const struct irqm_cost *cost;
	/* same as cost, or NULL for a row without interrupts, such as
	 * "unattributed" */
	const struct irqm_cost *counts;
	const struct irqm_pool *pool;
	const struct irqm_totals *totals;
	const struct irqm_accounting *accounting;
	/* irqm_irq_row() sets these, and device */
	const struct irqm_snapshot *snapshot;
	const struct irqm_irq *irq;
	const struct irqm_level *level; /* of the device's own chip */
	const struct irqm_apic *apic;
	const struct irqm_apic *assigned; /* apic, if it has a vector */
	const struct irqm_apic *moved;    /* apic, if it has a prev_vector */
	const struct irqm_msi *msi;
	const struct irqm_msi *message; /* msi, if it has_msg */
};

struct irqm_fact_value {
	enum {
		IRQM_VALUE_KNOWN,
		IRQM_VALUE_UNKNOWN, /* could not be read */
		IRQM_VALUE_NONE,    /* does not apply */
	} state;
	union {
		irqm_num num;     /* also for IRQM_TYPE_BOOL */
		uint64_t address; /* also for IRQM_TYPE_HEX */
		const char *name;
		const struct irqm_bits *bits;
	};
};

/* How a member is stored. */
enum irqm_storage {
	IRQM_STORED_NUM,
	IRQM_STORED_UNSIGNED,
	IRQM_STORED_BOOL,
	IRQM_STORED_U64,
	IRQM_STORED_NAME,
	IRQM_STORED_BITS,
};

struct irqm_fact {
	const char *key; /* NULL: not in JSON */
	enum irqm_type type;
	/* where the value is; unused if get is set */
	unsigned short object; /* offset in irqm_fact_row */
	unsigned short member; /* offset in that object */
	enum irqm_storage storage;
	struct irqm_fact_value (*get)(const struct irqm_fact_row *row);
};

/* IRQM_CPU_available is the index of that fact in irqm_cpu_facts[], and so on
 * for the other tables. */
enum {
#define EACH(id, ...) IRQM_CPU_##id,
#include "facts/cpu.def"
	IRQM_NR_CPU_FACTS
};
enum {
#define EACH(id, ...) IRQM_DEVICE_##id,
#include "facts/device.def"
	IRQM_NR_DEVICE_FACTS
};
enum {
#define EACH(id, ...) IRQM_DRIVER_##id,
#include "facts/driver.def"
	IRQM_NR_DRIVER_FACTS
};
enum {
#define EACH(id, ...) IRQM_POOL_FACT_##id,
#include "facts/pool.def"
	IRQM_NR_POOL_FACTS
};
enum {
#define EACH(id, ...) IRQM_IRQ_FACT_##id,
#include "facts/irq.def"
	IRQM_NR_IRQ_FACTS
};

extern const struct irqm_fact irqm_cpu_facts[], irqm_device_facts[],
	irqm_driver_facts[], irqm_pool_facts[], irqm_irq_facts[];

/* The facts of cpumap.def and cost.def, as the arguments facts and nr. */
#define IRQM_CPUMAP_FACTS                                                      \
	&irqm_cpu_facts[IRQM_CPU_online],                                      \
		IRQM_CPU_man_alloc - IRQM_CPU_online + 1
#define IRQM_COST_FACTS                                                        \
	&irqm_driver_facts[IRQM_DRIVER_irqs],                                  \
		IRQM_DRIVER_cost - IRQM_DRIVER_irqs + 1

/* Returns the value of a fact of any type except IRQM_TYPE_NEST. */
struct irqm_fact_value irqm_fact_get(const struct irqm_fact *fact,
				     const struct irqm_fact_row *row);

/* Returns the value of an INDEX, NUM or BOOL; IRQM_UNKNOWN if it has none. */
irqm_num irqm_fact_number(const struct irqm_fact *fact,
			  const struct irqm_fact_row *row);

/* Compares two rows by these facts, which are numbers. */
enum irqm_compared {
	IRQM_FACTS_EQUAL, /* a number may be unknown in both */
	IRQM_FACTS_DIFFER,
	IRQM_FACTS_UNKNOWN, /* a number is unknown in one of the rows */
} irqm_facts_compare(const struct irqm_fact *facts, unsigned int nr,
		     const struct irqm_fact_row *a,
		     const struct irqm_fact_row *b);

struct irqm_fact_row irqm_irq_row(const struct irqm_snapshot *s,
				  const struct irqm_irq *irq);
/* Returns the IRQ's MSI device, or NULL if there is none or it is unknown. */
const struct irqm_device *irqm_irq_device(const struct irqm_snapshot *s,
					  const struct irqm_irq *irq);

#endif
