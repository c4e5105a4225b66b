/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/machine.h"

#include <errno.h>
#include <string.h>

#include "analysis/analysis.h"

static struct irqm_bits empty_set(struct irqm_plan_machine *m)
{
	return irqm_bits_new(m->arena, m->s->dump.nr_cpu_ids);
}

static void copy_irq(struct irqm_plan_irq *to, const struct irqm_irq *irq)
{
	const struct irqm_apic *a = irq->apic;

	*to = (struct irqm_plan_irq){
		.irq = irq->irq,
		.device = irq->device,
		.managed = irq->managed == 1,
		.reserved = a->has_reserved,
		.started = irqm_has_state(irq, "IRQD_IRQ_STARTED"),
		.per_cpu = irqm_has_state(irq, "IRQD_PER_CPU"),
		.vector = a->vector,
		.cpu = a->cpu,
		.prev_vector = a->prev_vector,
		.prev_cpu = a->prev_cpu,
		.node = irq->node,
		.affinity = irq->affinity,
	};
	if (irq->setaffinity_pending == 1)
		to->pending = irq->pending_mask;
}

static int copy_irqs(struct irqm_plan_machine *m)
{
	unsigned int i;

	for (i = 0; i < m->s->nr_irqs; i++) {
		const struct irqm_irq *irq = &m->s->irqs[i];
		struct irqm_plan_irq *to;

		if (!irq->apic)
			continue;
		to = irqm_plan_new_irq(m);
		if (!to)
			return -1;
		copy_irq(to, irq);
	}
	return 0;
}

int irqm_plan_machine_init(struct irqm_plan_machine *m,
			   struct irqm_arena *arena,
			   const struct irqm_snapshot *s,
			   const struct irqm_plan_kernel *kernel,
			   struct irqm_error *err)
{
	unsigned int i;

	*m = (struct irqm_plan_machine){ .arena = arena,
					 .s = s,
					 .kernel = *kernel };
	if (irqm_plan_matrix_copy(&m->matrix, arena, s, err))
		return -1;
	m->online = empty_set(m);
	m->gone = empty_set(m);
	m->search = empty_set(m);
	m->some = empty_set(m);
	if (!m->online.words || !m->gone.words || !m->search.words ||
	    !m->some.words || copy_irqs(m)) {
		irqm_error_memory(err);
		return -1;
	}
	for (i = 0; i < m->matrix.nr_cpus; i++) {
		if (m->matrix.cpus[i].online)
			irqm_bits_set(&m->online, m->matrix.cpus[i].cpu);
	}
	return 0;
}

const struct irqm_bits *irqm_plan_masks(struct irqm_plan_machine *m,
					unsigned int nr, struct irqm_error *err)
{
	struct irqm_plan_masks *p;

	for (p = m->masks; p; p = p->next) {
		if (p->nr == nr)
			return p->masks;
	}
	p = irqm_arena_alloc(m->arena, 1, sizeof(*p));
	if (!p) {
		irqm_error_memory(err);
		return NULL;
	}
	p->nr = nr;
	if (irqm_spread_masks(m->arena, m->s, m->kernel.spread, &m->gone, nr,
			      &p->masks, err))
		return NULL;
	p->next = m->masks;
	m->masks = p;
	return p->masks;
}

struct irqm_plan_irq *irqm_plan_new_irq(struct irqm_plan_machine *m)
{
	struct irqm_plan_irq *irqs;
	unsigned int room;

	if (m->nr_irqs == m->room) {
		room = m->room ? 2 * m->room : 64;
		irqs = irqm_arena_alloc(m->arena, room, sizeof(*irqs));
		if (!irqs)
			return NULL;
		if (m->nr_irqs)
			memcpy(irqs, m->irqs, m->nr_irqs * sizeof(*irqs));
		m->irqs = irqs;
		m->room = room;
	}
	irqs = &m->irqs[m->nr_irqs++];
	*irqs = (struct irqm_plan_irq){ .device = -1, .node = -1 };
	return irqs;
}

/* Returns the CPUs of within that are online and on the node. Valid until the
 * next call. */
static const struct irqm_bits *node_cpus(struct irqm_plan_machine *m,
					 irqm_num node,
					 const struct irqm_bits *within)
{
	unsigned int i;

	memset(m->some.words, 0,
	       IRQM_BITS_WORDS(m->some.nbits) * sizeof(*m->some.words));
	for (i = 0; i < m->s->nr_cpus; i++) {
		const struct irqm_cpu *c = &m->s->cpus[i];

		if (c->node == node && irqm_bits_test(within, c->cpu) &&
		    irqm_bits_test(&m->online, c->cpu))
			irqm_bits_set(&m->some, c->cpu);
	}
	return &m->some;
}

int irqm_plan_set_up(struct irqm_plan_machine *m, struct irqm_plan_irq *irq,
		     unsigned int *ret_full)
{
	if (irq->managed)
		return irqm_plan_reserve_managed(&m->matrix, &irq->affinity,
						 ret_full);
	m->matrix.global_reserved++;
	irq->reserved = true;
	return 0;
}

