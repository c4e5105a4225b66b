/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a request, step by step, on a copy of the machine. */
#include "plan/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "analysis/analysis.h"
#include "analysis/select.h"
#include "plan/boot.h"
#include "plan/drivers.h"

struct run {
	struct irqm_plan_machine m;
	struct irqm_plan *plan;
	const struct irqm_plan_step *step;
	unsigned int room; /* allocated rows */
	bool *removed;     /* by index of the device */
	struct irqm_error *err;
};

static struct irqm_plan_row *new_row(struct run *r, unsigned int number)
{
	struct irqm_plan *plan = r->plan;
	struct irqm_plan_row *row;

	if (plan->nr_rows == r->room) {
		irqm_error_set(r->err, "more steps than were counted");
		return NULL;
	}
	row = &plan->rows[plan->nr_rows++];
	row->step = r->step;
	row->number = number;
	row->failed_cpu = IRQM_NO_CPU;
	return row;
}

static void end_row(struct run *r, struct irqm_plan_row *row)
{
	const struct irqm_plan_matrix *m = &r->m.matrix;

	row->global_available = m->global_available;
	row->global_reserved = m->global_reserved;
	row->total_allocated = m->total_allocated;
	if (row->end != IRQM_PLAN_FITS && r->plan->first < 0)
		r->plan->first = (int)(row - r->plan->rows);
}

/* The device took no vectors, so the next one of its kind ends in the
 * same way. */
static bool is_repeating(const struct irqm_plan_row *row)
{
	return row->end == IRQM_PLAN_FAILS || row->end == IRQM_PLAN_NO_VECTORS;
}

static int add_devices(struct run *r)
{
	struct irqm_plan_row *row, *last = NULL;
	unsigned int i;

	if (r->m.s->dump.housekeeping_unread) {
		irqm_error_set(r->err,
			       "cannot predict --add: the CPUs of "
			       "isolcpus=managed_irq could not be read");
		return -1;
	}
	if (!irqm_bits_known(&r->m.s->dump.default_affinity)) {
		irqm_error_set(r->err,
			       "cannot predict --add: "
			       "irq_default_affinity could not be read");
		return -1;
	}
	for (i = 1; i <= r->step->count; i++) {
		row = new_row(r, i);
		if (!row)
			return -1;
		if (last && is_repeating(last)) {
			*row = *last;
			row->number = i;
		} else if (irqm_plan_probe(&r->m, row, r->err)) {
			return -1;
		}
		end_row(r, row);
		last = row;
	}
	return 0;
}

static int refuse_device(struct run *r, int device, unsigned int irq)
{
	const char *name = r->m.s->devices[device].name;

	irqm_error_set(r->err,
		       "cannot predict --remove %.80s: its IRQ %u "
		       "could not be read",
		       name ? name : "?", irq);
	return -1;
}

/* Checks that everything is known that unplugging the device depends on. */
static int check_device(struct run *r, int device)
{
	const struct irqm_snapshot *s = r->m.s;
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		if (irq->device != device)
			continue;
		if (irqm_has_apic(irq) == IRQM_UNKNOWN ||
		    irq->managed == IRQM_UNKNOWN ||
		    (irq->managed && !irqm_bits_known(&irq->affinity)))
			return refuse_device(r, device, irq->irq);
	}
	return 0;
}

static int remove_device(struct run *r, int device)
{
	struct irqm_plan_row *row = new_row(r, device);
	unsigned int i;

	if (!row || check_device(r, device))
		return -1;
	r->removed[device] = true;
	for (i = 0; i < r->m.nr_irqs; i++) {
		if (r->m.irqs[i].device == device)
			irqm_plan_release(&r->m, &r->m.irqs[i]);
	}
	end_row(r, row);
	return 0;
}

static bool is_named(const struct irqm_plan_step *step,
		     const struct irqm_snapshot *s, unsigned int device)
{
	if (irqm_bits_known(&step->devices))
		return irqm_bits_test(&step->devices, device);
	return irqm_plan_names(&s->devices[device], step->text);
}

