/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The allocator's state as it follows from the interrupts. */
#include "tests/mkdump/internal.h"

#include <stdlib.h>
#include <string.h>

void fk_machine_init(struct fk_machine *m)
{
	*m = (struct fk_machine){
		.matrix_bits = 256,
		.alloc_start = 32,
		.alloc_end = 236,
		.systembits_inalloc = 3,
		.system_map = { 0x40001200fffffULL, 0, 1,
				0xfffff00000000000ULL },
		.build_id = "0123456789abcdef0123456789abcdef01234567",
		.crash_time = 1790000000,
	};
	m->cpus = m->room.cpus;
	m->irqs = m->room.irqs;
	m->devices = m->room.devices;
	m->entries = m->room.entries;
}

/* Whose CPUs are possible is not of interest: all have their areas. */
static void take_cpus(struct fk_machine *m, const struct irqm_machine *text)
{
	struct irqm_bits present = fk_bits(m->present, m->nr_cpu_ids);
	struct irqm_bits online = fk_bits(m->online, m->nr_cpu_ids);
	unsigned int cpu;

	m->cpus = must(calloc(m->nr_cpu_ids, sizeof(*m->cpus)));
	for (cpu = 0; cpu < m->nr_cpu_ids; cpu++)
		m->cpus[cpu] = (struct fk_cpu){
			.initialized = irqm_bits_test(&present, cpu),
			.online = irqm_bits_test(&online, cpu),
			.node = text->cpus[cpu].node,
			.siblings = text->cpus[cpu].siblings,
			.cluster = text->cpus[cpu].cluster,
		};
	free(present.words);
	free(online.words);
}

void fk_machine_from(struct fk_machine *m, const struct irqm_machine *text)
{
	m->nr_cpu_ids = text->nr_cpu_ids;
	m->possible = text->possible;
	m->present = text->present;
	m->online = text->online;
	m->default_affinity = text->default_affinity;
	m->housekeeping = text->housekeeping;
	if (text->system_given)
		memcpy(m->system_map, text->system_map, sizeof(m->system_map));
	m->irqs = text->irqs;
	m->nr_irqs = text->nr_irqs;
	m->devices = text->devices;
	m->nr_devices = text->nr_devices;
	m->entries = text->entries;
	m->nr_entries = text->nr_entries;
	m->leaks = text->leaks;
	m->nr_leaks = text->nr_leaks;
	m->drifts = text->drifts;
	m->nr_drifts = text->nr_drifts;
	m->log = text->log;
	m->nr_log = text->nr_log;
	m->apic = text->apic;
	m->amd_short = text->amd_short;
	m->release = text->release ? text->release : "6.0.0-made-up";
	if (text->build_id)
		m->build_id = text->build_id;
	if (text->crash_time != IRQM_UNKNOWN)
		m->crash_time = text->crash_time;
	take_cpus(m, text);
}

static void set_bit(uint64_t *map, unsigned int n)
{
	map[n / 64] |= 1ULL << n % 64;
}

static unsigned int weight(const uint64_t *a, const uint64_t *b)
{
	unsigned int i, n = 0;

	for (i = 0; i < 4; i++)
		n += __builtin_popcountll(a[i] & b[i]);
	return n;
}

/* irq_matrix_reserve_managed() leaves its bit wherever there is room. */
static void reserve_managed(struct fk_machine *m,
			    const struct irqm_machine_irq *irq)
{
	struct irqm_bits mask = fk_bits(irq->affinity, m->nr_cpu_ids);
	unsigned int cpu;

	irqm_bits_for_each(cpu, &mask)
		set_bit(m->cpus[cpu].managed_map,
			irq->vector && irq->cpu == cpu ? irq->vector :
							 0x60 + irq->irq % 64);
	free(mask.words);
}

static void clear_counts(struct fk_machine *m)
{
	unsigned int cpu;

	for (cpu = 0; cpu < m->nr_cpu_ids; cpu++) {
		memset(m->cpus[cpu].alloc_map, 0, 32);
		memset(m->cpus[cpu].managed_map, 0, 32);
	}
	m->global_reserved = m->global_available = m->total_allocated = 0;
	m->online_maps = 0;
}

static void count_cpus(struct fk_machine *m)
{
	unsigned int cpu;

	for (cpu = 0; cpu < m->nr_cpu_ids; cpu++) {
		struct fk_cpu *c = &m->cpus[cpu];
		unsigned int both = weight(c->alloc_map, c->managed_map);

		c->managed = weight(c->managed_map, c->managed_map);
		c->managed_allocated = both;
		c->allocated = weight(c->alloc_map, c->alloc_map);
		c->available = m->alloc_end - m->alloc_start -
			       m->systembits_inalloc - c->managed -
			       (c->allocated - both);
		m->total_allocated += c->allocated;
		m->online_maps += c->online;
		if (c->online)
			m->global_available += c->available;
	}
}

void fk_count(struct fk_machine *m)
{
	unsigned int i;

	clear_counts(m);
	for (i = 0; i < m->nr_irqs; i++) {
		const struct irqm_machine_irq *irq = &m->irqs[i];

		if (irq->vector)
			set_bit(m->cpus[irq->cpu].alloc_map, irq->vector);
		if (irq->prev_vector)
			set_bit(m->cpus[irq->prev_cpu].alloc_map,
				irq->prev_vector);
		if (irq->managed)
			reserve_managed(m, irq);
		m->global_reserved += irq->has_reserved;
	}
	count_cpus(m);
}

