/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/boot.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "analysis/drivers.h"

/* ISA_IRQ_VECTOR(irq) */
#define ISA_IRQS 16
#define ISA_VECTOR 0x30

/*
 * The machine.
 */

static struct irqm_bits first_cpus(struct irqm_arena *arena,
				   const struct irqm_bits *from,
				   unsigned int nr)
{
	struct irqm_bits b = { 0 };
	unsigned int cpu;

	if (!irqm_bits_known(from))
		return b;
	b = irqm_bits_new(arena, nr);
	for (cpu = 0; b.words && cpu < nr; cpu++)
		if (irqm_bits_test(from, cpu))
			irqm_bits_set(&b, cpu);
	return b;
}

static struct irqm_bits all_cpus(struct irqm_arena *arena, unsigned int nr)
{
	struct irqm_bits b = irqm_bits_new(arena, nr);
	unsigned int cpu;

	for (cpu = 0; b.words && cpu < nr; cpu++)
		irqm_bits_set(&b, cpu);
	return b;
}

/* A mask without one of the CPUs is ignored, as irq_affinity_setup() and
 * housekeeping_setup() do. */
static struct irqm_bits affinity_of(struct irqm_arena *arena,
				    const struct irqm_bits *from,
				    unsigned int nr)
{
	struct irqm_bits b = first_cpus(arena, from, nr);

	if (b.words && !irqm_bits_weight(&b))
		return all_cpus(arena, nr);
	return b;
}

static int boot_cpus(struct irqm_snapshot *to, const struct irqm_snapshot *s,
		     unsigned int nr)
{
	struct irqm_arena *arena = to->arena;
	unsigned int i;

	to->cpus = irqm_arena_alloc(arena, nr, sizeof(*to->cpus));
	to->nr_cpus = nr;
	for (i = 0; to->cpus && i < nr; i++) {
		const struct irqm_cpu *c = &s->cpus[i];

		to->cpus[i] = (struct irqm_cpu){
			.cpu = i,
			.online = irqm_bits_test(&to->dump.online, i),
			.initialized = 1,
			.available = s->matrix.alloc_size -
				     s->matrix.systembits_inalloc,
			.managed_allocated = c->managed_allocated ==
							     IRQM_UNKNOWN ?
						     IRQM_UNKNOWN :
						     0,
			.alloc_map = irqm_bits_new(arena, c->alloc_map.nbits),
			.managed_map =
				irqm_bits_new(arena, c->managed_map.nbits),
			.node = c->node,
			.siblings = first_cpus(arena, &c->siblings, nr),
			.cluster = first_cpus(arena, &c->cluster, nr),
			.apicid = c->apicid,
			.logical_apicid = c->logical_apicid,
		};
	}
	return to->cpus ? 0 : -1;
}

/* Vectors of the legacy interrupts stay where the kernel puts them at boot, if
 * they have one; others get one when they are requested. */
static struct irqm_apic *boot_apic(struct irqm_arena *arena,
				   const struct irqm_irq *irq)
{
	struct irqm_apic *a = irqm_arena_alloc(arena, 1, sizeof(*a));

	if (a && irq->irq < ISA_IRQS && !irq->apic->has_reserved &&
	    irq->apic->vector == ISA_VECTOR + irq->irq)
		a->vector = irq->apic->vector;
	return a;
}

static int boot_irqs(struct irqm_snapshot *to, const struct irqm_snapshot *s)
{
	unsigned int i;

	to->irqs = irqm_arena_alloc(to->arena, s->nr_irqs, sizeof(*to->irqs));
	for (i = 0; to->irqs && i < s->nr_irqs; i++) {
		struct irqm_irq *irq = &to->irqs[to->nr_irqs];

		if (!s->irqs[i].apic || s->irqs[i].device >= 0)
			continue;
		*irq = s->irqs[i];
		irq->managed = irq->setaffinity_pending = 0;
		irq->affinity = to->dump.default_affinity;
		irq->apic = boot_apic(to->arena, irq);
		to->nr_irqs++;
	}
	to->irqs_known = s->irqs_known;
	return to->irqs || !s->nr_irqs ? 0 : -1;
}

