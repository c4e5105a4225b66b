/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/matrix.h"

#include <errno.h>
#include <string.h>

/* Work of a search in a bitmap, in CPUs that are looked at. */
#define RESERVATION 20

static bool is_counter(irqm_num n)
{
	return n >= 0 && n <= UINT32_MAX;
}

static int set_unknown(struct irqm_error *err, const char *what)
{
	irqm_error_set(err, "cannot predict: %s could not be read", what);
	return -1;
}

static int copy_bits(struct irqm_bits *to, struct irqm_arena *arena,
		     const struct irqm_bits *from, struct irqm_error *err)
{
	*to = irqm_bits_new(arena, from->nbits);
	if (!to->words) {
		irqm_error_memory(err);
		return -1;
	}
	memcpy(to->words, from->words,
	       IRQM_BITS_WORDS(from->nbits) * sizeof(*to->words));
	return 0;
}

static int copy_cpu(struct irqm_plan_cpu *to, struct irqm_arena *arena,
		    const struct irqm_cpu *c, struct irqm_error *err)
{
	if (c->online == IRQM_UNKNOWN || !is_counter(c->available) ||
	    !is_counter(c->allocated) || !is_counter(c->managed) ||
	    !irqm_bits_known(&c->alloc_map) ||
	    !irqm_bits_known(&c->managed_map)) {
		irqm_error_set(err,
			       "cannot predict: the cpumap of CPU %u "
			       "could not be read",
			       c->cpu);
		return -1;
	}
	*to = (struct irqm_plan_cpu){
		.cpu = c->cpu,
		.online = c->online != 0,
		.available = c->available,
		.allocated = c->allocated,
		.managed = c->managed,
		/* 0 if the kernel has no such counter: nothing uses it then */
		.managed_allocated = is_counter(c->managed_allocated) ?
					     c->managed_allocated :
					     0,
	};
	if (copy_bits(&to->alloc_map, arena, &c->alloc_map, err))
		return -1;
	return copy_bits(&to->managed_map, arena, &c->managed_map, err);
}

static int copy_cpus(struct irqm_plan_matrix *to, struct irqm_arena *arena,
		     const struct irqm_snapshot *s, struct irqm_error *err)
{
	unsigned int i;

	to->nr_cpus = s->nr_cpus;
	to->cpus = irqm_arena_alloc(arena, s->nr_cpus, sizeof(*to->cpus));
	if (!to->cpus) {
		irqm_error_memory(err);
		return -1;
	}
	for (i = 0; i < s->nr_cpus; i++) {
		if (copy_cpu(&to->cpus[i], arena, &s->cpus[i], err))
			return -1;
	}
	return 0;
}

int irqm_plan_matrix_copy(struct irqm_plan_matrix *to, struct irqm_arena *arena,
			  const struct irqm_snapshot *s, struct irqm_error *err)
{
	const struct irqm_matrix *m = &s->matrix;

	if (!is_counter(m->global_available) ||
	    !is_counter(m->global_reserved) ||
	    !is_counter(m->total_allocated) || !is_counter(m->online_maps) ||
	    !irqm_bits_known(&m->system_map))
		return set_unknown(err, "the vector matrix");
	if (!is_counter(m->alloc_start) || !is_counter(m->alloc_end) ||
	    m->alloc_end > IRQM_NR_VECTORS || m->alloc_start > m->alloc_end)
		return set_unknown(err, "the range of the vector matrix");
	if (!s->nr_cpus)
		return set_unknown(err, "the list of CPUs");
	*to = (struct irqm_plan_matrix){
		.start = m->alloc_start,
		.end = m->alloc_end,
		.global_available = m->global_available,
		.global_reserved = m->global_reserved,
		.total_allocated = m->total_allocated,
		.online_maps = m->online_maps,
	};
	if (copy_bits(&to->system_map, arena, &m->system_map, err))
		return -1;
	return copy_cpus(to, arena, s, err);
}

