/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/fake_check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 2, 3)))
static void wrong(struct fk_result *res, const char *fmt, ...)
{
	va_list ap;

	if (res->wrong[0])
		return;
	va_start(ap, fmt);
	vsnprintf(res->wrong, sizeof(res->wrong), fmt, ap);
	va_end(ap);
}

static void unknown(struct fk_result *res, const char *what, unsigned int id)
{
	if (!res->unknown++)
		snprintf(res->first_unknown, sizeof(res->first_unknown),
			 "%s of %u", what, id);
}

static void num(struct fk_result *res, const char *what, unsigned int id,
		irqm_num got, irqm_num want)
{
	if (got == IRQM_UNKNOWN && want != IRQM_UNKNOWN)
		unknown(res, what, id);
	else if (got != want)
		wrong(res, "%s of %u: %" PRId64 ", not %" PRId64, what, id,
		      got, want);
}

static void hex(struct fk_result *res, const char *what, unsigned int id,
		uint64_t got, uint64_t want)
{
	if (got != want)
		wrong(res, "%s of %u: %#" PRIx64 ", not %#" PRIx64, what, id,
		      got, want);
}

static void str(struct fk_result *res, const char *what, unsigned int id,
		const char *got, const char *want)
{
	if (!got && want)
		unknown(res, what, id);
	else if (got && (!want || strcmp(got, want) != 0))
		wrong(res, "%s of %u: %s, not %s", what, id, got,
		      want ? want : "(none)");
}

static void bits(struct fk_result *res, const char *what, unsigned int id,
		 const struct irqm_bits *got, const char *want,
		 unsigned int nbits)
{
	struct irqm_bits b;

	if (!irqm_bits_known(got)) {
		if (want)
			unknown(res, what, id);
		return;
	}
	if (!want) {
		wrong(res, "%s of %u: there is none", what, id);
		return;
	}
	b = fk_bits(want, nbits);
	if (!irqm_bits_equal(got, &b)) {
		char *list = irqm_bits_list(got);

		wrong(res, "%s of %u: %s of %u bits, not %s of %u", what, id,
		      list, got->nbits, want, nbits);
		free(list);
	}
	free(b.words);
}

static void map(struct fk_result *res, const char *what, unsigned int id,
		const struct irqm_bits *got, const uint64_t *want,
		unsigned int nbits)
{
	if (!irqm_bits_known(got))
		unknown(res, what, id);
	else if (got->nbits != nbits ||
		 memcmp(got->words, want, IRQM_BITS_WORDS(nbits) * 8) != 0)
		wrong(res, "%s of %u differs", what, id);
}

/* nr_cpu_ids, as the kernel knows it. */
static unsigned int cpu_bits(const struct fk *fk)
{
	return fk->gen.constant_cpu_ids ? fk->layout.cpumask.size * 8
					: fk->m->nr_cpu_ids;
}

static void check_dump(const struct fk *fk, const struct irqm_snapshot *s,
		       struct fk_result *res)
{
	const struct fk_machine *m = fk->m;
	const struct irqm_dump *d = &s->dump;
	unsigned int n = cpu_bits(fk);
	int64_t hk;
	bool has_hk = irqm_enum_value(&fk->layout.hk, "HK_TYPE_MANAGED_IRQ",
				      &hk) ||
		      irqm_enum_value(&fk->layout.hk_flags,
				      "HK_FLAG_MANAGED_IRQ", &hk);

	if (!d->nr_cpu_ids)
		unknown(res, "nr_cpu_ids", 0);
	else if (d->nr_cpu_ids != n)
		wrong(res, "nr_cpu_ids: %u, not %u", d->nr_cpu_ids, n);
	str(res, "release", 0, d->release, m->release);
	str(res, "build_id", 0, d->build_id, m->build_id);
	num(res, "crash_time", 0, d->crash_time,
	    fk->gen.no_note ? IRQM_UNKNOWN : m->crash_time);
	bits(res, "possible", 0, &d->possible, m->possible, n);
	bits(res, "present", 0, &d->present, m->present, n);
	bits(res, "online", 0, &d->online, m->online, n);
	bits(res, "default_affinity", 0, &d->default_affinity,
	     m->default_affinity, n);
	bits(res, "housekeeping", 0, &d->housekeeping_managed,
	     has_hk ? m->housekeeping : NULL, n);
}

static void check_matrix(const struct fk *fk, const struct irqm_snapshot *s,
			 struct fk_result *res)
{
	const struct irqm_matrix *got = &s->matrix;
	const struct fk_machine *m = fk->m;

