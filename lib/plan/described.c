/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/described.h"

#include <string.h>

#define FIRST_EXTERNAL_VECTOR 32
#define CLEANUP_VECTOR 32
#define SYSCALL_VECTOR 128
/* of the cascade, IRQ 2, which the 8259A keeps */
#define CASCADE_VECTOR 50

struct description {
	const struct irqm_machine *m;
	const struct irqm_profile *profile;
	struct irqm_snapshot *s;
	struct irqm_error *err;
};

static struct irqm_bits cpus_of(const struct description *d, const char *list)
{
	struct irqm_bits b = irqm_bits_new(d->s->arena, d->m->nr_cpu_ids);
	struct irqm_error ignored;

	/* the list was checked when the text was read */
	if (b.words && list && *list)
		irqm_bits_parse(&b, list, &ignored);
	return b;
}

static void describe_dump(struct description *d)
{
	struct irqm_dump *dump = &d->s->dump;
	const struct irqm_machine *m = d->m;

	dump->release = m->release ? m->release : d->profile->kernel;
	dump->arch = "x86_64";
	dump->nr_cpu_ids = m->nr_cpu_ids;
	dump->generation = d->profile->generation;
	dump->possible = cpus_of(d, m->possible);
	dump->present = cpus_of(d, m->present);
	dump->online = cpus_of(d, m->online);
	dump->default_affinity = cpus_of(d, m->default_affinity);
	if (m->housekeeping)
		dump->housekeeping_managed = cpus_of(d, m->housekeeping);
}

/*
 * The matrix.
 */

static struct irqm_bits system_vectors(const struct description *d)
{
	struct irqm_bits b = irqm_bits_new(d->s->arena, IRQM_NR_VECTORS);
	unsigned int v;

	if (!b.words)
		return b;
	if (d->m->system_given) {
		memcpy(b.words, d->m->system_map, sizeof(d->m->system_map));
		return b;
	}
	for (v = 0; v < FIRST_EXTERNAL_VECTOR; v++)
		irqm_bits_set(&b, v);
	if (d->profile->cleanup_vector)
		irqm_bits_set(&b, CLEANUP_VECTOR);
	irqm_bits_set(&b, CASCADE_VECTOR);
	irqm_bits_set(&b, SYSCALL_VECTOR);
	for (v = d->profile->alloc_end; v < IRQM_NR_VECTORS; v++)
		irqm_bits_set(&b, v);
	return b;
}

static void describe_matrix(struct description *d)
{
	struct irqm_matrix *x = &d->s->matrix;
	unsigned int v;

	x->addr = 1; /* 0 would mean that it could not be read */
	x->matrix_bits = IRQM_NR_VECTORS;
	x->alloc_start = FIRST_EXTERNAL_VECTOR;
	x->alloc_end = d->profile->alloc_end;
	x->alloc_size = x->alloc_end - x->alloc_start;
	x->system_map = system_vectors(d);
	x->systembits_inalloc = 0;
	for (v = x->alloc_start; v < x->alloc_end; v++)
		x->systembits_inalloc += irqm_bits_test(&x->system_map, v);
	x->global_available = x->global_reserved = 0;
	x->total_allocated = x->online_maps = 0;
}

static void describe_cpu(const struct description *d, struct irqm_cpu *c,
			 unsigned int cpu)
{
	const struct irqm_machine_cpu *from = &d->m->cpus[cpu];

	*c = (struct irqm_cpu){
		.cpu = cpu,
		.online = irqm_bits_test(&d->s->dump.online, cpu),
		.initialized = irqm_bits_test(&d->s->dump.present, cpu),
		.allocated = 0,
		.managed = 0,
		.managed_allocated = 0,
		.available = d->s->matrix.alloc_size -
			     d->s->matrix.systembits_inalloc,
		.alloc_map = irqm_bits_new(d->s->arena, IRQM_NR_VECTORS),
		.managed_map = irqm_bits_new(d->s->arena, IRQM_NR_VECTORS),
		.node = from->node,
		.siblings = cpus_of(d, from->siblings),
		.apicid = cpu,
		.logical_apicid = IRQM_UNKNOWN,
	};
	/* the oldest profile that knows clusters is 5.16's */
	if (d->profile->spread[IRQM_SPREAD_CLUSTERS])
		c->cluster = cpus_of(d, from->cluster);
}