struct irqm_plan_cpu *irqm_plan_find_cpu(const struct irqm_plan_matrix *m,
					 unsigned int cpu)
{
	unsigned int lo = 0, hi = m->nr_cpus;

	/* nearly always */
	if (cpu < m->nr_cpus && m->cpus[cpu].cpu == cpu)
		return &m->cpus[cpu];
	while (lo < hi) {
		unsigned int mid = lo + (hi - lo) / 2;

		if (m->cpus[mid].cpu == cpu)
			return &m->cpus[mid];
		if (m->cpus[mid].cpu < cpu)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* A word of a bitmap; all bits are set beyond its end. */
static uint64_t word_of(const struct irqm_bits *b, unsigned int word)
{
	unsigned int first = 64 * word;

	if (first >= b->nbits)
		return ~0ULL;
	if (b->nbits - first >= 64)
		return b->words[word];
	return b->words[word] | ~0ULL << (b->nbits - first);
}

/* matrix_alloc_area(): returns the lowest free vector, or end. */
static unsigned int find_free(const struct irqm_plan_matrix *m,
			      const struct irqm_plan_cpu *c)
{
	unsigned int w, v;
	uint64_t free_ones;

	for (w = m->start / 64; 64 * w < m->end; w++) {
		free_ones = ~(word_of(&c->managed_map, w) |
			      word_of(&m->system_map, w) |
			      word_of(&c->alloc_map, w));
		if (w == m->start / 64)
			free_ones &= ~0ULL << m->start % 64;
		if (!free_ones)
			continue;
		v = 64 * w + (unsigned int)__builtin_ctzll(free_ones);
		return v < m->end ? v : m->end;
	}
	return m->end;
}

/* Returns the lowest idle managed reservation, or end. Any will do, because
 * reservations have no owner. */
static unsigned int find_idle(const struct irqm_plan_matrix *m,
			      const struct irqm_plan_cpu *c)
{
	unsigned int w, v;
	uint64_t idle;

	for (w = 0;
	     w < IRQM_BITS_WORDS(c->managed_map.nbits) && 64 * w < m->end;
	     w++) {
		idle = c->managed_map.words[w] &
		       ~(64 * w < c->alloc_map.nbits ? c->alloc_map.words[w] :
						       0);
		if (!idle)
			continue;
		v = 64 * w + (unsigned int)__builtin_ctzll(idle);
		return v < m->end ? v : m->end;
	}
	return m->end;
}

static int reserve_one(struct irqm_plan_matrix *m, struct irqm_plan_cpu *c)
{
	unsigned int v = find_free(m, c);

	m->work += RESERVATION;
	if (v >= m->end)
		return -ENOSPC;
	irqm_bits_set(&c->managed_map, v);
	c->managed++;
	/* the counters of an offline CPU do not change, also when it
	 * comes back */
	if (c->online) {
		c->available--;
		m->global_available--;
	}
	return 0;
}

static void remove_one(struct irqm_plan_matrix *m, struct irqm_plan_cpu *c)
{
	unsigned int v = find_idle(m, c);

	m->work += RESERVATION;
	if (!c->managed || v >= m->end)
		return;
	irqm_bits_clear(&c->managed_map, v);
	c->managed--;
	if (c->online) {
		c->available++;
		m->global_available++;
	}
}

int irqm_plan_reserve_managed(struct irqm_plan_matrix *m,
			      const struct irqm_bits *mask,
			      unsigned int *ret_full)
{
	struct irqm_plan_cpu *c;
	unsigned int cpu;

	irqm_bits_for_each(cpu, mask) {
		c = irqm_plan_find_cpu(m, cpu);
		if (c && reserve_one(m, c))
			break;
	}
	if (cpu >= mask->nbits)
		return 0;
	*ret_full = cpu;
	irqm_bits_for_each(cpu, mask) {
		if (cpu == *ret_full)
			break;
		c = irqm_plan_find_cpu(m, cpu);
		if (c)
			remove_one(m, c);
	}
	return -ENOSPC;
}

void irqm_plan_remove_managed(struct irqm_plan_matrix *m,
			      const struct irqm_bits *mask)
{
	struct irqm_plan_cpu *c;
	unsigned int cpu;

	irqm_bits_for_each(cpu, mask) {
		c = irqm_plan_find_cpu(m, cpu);
		if (c)
			remove_one(m, c);
	}
}

/* matrix_find_best_cpu(): the first one of equals */
static struct irqm_plan_cpu *most_available(const struct irqm_plan_matrix *m,
					    const struct irqm_bits *mask)
{
	struct irqm_plan_cpu *best = NULL;
	uint32_t most = 0;
	unsigned int i;

	for (i = 0; i < m->nr_cpus; i++) {
		struct irqm_plan_cpu *c = &m->cpus[i];

		/* nearly always the first of these decides */
		if (c->available <= most || !c->online ||
		    !irqm_bits_test(mask, c->cpu))
			continue;
		best = c;
		most = c->available;
	}
	return best;
}

static struct irqm_plan_cpu *first_online(const struct irqm_plan_matrix *m,
					  const struct irqm_bits *mask)
{
	unsigned int i;

	for (i = 0; i < m->nr_cpus; i++) {
		if (irqm_bits_test(mask, m->cpus[i].cpu) && m->cpus[i].online)
			return &m->cpus[i];
	}
	return NULL;
}

/* matrix_find_best_cpu_managed(): the last one of equals */
static struct irqm_plan_cpu *fewest_managed(const struct irqm_plan_matrix *m,
					    const struct irqm_bits *mask)
{
	struct irqm_plan_cpu *best = NULL, *c;
	uint32_t fewest = UINT32_MAX;
	unsigned int cpu;

	irqm_bits_for_each(cpu, mask) {
		c = irqm_plan_find_cpu(m, cpu);
		if (!c || !c->online || c->managed_allocated > fewest)
			continue;
		best = c;
		fewest = c->managed_allocated;
	}
	return best;
}

int irqm_plan_alloc(struct irqm_plan_matrix *m, const struct irqm_bits *mask,
		    bool reserved, unsigned int *ret_cpu)
{
	struct irqm_plan_cpu *c = most_available(m, mask);
	unsigned int v = c ? find_free(m, c) : m->end;

	m->work += m->nr_cpus;
	if (v >= m->end)
		return -ENOSPC;
	irqm_bits_set(&c->alloc_map, v);
	c->allocated++;
	c->available--;
	m->total_allocated++;
	m->global_available--;
	if (reserved)
		m->global_reserved--;
	*ret_cpu = c->cpu;
	return (int)v;
}

int irqm_plan_alloc_managed(struct irqm_plan_matrix *m,
			    const struct irqm_bits *mask,
			    enum irqm_managed_cpu how, unsigned int *ret_cpu)
{
	struct irqm_plan_cpu *c =
		how == IRQM_MANAGED_FIRST     ? first_online(m, mask) :
		how == IRQM_MANAGED_AVAILABLE ? most_available(m, mask) :
						fewest_managed(m, mask);
	unsigned int v = c ? find_idle(m, c) : m->end;

	if (v >= m->end)
		return -ENOSPC;
	irqm_bits_set(&c->alloc_map, v);
	c->allocated++;
	c->managed_allocated++;
	m->total_allocated++;
	*ret_cpu = c->cpu;
	return (int)v;
}

void irqm_plan_free(struct irqm_plan_matrix *m, unsigned int cpu,
		    unsigned int vector, bool managed)
{
	struct irqm_plan_cpu *c = irqm_plan_find_cpu(m, cpu);

	if (!c || vector < m->start || vector >= m->end ||
	    !irqm_bits_test(&c->alloc_map, vector))
		return;
	irqm_bits_clear(&c->alloc_map, vector);
	c->allocated--;
	if (managed)
		c->managed_allocated--;
	if (c->online)
		m->total_allocated--;
	if (managed)
		return;
	c->available++;
	if (c->online)
		m->global_available++;
}

void irqm_plan_online(struct irqm_plan_matrix *m, unsigned int cpu,
		      uint32_t all)
{
	struct irqm_plan_cpu *c = irqm_plan_find_cpu(m, cpu);

	if (!c || c->online)
		return;
	if (all)
		c->available = all - c->managed;
	m->global_available += c->available;
	m->online_maps++;
	c->online = true;
}

void irqm_plan_offline(struct irqm_plan_matrix *m, unsigned int cpu)
{
	struct irqm_plan_cpu *c = irqm_plan_find_cpu(m, cpu);

	if (!c || !c->online)
		return;
	m->global_available -= c->available;
	m->online_maps--;
	c->online = false;
}