	if (got->addr)
		hex(res, "matrix", 0, got->addr, fk->matrix);
	num(res, "matrix_bits", 0, got->matrix_bits, m->matrix_bits);
	num(res, "alloc_start", 0, got->alloc_start, m->alloc_start);
	num(res, "alloc_end", 0, got->alloc_end, m->alloc_end);
	num(res, "alloc_size", 0, got->alloc_size,
	    m->alloc_end - m->alloc_start);
	num(res, "global_available", 0, got->global_available,
	    m->global_available);
	num(res, "global_reserved", 0, got->global_reserved,
	    m->global_reserved);
	num(res, "systembits_inalloc", 0, got->systembits_inalloc,
	    m->systembits_inalloc);
	num(res, "total_allocated", 0, got->total_allocated,
	    m->total_allocated);
	num(res, "online_maps", 0, got->online_maps, m->online_maps);
	map(res, "system_map", 0, &got->system_map, m->system_map,
	    m->matrix_bits);
	str(res, "system_vector", 0xec, s->system_vector[0xec],
	    "apic_timer_interrupt");
	str(res, "system_vector", 0x30, s->system_vector[0x30], NULL);
	str(res, "system_vector", 0, s->system_vector[0], NULL);
}

static const struct fk_entry *entry_at(const struct fk_machine *m,
				       unsigned int cpu, unsigned int vector)
{
	unsigned int i;

	for (i = 0; i < m->nr_entries; i++)
		if (m->entries[i].cpu == cpu && m->entries[i].vector == vector)
			return &m->entries[i];
	return NULL;
}

static void check_vector_irq(const struct fk *fk, const struct irqm_cpu *c,
			     struct fk_result *res)
{
	unsigned int v;

	if (!c->vector_irq) {
		unknown(res, "vector_irq", c->cpu);
		return;
	}
	for (v = 0; v < IRQM_NR_VECTORS; v++) {
		const struct irqm_vector_irq *got = &c->vector_irq[v];
		const struct fk_entry *e = entry_at(fk->m, c->cpu, v);
		int irq = fk_vector_owner(fk->m, c->cpu, v);
		enum irqm_slot want = e ? e->slot : irq >= 0
				      ? IRQM_SLOT_IRQ : IRQM_SLOT_UNUSED;

		if (got->slot == IRQM_SLOT_UNKNOWN)
			unknown(res, "vector_irq's slot", c->cpu);
		else if (got->slot != want)
			wrong(res, "vector_irq[%u] of %u: %d, not %d", v,
			      c->cpu, got->slot, want);
		else if (want == IRQM_SLOT_IRQ && (int)got->irq != irq)
			wrong(res, "vector_irq[%u] of %u: IRQ %u, not %d", v,
			      c->cpu, got->irq, irq);
		if (e)
			hex(res, "vector_irq's value", v, got->value,
			    e->value);
	}
}

static void check_cpu(const struct fk *fk, const struct irqm_cpu *c,
		      struct fk_result *res)
{
	const struct irqm_layout *l = &fk->layout;
	const struct fk_machine *m = fk->m;
	const struct fk_cpu *w = &m->cpus[c->cpu];
	unsigned int n = cpu_bits(fk);

	num(res, "online", c->cpu, c->online, w->online);
	num(res, "initialized", c->cpu, c->initialized,
	    l->cpumap.initialized.exists ? w->initialized : IRQM_UNKNOWN);
	num(res, "available", c->cpu, c->available, w->available);
	num(res, "allocated", c->cpu, c->allocated, w->allocated);
	num(res, "managed", c->cpu, c->managed, w->managed);
	num(res, "managed_allocated", c->cpu, c->managed_allocated,
	    l->cpumap.managed_allocated.exists ? w->managed_allocated
					       : IRQM_UNKNOWN);
	map(res, "alloc_map", c->cpu, &c->alloc_map, w->alloc_map,
	    m->matrix_bits);
	map(res, "managed_map", c->cpu, &c->managed_map, w->managed_map,
	    m->matrix_bits);
	num(res, "node", c->cpu, c->node, w->node);
	bits(res, "siblings", c->cpu, &c->siblings, w->siblings, n);
	bits(res, "cluster", c->cpu, &c->cluster, w->cluster, n);
	check_vector_irq(fk, c, res);
}

static void check_cpus(const struct fk *fk, const struct irqm_snapshot *s,
		       struct fk_result *res)
{
	struct irqm_bits b = fk_bits(fk->m->possible, fk->m->nr_cpu_ids);
	unsigned int i;

