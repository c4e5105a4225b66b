/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads which APIC driver is in use, and its numbers of each CPU. */
#include "snapshot/functions.h"
#include "snapshot/stages.h"

#include <string.h>

/* The driver's function that calculates a destination tells what a destination
 * is. UV and Xen have their own functions, which are not known here. */
static enum irqm_apic_dest dest_of(const char *calc_dest_apicid)
{
	static const struct {
		const char *function;
		enum irqm_apic_dest dest;
	} known[] = {
		{ "apic_default_calc_apicid", IRQM_DEST_PHYSICAL },
		{ "apic_flat_calc_apicid", IRQM_DEST_FLAT },
		{ "x2apic_calc_apicid", IRQM_DEST_CLUSTER },
	};
	size_t i;

	for (i = 0; calc_dest_apicid && i < ARRAY_SIZE(known); i++)
		if (strcmp(calc_dest_apicid, known[i].function) == 0)
			return known[i].dest;
	return IRQM_DEST_UNKNOWN;
}

static void read_driver(struct reader *r)
{
	const struct irqm_layout *l = r->layout;
	struct irqm_apic_driver *driver = &r->s->dump.apic;
	char copy[READER_STRUCT_MAX];
	uint64_t addr;

	if (!l->apic.exists || !irqm_reader_variable(r, "apic", &addr) ||
	    !addr ||
	    !irqm_reader_struct(r, copy, addr, l->apic.size, "struct apic"))
		return;
	driver->name = irqm_reader_string(r, irqm_get(copy, &l->apic.name),
					  "name of the APIC driver");
	driver->dest = dest_of(irqm_reader_function(
		r, irqm_get(copy, &l->apic.calc_dest_apicid)));
	if (l->apic.dest_mode_logical.exists)
		driver->logical = irqm_get(copy, &l->apic.dest_mode_logical);
	else if (l->apic.irq_dest_mode.exists)
		driver->logical = irqm_get(copy, &l->apic.irq_dest_mode);
}

/* Returns 0 if neither structure has the member. */
static unsigned int apicid_size(const struct irqm_layout *l)
{
	if (l->cpuinfo_topology.apicid.exists)
		return l->cpuinfo_topology.apicid.size;
	return l->cpuinfo_x86.apicid.exists ? l->cpuinfo_x86.apicid.size : 0;
}

/* BAD_APICID in either width: a possible CPU that was never present. */
static bool is_bad_apicid(uint32_t id)
{
	return id == 0xffff || id == UINT32_MAX;
}

static void read_apicid(struct reader *r, struct irqm_cpu *c, uint64_t ptr,
			unsigned int size)
{
	uint64_t addr;
	uint32_t id = 0; /* little endian: a u16 fills the lower half */

	if (irqm_reader_percpu(r, ptr, c->cpu, &addr) &&
	    irqm_reader_read(r, addr, &id, size, "x86_cpu_to_apicid of CPU %u",
			     c->cpu) &&
	    !is_bad_apicid(id))
		c->apicid = id;
}

/*
 * A per-CPU variable or, since cc95a07fef06 ("x86/apic: Reduce cache line
 * misses in __x2apic_send_IPI_mask()", 5.16), a pointer to an array. At that
 * time, per-CPU symbols were not addresses.
 */
static void read_logical_apicid(struct reader *r, struct irqm_cpu *c,
				uint64_t ptr, uint64_t array)
{
	uint64_t addr = array + c->cpu * sizeof(uint32_t);
	uint32_t id;

	if ((array || irqm_reader_percpu(r, ptr, c->cpu, &addr)) &&
	    irqm_reader_read(r, addr, &id, sizeof(id),
			     "x86_cpu_to_logical_apicid of CPU %u", c->cpu) &&
	    !is_bad_apicid(id))
		c->logical_apicid = id;
}

static void read_logical_apicids(struct reader *r)
{
	struct irqm_snapshot *s = r->s;
	uint64_t ptr, array = 0;
	unsigned int i;

	if (!irqm_reader_symbol(r, "x86_cpu_to_logical_apicid", &ptr))
		return;
	if (irqm_kernel_address(ptr) &&
	    (!irqm_reader_read(r, ptr, &array, sizeof(array),
			       "x86_cpu_to_logical_apicid") ||
	     !array))
		return;
	for (i = 0; i < s->nr_cpus; i++) {
		if (!array)
			irqm_reader_expect_percpu(r, i, ptr, sizeof(uint32_t));
		read_logical_apicid(r, &s->cpus[i], ptr, array);
	}
}

void irqm_read_apics(struct reader *r)
{
	unsigned int size = apicid_size(r->layout), i;
	struct irqm_snapshot *s = r->s;
	uint64_t ptr;

	read_driver(r);
	if (irqm_reader_symbol(r, "x86_cpu_to_apicid", &ptr) &&
	    (size == sizeof(uint16_t) || size == sizeof(uint32_t)))
		for (i = 0; i < s->nr_cpus; i++) {
			irqm_reader_expect_percpu(r, i, ptr, size);
			read_apicid(r, &s->cpus[i], ptr, size);
		}
	/* only this driver fills it in */
	if (s->dump.apic.dest == IRQM_DEST_CLUSTER)
		read_logical_apicids(r);
}
