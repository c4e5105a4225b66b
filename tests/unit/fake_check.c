/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/fake_facts.h"

#include <stdlib.h>
#include <string.h>

static void check_dump(const struct fk *fk, const struct irqm_snapshot *s,
		       struct fk_result *res)
{
	const struct fk_machine *m = fk->m;
	const struct irqm_dump *d = &s->dump;
	unsigned int n = fk_cpu_bits(fk);
	int64_t hk;
	bool has_hk =
		irqm_enum_value(&fk->layout.hk, "HK_TYPE_MANAGED_IRQ", &hk) ||
		irqm_enum_value(&fk->layout.hk_flags, "HK_FLAG_MANAGED_IRQ",
				&hk);

	if (!d->nr_cpu_ids)
		fact_unknown(res, "nr_cpu_ids", 0);
	else if (d->nr_cpu_ids != n)
		fact_wrong(res, "nr_cpu_ids: %u, not %u", d->nr_cpu_ids, n);
	fact_str(res, "release", 0, d->release, m->release);
	fact_str(res, "build_id", 0, d->build_id, m->build_id);
	fact_num(res, "crash_time", 0, d->crash_time,
		 fk->gen.no_note ? IRQM_UNKNOWN : m->crash_time);
	fact_bits(res, "possible", 0, &d->possible, m->possible, n);
	fact_bits(res, "present", 0, &d->present, m->present, n);
	fact_bits(res, "online", 0, &d->online, m->online, n);
	fact_bits(res, "default_affinity", 0, &d->default_affinity,
		  m->default_affinity, n);
	fact_bits(res, "housekeeping", 0, &d->housekeeping_managed,
		  has_hk ? m->housekeeping : NULL, n);
}

static void check_matrix(const struct fk *fk, const struct irqm_snapshot *s,
			 struct fk_result *res)
{
	const struct irqm_matrix *got = &s->matrix;
	const struct fk_machine *m = fk->m;

	if (got->addr)
		fact_hex(res, "matrix", 0, got->addr, fk->matrix);
	fact_num(res, "matrix_bits", 0, got->matrix_bits, m->matrix_bits);
	fact_num(res, "alloc_start", 0, got->alloc_start, m->alloc_start);
	fact_num(res, "alloc_end", 0, got->alloc_end, m->alloc_end);
	fact_num(res, "alloc_size", 0, got->alloc_size,
		 m->alloc_end - m->alloc_start);
	fact_num(res, "global_available", 0, got->global_available,
		 m->global_available);
	fact_num(res, "global_reserved", 0, got->global_reserved,
		 m->global_reserved);
	fact_num(res, "systembits_inalloc", 0, got->systembits_inalloc,
		 m->systembits_inalloc);
	fact_num(res, "total_allocated", 0, got->total_allocated,
		 m->total_allocated);
	fact_num(res, "online_maps", 0, got->online_maps, m->online_maps);
	fact_map(res, "system_map", 0, &got->system_map, m->system_map,
		 m->matrix_bits);
	fact_str(res, "system_vector", 0xec, s->system_vector[0xec],
		 "apic_timer_interrupt");
	fact_str(res, "system_vector", 0x30, s->system_vector[0x30], NULL);
	fact_str(res, "system_vector", 0, s->system_vector[0], NULL);
}

static const struct irqm_machine_entry *
entry_at(const struct fk_machine *m, unsigned int cpu, unsigned int vector)
{
	unsigned int i;

	for (i = 0; i < m->nr_entries; i++)
		if (m->entries[i].cpu == cpu && m->entries[i].vector == vector)
			return &m->entries[i];
	return NULL;
}

/* VECTOR_SHUTDOWN and VECTOR_RETRIGGERED of the kernel; else a pointer that is
 * not a descriptor's. */
static enum irqm_slot slot_of(const struct irqm_machine_entry *e)
{
	return e->value == (uint64_t)-1 ? IRQM_SLOT_SHUTDOWN :
	       e->value == (uint64_t)-2 ? IRQM_SLOT_RETRIGGERED :
					  IRQM_SLOT_STRAY;
}

static void check_vector_irq(const struct fk *fk, const struct irqm_cpu *c,
			     struct fk_result *res)
{
	unsigned int v;

	if (!c->vector_irq) {
		fact_unknown(res, "vector_irq", c->cpu);
		return;
	}
	for (v = 0; v < IRQM_NR_VECTORS; v++) {
		const struct irqm_vector_irq *got = &c->vector_irq[v];
		const struct irqm_machine_entry *e = entry_at(fk->m, c->cpu, v);
		int irq = fk_vector_owner(fk->m, c->cpu, v);
		enum irqm_slot want = e        ? slot_of(e) :
				      irq >= 0 ? IRQM_SLOT_IRQ :
						 IRQM_SLOT_UNUSED;

		if (got->slot == IRQM_SLOT_UNKNOWN)
			fact_unknown(res, "vector_irq's slot", c->cpu);
		else if (got->slot != want)
			fact_wrong(res, "vector_irq[%u] of %u: %d, not %d", v,
				   c->cpu, got->slot, want);
		else if (want == IRQM_SLOT_IRQ && (int)got->irq != irq)
			fact_wrong(res, "vector_irq[%u] of %u: IRQ %u, not %d",
				   v, c->cpu, got->irq, irq);
		if (e)
			fact_hex(res, "vector_irq's value", v, got->value,
				 e->value);
	}
}