static int describe_cpus(struct description *d)
{
	struct irqm_snapshot *s = d->s;
	unsigned int cpu;

	s->cpus =
		irqm_arena_alloc(s->arena, d->m->nr_cpu_ids, sizeof(*s->cpus));
	if (!s->cpus)
		return -1;
	irqm_bits_for_each(cpu, &s->dump.possible)
		describe_cpu(d, &s->cpus[s->nr_cpus++], cpu);
	return 0;
}

static struct irqm_cpu *cpu_of(const struct description *d, unsigned int cpu)
{
	return (struct irqm_cpu *)irqm_find_cpu(d->s, cpu);
}

/* Returns the lowest vector that is neither allocated nor reserved, or 0. */
static unsigned int free_vector(const struct description *d,
				const struct irqm_cpu *c)
{
	const struct irqm_matrix *x = &d->s->matrix;
	unsigned int v;

	for (v = x->alloc_start; v < x->alloc_end; v++)
		if (!irqm_bits_test(&x->system_map, v) &&
		    !irqm_bits_test(&c->alloc_map, v) &&
		    !irqm_bits_test(&c->managed_map, v))
			return v;
	return 0;
}

static int take_vector(struct description *d, unsigned int cpu,
		       unsigned int vector, const char *what, unsigned int irq)
{
	struct irqm_cpu *c = cpu_of(d, cpu);

	if (!vector)
		return 0;
	if (c && vector >= d->s->matrix.alloc_start &&
	    vector < d->s->matrix.alloc_end &&
	    !irqm_bits_test(&c->alloc_map, vector)) {
		irqm_bits_set(&c->alloc_map, vector);
		return 0;
	}
	irqm_error_set(d->err,
		       "%s %u: vector %u of CPU %u is not free, or cannot be "
		       "allocated",
		       what, irq, vector, cpu);
	return -1;
}

static int no_vector(struct description *d, unsigned int irq, unsigned int cpu)
{
	irqm_error_set(d->err, "irq %u: CPU %u has no free vector", irq, cpu);
	return -1;
}

/* Reserves a vector on each CPU of the affinity. The one of the interrupt's own
 * CPU becomes its vector, if it has one. */
static int reserve_managed(struct description *d, struct irqm_irq *irq,
			   bool automatic)
{
	unsigned int cpu, v;

	irqm_bits_for_each(cpu, &irq->affinity) {
		struct irqm_cpu *c = cpu_of(d, cpu);
		bool here = irq->apic && irq->apic->cpu == cpu;

		if (!c)
			continue;
		v = here && irq->apic->vector ? irq->apic->vector :
						free_vector(d, c);
		if (!v)
			return no_vector(d, irq->irq, cpu);
		irqm_bits_set(&c->managed_map, v);
		if (here && automatic) {
			irq->apic->vector = v;
			irqm_bits_set(&c->alloc_map, v);
		}
	}
	return 0;
}

static int allocate_vector(struct description *d, struct irqm_irq *irq)
{
	struct irqm_cpu *c = cpu_of(d, irq->apic->cpu);

	irq->apic->vector = c ? free_vector(d, c) : 0;
	if (!irq->apic->vector)
		return no_vector(d, irq->irq, irq->apic->cpu);
	irqm_bits_set(&c->alloc_map, irq->apic->vector);
	return 0;
}