static int remove_devices(struct run *r)
{
	unsigned int i, before = r->plan->nr_rows;
	const struct irqm_snapshot *s = r->m.s;

	for (i = 0; i < s->nr_devices; i++) {
		if (!r->removed[i] && is_named(r->step, s, i) &&
		    remove_device(r, (int)i))
			return -1;
	}
	if (r->plan->nr_rows > before)
		return 0;
	irqm_error_set(r->err, "%.80s: an earlier step removed it already",
		       r->step->text);
	return -1;
}

/* Checks that everything is known that taking a CPU offline depends on. */
static int check_irqs(struct run *r)
{
	const struct irqm_snapshot *s = r->m.s;
	unsigned int i;

	if (!s->irqs_known) {
		irqm_error_set(r->err, "cannot predict CPU offlining: not all "
				       "interrupts could be read");
		return -1;
	}
	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];
		irqm_num apic = irqm_has_apic(irq);

		if (apic == 0)
			continue;
		if (apic == IRQM_UNKNOWN || irq->state == IRQM_UNKNOWN ||
		    !irqm_bits_known(&irq->affinity)) {
			irqm_error_set(r->err,
				       "cannot predict CPU offlining: "
				       "IRQ %u could not be read",
				       irq->irq);
			return -1;
		}
	}
	return 0;
}

/* lapic_can_unplug_cpu() */
static bool can_go(struct run *r, struct irqm_plan_row *row,
		   const struct irqm_plan_cpu *c)
{
	const struct irqm_plan_matrix *m = &r->m.matrix;

	row->to_move = c->allocated;
	if (!r->m.kernel.rule[IRQM_COUNTS_MANAGED])
		row->to_move -= c->managed_allocated;
	row->elsewhere = m->global_available - c->available;
	row->old_rule_blocks = row->elsewhere < c->allocated;
	row->reserved_exceed = row->elsewhere < m->global_reserved;
	if (row->old_rule_blocks &&
	    row->elsewhere >= c->allocated - c->managed_allocated)
		r->plan->matters[IRQM_COUNTS_MANAGED] = true;
	if (row->elsewhere >= row->to_move)
		return true;
	row->end = IRQM_PLAN_BLOCKED;
	row->error = -ENOSPC;
	row->failed_cpu = c->cpu;
	return false;
}

static void count_move(struct run *r, struct irqm_plan_row *row,
		       enum irqm_plan_move move)
{
	switch (move) {
	case IRQM_PLAN_STAYS:
		break;
	case IRQM_PLAN_MOVED:
		row->moved++;
		break;
	case IRQM_PLAN_SHUT_DOWN:
		row->shut_down++;
		break;
	case IRQM_PLAN_BROKEN:
		row->broken++;
		break;
	case IRQM_PLAN_CROWDED:
		row->crowded++;
		r->plan->matters[IRQM_LEAVES_CROWDED] = true;
		break;
	case IRQM_PLAN_LOST_CROWDED:
		r->plan->matters[IRQM_LEAVES_CROWDED] = true;
		/* fall through */
	case IRQM_PLAN_LOST:
		row->lost++;
		break;
	}
}

static int offline_cpu(struct run *r, const struct irqm_plan_cpu *c)
{
	struct irqm_plan_row *row = new_row(r, c->cpu);
	unsigned int i;

	if (!row)
		return -1;
	if (can_go(r, row, c)) {
		irqm_plan_cpu_goes(&r->m, c->cpu);
		for (i = 0; i < r->m.nr_irqs; i++)
			count_move(r, row,
				   irqm_plan_leave(&r->m, &r->m.irqs[i],
						   c->cpu));
		irqm_plan_offline(&r->m.matrix, c->cpu);
		if (row->lost) {
			row->end = IRQM_PLAN_STRANDED;
			row->error = -ENOSPC;
		}
	}
	end_row(r, row);
	return 0;
}