static void check_cpu(const struct fk *fk, const struct irqm_cpu *c,
		      struct fk_result *res)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_machine *m = fk->m;
	const struct fk_cpu *w = &m->cpus[c->cpu];
	unsigned int n = fk_cpu_bits(fk);

	fact_num(res, "online", c->cpu, c->online, w->online);
	fact_num(res, "initialized", c->cpu, c->initialized,
		 l->cpumap.initialized.exists ? w->initialized : IRQM_UNKNOWN);
	fact_num(res, "available", c->cpu, c->available, w->available);
	fact_num(res, "allocated", c->cpu, c->allocated, w->allocated);
	fact_num(res, "managed", c->cpu, c->managed, w->managed);
	fact_num(res, "managed_allocated", c->cpu, c->managed_allocated,
		 l->cpumap.managed_allocated.exists ? w->managed_allocated :
						      IRQM_UNKNOWN);
	fact_map(res, "alloc_map", c->cpu, &c->alloc_map, w->alloc_map,
		 m->matrix_bits);
	fact_map(res, "managed_map", c->cpu, &c->managed_map, w->managed_map,
		 m->matrix_bits);
	fact_num(res, "node", c->cpu, c->node, w->node);
	fact_bits(res, "siblings", c->cpu, &c->siblings, w->siblings, n);
	fact_bits(res, "cluster", c->cpu, &c->cluster, w->cluster, n);
	check_vector_irq(fk, c, res);
}

static void check_cpus(const struct fk *fk, const struct irqm_snapshot *s,
		       struct fk_result *res)
{
	struct irqm_bits b = fk_bits(fk->m->possible, fk->m->nr_cpu_ids);
	unsigned int i;

	if (!s->nr_cpus)
		fact_unknown(res, "cpus", 0);
	else if (s->nr_cpus != irqm_bits_weight(&b))
		fact_wrong(res, "%u CPUs, not %u", s->nr_cpus,
			   irqm_bits_weight(&b));
	for (i = 0; i < s->nr_cpus && !res->wrong[0]; i++) {
		if (!irqm_bits_test(&b, s->cpus[i].cpu))
			fact_wrong(res, "CPU %u is not possible",
				   s->cpus[i].cpu);
		else
			check_cpu(fk, &s->cpus[i], res);
	}
	free(b.words);
}

static void check_consumers(const struct irqm_device *got,
			    const struct irqm_machine_device *w,
			    unsigned int id, struct fk_result *res)
{
	unsigned int i, nr = 0;

	while (nr < 3 && w->consumers[nr].name)
		nr++;
	if (got->consumers_cut)
		fact_unknown(res, "consumers", id);
	else if (got->nr_consumers != nr)
		fact_wrong(res, "%u consumers of %s, not %u", got->nr_consumers,
			   w->name, nr);
	if (got->consumers_cut)
		return; /* which of them these are is not said */
	for (i = 0; i < got->nr_consumers && i < nr; i++) {
		fact_str(res, "consumer", id, got->consumers[i].name,
			 w->consumers[i].name);
		fact_str(res, "consumer's driver", id, got->consumers[i].driver,
			 w->consumers[i].driver);
		fact_str(res, "consumer's kind", id, got->consumers[i].kind,
			 w->consumers[i].kind);
	}
}

static void check_device(const struct irqm_device *got,
			 const struct irqm_machine_device *w, unsigned int id,
			 struct fk_result *res)
{
	bool pci = strcmp(w->bus, "pci") == 0;

	fact_str(res, "device's name", id, got->name, w->name);
	fact_str(res, "device's bus", id, got->bus, w->bus);
	fact_str(res, "device's driver", id, got->driver,
		 w->driver ? w->driver : "");
	fact_num(res, "device's node", id, got->node, w->node);
	fact_num(res, "class", id, got->pci_class,
		 pci ? w->class : IRQM_UNKNOWN);
	fact_num(res, "vendor", id, got->pci_vendor,
		 pci ? w->vendor : IRQM_UNKNOWN);
	fact_num(res, "device", id, got->pci_device,
		 pci ? w->device : IRQM_UNKNOWN);
	fact_num(res, "nr_msi_descs", id, got->nr_msi_descs, w->nr_msi_descs);
	check_consumers(got, w, id, res);
}

static void check_devices(const struct fk *fk, const struct irqm_snapshot *s,
			  struct fk_result *res)
{
	unsigned int i, j;

	for (i = 0; i < s->nr_devices && !res->wrong[0]; i++) {
		for (j = 0; j < fk->m->nr_devices; j++)
			if (fk->devices[j] == s->devices[i].addr)
				break;
		if (j == fk->m->nr_devices)
			fact_wrong(res, "device %u: there is none", i);
		else
			check_device(&s->devices[i], &fk->m->devices[j], j,
				     res);
	}
}

void fk_check(const struct fk *fk, const struct irqm_snapshot *s,
	      struct fk_result *res)
{
	res->wrong[0] = res->first_unknown[0] = '\0';
	res->unknown = 0;
	check_dump(fk, s, res);
	check_matrix(fk, s, res);
	check_cpus(fk, s, res);
	fk_check_irqs(fk, s, res);
	check_devices(fk, s, res);
}
