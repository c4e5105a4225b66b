/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define require(cond)                                                          \
	do {                                                                   \
		if (!(cond)) {                                                 \
			fprintf(stderr, "snap.c:%d: %s\n", __LINE__, #cond);   \
			abort();                                               \
		}                                                              \
	} while (0)

static void *alloc(struct irqm_snapshot *s, size_t count, size_t size)
{
	void *p = irqm_arena_alloc(s->arena, count, size);

	require(p);
	return p;
}

static const char *copy(struct irqm_snapshot *s, const char *str)
{
	if (!str)
		return NULL;
	str = irqm_arena_strdup(s->arena, str);
	require(str);
	return str;
}

struct irqm_bits snap_bits(struct irqm_snapshot *s, unsigned int nbits,
			   const char *list)
{
	struct irqm_bits b = irqm_bits_new(s->arena, nbits);

	require(b.words);
	require(!*list || irqm_bits_parse(&b, list, NULL) == 0);
	return b;
}

struct irqm_bits snap_cpus(struct irqm_snapshot *s, const char *list)
{
	return snap_bits(s, s->dump.nr_cpu_ids, list);
}

static void set_matrix(struct irqm_snapshot *s)
{
	struct irqm_matrix *m = &s->matrix;

	m->addr = 0xffff888100040000ULL;
	m->matrix_bits = 256;
	m->alloc_start = 32;
	m->alloc_end = 236;
	m->alloc_size = 204;
	m->systembits_inalloc = 3;
	m->global_available = 0;
	m->global_reserved = 0;
	m->total_allocated = 0;
	m->online_maps = s->nr_cpus;
	m->system_map = snap_bits(s, 256, "0-19,29,32,50,128,236-255");
}

static void set_cpu(struct irqm_snapshot *s, unsigned int cpu)
{
	struct irqm_cpu *c = &s->cpus[cpu];
	char list[16];

	snprintf(list, sizeof(list), "%u", cpu);
	c->cpu = cpu;
	c->online = c->initialized = 1;
	c->apicid = c->logical_apicid = IRQM_UNKNOWN;
	c->allocated = c->managed = c->managed_allocated = 0;
	c->available = s->matrix.alloc_size - s->matrix.systembits_inalloc;
	s->matrix.global_available += c->available;
	c->alloc_map = snap_bits(s, 256, "");
	c->managed_map = snap_bits(s, 256, "");
	c->vector_irq = alloc(s, IRQM_NR_VECTORS, sizeof(*c->vector_irq));
	for (unsigned int v = 0; v < IRQM_NR_VECTORS; v++)
		c->vector_irq[v].slot = IRQM_SLOT_UNUSED;
	c->node = 0;
	c->siblings = snap_cpus(s, list);
	c->cluster = snap_cpus(s, list);
}

struct irqm_snapshot *snap_new_sized(unsigned int nr_cpus,
				     unsigned int max_irqs,
				     unsigned int max_devices)
{
	struct irqm_snapshot *s = irqm_snapshot_new();

	require(s);
	s->dump.path = "test.vmcore";
	s->dump.format = "elf";
	s->dump.types = "dwarf";
	s->dump.release = "4.18.0-305.30.1.el8_4.x86_64";
	s->dump.arch = "x86_64";
	s->dump.nr_cpu_ids = nr_cpus;
	s->dump.generation = (struct irqm_generation){
		.affinity_desc = true,
		.xarray = true,
		.printk_ringbuffer = true,
		.maple_tree = true,
		.map_pointers = true,
	};
	s->dump.possible = snap_cpus(s, "all");
	s->dump.present = snap_cpus(s, "all");
	s->dump.online = snap_cpus(s, "all");
	s->dump.default_affinity = snap_cpus(s, "all");
	s->nr_cpus = nr_cpus;
	s->cpus = alloc(s, nr_cpus, sizeof(*s->cpus));
	set_matrix(s);
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
		set_cpu(s, cpu);
	s->irqs = alloc(s, max_irqs, sizeof(*s->irqs));
	s->irqs_known = true;
	s->devices = alloc(s, max_devices, sizeof(*s->devices));
	return s;
}

struct irqm_snapshot *snap_new(unsigned int nr_cpus)
{
	return snap_new_sized(nr_cpus, SNAP_MAX_IRQS, SNAP_MAX_DEVICES);
}

static struct irqm_cpu *get_cpu(struct irqm_snapshot *s, unsigned int cpu)
{
	require(cpu < s->nr_cpus);
	return &s->cpus[cpu];
}

void snap_offline(struct irqm_snapshot *s, unsigned int cpu)
{
	struct irqm_cpu *c = get_cpu(s, cpu);

	require(c->online == 1);
	c->online = 0;
	s->matrix.global_available -= c->available;
	s->matrix.online_maps--;
	irqm_bits_clear(&s->dump.online, cpu);
}

void snap_absent(struct irqm_snapshot *s, unsigned int cpu)
{
	snap_offline(s, cpu);
	s->cpus[cpu].initialized = 0;
	s->cpus[cpu].available = 0;
	irqm_bits_clear(&s->dump.present, cpu);
}

struct irqm_irq *snap_get(struct irqm_snapshot *s, unsigned int irq)
{
	unsigned int i = s->nr_irqs;

	/* from the end: most calls are about the newest one */
	while (i-- > 0)
		if (s->irqs[i].irq == irq)
			return &s->irqs[i];
	require(!"no such IRQ");
	return NULL;
}

static void set_action(struct irqm_snapshot *s, struct irqm_irq *i,
		       const char *name)
{
	if (!name)
		return;
	i->nr_actions = 1;
	i->actions = alloc(s, 1, sizeof(*i->actions));
	i->actions[0].name = copy(s, name);
	i->actions[0].handler = "vring_interrupt";
	i->actions[0].flags = 0;
	i->actions[0].dev_id = 0xffff888140000000ULL;
}

struct irqm_irq *snap_irq(struct irqm_snapshot *s, unsigned int irq,
			  const char *name)
{
	struct irqm_irq *i = &s->irqs[s->nr_irqs];

	require(s->nr_irqs == 0 || i[-1].irq < irq);
	s->nr_irqs++;
	i->irq = irq;
	i->desc = SNAP_DESC(irq);
	set_action(s, i, name);
	i->flow = "handle_edge_irq";
	i->name = "edge";
	i->status = i->istate = i->depth = i->wake_depth = 0;
	i->irqs_unhandled = 0;
	i->state = 0;
	i->managed = i->setaffinity_pending = 0;
	i->node = 0;
	i->affinity = snap_cpus(s, "all");
	i->effective_affinity = snap_cpus(s, "0");
	i->pending_mask = snap_cpus(s, "");
	i->nr_levels = 1;
	i->chain = alloc(s, 2, sizeof(*i->chain));
	i->chain[0].addr = i->desc + 0x28;
	i->chain[0].chip = "XT-PIC";
	i->chain[0].hwirq = irq;
	i->device = -1;
	i->count = IRQM_UNKNOWN;
	return i;
}

static void set_chain(struct irqm_snapshot *s, struct irqm_irq *i,
		      const char *domain, const char *chip)
{
	struct irqm_level *level = i->chain;

	level[0].domain = copy(s, domain);
	level[0].chip = copy(s, chip);
	level[0].domain_addr = SNAP_VECTOR_DOMAIN + 0x1000;
	level[1] = (struct irqm_level){
		.addr = SNAP_CHIP_DATA(i->irq) + 0x20000000,
		.domain = "VECTOR",
		.chip = "APIC",
		.hwirq = i->irq,
		.domain_addr = SNAP_VECTOR_DOMAIN,
		.chip_data = SNAP_CHIP_DATA(i->irq),
		.vector_domain = true,
	};
	i->nr_levels = 2;
	i->in_vector_domain = true;
	i->apic = alloc(s, 1, sizeof(*i->apic));
	i->apic->hw_vector = 0;
	i->apic->hw_dest_apicid = 0;
}

struct irqm_irq *snap_ioapic_irq(struct irqm_snapshot *s, unsigned int irq,
				 const char *name)
{
	struct irqm_irq *i = snap_irq(s, irq, name);

	set_chain(s, i, "IO-APIC-0", "IO-APIC");
	return i;
}

struct irqm_irq *snap_msi_irq(struct irqm_snapshot *s, unsigned int irq,
			      int device, const char *name)
{
	struct irqm_irq *i = snap_irq(s, irq, name);

	require(device >= 0 && (unsigned int)device < s->nr_devices);
	set_chain(s, i, "PCI-MSI-2", "PCI-MSI");
	i->device = device;
	i->msi = alloc(s, 1, sizeof(*i->msi));
	*i->msi = (struct irqm_msi){
		.desc = SNAP_MSI_DESC(irq),
		.index = s->devices[device].nr_msi_descs,
		.msix = 1,
		.first_irq = irq,
		.nvec_used = 1,
		.is_managed = 0,
	};
	s->devices[device].nr_msi_descs++;
	return i;
}

int snap_device(struct irqm_snapshot *s, const char *name, const char *driver)
{
	struct irqm_device *d = &s->devices[s->nr_devices];

	d->addr = SNAP_DEVICE(s->nr_devices);
	d->name = copy(s, name);
	d->bus = "pci";
	d->driver = copy(s, driver);
	d->node = 0;
	d->pci_class = 0x010000;
	d->pci_vendor = 0x1af4;
	d->pci_device = 0x1042;
	d->nr_msi_descs = 0;
	return s->nr_devices++;
}

void snap_consumer(struct irqm_snapshot *s, int device, const char *name,
		   const char *driver, const char *kind)
{
	struct irqm_device *d = &s->devices[device];
	struct irqm_consumer *c = alloc(s, d->nr_consumers + 1, sizeof(*c));

	if (d->nr_consumers)
		memcpy(c, d->consumers, d->nr_consumers * sizeof(*c));
	c[d->nr_consumers++] = (struct irqm_consumer){ copy(s, name),
						       copy(s, driver),
						       copy(s, kind) };
	d->consumers = c;
}

/* The message that __irq_msi_compose_msg() writes. */
static void set_message(struct irqm_irq *i)
{
	if (!i->msi)
		return;
	i->msi->has_msg = true;
	i->msi->address = 0xfee00000ULL | (i->apic->cpu & 0xff) << 12;
	i->msi->data = i->apic->vector;
}

static void set_vector(struct irqm_snapshot *s, struct irqm_irq *i,
		       unsigned int cpu, unsigned int vector)
{
	struct irqm_vector_irq *slot = &s->cpus[cpu].vector_irq[vector];
	char list[16];

	i->apic->vector = vector;
	i->apic->cpu = cpu;
	i->apic->hw_vector = vector;
	i->apic->hw_dest_apicid = cpu;
	slot->slot = IRQM_SLOT_IRQ;
	slot->irq = i->irq;
	slot->value = i->desc;
	snprintf(list, sizeof(list), "%u", cpu);
	i->effective_affinity = snap_cpus(s, list);
	set_message(i);
}

static unsigned int lowest_free(struct irqm_snapshot *s, unsigned int cpu)
{
	const struct irqm_cpu *c = get_cpu(s, cpu);

	for (unsigned int v = s->matrix.alloc_start; v < s->matrix.alloc_end;
	     v++)
		if (!irqm_bits_test(&c->alloc_map, v) &&
		    !irqm_bits_test(&c->managed_map, v) &&
		    !irqm_bits_test(&s->matrix.system_map, v))
			return v;
	require(!"no vector left");
	return 0;
}

unsigned int snap_alloc(struct irqm_snapshot *s, unsigned int irq,
			unsigned int cpu)
{
	struct irqm_irq *i = snap_get(s, irq);
	unsigned int vector = lowest_free(s, cpu);

	require(i->apic && s->cpus[cpu].online == 1);
	irqm_bits_set(&s->cpus[cpu].alloc_map, vector);
	s->cpus[cpu].allocated++;
	s->cpus[cpu].available--;
	s->matrix.total_allocated++;
	s->matrix.global_available--;
	if (i->apic->has_reserved) {
		i->apic->has_reserved = false;
		s->matrix.global_reserved--;
	}
	set_vector(s, i, cpu, vector);
	return vector;
}

unsigned int snap_move(struct irqm_snapshot *s, unsigned int irq,
		       unsigned int cpu)
{
	struct irqm_irq *i = snap_get(s, irq);

	require(i->apic && i->apic->vector && i->apic->cpu != cpu);
	i->apic->prev_vector = i->apic->vector;
	i->apic->prev_cpu = i->apic->cpu;
	i->apic->move_in_progress = true;
	return i->managed == 1 ? snap_start(s, irq, cpu) :
				 snap_alloc(s, irq, cpu);
}

void snap_managed(struct irqm_snapshot *s, unsigned int irq, const char *mask)
{
	struct irqm_irq *i = snap_get(s, irq);
	unsigned int cpu;

	require(i->apic);
	i->managed = 1;
	i->apic->is_managed = 1;
	i->affinity = snap_cpus(s, mask);
	if (i->msi) {
		i->msi->has_affinity = true;
		i->msi->affinity = snap_cpus(s, mask);
		i->msi->is_managed = 1;
	}
	irqm_bits_for_each(cpu, &i->affinity) {
		struct irqm_cpu *c = get_cpu(s, cpu);

		irqm_bits_set(&c->managed_map, lowest_free(s, cpu));
		c->managed++;
		if (c->online == 1) {
			c->available--;
			s->matrix.global_available--;
		}
	}
}

unsigned int snap_start(struct irqm_snapshot *s, unsigned int irq,
			unsigned int cpu)
{
	struct irqm_irq *i = snap_get(s, irq);
	struct irqm_cpu *c = get_cpu(s, cpu);
	unsigned int v;

	require(i->managed == 1 && irqm_bits_test(&i->affinity, cpu));
	irqm_bits_for_each(v, &c->managed_map)
		if (!irqm_bits_test(&c->alloc_map, v))
			break;
	require(v < c->managed_map.nbits);
	irqm_bits_set(&c->alloc_map, v);
	c->allocated++;
	c->managed_allocated++;
	s->matrix.total_allocated++;
	set_vector(s, i, cpu, v);
	return v;
}

void snap_reserve(struct irqm_snapshot *s, unsigned int irq)
{
	struct irqm_irq *i = snap_get(s, irq);

	require(i->apic);
	i->apic->can_reserve = i->apic->has_reserved = true;
	i->apic->hw_vector = 0xef; /* MANAGED_IRQ_SHUTDOWN_VECTOR */
	s->matrix.global_reserved++;
}

void snap_unread(struct irqm_snapshot *s, const char *what, uint64_t addr,
		 enum irqm_why why)
{
	struct irqm_unread *u = alloc(s, s->nr_unread + 1, sizeof(*u));

	if (s->nr_unread)
		memcpy(u, s->unread, s->nr_unread * sizeof(*u));
	u[s->nr_unread++] = (struct irqm_unread){ copy(s, what), addr, why };
	s->unread = u;
}

int snap_virtio_blk(struct irqm_snapshot *s, const char *name, unsigned int irq)
{
	unsigned int half = (s->nr_cpus + 1) / 2;
	int device = snap_device(s, name, "virtio-pci");
	char text[32];

	snprintf(text, sizeof(text), "virtio%d", device);
	snap_consumer(s, device, text, "virtio_blk", "virtio");

	snprintf(text, sizeof(text), "virtio%d-config", device);
	snap_msi_irq(s, irq, device, text);
	snap_alloc(s, irq, 0);

	snprintf(text, sizeof(text), "virtio%d-req.0", device);
	snap_msi_irq(s, irq + 1, device, text);
	snprintf(text, sizeof(text), "0-%u", half - 1);
	snap_managed(s, irq + 1, text);
	snap_start(s, irq + 1, 0);

	snprintf(text, sizeof(text), "virtio%d-req.1", device);
	snap_msi_irq(s, irq + 2, device, text);
	snprintf(text, sizeof(text), "%u-%u", half, s->nr_cpus - 1);
	snap_managed(s, irq + 2, text);
	snap_start(s, irq + 2, half);
	return device;
}

void snap_five_disks(struct irqm_snapshot *s)
{
	char name[16], disk[4];
	unsigned int i;

	for (i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "0000:00:0%u.0", i + 2);
		snprintf(disk, sizeof(disk), "vd%c", 'a' + i);
		snap_consumer(s, snap_virtio_blk(s, name, 24 + 3 * i), disk,
			      NULL, "block");
	}
}

void snap_owners(const struct irqm_snapshot *s, unsigned int cpu_index,
		 struct irqm_vector_owner *owners)
{
	struct irqm_claims claims;

	if (irqm_claims_init(&claims, s))
		abort();
	irqm_vector_owners(&claims, cpu_index, owners);
	irqm_claims_deinit(&claims);
}
