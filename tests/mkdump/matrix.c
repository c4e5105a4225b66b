/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vector_matrix and its cpumaps. */
#include "tests/mkdump/internal.h"

#include <string.h>

static void put_map(struct fk *fk, uint64_t addr, const struct irqm_member *m,
		    const uint64_t *words, uint64_t behind)
{
	size_t len = IRQM_BITS_WORDS(fk->m->matrix_bits) * 8;

	if (m->kind == IRQM_KIND_POINTER) {
		fk_put64(fk, addr + m->offset, behind);
		memcpy(fk_at(fk, behind), words, len);
	} else {
		memcpy(fk_at(fk, addr + m->offset), words, len);
	}
}

static void build_cpumap(struct fk *fk, uint64_t addr, const struct fk_cpu *c)
{
	const struct irqm_layout *l = &fk->layout;
	size_t len = IRQM_BITS_WORDS(fk->m->matrix_bits) * 8;

	fk_put(fk, addr, &l->cpumap.available, c->available);
	fk_put(fk, addr, &l->cpumap.allocated, c->allocated);
	fk_put(fk, addr, &l->cpumap.managed, c->managed);
	fk_put(fk, addr, &l->cpumap.managed_allocated, c->managed_allocated);
	fk_put(fk, addr, &l->cpumap.initialized, c->initialized);
	fk_put(fk, addr, &l->cpumap.online, c->online);
	put_map(fk, addr, &l->cpumap.alloc_map, c->alloc_map, 0);
	put_map(fk, addr, &l->cpumap.managed_map, c->managed_map,
		addr + l->cpumap.alloc_map.offset + len);
}

void build_matrix(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_machine *m = fk->m;
	size_t words = IRQM_BITS_WORDS(m->matrix_bits) * 8;
	uint64_t addr;
	unsigned int cpu;

	if (!l->irq_matrix.exists)
		return; /* before 4.15 */
	/* behind it scratch_map[], and system_map behind that */
	addr = heap(fk,
		    l->irq_matrix.size + (l->irq_matrix.system_map.kind ==
							  IRQM_KIND_POINTER ?
						  2 * words :
						  0));
	fk->matrix = addr;
	fk->maps =
		percpu_alloc(fk,
			     l->cpumap.managed_map.kind == IRQM_KIND_POINTER ?
				     l->cpumap.alloc_map.offset + 2 * words :
				     l->cpumap.size,
			     8);
	variable_set(fk, "vector_matrix", 8, addr);
	fk_put(fk, addr, &l->irq_matrix.matrix_bits, m->matrix_bits);
	fk_put(fk, addr, &l->irq_matrix.alloc_start, m->alloc_start);
	fk_put(fk, addr, &l->irq_matrix.alloc_end, m->alloc_end);
	fk_put(fk, addr, &l->irq_matrix.alloc_size,
	       m->alloc_end - m->alloc_start);
	fk_put(fk, addr, &l->irq_matrix.global_available, m->global_available);
	fk_put(fk, addr, &l->irq_matrix.global_reserved, m->global_reserved);
	fk_put(fk, addr, &l->irq_matrix.systembits_inalloc,
	       m->systembits_inalloc);
	fk_put(fk, addr, &l->irq_matrix.total_allocated, m->total_allocated);
	fk_put(fk, addr, &l->irq_matrix.online_maps, m->online_maps);
	fk_put(fk, addr, &l->irq_matrix.maps, fk->maps);
	put_map(fk, addr, &l->irq_matrix.system_map, m->system_map,
		addr + l->irq_matrix.size + words);
	for (cpu = 0; cpu < m->nr_cpu_ids; cpu++)
		if (is_possible(fk, cpu))
			build_cpumap(fk, fk_percpu(fk, fk->maps, cpu),
				     &m->cpus[cpu]);
}
