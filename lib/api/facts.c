/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Returns single facts, in structures that may grow. */
#include <string.h>

#include "api/handle.h"

/* Copies the first size bytes, all that the caller's version of the structure
 * has. */
static int copy_out(void *ret, size_t size, const void *full, size_t full_size)
{
	if (size > full_size)
		return -1;
	memcpy(ret, full, size);
	return 0;
}
#define GIVE(ret, size, full) copy_out(ret, size, &(full), sizeof(full))

enum irqmatrix_status irqmatrix_status(const struct irqmatrix *m)
{
	const struct irqm_analysis *a = m->analysis;

	if (!a || m->snapshot->nr_unread || m->snapshot->unread_dropped)
		return IRQMATRIX_STATUS_PARTIAL;
	if (a->nr_findings && a->findings[0].severity >= IRQM_WARNING)
		return IRQMATRIX_STATUS_FINDING;
	return IRQMATRIX_STATUS_NOTHING;
}

unsigned int irqmatrix_count(const struct irqmatrix *m,
			     enum irqmatrix_list list)
{
	if (!m->analysis)
		return 0;
	switch (list) {
	case IRQMATRIX_CPUS:
		return m->snapshot->nr_cpus;
	case IRQMATRIX_IRQS:
		return m->snapshot->nr_irqs;
	case IRQMATRIX_DEVICES:
		return m->analysis->accounting.nr_devices;
	case IRQMATRIX_FINDINGS:
		return m->analysis->nr_findings;
	case IRQMATRIX_UNREAD:
		return m->snapshot->nr_unread;
	}
	return 0;
}

int irqmatrix_get_matrix(const struct irqmatrix *m,
			 struct irqmatrix_matrix *ret, size_t size)
{
	const struct irqm_matrix *x;
	const struct irqm_dump *d;

	if (!m->analysis)
		return -1;
	x = &m->snapshot->matrix;
	d = &m->snapshot->dump;
	return GIVE(ret, size,
		    ((struct irqmatrix_matrix){
			    .release = d->release,
			    .build_id = d->build_id,
			    .crash_time = d->crash_time,
			    .cpus_possible = irqm_api_bits(&d->possible),
			    .cpus_present = irqm_api_bits(&d->present),
			    .cpus_online = irqm_api_bits(&d->online),
			    .alloc_start = x->alloc_start,
			    .alloc_end = x->alloc_end,
			    .global_available = x->global_available,
			    .global_reserved = x->global_reserved,
			    .systembits_inalloc = x->systembits_inalloc,
			    .total_allocated = x->total_allocated,
			    .online_maps = x->online_maps,
			    .capacity = m->analysis->totals.capacity,
			    .managed = m->analysis->totals.managed,
			    .idle = m->analysis->totals.idle,
		    }));
}

int irqmatrix_get_cpu(const struct irqmatrix *m, unsigned int index,
		      struct irqmatrix_cpu *ret, size_t size)
{
	const struct irqm_cpu *c;

	if (index >= irqmatrix_count(m, IRQMATRIX_CPUS))
		return -1;
	c = &m->snapshot->cpus[index];
	return GIVE(ret, size,
		    ((struct irqmatrix_cpu){
			    .cpu = c->cpu,
			    .online = c->online,
			    .available = c->available,
			    .allocated = c->allocated,
			    .managed = c->managed,
			    .managed_allocated =
				    irqm_managed_allocated(m->analysis, index),
			    .idle = m->analysis->cpus[index].idle,
			    .node = c->node,
			    .apicid = c->apicid,
			    .alloc_map = irqm_api_bits(&c->alloc_map),
			    .managed_map = irqm_api_bits(&c->managed_map),
		    }));
}

/* Returns the rank by cost of a device, which is an index in the snapshot. */
static irqm_num device_rank(const struct irqmatrix *m, int device)
{
	const struct irqm_accounting *a = &m->analysis->accounting;
	unsigned int i;

	for (i = 0; device >= 0 && i < a->nr_devices; i++)
		if (a->devices[i].device == device)
			return i;
	return IRQMATRIX_UNKNOWN;
}

static void fill_apic(struct irqmatrix_irq *ret, const struct irqm_apic *a)
{
	ret->vector = a->vector;
	ret->cpu = a->vector ? a->cpu : IRQMATRIX_UNKNOWN;
	ret->prev_vector = a->prev_vector;
	ret->prev_cpu = a->prev_vector ? a->prev_cpu : IRQMATRIX_UNKNOWN;
	ret->has_reserved = a->has_reserved;
}

int irqmatrix_get_irq(const struct irqmatrix *m, unsigned int index,
		      struct irqmatrix_irq *ret, size_t size)
{
	const struct irqm_irq *irq;
	struct irqmatrix_irq full;

