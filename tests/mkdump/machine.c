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
static void reserve_managed(struct fk_machine *m, const struct fk_irq *irq)
{
	struct irqm_bits mask = fk_bits(irq->affinity, m->nr_cpu_ids);
	unsigned int cpu;

	irqm_bits_for_each(cpu, &mask)
		set_bit(m->cpus[cpu].managed_map,
			irq->vector && irq->cpu == cpu
				? irq->vector : 0x60 + irq->irq % 64);
	free(mask.words);
}

void fk_count(struct fk_machine *m)
{
	unsigned int i, cpu;

	for (cpu = 0; cpu < m->nr_cpu_ids; cpu++) {
		memset(m->cpus[cpu].alloc_map, 0, 32);
		memset(m->cpus[cpu].managed_map, 0, 32);
	}
	m->global_reserved = m->global_available = m->total_allocated = 0;
	m->online_maps = 0;
	for (i = 0; i < m->nr_irqs; i++) {
		const struct fk_irq *irq = &m->irqs[i];

		if (irq->vector)
			set_bit(m->cpus[irq->cpu].alloc_map, irq->vector);
		if (irq->prev_vector)
			set_bit(m->cpus[irq->prev_cpu].alloc_map,
				irq->prev_vector);
		if (irq->managed)
			reserve_managed(m, irq);
		m->global_reserved += irq->has_reserved;
	}
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