static void count_cpus(struct description *d)
{
	struct irqm_matrix *x = &d->s->matrix;
	unsigned int i;

	for (i = 0; i < d->s->nr_cpus; i++) {
		struct irqm_cpu *c = &d->s->cpus[i];

		c->managed = irqm_bits_weight(&c->managed_map);
		c->managed_allocated =
			irqm_bits_weight_and(&c->managed_map, &c->alloc_map);
		c->allocated = irqm_bits_weight(&c->alloc_map);
		/* the counter of a CPU begins when it comes online first */
		if (c->initialized)
			c->available -= c->managed + c->allocated -
					c->managed_allocated;
		else
			c->available = 0;
		x->total_allocated += c->allocated;
		x->online_maps += c->online;
		if (c->online)
			x->global_available += c->available;
	}
}

static irqm_num *cpu_counter(struct irqm_cpu *c, const char *name)
{
	return strcmp(name, "available") == 0         ? &c->available :
	       strcmp(name, "allocated") == 0         ? &c->allocated :
	       strcmp(name, "managed") == 0           ? &c->managed :
	       strcmp(name, "managed_allocated") == 0 ? &c->managed_allocated :
							NULL;
}

static irqm_num *matrix_counter(struct irqm_matrix *x, const char *name)
{
	return strcmp(name, "global_available") == 0 ? &x->global_available :
	       strcmp(name, "global_reserved") == 0  ? &x->global_reserved :
	       strcmp(name, "total_allocated") == 0  ? &x->total_allocated :
	       strcmp(name, "online_maps") == 0      ? &x->online_maps :
						       NULL;
}

static int apply_drifts(struct description *d)
{
	const struct irqm_machine *m = d->m;
	unsigned int i;

	for (i = 0; i < m->nr_drifts; i++) {
		const struct irqm_machine_drift *f = &m->drifts[i];
		struct irqm_cpu *c = f->cpu < 0 ? NULL : cpu_of(d, f->cpu);
		irqm_num *n =
			f->cpu < 0 ? matrix_counter(&d->s->matrix, f->counter) :
			c          ? cpu_counter(c, f->counter) :
				     NULL;

		if (!n) {
			irqm_error_set(d->err,
				       "drift: there is no counter %.80s",
				       f->counter);
			return -1;
		}
		*n = (uint32_t)(*n + f->by);
	}
	return 0;
}

/*
 * Interrupts.
 */

static struct irqm_apic *describe_apic(const struct description *d,
				       const struct irqm_machine_irq *from)
{
	struct irqm_apic *a = irqm_arena_alloc(d->s->arena, 1, sizeof(*a));

	if (!a)
		return NULL;
	*a = (struct irqm_apic){
		.vector = from->vector == IRQM_MACHINE_AUTO ? 0 : from->vector,
		.cpu = from->cpu,
		.prev_vector = from->prev_vector,
		.prev_cpu = from->prev_cpu,
		.move_in_progress = from->move_in_progress,
		.can_reserve = from->can_reserve,
		.has_reserved = from->has_reserved,
		.is_managed = from->managed,
	};
	return a;
}

static struct irqm_msi *describe_msi(const struct description *d,
				     const struct irqm_machine_irq *from)
{
	struct irqm_msi *msi = irqm_arena_alloc(d->s->arena, 1, sizeof(*msi));

	if (!msi)
		return NULL;
	*msi = (struct irqm_msi){
		.index = from->index,
		.msix = d->m->devices[from->device].msix,
		.first_irq = from->first_irq,
		.nvec_used = from->nvec,
		.is_managed = from->managed,
	};
	if (from->msi_affinity) {
		msi->has_affinity = true;
		msi->affinity = cpus_of(d, from->msi_affinity);
	}
	return msi;
}

static int describe_states(const struct description *d, struct irqm_irq *irq,
			   const struct irqm_machine_irq *from)
{
	unsigned int n = 0;

	while (n < ARRAY_SIZE(from->state) && from->state[n])
		n++;
	irq->state = 0;
	irq->state_flags = irqm_arena_alloc(d->s->arena, n + 1UL,
					    sizeof(*irq->state_flags));
	if (!irq->state_flags)
		return -1;
	memcpy(irq->state_flags, from->state, n * sizeof(*irq->state_flags));
	irq->nr_state_flags = n;
	return 0;
}