static int offline_cpus(struct run *r)
{
	const struct irqm_plan_matrix *m = &r->m.matrix;
	unsigned int i, nr, before = r->plan->nr_rows;

	if (check_irqs(r))
		return -1;
	for (i = 0; i < m->nr_cpus; i++) {
		const struct irqm_plan_cpu *c = &m->cpus[i];

		if (c->online && irqm_bits_test(&r->step->cpus, c->cpu) &&
		    offline_cpu(r, c))
			return -1;
	}
	if (r->plan->nr_rows > before)
		return 0;
	nr = irqm_bits_weight(&r->step->cpus);
	irqm_error_set(r->err, "%s %.80s %s offline already",
		       irqm_plural(nr, "CPU", "CPUs"), r->step->text,
		       irqm_plural(nr, "is", "are"));
	return -1;
}

/* freeze_secondary_cpus(): ends at the first CPU that stays online. */
static int suspend_machine(struct run *r)
{
	const struct irqm_plan_matrix *m = &r->m.matrix;
	bool down = r->m.kernel.rule[IRQM_LAST_CPU_FIRST];
	unsigned int i, before = r->plan->nr_rows;

	if (check_irqs(r))
		return -1;
	for (i = 0; i < m->nr_cpus; i++) {
		const struct irqm_plan_cpu *c =
			&m->cpus[down ? m->nr_cpus - 1 - i : i];

		if (!c->online || c->cpu == 0)
			continue;
		if (offline_cpu(r, c))
			return -1;
		if (r->plan->rows[r->plan->nr_rows - 1].end ==
		    IRQM_PLAN_BLOCKED)
			break;
	}
	if (r->plan->nr_rows > before + 1 ||
	    (r->plan->nr_rows > before && i < m->nr_cpus))
		r->plan->matters[IRQM_LAST_CPU_FIRST] = true;
	return 0;
}

static int boot_machine(struct run *r)
{
	struct irqm_plan_row *row = new_row(r, r->step->nr_cpus);
	bool full;

	if (!row || irqm_plan_boot(&r->m, r->step->nr_cpus, &full, r->err))
		return -1;
	if (full) {
		row->end = IRQM_PLAN_FAILS;
		row->error = -ENOSPC;
	}
	end_row(r, row);
	return 0;
}

static int bring_online(struct run *r)
{
	struct irqm_plan_row *row;
	unsigned int cpu;

	irqm_bits_for_each(cpu, &r->step->cpus) {
		row = new_row(r, cpu);
		if (!row)
			return -1;
		if (irqm_plan_cpu_comes(&r->m, cpu)) {
			irqm_error_memory(r->err);
			return -1;
		}
		end_row(r, row);
	}
	return 0;
}

static int move_irqs(struct run *r)
{
	unsigned int i, k = 0;

	for (i = 0; i < r->m.s->nr_irqs; i++) {
		struct irqm_plan_row *row;

		if (!r->m.s->irqs[i].apic)
			continue;
		k++;
		/* a step before may have removed its device */
		if (!irqm_bits_test(&r->step->irqs, i) ||
		    !r->m.irqs[k - 1].vector)
			continue;
		row = new_row(r, i);
		if (!row)
			return -1;
		row->error = irqm_plan_set_affinity(&r->m, &r->m.irqs[k - 1],
						    &r->step->cpus);
		if (row->error)
			row->end = IRQM_PLAN_FAILS;
		end_row(r, row);
	}
	return 0;
}

static int run_step(struct run *r)
{
	switch (r->step->kind) {
	case IRQM_PLAN_ADD:
	case IRQM_PLAN_LIKE:
	case IRQM_PLAN_MAX:
		return add_devices(r);
	case IRQM_PLAN_REMOVE:
		return remove_devices(r);
	case IRQM_PLAN_OFFLINE:
		return offline_cpus(r);
	case IRQM_PLAN_SUSPEND:
		return suspend_machine(r);
	case IRQM_PLAN_BOOT:
		return boot_machine(r);
	case IRQM_PLAN_ONLINE:
		return bring_online(r);
	case IRQM_PLAN_MOVE:
		return move_irqs(r);
	}
	return -1;
}