/* Gives the interrupt a vector. The previous vector is freed at the next
 * interrupt, or at once if its CPU is going offline. */
static void update_vector(struct irqm_plan_machine *m,
			  struct irqm_plan_irq *irq, unsigned int vector,
			  unsigned int cpu)
{
	if (irq->vector && irqm_bits_test(&m->online, irq->cpu)) {
		irq->prev_vector = irq->vector;
		irq->prev_cpu = irq->cpu;
	} else if (irq->vector) {
		irqm_plan_free(&m->matrix, irq->cpu, irq->vector, irq->managed);
	}
	irq->vector = vector;
	irq->cpu = cpu;
}

/* assign_vector_locked(), assign_managed_vector() */
static int assign_vector(struct irqm_plan_machine *m, struct irqm_plan_irq *irq,
			 const struct irqm_bits *mask)
{
	unsigned int cpu;
	int vector;

	irqm_bits_and(&m->search, mask, &m->online);
	if (irq->vector && irqm_bits_test(&m->search, irq->cpu))
		return 0;
	vector = irq->managed ?
			 irqm_plan_alloc_managed(&m->matrix, &m->search,
						 m->kernel.managed_cpu, &cpu) :
			 irqm_plan_alloc(&m->matrix, &m->search, irq->reserved,
					 &cpu);
	if (vector < 0)
		return vector;
	irq->reserved = false;
	update_vector(m, irq, (unsigned int)vector, cpu);
	return 0;
}

/* irq_do_set_affinity() removes isolated CPUs (isolcpus=managed_irq) from a
 * managed interrupt's mask, if another CPU of it is online. */
static const struct irqm_bits *not_isolated(struct irqm_plan_machine *m,
					    const struct irqm_bits *mask)
{
	const struct irqm_bits *hk = &m->s->dump.housekeeping_managed;

	if (!irqm_bits_known(hk))
		return mask;
	irqm_bits_and(&m->some, mask, hk);
	return irqm_bits_weight_and(&m->some, &m->online) ? &m->some : mask;
}

static int request_managed(struct irqm_plan_machine *m,
			   struct irqm_plan_irq *irq)
{
	int rc;

	/* no CPU of its mask is online: the interrupt is shut down */
	if (!irqm_bits_weight_and(&irq->affinity, &m->online))
		return 0;
	rc = assign_vector(m, irq, &irq->affinity);
	if (rc)
		return rc;
	irq->started = true;
	return assign_vector(m, irq, not_isolated(m, &irq->affinity));
}

/* assign_irq_vector_any_locked() */
static int assign_any(struct irqm_plan_machine *m, struct irqm_plan_irq *irq)
{
	bool has_node = irq->node >= 0;

	if (has_node &&
	    !assign_vector(m, irq, node_cpus(m, irq->node, &irq->affinity)))
		return 0;
	if (!assign_vector(m, irq, &irq->affinity))
		return 0;
	if (has_node &&
	    !assign_vector(m, irq, node_cpus(m, irq->node, &m->online)))
		return 0;
	return assign_vector(m, irq, &m->online);
}

/* Does not change *to if out of memory. irqm_plan_run() notices that later from
 * the arena. */
static void copy_set(struct irqm_plan_machine *m, struct irqm_bits *to,
		     const struct irqm_bits *from)
{
	struct irqm_bits copy = empty_set(m);

	if (!copy.words)
		return;
	irqm_bits_copy(&copy, from);
	*to = copy;
}

/* irq_setup_affinity(): the affinity when the interrupt is requested. */
static void narrow_affinity(struct irqm_plan_machine *m,
			    struct irqm_plan_irq *irq)
{
	irqm_bits_and(&m->search, &irq->affinity, &m->online);
	if (!irqm_bits_weight(&m->search))
		irqm_bits_copy(&m->search, &m->online);
	if (irq->node >= 0 &&
	    irqm_bits_weight(node_cpus(m, irq->node, &m->search)))
		irqm_bits_copy(&m->search, &m->some);
	if (!irqm_bits_test(&m->search, irq->cpu) ||
	    irqm_bits_equal(&m->search, &irq->affinity))
		return;
	copy_set(m, &irq->affinity, &m->search);
}

int irqm_plan_request(struct irqm_plan_machine *m, struct irqm_plan_irq *irq)
{
	int rc;

	if (irq->managed)
		return request_managed(m, irq);
	rc = assign_any(m, irq);
	if (rc)
		return rc;
	irq->started = true;
	narrow_affinity(m, irq);
	return 0;
}

/* clear_irq_vector() */
static void clear_vector(struct irqm_plan_machine *m, struct irqm_plan_irq *irq)
{
	if (irq->vector)
		irqm_plan_free(&m->matrix, irq->cpu, irq->vector, irq->managed);
	if (irq->vector && irq->prev_vector)
		irqm_plan_free(&m->matrix, irq->prev_cpu, irq->prev_vector,
			       irq->managed);
	irq->vector = irq->prev_vector = 0;
}