static bool is_in_vector_domain(const struct irqm_machine_irq *from)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(from->chain) && from->chain[i]; i++)
		if (from->chain[i] == IRQM_LEVEL_VECTOR)
			return true;
	return false;
}

static int describe_irq(struct description *d,
			const struct irqm_machine_irq *from)
{
	struct irqm_irq *irq = &d->s->irqs[d->s->nr_irqs++];

	*irq = (struct irqm_irq){
		.irq = from->irq,
		.managed = from->managed,
		.setaffinity_pending = from->pending != NULL,
		.node = from->node,
		.affinity = cpus_of(d, from->affinity),
		.in_vector_domain = is_in_vector_domain(from),
		.device = from->device,
		.count = IRQM_UNKNOWN,
	};
	if (from->pending)
		irq->pending_mask = cpus_of(d, from->pending);
	if (from->device >= 0) {
		irq->msi = describe_msi(d, from);
		if (!irq->msi)
			return -1;
	}
	irq->chain = irqm_arena_alloc(d->s->arena, 1, sizeof(*irq->chain));
	if (!irq->chain)
		return -1;
	irq->nr_levels = 1; /* the one that matters: without chip_data */
	irq->chain[0].vector_domain = irq->in_vector_domain;
	if (irq->in_vector_domain && !from->no_chip_data) {
		irq->apic = describe_apic(d, from);
		if (!irq->apic)
			return -1;
		d->s->matrix.global_reserved += from->has_reserved;
	}
	return describe_states(d, irq, from);
}

/* Vectors that are given, then those that follow. */
static int give_vectors(struct description *d)
{
	const struct irqm_machine *m = d->m;
	unsigned int i;

	for (i = 0; i < m->nr_leaks; i++)
		if (take_vector(d, m->leaks[i].cpu, m->leaks[i].vector, "leak",
				i))
			return -1;
	for (i = 0; i < d->s->nr_irqs; i++) {
		struct irqm_irq *irq = &d->s->irqs[i];
		struct irqm_apic *a = irq->apic;

		if (a && (take_vector(d, a->cpu, a->vector, "irq", irq->irq) ||
			  take_vector(d, a->prev_cpu, a->prev_vector, "irq",
				      irq->irq)))
			return -1;
	}
	for (i = 0; i < d->s->nr_irqs; i++)
		if (d->s->irqs[i].managed &&
		    reserve_managed(d, &d->s->irqs[i],
				    m->irqs[i].vector == IRQM_MACHINE_AUTO))
			return -1;
	for (i = 0; i < d->s->nr_irqs; i++)
		if (d->s->irqs[i].apic && !d->s->irqs[i].apic->vector &&
		    m->irqs[i].vector == IRQM_MACHINE_AUTO &&
		    allocate_vector(d, &d->s->irqs[i]))
			return -1;
	return 0;
}

/* What a PC with the usual devices requests of its legacy lines. */
static const bool requested[16] = {
	[0] = true, [1] = true, [4] = true, [8] = true, [9] = true, [12] = true,
};

/* The lines of a PC. The timer has the vector that the kernel assigns at boot;
 * the others get theirs where most are available: one CPU after the other. */
static int describe_pc(struct description *d)
{
	struct irqm_snapshot *s = d->s;
	const char *started[] = { "IRQD_IRQ_STARTED" };
	unsigned int line, cpu = irqm_bits_next(&s->dump.default_affinity, 0);

	for (line = 0; line < ARRAY_SIZE(requested); line++) {
		struct irqm_machine_irq from = {
			.irq = line,
			.chain = { IRQM_LEVEL_IOAPIC, IRQM_LEVEL_VECTOR },
			.affinity = d->m->default_affinity,
			.vector = line ? 0 : CASCADE_VECTOR - 2,
			.has_reserved = !requested[line],
			.node = d->m->cpus[0].node,
			.device = -1,
		};

		if (line == 2)
			continue;
		if (requested[line])
			from.state[0] = started[0];
		if (requested[line] && line) {
			from.cpu = cpu;
			cpu = irqm_bits_next(&s->dump.default_affinity,
					     cpu + 1);
			if (cpu >= d->m->nr_cpu_ids)
				cpu = irqm_bits_next(&s->dump.default_affinity,
						     0);
		}
		if (describe_irq(d, &from))
			return -1;
		if (!requested[line])
			continue;
		if (line ? allocate_vector(d, &s->irqs[s->nr_irqs - 1]) :
			   take_vector(d, 0, from.vector, "irq", 0))
			return -1;
	}
	return 0;
}

