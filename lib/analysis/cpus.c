/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recomputes a CPU's counters from its bitmaps. */
#include "analysis/internal.h"

static irqm_num known_weight(const struct irqm_bits *b)
{
	return irqm_bits_known(b) ? irqm_bits_weight(b) : IRQM_UNKNOWN;
}

static irqm_num weight_and(const struct irqm_bits *a, const struct irqm_bits *b)
{
	if (!irqm_bits_known(a) || !irqm_bits_known(b))
		return IRQM_UNKNOWN;
	return irqm_bits_weight_and(a, b);
}

/*
 * Returns the system vectors in the range of the allocator. They are in no
 * alloc_map: irq_matrix_assign_system() sets only system_map, and removes a
 * legacy vector that it replaces from alloc_map.
 */
static irqm_num system_vectors(const struct irqm_matrix *m)
{
	irqm_num n = 0;
	unsigned int v;

	if (!irqm_bits_known(&m->system_map) ||
	    m->alloc_start == IRQM_UNKNOWN || m->alloc_end == IRQM_UNKNOWN)
		return m->systembits_inalloc;
	irqm_bits_for_each(v, &m->system_map)
		n += v >= m->alloc_start && v < m->alloc_end;
	return n;
}

/* alloc_size - system - managed - (allocated - managed_allocated) */
static irqm_num expected_available(irqm_num usable,
				   const struct irqm_cpu_check *c)
{
	return irqm_sub(irqm_sub(usable, c->managed),
			irqm_sub(c->allocated, c->managed_allocated));
}

void irqm_cpu_counters(const struct irqm_analysis *a, unsigned int cpu_index,
		       struct irqm_counter counters[IRQM_NR_COUNTERS])
{
	const struct irqm_cpu *cpu = &a->snapshot->cpus[cpu_index];
	const struct irqm_cpu_check *c = &a->cpus[cpu_index];

	counters[0] = (struct irqm_counter){ "available", cpu->available,
					     c->available };
	counters[1] = (struct irqm_counter){ "allocated", cpu->allocated,
					     c->allocated };
	counters[2] =
		(struct irqm_counter){ "managed", cpu->managed, c->managed };
	counters[3] = (struct irqm_counter){ "managed_allocated",
					     cpu->managed_allocated,
					     c->managed_allocated };
	/* irq_matrix_online() computes available when a CPU comes up for the
	 * first time; until then it is 0 and means nothing. */
	if (cpu->initialized == 0 ||
	    (cpu->initialized == IRQM_UNKNOWN && cpu->online != 1))
		counters[0].expected = IRQM_UNKNOWN;
}

static void check_cpu(struct irqm_analysis *a, unsigned int i, irqm_num usable)
{
	const struct irqm_cpu *cpu = &a->snapshot->cpus[i];
	struct irqm_cpu_check *c = &a->cpus[i];
	struct irqm_counter counters[IRQM_NR_COUNTERS];
	unsigned int k;

	c->allocated = known_weight(&cpu->alloc_map);
	c->managed = known_weight(&cpu->managed_map);
	c->managed_allocated = weight_and(&cpu->alloc_map, &cpu->managed_map);
	c->available = expected_available(usable, c);
	c->idle = irqm_sub(c->managed, c->managed_allocated);

	irqm_cpu_counters(a, i, counters);
	for (k = 0; k < IRQM_NR_COUNTERS; k++)
		if (irqm_drifted(&counters[k]))
			c->drift = true;
}

irqm_num irqm_managed_allocated(const struct irqm_analysis *a,
				unsigned int cpu_index)
{
	irqm_num counter = a->snapshot->cpus[cpu_index].managed_allocated;

	return counter != IRQM_UNKNOWN ? counter :
					 a->cpus[cpu_index].managed_allocated;
}

static void add_to(irqm_num *sum, irqm_num n)
{
	*sum = irqm_add(*sum, n);
}

static void add_cpu(struct irqm_totals *t, const struct irqm_analysis *a,
		    unsigned int i)
{
	const struct irqm_cpu *cpu = &a->snapshot->cpus[i];
	const struct irqm_cpu_check *check = &a->cpus[i];

	add_to(&t->cpus, 1);
	add_to(&t->capacity, t->each);
	add_to(&t->managed, cpu->managed);
	add_to(&t->managed_allocated, irqm_managed_allocated(a, i));
	add_to(&t->available, cpu->available);
	add_to(&t->idle, check->idle);
	add_to(&t->bitmaps_available, check->available);
	add_to(&t->bitmaps_allocated, check->allocated);
}

static bool is_counted(const struct irqm_cpu *cpu, const struct irqm_bits *cpus)
{
	return !cpus || irqm_bits_test(cpus, cpu->cpu);
}

static bool online_known(const struct irqm_snapshot *s,
			 const struct irqm_bits *cpus)
{
	unsigned int i;

	for (i = 0; i < s->nr_cpus; i++)
		if (s->cpus[i].online == IRQM_UNKNOWN &&
		    is_counted(&s->cpus[i], cpus))
			return false;
	return s->nr_cpus != 0;
}

struct irqm_totals irqm_totals_of(const struct irqm_analysis *a,
				  const struct irqm_bits *cpus)
{
	const struct irqm_snapshot *s = a->snapshot;
	const irqm_num U = IRQM_UNKNOWN;
	struct irqm_totals t = {
		.each = irqm_sub(s->matrix.alloc_size,
				 s->matrix.systembits_inalloc),
	};
	unsigned int i;

	if (!online_known(s, cpus))
		return (struct irqm_totals){ U, t.each, U, U, U, U, U, U, U };
	for (i = 0; i < s->nr_cpus; i++)
		if (s->cpus[i].online && is_counted(&s->cpus[i], cpus))
			add_cpu(&t, a, i);
	return t;
}

void irqm_add_up(struct irqm_analysis *a)
{
	a->totals = irqm_totals_of(a, NULL);
}

bool irqm_check_cpus(struct irqm_analysis *a)
{
	const struct irqm_snapshot *s = a->snapshot;
	irqm_num usable =
		irqm_sub(s->matrix.alloc_size, system_vectors(&s->matrix));
	unsigned int i;

	a->cpus = irqm_arena_alloc(a->arena, s->nr_cpus, sizeof(*a->cpus));
	if (!a->cpus)
		return false;
	for (i = 0; i < s->nr_cpus; i++)
		check_cpu(a, i, usable);
	return true;
}
