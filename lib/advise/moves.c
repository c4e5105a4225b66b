/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moves single interrupts from full CPUs to those with room. A managed
 * reservation needs a vector on a certain CPU, and irq_default_affinity may
 * leave out CPUs, so one full CPU can be enough for a device to fail.
 */
#include <stdlib.h>

#include "advise/internal.h"

/* More are not typed by hand. */
#define MAX_MOVES (IRQM_MAX_COMMANDS * IRQM_MOVES_PER_COMMAND)

struct level {
	struct search *s;
	irqm_num *room; /* available, by index of the CPU */
	/* the next interrupt of each CPU, an index in the snapshot, from the
	 * last one down */
	unsigned int *next;
	bool *emptied, *filled;
	bool *movable; /* by index of the interrupt */
};

/* An interrupt of a device that has a vector, may go to any CPU, and is not
 * moving already. */
static bool can_move(const struct irqm_irq *irq)
{
	return irq->device >= 0 && irq->msi && irq->managed == 0 && irq->apic &&
	       irq->apic->vector && !irq->apic->prev_vector &&
	       irq->setaffinity_pending == 0 &&
	       irqm_has_state(irq, "IRQD_IRQ_STARTED") &&
	       !irqm_has_state(irq, "IRQD_NO_BALANCING") &&
	       !irqm_has_state(irq, "IRQD_PER_CPU");
}

/* Finds the CPU's next interrupt, below l->next[]. */
static bool find_next(struct level *l, unsigned int cpu)
{
	const struct irqm_snapshot *s = l->s->s;

	while (l->next[cpu]) {
		const struct irqm_irq *irq = &s->irqs[l->next[cpu] - 1];

		if (l->movable[l->next[cpu] - 1] &&
		    irq->apic->cpu == s->cpus[cpu].cpu)
			return true;
		l->next[cpu]--;
	}
	return false;
}

static bool find_pair(struct level *l, unsigned int *ret_from,
		      unsigned int *ret_to)
{
	const struct irqm_snapshot *s = l->s->s;
	unsigned int i, none = s->nr_cpus;

	*ret_from = *ret_to = none;
	for (i = 0; i < s->nr_cpus; i++) {
		if (s->cpus[i].online != 1)
			continue;
		if (!l->filled[i] &&
		    (*ret_from == none || l->room[i] < l->room[*ret_from]) &&
		    find_next(l, i))
			*ret_from = i;
		if (!l->emptied[i] &&
		    (*ret_to == none || l->room[i] > l->room[*ret_to]))
			*ret_to = i;
	}
	return *ret_from != none && *ret_to != none &&
	       l->room[*ret_to] - l->room[*ret_from] > 1;
}

/* Until all CPUs have equally much room. */
static void level_cpus(struct level *l)
{
	struct moves *m = &l->s->moves;
	unsigned int from, to;

	while (m->nr < MAX_MOVES && find_pair(l, &from, &to)) {
		m->irqs[m->nr++] = --l->next[from];
		l->emptied[from] = l->filled[to] = true;
		l->room[from]++;
		l->room[to]--;
		irqm_bits_set(&m->to, l->s->s->cpus[to].cpu);
	}
}

static void set_moved(struct change *c, unsigned int strength)
{
	c->strength = c->moved = c->amount = strength;
}

static bool new_level(struct level *l)
{
	const struct irqm_snapshot *s = l->s->s;
	struct moves *m = &l->s->moves;
	unsigned int i, n = s->nr_cpus + 1;

	m->irqs =
		irqm_arena_alloc(l->s->out->arena, MAX_MOVES, sizeof(*m->irqs));
	m->to = irqm_bits_new(l->s->out->arena, s->dump.nr_cpu_ids);
	l->room = calloc(n, sizeof(*l->room));
	l->next = calloc(n, sizeof(*l->next));
	l->emptied = calloc(n, sizeof(*l->emptied));
	l->filled = calloc(n, sizeof(*l->filled));
	l->movable = calloc(s->nr_irqs + 1UL, sizeof(*l->movable));
	if (!m->irqs || !m->to.words || !l->room || !l->next || !l->emptied ||
	    !l->filled || !l->movable)
		return false;
	for (i = 0; i < s->nr_irqs; i++)
		l->movable[i] = can_move(&s->irqs[i]);
	for (i = 0; i < s->nr_cpus; i++) {
		l->room[i] = s->cpus[i].available;
		l->next[i] = s->nr_irqs;
	}
	return true;
}

void irqm_advise_list_moves(struct search *s)
{
	struct change c = { .knob = IRQM_KNOB_MOVE,
			    .target = NO_TARGET,
			    .set = set_moved };
	struct level l = { .s = s };

	if (new_level(&l)) {
		level_cpus(&l);
		c.most = s->moves.nr;
		if (c.most)
			irqm_advise_add_change(s, &c);
	} else {
		irqm_error_memory(s->err);
		s->failed = true;
	}
	free(l.room);
	free(l.next);
	free(l.emptied);
	free(l.filled);
	free(l.movable);
}
