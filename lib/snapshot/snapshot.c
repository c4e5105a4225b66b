/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/snapshot.h"
#include "snapshot/reader.h"

#include <stdlib.h>
#include <string.h>

struct irqm_snapshot *irqm_snapshot_new(void)
{
	struct irqm_arena *arena = irqm_arena_new(IRQM_ARENA_LIMIT);
	struct irqm_snapshot *s;

	if (!arena)
		return NULL;
	s = irqm_arena_alloc(arena, 1, sizeof(*s));
	if (!s) {
		irqm_arena_free(arena);
		return NULL;
	}
	s->arena = arena;
	s->dump.crash_time = IRQM_UNKNOWN;
	s->dump.apic.logical = IRQM_UNKNOWN;
	s->dump.pic_irqs = IRQM_UNKNOWN;
	s->vector_domain.revmap_size = IRQM_UNKNOWN;
	s->vector_domain.mapcount = IRQM_UNKNOWN;
	s->vector_domain.flags = IRQM_UNKNOWN;
	s->matrix.matrix_bits = IRQM_UNKNOWN;
	s->matrix.alloc_start = IRQM_UNKNOWN;
	s->matrix.alloc_end = IRQM_UNKNOWN;
	s->matrix.alloc_size = IRQM_UNKNOWN;
	s->matrix.global_available = IRQM_UNKNOWN;
	s->matrix.global_reserved = IRQM_UNKNOWN;
	s->matrix.systembits_inalloc = IRQM_UNKNOWN;
	s->matrix.total_allocated = IRQM_UNKNOWN;
	s->matrix.online_maps = IRQM_UNKNOWN;
	return s;
}

void irqm_snapshot_free(struct irqm_snapshot *s)
{
	if (s)
		irqm_arena_free(s->arena);
}

/* What a cpumask_var_t is, out of the members that are one. */
static void find_cpumask_kind(struct reader *r)
{
	const struct irqm_layout *l = r->layout;
	const struct irqm_member *m[] = {
		&l->irq_common_data.affinity,
		&l->irq_common_data.effective_affinity,
		&l->irq_desc.pending_mask,
	};
	size_t i;

	for (i = 0; i < sizeof(m) / sizeof(m[0]); i++) {
		if (!m[i]->exists)
			continue;
		r->cpumask_known = true;
		r->cpumask_is_pointer = m[i]->kind == IRQM_KIND_POINTER;
		return;
	}
}

int irqm_snapshot_read(struct irqm_target *target,
		       const struct irqm_layout *layout, unsigned int flags,
		       struct irqm_snapshot **ret, struct irqm_error *err)
{
	struct irqm_snapshot *s = irqm_snapshot_new();
	struct reader r = {
		.target = target,
		.layout = layout,
		.flags = flags,
		.s = s,
	};
	bool ok;

	if (!s) {
		irqm_error_set(err, "out of memory");
		return -1;
	}
	r.arena = s->arena;
	r.names.arena = r.functions.arena = s->arena;
	r.names_unread.arena = s->arena;
	r.devices.arena = r.descs.arena = s->arena;
	r.ir_tables.arena = r.chip_flags.arena = s->arena;
	find_cpumask_kind(&r);
	read_dump(&r);
	ok = read_matrix(&r, err);
	if (ok) {
		read_apics(&r);
		read_irqs(&r);
		read_vector_irqs(&r);
		read_pci_lines(&r);
		if (flags & IRQM_READ_LOG)
			read_log(&r);
	}
	if (r.no_memory) {
		irqm_error_set(err, "out of memory: the dump asks for more "
			       "than %llu MiB", IRQM_ARENA_LIMIT >> 20);
		ok = false;
	}
	if (!ok) {
		irqm_snapshot_free(s);
		return -1;
	}
	*ret = s;
	return 0;
}

static int compare_irq(const void *key, const void *element)
{
	unsigned int irq = *(const unsigned int *)key;
	const struct irqm_irq *i = element;

	return irq < i->irq ? -1 : irq > i->irq;
}

const struct irqm_irq *irqm_find_irq(const struct irqm_snapshot *s,
				     unsigned int irq)
{
	if (!s->nr_irqs)
		return NULL;
	return bsearch(&irq, s->irqs, s->nr_irqs, sizeof(*s->irqs),
		       compare_irq);
}

static int compare_cpu(const void *key, const void *element)
{
	unsigned int cpu = *(const unsigned int *)key;
	const struct irqm_cpu *c = element;

	return cpu < c->cpu ? -1 : cpu > c->cpu;
}

const struct irqm_cpu *irqm_find_cpu(const struct irqm_snapshot *s,
				     unsigned int cpu)
{
	if (!s->nr_cpus)
		return NULL;
	return bsearch(&cpu, s->cpus, s->nr_cpus, sizeof(*s->cpus),
		       compare_cpu);
}

bool irqm_has_state(const struct irqm_irq *irq, const char *name)
{
	unsigned int i;

	for (i = 0; i < irq->nr_state_flags; i++) {
		if (strcmp(irq->state_flags[i], name) == 0)
			return true;
	}
	return false;
}