	if (!s->nr_cpus)
		unknown(res, "cpus", 0);
	else if (s->nr_cpus != irqm_bits_weight(&b))
		wrong(res, "%u CPUs, not %u", s->nr_cpus,
		      irqm_bits_weight(&b));
	for (i = 0; i < s->nr_cpus && !res->wrong[0]; i++) {
		if (!irqm_bits_test(&b, s->cpus[i].cpu))
			wrong(res, "CPU %u is not possible", s->cpus[i].cpu);
		else
			check_cpu(fk, &s->cpus[i], res);
	}
	free(b.words);
}

static void check_actions(const struct irqm_irq *got, const struct fk_irq *w,
			  struct fk_result *res)
{
	unsigned int i, nr = 0;

	while (nr < 4 && w->actions[nr].name)
		nr++;
	if (got->actions_cut)
		unknown(res, "actions", w->irq);
	else if (got->nr_actions != nr)
		wrong(res, "%u actions of IRQ %u, not %u", got->nr_actions,
		      w->irq, nr);
	for (i = 0; i < got->nr_actions && i < nr; i++) {
		const struct irqm_action *a = &got->actions[i];

		str(res, "action", w->irq, a->name, w->actions[i].name);
		str(res, "handler", w->irq, a->handler,
		    w->actions[i].handler);
		str(res, "thread", w->irq, a->thread, w->actions[i].thread);
		num(res, "action's flags", w->irq, a->flags, 0x80 + i);
		if (a->dev_id)
			hex(res, "dev_id", w->irq, a->dev_id,
			    w->irq * 16 + i);
	}
}

static void check_apic(const struct irqm_irq *got, const struct fk_irq *w,
		       struct fk_result *res)
{
	const struct irqm_apic *a = got->apic;

	if (!a) {
		if (!w->no_chip_data)
			unknown(res, "apic", w->irq);
		return;
	}
	if (w->no_chip_data)
		wrong(res, "apic_chip_data of IRQ %u: there is none", w->irq);
	num(res, "vector", w->irq, a->vector, w->vector);
	num(res, "cpu", w->irq, a->cpu, w->cpu);
	num(res, "prev_vector", w->irq, a->prev_vector, w->prev_vector);
	num(res, "prev_cpu", w->irq, a->prev_cpu, w->prev_cpu);
	num(res, "move_in_progress", w->irq, a->move_in_progress,
	    w->move_in_progress);
	num(res, "apic's is_managed", w->irq, a->is_managed, w->managed);
	num(res, "can_reserve", w->irq, a->can_reserve, w->can_reserve);
	num(res, "has_reserved", w->irq, a->has_reserved, w->has_reserved);
	num(res, "cleanup_pending", w->irq, a->cleanup_pending, w->cleanup);
	num(res, "hw_vector", w->irq, a->hw_vector,
	    w->vector ? w->vector : 0xef);
	num(res, "hw_dest_apicid", w->irq, a->hw_dest_apicid, w->cpu * 2);
}

static void check_chain(const struct fk *fk, const struct irqm_irq *got,
			const struct fk_irq *w, struct fk_result *res)
{
	bool in_vector_domain = false;
	unsigned int i, nr;

	for (nr = 0; w->chain[nr] != FK_END; nr++)
		in_vector_domain |= w->chain[nr] == FK_VECTOR;
	if (got->chain_cut)
		unknown(res, "chain", w->irq);
	else if (got->nr_levels != nr)
		wrong(res, "%u levels of IRQ %u, not %u", got->nr_levels,
		      w->irq, nr);
	if (got->in_vector_domain ? !in_vector_domain
				  : in_vector_domain && !got->chain_cut)
		wrong(res, "IRQ %u: in_vector_domain is %d", w->irq,
		      got->in_vector_domain);
	for (i = 0; i < got->nr_levels && i < nr; i++) {
		const struct irqm_level *l = &got->chain[i];

		str(res, "domain", w->irq, l->domain,
		    fk_domain_name(w->chain[i]));
		str(res, "chip", w->irq, l->chip, fk_chip_name(w->chain[i]));
		hex(res, "hwirq", w->irq, l->hwirq, fk_hwirq(w, i));
		hex(res, "domain_addr", w->irq, l->domain_addr,
		    fk->domains[w->chain[i]]);
		if (l->vector_domain && w->chain[i] != FK_VECTOR)
			wrong(res, "level %u of IRQ %u: not the vector domain",
			      i, w->irq);
	}
	if (got->in_vector_domain)
		check_apic(got, w, res);
}