static struct irqm_snapshot *boot_snapshot(struct irqm_arena *arena,
					   const struct irqm_snapshot *s,
					   unsigned int nr)
{
	struct irqm_snapshot *to = irqm_arena_alloc(arena, 1, sizeof(*to));

	if (!to)
		return NULL;
	to->arena = arena;
	to->dump = s->dump;
	to->dump.nr_cpu_ids = nr;
	to->dump.possible = all_cpus(arena, nr);
	to->dump.present = to->dump.online =
		affinity_of(arena, &s->dump.present, nr);
	to->dump.default_affinity =
		affinity_of(arena, &s->dump.default_affinity, nr);
	to->dump.housekeeping_managed =
		affinity_of(arena, &s->dump.housekeeping_managed, nr);
	to->matrix = s->matrix;
	to->matrix.global_reserved = to->matrix.total_allocated = 0;
	to->matrix.online_maps = irqm_bits_weight(&to->dump.online);
	if (boot_cpus(to, s, nr) || boot_irqs(to, s))
		return NULL;
	to->matrix.global_available =
		to->matrix.online_maps * to->cpus[0].available;
	return irqm_arena_exhausted(arena) ? NULL : to;
}

/* The interrupts that are not a device's, in their order. */
static bool request_irqs(struct irqm_plan_machine *m)
{
	struct irqm_plan_cpu *boot_cpu = &m->matrix.cpus[0];
	bool full = false;
	unsigned int i;

	for (i = 0; i < m->nr_irqs; i++) {
		struct irqm_plan_irq *irq = &m->irqs[i];
		bool requested = irq->started;

		if (irq->vector) {
			irqm_bits_set(&boot_cpu->alloc_map, irq->vector);
			boot_cpu->allocated++;
			boot_cpu->available--;
			m->matrix.total_allocated++;
			m->matrix.global_available--;
			continue;
		}
		irq->started = false;
		irqm_plan_set_up(m, irq, NULL);
		if (requested && irqm_plan_request(m, irq))
			full = true;
	}
	return full;
}

int irqm_plan_boot(struct irqm_plan_machine *m, unsigned int nr, bool *ret_full,
		   struct irqm_error *err)
{
	struct irqm_plan_kernel kernel = m->kernel;
	struct irqm_arena *arena = m->arena;
	struct irqm_snapshot *s;

	s = boot_snapshot(arena, m->s, nr);
	if (!s) {
		irqm_error_memory(err);
		return -1;
	}
	if (irqm_plan_machine_init(m, arena, s, &kernel, err))
		return -1;
	*ret_full = request_irqs(m);
	return 0;
}

/*
 * The devices.
 */

/* What a device of the dump has. */
struct vectors {
	unsigned int pre, managed;
};

static int count_vectors(const struct irqm_snapshot *s, struct vectors *v,
			 struct irqm_error *err)
{
	unsigned int i;

	for (i = 0; i < s->nr_irqs; i++) {
		const struct irqm_irq *irq = &s->irqs[i];

		if (irqm_plan_is_unread(irq) || irq->device_unknown) {
			irqm_error_set(err,
				       "cannot predict a boot: IRQ %u could "
				       "not be read",
				       irq->irq);
			return -1;
		}
		if (irq->device < 0 || !irq->msi)
			continue;
		if (irq->managed)
			v[irq->device].managed++;
		else
			v[irq->device].pre++;
	}
	return 0;
}

bool irqm_plan_steps_alike(const struct irqm_plan_step *a,
			   const struct irqm_plan_step *b)
{
	return a->pre == b->pre && a->managed == b->managed &&
	       a->first_set == b->first_set &&
	       irqm_driver_is(a->driver, b->driver);
}

static struct irqm_plan_step step_of(const struct irqm_snapshot *s, int device,
				     const struct vectors *v)
{
	const struct irqm_device *d = &s->devices[device];
	const char *driver = irqm_device_driver(d);
	struct irqm_plan_step step = {
		.kind = IRQM_PLAN_ADD,
		.driver = driver  ? driver :
			  d->name ? d->name :
				    "?",
		.known = irqm_driver_find(driver),
		.pre = v->pre,
		.managed = v->managed,
		.like = device,
		.count = 1,
		.node = -1,
		.line = -1,
	};

	step.text = step.driver;
	return step;
}

/* Groups are few, because machines have few kinds of devices. */
static int add_to_group(struct irqm_snapshot *s, struct irqm_plan_group *groups,
			unsigned int *nr, int device, const struct vectors *v,
			struct irqm_error *err)
{
	struct irqm_plan_group *g, new = { .step = step_of(s, device, v) };