/* Makes a snapshot of the machine, for the renderers of matrices. */
static int take_after(struct run *r)
{
	const struct irqm_plan_matrix *m = &r->m.matrix;
	const struct irqm_snapshot *s = r->m.s;
	struct irqm_snapshot *after;
	unsigned int i;

	after = irqm_arena_alloc(r->m.arena, 1, sizeof(*after));
	if (after)
		after->cpus = irqm_arena_alloc(r->m.arena, m->nr_cpus,
					       sizeof(*after->cpus));
	if (!after || !after->cpus) {
		irqm_error_memory(r->err);
		return -1;
	}
	after->arena = r->m.arena;
	after->dump = s->dump;
	after->dump.online = r->m.online;
	after->matrix = s->matrix;
	after->matrix.global_available = m->global_available;
	after->matrix.global_reserved = m->global_reserved;
	after->matrix.total_allocated = m->total_allocated;
	after->matrix.online_maps = m->online_maps;
	after->nr_cpus = m->nr_cpus;
	after->irqs_known = true;
	for (i = 0; i < m->nr_cpus; i++) {
		const struct irqm_plan_cpu *c = &m->cpus[i];
		struct irqm_cpu *to = &after->cpus[i];

		*to = s->cpus[i];
		to->online = c->online;
		to->available = c->available;
		to->allocated = c->allocated;
		to->managed = c->managed;
		if (to->managed_allocated != IRQM_UNKNOWN)
			to->managed_allocated = c->managed_allocated;
		to->alloc_map = c->alloc_map;
		to->managed_map = c->managed_map;
		to->vector_irq = NULL;
	}
	r->plan->after = after;
	return 0;
}

/* Returns an upper limit on the rows of a plan. */
static unsigned int count_rows(const struct irqm_snapshot *s,
			       const struct irqm_plan_request *q)
{
	unsigned int i, n = q->devices;

	for (i = 0; i < q->nr; i++) {
		if (q->steps[i].kind == IRQM_PLAN_REMOVE)
			n += s->nr_devices;
		else if (q->steps[i].kind == IRQM_PLAN_MOVE)
			n += irqm_bits_weight(&q->steps[i].irqs);
		else if (q->steps[i].kind != IRQM_PLAN_ADD)
			n += s->nr_cpus;
	}
	return n;
}

int irqm_plan_run(struct irqm_plan *plan, struct irqm_arena *arena,
		  const struct irqm_snapshot *s,
		  const struct irqm_plan_request *q,
		  const struct irqm_plan_kernel *kernel, struct irqm_error *err)
{
	struct run r = { .plan = plan, .err = err, .room = count_rows(s, q) };
	unsigned int i;

	*plan = (struct irqm_plan){ .arena = arena, .first = -1 };
	if (irqm_plan_machine_init(&r.m, arena, s, kernel, err))
		return -1;
	plan->rows = irqm_arena_alloc(arena, r.room + 1, sizeof(*plan->rows));
	r.removed = irqm_arena_alloc(arena, s->nr_devices + 1UL,
				     sizeof(*r.removed));
	if (!plan->rows || !r.removed) {
		irqm_error_memory(err);
		return -1;
	}
	for (i = 0; i < q->nr; i++) {
		r.step = &q->steps[i];
		if (run_step(&r))
			return -1;
	}
	if (take_after(&r))
		return -1;
	plan->work = r.m.matrix.work;
	/* without a copy of a set the machine would be wrong */
	if (irqm_arena_exhausted(arena)) {
		irqm_error_memory(err);
		return -1;
	}
	return 0;
}