static int describe_irqs(struct description *d)
{
	unsigned int i,
		nr = d->m->nr_irqs ? d->m->nr_irqs : ARRAY_SIZE(requested);

	d->s->irqs = irqm_arena_alloc(d->s->arena, nr, sizeof(*d->s->irqs));
	if (!d->s->irqs)
		return -1;
	d->s->irqs_known = true;
	if (!d->m->nr_irqs)
		return describe_pc(d);
	for (i = 0; i < d->m->nr_irqs; i++)
		if (describe_irq(d, &d->m->irqs[i]))
			return -1;
	return give_vectors(d);
}

/*
 * Devices.
 */

static int describe_device(struct description *d,
			   const struct irqm_machine_device *from)
{
	struct irqm_device *to = &d->s->devices[d->s->nr_devices++];
	unsigned int i;

	*to = (struct irqm_device){
		.name = from->name,
		.bus = from->bus,
		.driver = from->driver ? from->driver : "",
		.node = from->node,
		.pci_class = from->class,
		.pci_vendor = from->vendor,
		.pci_device = from->device,
		.nr_msi_descs = from->nr_msi_descs,
	};
	to->consumers = irqm_arena_alloc(d->s->arena,
					 ARRAY_SIZE(from->consumers),
					 sizeof(*to->consumers));
	if (!to->consumers)
		return -1;
	for (i = 0; i < ARRAY_SIZE(from->consumers) && from->consumers[i].name;
	     i++)
		to->consumers[to->nr_consumers++] = (struct irqm_consumer){
			.name = from->consumers[i].name,
			.driver = from->consumers[i].driver,
			.kind = from->consumers[i].kind,
		};
	return 0;
}

static int describe_devices(struct description *d)
{
	unsigned int i;

	d->s->devices = irqm_arena_alloc(d->s->arena, d->m->nr_devices + 1UL,
					 sizeof(*d->s->devices));
	if (!d->s->devices)
		return -1;
	for (i = 0; i < d->m->nr_devices; i++)
		if (describe_device(d, &d->m->devices[i]))
			return -1;
	return 0;
}

static int describe_all(struct description *d)
{
	describe_dump(d);
	describe_matrix(d);
	if (describe_cpus(d) || describe_devices(d) || describe_irqs(d))
		return -1;
	count_cpus(d);
	return apply_drifts(d);
}

struct irqm_snapshot *irqm_describe(const struct irqm_machine *m,
				    const struct irqm_profile *profile,
				    struct irqm_error *err)
{
	struct description d = { m, profile, irqm_snapshot_new(), err };

	*err = (struct irqm_error){ .msg = "" };
	if (d.s && !describe_all(&d) && !irqm_arena_exhausted(d.s->arena)) {
		d.s->profile = profile;
		return d.s;
	}
	if (!err->msg[0])
		irqm_error_memory(err);
	irqm_snapshot_free(d.s);
	return NULL;
}

struct irqm_snapshot *irqm_describe_machine(const struct irqm_machine *m,
					    struct irqm_error *err)
{
	const struct irqm_profile *profiles[IRQM_MAX_PROFILES];
	unsigned int n = irqm_profiles_of(m->release, profiles, err);
	struct irqm_snapshot *s;

	s = n ? irqm_describe(m, profiles[0], err) : NULL;
	if (!s || n < 2)
		return s;
	s->other = irqm_describe(m, profiles[1], err);
	if (s->other)
		return s;
	irqm_snapshot_free(s);
	return NULL;
}