	if (v->managed > s->nr_cpus &&
	    irqm_spread_first_set(s, device, &new.step.first_set)) {
		irqm_error_memory(err);
		return -1;
	}
	for (g = groups; g < groups + *nr; g++) {
		if (!irqm_plan_steps_alike(&g->step, &new.step))
			continue;
		g->step.count++;
		irqm_bits_set(&g->devices, (unsigned int)device);
		return 0;
	}
	new.devices = irqm_bits_new(s->arena, s->nr_devices);
	if (!new.devices.words) {
		irqm_error_memory(err);
		return -1;
	}
	irqm_bits_set(&new.devices, (unsigned int)device);
	groups[(*nr)++] = new;
	return 0;
}

int irqm_plan_group_devices(struct irqm_snapshot *s, const bool *removed,
			    struct irqm_plan_group **ret, unsigned int *ret_nr,
			    struct irqm_error *err)
{
	struct vectors *v = calloc(s->nr_devices + 1UL, sizeof(*v));
	unsigned int i;
	int rc = -1;

	*ret_nr = 0;
	*ret = irqm_arena_alloc(s->arena, s->nr_devices + 1UL, sizeof(**ret));
	if (!v || !*ret)
		irqm_error_memory(err);
	else
		rc = count_vectors(s, v, err);
	for (i = 0; i < s->nr_devices && rc == 0; i++)
		if (!(removed && removed[i]) && v[i].pre + v[i].managed)
			rc = add_to_group(s, *ret, ret_nr, (int)i, &v[i], err);
	free(v);
	return rc;
}

static void mark_removed(const struct irqm_plan_request *r,
			 const struct irqm_snapshot *s, bool *removed)
{
	unsigned int i, k;

	for (i = 0; i < r->nr; i++)
		for (k = 0;
		     r->steps[i].kind == IRQM_PLAN_REMOVE && k < s->nr_devices;
		     k++)
			removed[k] |= irqm_plan_names(&s->devices[k],
						      r->steps[i].text);
}

/*
 * A device that did not get a vector for each queue has none that is managed.
 * With one CPU the driver asks for one queue, whatever the device has.
 */
static void ask_again(struct irqm_plan_step *step,
		      const struct irqm_snapshot *s, unsigned int nr)
{
	const struct irqm_driver *d = step->known;

	if (nr > 1 || !d || !irqm_driver_manages(d, s) || step->managed ||
	    step->pre > d->pre + 1)
		return;
	step->pre = d->pre;
	step->managed = 1;
}

/* A set of managed vectors has one for each possible CPU at most; many drivers
 * that do not manage theirs take as many queues as CPUs are online. */
void irqm_plan_fit_to_cpus(struct irqm_plan_step *step,
			   const struct irqm_snapshot *s, unsigned int nr)
{
	const struct irqm_driver *d = step->known;
	unsigned int first = irqm_lesser_of(step->first_set, nr), queues;

	ask_again(step, s, nr);
	if (step->first_set) {
		step->managed =
			first +
			irqm_lesser_of(step->managed - step->first_set, nr);
		step->first_set = first;
	} else {
		step->managed = irqm_lesser_of(step->managed, nr);
	}
	if (!d || d->queues != IRQM_QUEUES_PER_CPU || step->pre <= d->pre)
		return;
	queues = (step->pre - d->pre) / d->per_queue;
	step->pre = d->pre + irqm_lesser_of(queues, nr) * d->per_queue;
}

/* With fewer CPUs, groups may become alike. */
static int ask_group(struct irqm_plan_request *r, unsigned int first,
		     struct irqm_snapshot *s, const struct irqm_plan_group *g,
		     struct irqm_error *err)
{
	struct irqm_plan_step step = g->step;
	unsigned int i;

	irqm_plan_fit_to_cpus(&step, s, r->nr_cpus);
	r->devices += step.count;
	for (i = first; i < r->nr; i++) {
		if (!irqm_plan_steps_alike(&r->steps[i], &step))
			continue;
		r->steps[i].count += step.count;
		return 0;
	}
	return irqm_plan_add_step(r, s, &step, err);
}

int irqm_plan_ask_devices(struct irqm_plan_request *r, struct irqm_snapshot *s,
			  struct irqm_error *err)
{
	bool *removed = calloc(s->nr_devices + 1UL, sizeof(*removed));
	unsigned int i, nr = 0, first = r->nr;
	struct irqm_plan_group *groups;
	int rc;

	if (!removed) {
		irqm_error_memory(err);
		return -1;
	}
	mark_removed(r, s, removed);
	rc = irqm_plan_group_devices(s, removed, &groups, &nr, err);
	for (i = 0; i < nr && rc == 0; i++)
		rc = ask_group(r, first, s, &groups[i], err);
	free(removed);
	return rc;
}