void irqm_plan_close(struct irqm_plan_machine *m, struct irqm_plan_irq *irq)
{
	clear_vector(m, irq);
	/* x86_vector_deactivate() */
	if (!irq->managed && !irq->reserved) {
		m->matrix.global_reserved++;
		irq->reserved = true;
	}
	irq->started = false;
}

void irqm_plan_release(struct irqm_plan_machine *m, struct irqm_plan_irq *irq)
{
	clear_vector(m, irq);
	if (irq->reserved)
		m->matrix.global_reserved--;
	if (irq->managed)
		irqm_plan_remove_managed(&m->matrix, &irq->affinity);
	irq->reserved = irq->started = irq->managed = false;
	irq->device = -1;
}

void irqm_plan_cpu_goes(struct irqm_plan_machine *m, unsigned int cpu)
{
	irqm_bits_clear(&m->online, cpu);
	irqm_bits_set(&m->gone, cpu);
	m->masks = NULL; /* the topology has changed */
}

/* smp_store_cpu_info() and lapic_online(). The machine has its own copy of the
 * snapshot then, in which the CPU is present. */
int irqm_plan_cpu_comes(struct irqm_plan_machine *m, unsigned int cpu)
{
	struct irqm_snapshot *s = irqm_arena_alloc(m->arena, 1, sizeof(*s));
	const struct irqm_cpu *c = irqm_find_cpu(m->s, cpu);

	if (!s || !c)
		return -1;
	*s = *m->s;
	copy_set(m, &s->dump.present, &m->s->dump.present);
	irqm_bits_set(&s->dump.present, cpu);
	m->s = s;
	irqm_plan_online(&m->matrix, cpu,
			 c->initialized ? 0 :
					  s->matrix.alloc_size -
						  s->matrix.systembits_inalloc);
	irqm_bits_set(&m->online, cpu);
	irqm_bits_clear(&m->gone, cpu);
	m->masks = NULL; /* the topology has changed */
	return 0;
}

int irqm_plan_set_affinity(struct irqm_plan_machine *m,
			   struct irqm_plan_irq *irq,
			   const struct irqm_bits *mask)
{
	int rc = assign_vector(m, irq, mask);

	if (rc)
		return rc;
	copy_set(m, &irq->affinity, mask);
	/* the next interrupt frees the vector that it leaves */
	if (irq->prev_vector)
		irqm_plan_free(&m->matrix, irq->prev_cpu, irq->prev_vector,
			       false);
	irq->prev_vector = 0;
	return 0;
}

/* irq_force_complete_move(): ends a move from or to this CPU. */
static void complete_move(struct irqm_plan_machine *m,
			  struct irqm_plan_irq *irq, unsigned int cpu)
{
	if (!irq->prev_vector || (irq->cpu != cpu && irq->prev_cpu != cpu))
		return;
	irqm_plan_free(&m->matrix, irq->prev_cpu, irq->prev_vector,
		       irq->managed);
	irq->prev_vector = 0;
}

static enum irqm_plan_move shut_down(struct irqm_plan_machine *m,
				     struct irqm_plan_irq *irq)
{
	clear_vector(m, irq);
	irq->started = false;
	return IRQM_PLAN_SHUT_DOWN;
}

static enum irqm_plan_move leave_managed(struct irqm_plan_machine *m,
					 struct irqm_plan_irq *irq)
{
	if (!irqm_bits_weight_and(&irq->affinity, &m->online))
		return shut_down(m, irq);
	return assign_vector(m, irq, not_isolated(m, &irq->affinity)) ?
		       IRQM_PLAN_LOST :
		       IRQM_PLAN_MOVED;
}

/* Its affinity is changed to all online CPUs. */
static enum irqm_plan_move leave_mask(struct irqm_plan_machine *m,
				      struct irqm_plan_irq *irq,
				      enum irqm_plan_move how)
{
	if (assign_vector(m, irq, &m->online))
		return IRQM_PLAN_LOST;
	copy_set(m, &irq->affinity, &m->online);
	return how;
}

enum irqm_plan_move irqm_plan_leave(struct irqm_plan_machine *m,
				    struct irqm_plan_irq *irq, unsigned int cpu)
{
	complete_move(m, irq, cpu);
	if (irq->per_cpu || !irq->started || !irq->vector || irq->cpu != cpu)
		return IRQM_PLAN_STAYS;
	if (irq->managed)
		return leave_managed(m, irq);
	/* the pending affinity takes effect now */
	if (irqm_bits_weight_and(&irq->pending, &m->online))
		irq->affinity = irq->pending;
	irq->pending = (struct irqm_bits){ 0 };
	if (!irqm_bits_weight_and(&irq->affinity, &m->online))
		return leave_mask(m, irq, IRQM_PLAN_BROKEN);
	if (!assign_vector(m, irq, &irq->affinity))
		return IRQM_PLAN_MOVED;
	if (m->kernel.rule[IRQM_LEAVES_CROWDED])
		return IRQM_PLAN_LOST_CROWDED;
	return leave_mask(m, irq, IRQM_PLAN_CROWDED);
}