static bool has_bit(const uint64_t *map, unsigned int n)
{
	return map[n / 64] >> n % 64 & 1;
}

/* 0 if there is none. */
static unsigned int free_vector(const struct fk_machine *m, unsigned int cpu)
{
	const struct fk_cpu *c = &m->cpus[cpu];
	unsigned int v;

	for (v = m->alloc_start; v < m->alloc_end; v++)
		if (!has_bit(m->system_map, v) && !has_bit(c->alloc_map, v) &&
		    !has_bit(c->managed_map, v))
			return v;
	return 0;
}

static int take(struct fk_machine *m, const struct irqm_machine_irq *irq,
		unsigned int cpu, unsigned int vector, struct irqm_error *err)
{
	if (!vector || vector == IRQM_MACHINE_AUTO)
		return 0;
	if (cpu >= m->nr_cpu_ids || has_bit(m->cpus[cpu].alloc_map, vector)) {
		irqm_error_set(err, "IRQ %u: vector %u of CPU %u is taken",
			       irq->irq, vector, cpu);
		return -1;
	}
	set_bit(m->cpus[cpu].alloc_map, vector);
	return 0;
}

static int no_vector(const struct irqm_machine_irq *irq, unsigned int cpu,
		     struct irqm_error *err)
{
	irqm_error_set(err, "IRQ %u: CPU %u has no vector left", irq->irq, cpu);
	return -1;
}

/* As irq_matrix_reserve_managed(), on offline CPUs too. */
static int derive_managed(struct fk_machine *m, struct irqm_machine_irq *irq,
			  struct irqm_error *err)
{
	struct irqm_bits mask = fk_bits(irq->affinity, m->nr_cpu_ids);
	unsigned int cpu, v;
	int ret = 0;

	irqm_bits_for_each(cpu, &mask) {
		bool here = irq->vector && irq->cpu == cpu;

		v = here && irq->vector != IRQM_MACHINE_AUTO ?
			    irq->vector :
			    free_vector(m, cpu);
		if (!v)
			ret = no_vector(irq, cpu, err);
		set_bit(m->cpus[cpu].managed_map, v);
		if (here && irq->vector == IRQM_MACHINE_AUTO) {
			irq->vector = v;
			set_bit(m->cpus[cpu].alloc_map, v);
		}
	}
	free(mask.words);
	return ret;
}

static int derive_auto(struct fk_machine *m, struct irqm_machine_irq *irq,
		       struct irqm_error *err)
{
	if (irq->vector != IRQM_MACHINE_AUTO)
		return 0;
	irq->vector = free_vector(m, irq->cpu);
	if (!irq->vector)
		return no_vector(irq, irq->cpu, err);
	set_bit(m->cpus[irq->cpu].alloc_map, irq->vector);
	return 0;
}

static unsigned int *counter(struct fk_machine *m,
			     const struct irqm_machine_drift *d)
{
	struct fk_cpu *c = &m->cpus[d->cpu < 0 ? 0 : d->cpu];
	const struct {
		const char *name;
		unsigned int *n;
	} counters[] = {
		{ "global_available", &m->global_available },
		{ "global_reserved", &m->global_reserved },
		{ "total_allocated", &m->total_allocated },
		{ "online_maps", &m->online_maps },
		{ "available", &c->available },
		{ "allocated", &c->allocated },
		{ "managed", &c->managed },
		{ "managed_allocated", &c->managed_allocated },
	};
	unsigned int i;

	for (i = d->cpu < 0 ? 0 : 4; i < (d->cpu < 0 ? 4 : 8); i++)
		if (strcmp(counters[i].name, d->counter) == 0)
			return counters[i].n;
	return NULL;
}

static int drift(struct fk_machine *m, struct irqm_error *err)
{
	unsigned int i, *n;

	for (i = 0; i < m->nr_drifts; i++) {
		n = counter(m, &m->drifts[i]);
		if (!n) {
			irqm_error_set(err, "drift: no counter %s there",
				       m->drifts[i].counter);
			return -1;
		}
		*n += m->drifts[i].by;
	}
	return 0;
}

int fk_derive(struct fk_machine *m, struct irqm_error *err)
{
	unsigned int i, v;

	clear_counts(m);
	m->systembits_inalloc = 0;
	for (v = m->alloc_start; v < m->alloc_end; v++)
		m->systembits_inalloc += has_bit(m->system_map, v);
	for (i = 0; i < m->nr_leaks; i++)
		set_bit(m->cpus[m->leaks[i].cpu].alloc_map, m->leaks[i].vector);
	for (i = 0; i < m->nr_irqs; i++) {
		const struct irqm_machine_irq *irq = &m->irqs[i];

		if (take(m, irq, irq->cpu, irq->vector, err) != 0 ||
		    take(m, irq, irq->prev_cpu, irq->prev_vector, err) != 0)
			return -1;
		m->global_reserved += irq->has_reserved;
	}
	for (i = 0; i < m->nr_irqs; i++)
		if (m->irqs[i].managed &&
		    derive_managed(m, &m->irqs[i], err) != 0)
			return -1;
	for (i = 0; i < m->nr_irqs; i++)
		if (derive_auto(m, &m->irqs[i], err) != 0)
			return -1;
	count_cpus(m);
	return drift(m, err);
}