	if (index >= irqmatrix_count(m, IRQMATRIX_IRQS))
		return -1;
	irq = &m->snapshot->irqs[index];
	full = (struct irqmatrix_irq){
		.irq = irq->irq,
		.nr_actions = irq->nr_actions,
		.affinity = irqm_api_bits(&irq->affinity),
		.effective_affinity = irqm_api_bits(&irq->effective_affinity),
		.pending_affinity = irq->setaffinity_pending == 1 ?
					    irqm_api_bits(&irq->pending_mask) :
					    NULL,
		.managed = irq->managed,
		.vector = IRQMATRIX_UNKNOWN,
		.cpu = IRQMATRIX_UNKNOWN,
		.prev_vector = IRQMATRIX_UNKNOWN,
		.prev_cpu = IRQMATRIX_UNKNOWN,
		.has_reserved = IRQMATRIX_UNKNOWN,
		.count = irq->count,
		.device = device_rank(m, irq->device),
		.chip = irq->nr_levels ? irq->chain[0].chip : NULL,
		.domain = irq->nr_levels ? irq->chain[0].domain : NULL,
	};
	if (irq->apic)
		fill_apic(&full, irq->apic);
	return GIVE(ret, size, full);
}

int64_t irqmatrix_find_irq(const struct irqmatrix *m, unsigned int irq)
{
	const struct irqm_irq *found;

	if (!m->analysis)
		return -1;
	found = irqm_find_irq(m->snapshot, irq);
	return found ? found - m->snapshot->irqs : -1;
}

int irqmatrix_get_action(const struct irqmatrix *m, unsigned int irq,
			 unsigned int index, struct irqmatrix_action *ret,
			 size_t size)
{
	const struct irqm_action *a;

	if (irq >= irqmatrix_count(m, IRQMATRIX_IRQS) ||
	    index >= m->snapshot->irqs[irq].nr_actions)
		return -1;
	a = &m->snapshot->irqs[irq].actions[index];
	return GIVE(ret, size,
		    ((struct irqmatrix_action){ a->name, a->handler, a->thread,
						a->flags }));
}

static const struct irqm_device *device_of(const struct irqmatrix *m,
					   unsigned int index)
{
	if (index >= irqmatrix_count(m, IRQMATRIX_DEVICES))
		return NULL;
	return &m->snapshot->devices[m->analysis->accounting.devices[index]
					     .device];
}

int irqmatrix_get_device(const struct irqmatrix *m, unsigned int index,
			 struct irqmatrix_device *ret, size_t size)
{
	const struct irqm_device *d = device_of(m, index);
	const struct irqm_cost *c;

	if (!d)
		return -1;
	c = &m->analysis->accounting.devices[index];
	return GIVE(ret, size,
		    ((struct irqmatrix_device){
			    .name = d->name,
			    .bus = d->bus,
			    .driver = d->driver,
			    .nr_consumers = d->nr_consumers,
			    .node = d->node,
			    .irqs = c->irqs,
			    .allocated = c->allocated,
			    .managed_reserved = c->managed_reserved,
			    .idle_reserved = c->idle_reserved,
			    .reserved = c->reserved,
			    .cost = c->cost,
		    }));
}

int irqmatrix_get_consumer(const struct irqmatrix *m, unsigned int device,
			   unsigned int index, struct irqmatrix_consumer *ret,
			   size_t size)
{
	const struct irqm_device *d = device_of(m, device);
	const struct irqm_consumer *c;

	if (!d || index >= d->nr_consumers)
		return -1;
	c = &d->consumers[index];
	return GIVE(
		ret, size,
		((struct irqmatrix_consumer){ c->name, c->driver, c->kind }));
}

int irqmatrix_get_finding(const struct irqmatrix *m, unsigned int index,
			  struct irqmatrix_finding *ret, size_t size)
{
	const struct irqm_finding *f;

	if (index >= irqmatrix_count(m, IRQMATRIX_FINDINGS))
		return -1;
	f = &m->analysis->findings[index];
	return GIVE(ret, size,
		    ((struct irqmatrix_finding){
			    .code = f->kind->code,
			    /* the two enumerations have the same values */
			    .severity = (enum irqmatrix_severity)f->severity,
			    .text = f->text,
			    .meaning = f->kind->meaning,
			    .advice = f->kind->advice,
			    .nr_data = f->nr_data,
			    .remedy = f->remedy,
		    }));
}

int irqmatrix_get_datum(const struct irqmatrix *m, unsigned int finding,
			unsigned int index, struct irqmatrix_datum *ret,
			size_t size)
{
	struct irqmatrix_datum full = { .num = IRQMATRIX_UNKNOWN };
	const struct irqm_datum *d;

	if (finding >= irqmatrix_count(m, IRQMATRIX_FINDINGS) ||
	    index >= m->analysis->findings[finding].nr_data)
		return -1;
	d = &m->analysis->findings[finding].data[index];
	full.key = d->key;
	full.type = (enum irqmatrix_datum_type)d->type;
	switch (d->type) {
	case IRQM_DATUM_NUM:
		full.num = d->num;
		break;
	case IRQM_DATUM_STRING:
		full.string = d->string;
		break;
	case IRQM_DATUM_SET:
		full.bits = irqm_api_bits(&d->set);
		break;
	}
	return GIVE(ret, size, full);
}

int irqmatrix_get_unread(const struct irqmatrix *m, unsigned int index,
			 struct irqmatrix_unread *ret, size_t size)
{
	const struct irqm_unread *u;

	if (index >= irqmatrix_count(m, IRQMATRIX_UNREAD))
		return -1;
	u = &m->snapshot->unread[index];
	return GIVE(ret, size,
		    ((struct irqmatrix_unread){ u->what, u->addr,
						(enum irqmatrix_why)u->why }));
}