static bool wants_state(const struct fk_irq *w, const char *name)
{
	int i;

	for (i = 0; w->state[i]; i++)
		if (strcmp(w->state[i], name) == 0)
			return true;
	return (w->managed && strcmp(name, "IRQD_AFFINITY_MANAGED") == 0) ||
	       (w->pending && strcmp(name, "IRQD_SETAFFINITY_PENDING") == 0);
}

static void check_state(const struct fk *fk, const struct irqm_irq *got,
			const struct fk_irq *w, struct fk_result *res)
{
	unsigned int i, nr = 0;
	int64_t bit;

	if (got->state == IRQM_UNKNOWN) {
		unknown(res, "state", w->irq);
		return;
	}
	for (i = 0; i < got->nr_state_flags; i++)
		if (!wants_state(w, got->state_flags[i]))
			wrong(res, "state of IRQ %u: %s", w->irq,
			      got->state_flags[i]);
	for (i = 0; w->state[i]; i++)
		nr += irqm_enum_value(&fk->layout.irqd, w->state[i], &bit);
	nr += w->managed + (w->pending != NULL);
	if (got->nr_state_flags == 0 && nr)
		unknown(res, "state_flags", w->irq);
	else if (got->nr_state_flags != nr)
		wrong(res, "state of IRQ %u: %u flags, not %u", w->irq,
		      got->nr_state_flags, nr);
}

static void check_msi(const struct fk *fk, const struct irqm_irq *got,
		      const struct fk_irq *w, struct fk_result *res)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_msi *m = got->msi;
	const struct fk_device *d;
	bool pci;

	if (!m) {
		if (w->device >= 0)
			unknown(res, "msi", w->irq);
		return;
	}
	if (w->device < 0) {
		wrong(res, "msi of IRQ %u: there is none", w->irq);
		return;
	}
	d = &fk->m->devices[w->device];
	pci = strcmp(d->bus, "pci") == 0;
	num(res, "msi index", w->irq, m->index,
	    pci || l->msi_desc.msi_index.exists ? w->index : IRQM_UNKNOWN);
	num(res, "msix", w->irq, m->msix, pci ? d->msix : IRQM_UNKNOWN);
	num(res, "first_irq", w->irq, m->first_irq, w->first_irq);
	num(res, "nvec_used", w->irq, m->nvec_used, w->nvec);
	if (m->has_msg) {
		hex(res, "address", w->irq, m->address, w->address);
		hex(res, "data", w->irq, m->data,
		    w->data + w->irq - w->first_irq);
	} else {
		unknown(res, "message", w->irq);
	}
	num(res, "has_affinity", w->irq, m->has_affinity,
	    w->msi_affinity != NULL);
	bits(res, "msi affinity", w->irq, &m->affinity, w->msi_affinity,
	     cpu_bits(fk));
	num(res, "msi is_managed", w->irq, m->is_managed,
	    w->msi_affinity && l->irq_affinity_desc.is_managed.exists
		    ? w->managed : IRQM_UNKNOWN);
}

static void check_device_of(const struct fk *fk,
			    const struct irqm_snapshot *s,
			    const struct irqm_irq *got,
			    const struct fk_irq *w, struct fk_result *res)
{
	if (got->device >= 0) {
		if ((unsigned int)got->device >= s->nr_devices ||
		    w->device < 0 || s->devices[got->device].addr !=
					     fk->devices[w->device])
			wrong(res, "device of IRQ %u", w->irq);
	} else if (got->device_unknown) {
		unknown(res, "device", w->irq);
	} else if (w->device >= 0) {
		wrong(res, "IRQ %u without device", w->irq);
	}
}

static void check_counts(const struct irqm_snapshot *s,
			 const struct irqm_irq *got, const struct fk_irq *w,
			 struct fk_result *res)
{
	irqm_num sum = 0;
	unsigned int i;

	if (!got->per_cpu_counts) {
		num(res, "count", w->irq, got->count, IRQM_UNKNOWN);
		if (res->with_counts)
			unknown(res, "counts", w->irq);
		return;
	}
	for (i = 0; i < s->nr_cpus; i++) {
		num(res, "count on a CPU", w->irq, got->per_cpu_counts[i],
		    fk_kstat(w, s->cpus[i].cpu));
		sum += fk_kstat(w, s->cpus[i].cpu);
	}
	num(res, "count", w->irq, got->count, sum);
}

