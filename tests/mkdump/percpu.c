/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Per-CPU memory, and the place of each CPU. */
#include "tests/mkdump/internal.h"

#include <stdlib.h>
#include <string.h>

#define PERCPU_BASE 0x3fc00000ULL /* in the direct map */
#define PERCPU_AREA 0x8000        /* of one CPU, at least */
#define PERCPU_FIRST 0x1000       /* the first per-CPU variable */
#define PERCPU_LINK 0xffffffff83000000ULL
#define PERCPU_LOAD 0xffffffff82e00000ULL

static uint64_t percpu_link(const struct fk *fk)
{
	return fk->gen.percpu_addresses ? PERCPU_LINK + fk->gen.kaslr : 0;
}

/* The offset of a CPU that has no area: of the one that was linked. */
static uint64_t percpu_load(const struct fk *fk)
{
	return fk->gen.percpu_addresses ? 0 : PERCPU_LOAD + fk->gen.kaslr;
}

static uint64_t percpu_offset(const struct fk *fk, unsigned int cpu)
{
	return fk->regions[FK_PERCPU].base + cpu * fk->percpu_area -
	       percpu_link(fk);
}

uint64_t fk_percpu(const struct fk *fk, uint64_t ptr, unsigned int cpu)
{
	return ptr + percpu_offset(fk, cpu);
}

uint64_t percpu_alloc(struct fk *fk, size_t len, size_t align)
{
	uint64_t ptr;
	unsigned int cpu;

	fk->percpu_used = (fk->percpu_used + align - 1) & ~(align - 1);
	ptr = percpu_link(fk) + fk->percpu_used;
	fk->percpu_used += len;
	if (fk->percpu_used > fk->percpu_area)
		abort();
	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++)
		add_object(fk, fk_percpu(fk, ptr, cpu), len);
	return ptr;
}

uint64_t percpu_variable(struct fk *fk, const char *name, size_t len)
{
	uint64_t ptr = percpu_alloc(fk, len, 16);

	fk_symbol(fk, name, ptr);
	return ptr;
}

bool is_possible(const struct fk *fk, unsigned int cpu)
{
	struct irqm_bits b = fk_bits(fk->m->possible, fk->m->nr_cpu_ids);
	bool yes = irqm_bits_test(&b, cpu);

	free(b.words);
	return yes;
}

void build_percpu(struct fk *fk)
{
	/* the counters, and half of the smallest area for all else */
	uint64_t need = PERCPU_AREA / 2 + 16ULL * fk->m->nr_irqs;
	unsigned int cpu;
	uint64_t addr;

	fk_symbol(fk, "__per_cpu_start", percpu_link(fk));
	fk->percpu_used = PERCPU_FIRST;
	fk->percpu_area = need < PERCPU_AREA ? PERCPU_AREA :
					       (need + 4095) & ~4095ULL;
	fk->regions[FK_PERCPU].base += PERCPU_BASE;
	region_grow(&fk->regions[FK_PERCPU],
		    fk->percpu_area * fk->m->nr_cpu_ids);
	/* NR_CPUS of them */
	addr = variable(fk, "__per_cpu_offset",
			fk->layout.cpumask.size * 8 * 8);
	for (cpu = 0; cpu < fk->layout.cpumask.size * 8; cpu++)
		fk_put64(fk, addr + cpu * 8,
			 cpu < fk->m->nr_cpu_ids && is_possible(fk, cpu) ?
				 percpu_offset(fk, cpu) :
				 percpu_load(fk));
}

void build_topology(struct fk *fk)
{
	uint64_t node = percpu_variable(fk, "numa_node", 4);
	uint64_t siblings =
		percpu_variable(fk, "cpu_sibling_map", mask_variable_size(fk));
	uint64_t cluster = percpu_variable(fk, "cpu_l2c_shared_map",
					   mask_variable_size(fk));
	unsigned int cpu;

	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++) {
		const struct fk_cpu *c = &fk->m->cpus[cpu];

		if (!is_possible(fk, cpu))
			continue;
		memcpy(fk_at(fk, fk_percpu(fk, node, cpu)), &c->node, 4);
		put_mask_variable(fk, fk_percpu(fk, siblings, cpu),
				  c->siblings);
		put_mask_variable(fk, fk_percpu(fk, cluster, cpu), c->cluster);
	}
}