static void check_irq(const struct fk *fk, const struct irqm_snapshot *s,
		      const struct irqm_irq *got, const struct fk_irq *w,
		      struct fk_result *res)
{
	const struct irqm_layout *l = &fk->layout;
	unsigned int n = cpu_bits(fk);
	const char *none = "";

	str(res, "flow", w->irq, got->flow, w->flow);
	str(res, "name", w->irq, got->name, w->name);
	num(res, "status", w->irq, got->status, 0x1400 + w->irq);
	num(res, "istate", w->irq, got->istate, 0x20);
	num(res, "depth", w->irq, got->depth, w->irq % 3);
	num(res, "wake_depth", w->irq, got->wake_depth, w->irq % 2);
	num(res, "irqs_unhandled", w->irq, got->irqs_unhandled, w->irq % 5);
	num(res, "node", w->irq, got->node, w->node);
	num(res, "managed", w->irq, got->managed, w->managed);
	num(res, "setaffinity_pending", w->irq, got->setaffinity_pending,
	    w->pending != NULL);
	bits(res, "affinity", w->irq, &got->affinity, w->affinity, n);
	bits(res, "effective_affinity", w->irq, &got->effective_affinity,
	     w->effective, n);
	/* inside the structure it is empty where there is none */
	if (l->irq_desc.pending_mask.kind == IRQM_KIND_POINTER)
		none = NULL;
	bits(res, "pending_mask", w->irq, &got->pending_mask,
	     w->pending ? w->pending : none, n);
	check_actions(got, w, res);
	check_chain(fk, got, w, res);
	check_state(fk, got, w, res);
	check_msi(fk, got, w, res);
	check_device_of(fk, s, got, w, res);
	check_counts(s, got, w, res);
}

static void check_irqs(const struct fk *fk, const struct irqm_snapshot *s,
		       struct fk_result *res)
{
	const struct fk_machine *m = fk->m;
	unsigned int i, j = 0;

	if (!s->irqs_known)
		unknown(res, "irqs", 0);
	for (i = 0; i < s->nr_irqs && !res->wrong[0]; i++) {
		const struct irqm_irq *got = &s->irqs[i];

		while (j < m->nr_irqs && m->irqs[j].irq < got->irq)
			j++;
		if (j == m->nr_irqs || m->irqs[j].irq != got->irq) {
			wrong(res, "IRQ %u: there is none", got->irq);
			return;
		}
		hex(res, "desc", got->irq, got->desc, fk->descs[j]);
		check_irq(fk, s, got, &m->irqs[j++], res);
	}
	if (s->irqs_known && s->nr_irqs != m->nr_irqs)
		wrong(res, "%u IRQs, not %u", s->nr_irqs, m->nr_irqs);
}

static void check_consumers(const struct irqm_device *got,
			    const struct fk_device *w, unsigned int id,
			    struct fk_result *res)
{
	unsigned int i, nr = 0;

	while (nr < 3 && w->consumers[nr].name)
		nr++;
	if (got->consumers_cut)
		unknown(res, "consumers", id);
	else if (got->nr_consumers != nr)
		wrong(res, "%u consumers of %s, not %u", got->nr_consumers,
		      w->name, nr);
	if (got->consumers_cut)
		return; /* which of them these are is not said */
	for (i = 0; i < got->nr_consumers && i < nr; i++) {
		str(res, "consumer", id, got->consumers[i].name,
		    w->consumers[i].name);
		str(res, "consumer's driver", id, got->consumers[i].driver,
		    w->consumers[i].driver);
		str(res, "consumer's kind", id, got->consumers[i].kind,
		    w->consumers[i].kind);
	}
}

static void check_device(const struct irqm_device *got,
			 const struct fk_device *w, unsigned int id,
			 struct fk_result *res)
{
	bool pci = strcmp(w->bus, "pci") == 0;

	str(res, "device's name", id, got->name, w->name);
	str(res, "device's bus", id, got->bus, w->bus);
	str(res, "device's driver", id, got->driver,
	    w->driver ? w->driver : "");
	num(res, "device's node", id, got->node, w->node);
	num(res, "class", id, got->pci_class, pci ? w->class : IRQM_UNKNOWN);
	num(res, "vendor", id, got->pci_vendor,
	    pci ? w->vendor : IRQM_UNKNOWN);
	num(res, "device", id, got->pci_device,
	    pci ? w->device : IRQM_UNKNOWN);
	num(res, "nr_msi_descs", id, got->nr_msi_descs, w->nr_msi_descs);
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
			wrong(res, "device %u: there is none", i);
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
	check_irqs(fk, s, res);
	check_devices(fk, s, res);
}
