/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/fake_facts.h"

#include <string.h>

static void check_actions(const struct irqm_irq *got,
			  const struct irqm_machine_irq *w,
			  struct fk_result *res)
{
	unsigned int i, nr = 0;

	while (nr < 4 && w->actions[nr].name)
		nr++;
	if (got->actions_cut)
		fact_unknown(res, "actions", w->irq);
	else if (got->nr_actions != nr)
		fact_wrong(res, "%u actions of IRQ %u, not %u", got->nr_actions,
			   w->irq, nr);
	for (i = 0; i < got->nr_actions && i < nr; i++) {
		const struct irqm_action *a = &got->actions[i];

		fact_str(res, "action", w->irq, a->name, w->actions[i].name);
		fact_str(res, "handler", w->irq, a->handler,
			 w->actions[i].handler);
		fact_str(res, "thread", w->irq, a->thread,
			 w->actions[i].thread);
		fact_num(res, "action's flags", w->irq, a->flags, 0x80 + i);
		if (a->dev_id)
			fact_hex(res, "dev_id", w->irq, a->dev_id,
				 w->irq * 16 + i);
	}
}

static void check_apic(const struct irqm_irq *got,
		       const struct irqm_machine_irq *w, struct fk_result *res)
{
	const struct irqm_apic *a = got->apic;

	if (!a) {
		if (!w->no_chip_data)
			fact_unknown(res, "apic", w->irq);
		return;
	}
	if (w->no_chip_data)
		fact_wrong(res, "apic_chip_data of IRQ %u: there is none",
			   w->irq);
	fact_num(res, "vector", w->irq, a->vector, w->vector);
	fact_num(res, "cpu", w->irq, a->cpu, w->cpu);
	fact_num(res, "prev_vector", w->irq, a->prev_vector, w->prev_vector);
	fact_num(res, "prev_cpu", w->irq, a->prev_cpu, w->prev_cpu);
	fact_num(res, "move_in_progress", w->irq, a->move_in_progress,
		 w->move_in_progress);
	fact_num(res, "apic's is_managed", w->irq, a->is_managed, w->managed);
	fact_num(res, "can_reserve", w->irq, a->can_reserve, w->can_reserve);
	fact_num(res, "has_reserved", w->irq, a->has_reserved, w->has_reserved);
	fact_num(res, "cleanup_pending", w->irq, a->cleanup_pending,
		 w->cleanup);
	fact_num(res, "hw_vector", w->irq, a->hw_vector,
		 w->vector ? w->vector : 0xef);
	fact_num(res, "hw_dest_apicid", w->irq, a->hw_dest_apicid, w->cpu * 2);
}

static void check_chain(const struct fk *fk, const struct irqm_irq *got,
			const struct irqm_machine_irq *w, struct fk_result *res)
{
	bool in_vector_domain = false;
	unsigned int i, nr;

	for (nr = 0; w->chain[nr] != IRQM_LEVEL_END; nr++)
		in_vector_domain |= w->chain[nr] == IRQM_LEVEL_VECTOR;
	if (got->chain_cut)
		fact_unknown(res, "chain", w->irq);
	else if (got->nr_levels != nr)
		fact_wrong(res, "%u levels of IRQ %u, not %u", got->nr_levels,
			   w->irq, nr);
	if (got->in_vector_domain ? !in_vector_domain :
				    in_vector_domain && !got->chain_cut &&
					    !got->vector_domain_unknown)
		fact_wrong(res, "IRQ %u: in_vector_domain is %d", w->irq,
			   got->in_vector_domain);
	for (i = 0; i < got->nr_levels && i < nr; i++) {
		const struct irqm_level *l = &got->chain[i];

		fact_str(res, "domain", w->irq, l->domain,
			 fk_domain_name(w->chain[i]));
		fact_str(res, "chip", w->irq, l->chip,
			 fk_chip_name(w->chain[i]));
		fact_hex(res, "hwirq", w->irq, l->hwirq, fk_hwirq(w, i));
		fact_hex(res, "domain_addr", w->irq, l->domain_addr,
			 fk->domains[w->chain[i]]);
		if (l->vector_domain && w->chain[i] != IRQM_LEVEL_VECTOR)
			fact_wrong(res,
				   "level %u of IRQ %u: not the vector domain",
				   i, w->irq);
	}
	if (got->in_vector_domain)
		check_apic(got, w, res);
}

static bool wants_state(const struct irqm_machine_irq *w, const char *name)
{
	int i;

	for (i = 0; w->state[i]; i++)
		if (strcmp(w->state[i], name) == 0)
			return true;
	return (w->managed && strcmp(name, "IRQD_AFFINITY_MANAGED") == 0) ||
	       (w->pending && strcmp(name, "IRQD_SETAFFINITY_PENDING") == 0);
}

static void check_state(const struct fk *fk, const struct irqm_irq *got,
			const struct irqm_machine_irq *w, struct fk_result *res)
{
	unsigned int i, nr = 0;
	int64_t bit;

	if (got->state == IRQM_UNKNOWN) {
		fact_unknown(res, "state", w->irq);
		return;
	}
	for (i = 0; i < got->nr_state_flags; i++)
		if (!wants_state(w, got->state_flags[i]))
			fact_wrong(res, "state of IRQ %u: %s", w->irq,
				   got->state_flags[i]);
	for (i = 0; w->state[i]; i++)
		nr += irqm_enum_value(&fk->layout.irqd, w->state[i], &bit);
	nr += w->managed + (w->pending != NULL);
	if (got->nr_state_flags == 0 && nr)
		fact_unknown(res, "state_flags", w->irq);
	else if (got->nr_state_flags != nr)
		fact_wrong(res, "state of IRQ %u: %u flags, not %u", w->irq,
			   got->nr_state_flags, nr);
}

static void check_msi(const struct fk *fk, const struct irqm_irq *got,
		      const struct irqm_machine_irq *w, struct fk_result *res)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_msi *m = got->msi;
	const struct irqm_machine_device *d;
	bool pci;

	if (!m) {
		if (w->device >= 0)
			fact_unknown(res, "msi", w->irq);
		return;
	}
	if (w->device < 0) {
		fact_wrong(res, "msi of IRQ %u: there is none", w->irq);
		return;
	}
	d = &fk->m->devices[w->device];
	pci = strcmp(d->bus, "pci") == 0;
	fact_num(res, "msi index", w->irq, m->index,
		 pci || l->msi_desc.msi_index.exists ? w->index : IRQM_UNKNOWN);
	fact_num(res, "msix", w->irq, m->msix, pci ? d->msix : IRQM_UNKNOWN);
	fact_num(res, "first_irq", w->irq, m->first_irq, w->first_irq);
	fact_num(res, "nvec_used", w->irq, m->nvec_used, w->nvec);
	if (m->has_msg) {
		fact_hex(res, "address", w->irq, m->address, w->address);
		fact_hex(res, "data", w->irq, m->data,
			 w->data + w->irq - w->first_irq);
	} else {
		fact_unknown(res, "message", w->irq);
	}
	fact_num(res, "has_affinity", w->irq, m->has_affinity,
		 w->msi_affinity != NULL);
	fact_bits(res, "msi affinity", w->irq, &m->affinity, w->msi_affinity,
		  fk_cpu_bits(fk));
	fact_num(res, "msi is_managed", w->irq, m->is_managed,
		 w->msi_affinity && l->irq_affinity_desc.is_managed.exists ?
			 w->managed :
			 IRQM_UNKNOWN);
}

static void check_device_of(const struct fk *fk, const struct irqm_snapshot *s,
			    const struct irqm_irq *got,
			    const struct irqm_machine_irq *w,
			    struct fk_result *res)
{
	if (got->device >= 0) {
		if ((unsigned int)got->device >= s->nr_devices ||
		    w->device < 0 ||
		    s->devices[got->device].addr != fk->devices[w->device])
			fact_wrong(res, "device of IRQ %u", w->irq);
	} else if (got->device_unknown) {
		fact_unknown(res, "device", w->irq);
	} else if (w->device >= 0) {
		fact_wrong(res, "IRQ %u without device", w->irq);
	}
}

static void check_counts(const struct irqm_snapshot *s,
			 const struct irqm_irq *got,
			 const struct irqm_machine_irq *w,
			 struct fk_result *res)
{
	const struct irqm_cpu_count *c = got->cpu_counts;
	const struct irqm_cpu_count *end = c + got->nr_cpu_counts;
	irqm_num sum = 0;
	unsigned int i;

	if (!c) {
		fact_num(res, "count", w->irq, got->count, IRQM_UNKNOWN);
		if (res->with_counts)
			fact_unknown(res, "counts", w->irq);
		return;
	}
	for (i = 0; i < s->nr_cpus; i++) {
		fact_num(res, "count on a CPU", w->irq,
			 c < end && c->index == i ? c++->count : 0,
			 fk_kstat(w, s->cpus[i].cpu));
		sum += fk_kstat(w, s->cpus[i].cpu);
	}
	fact_num(res, "count", w->irq, got->count, sum);
	fact_num(res, "other counts", w->irq, end - c, 0);
}

static void check_irq(const struct fk *fk, const struct irqm_snapshot *s,
		      const struct irqm_irq *got,
		      const struct irqm_machine_irq *w, struct fk_result *res)
{
	const struct irqm_layout *l = &fk->layout;
	unsigned int n = fk_cpu_bits(fk);
	const char *none = "";

	fact_str(res, "flow", w->irq, got->flow, w->flow);
	fact_str(res, "name", w->irq, got->name, w->name);
	fact_num(res, "status", w->irq, got->status, 0x1400 + w->irq);
	fact_num(res, "istate", w->irq, got->istate, 0x20);
	fact_num(res, "depth", w->irq, got->depth, w->irq % 3);
	fact_num(res, "wake_depth", w->irq, got->wake_depth, w->irq % 2);
	fact_num(res, "irqs_unhandled", w->irq, got->irqs_unhandled,
		 w->irq % 5);
	fact_num(res, "node", w->irq, got->node, w->node);
	fact_num(res, "managed", w->irq, got->managed, w->managed);
	fact_num(res, "setaffinity_pending", w->irq, got->setaffinity_pending,
		 w->pending != NULL);
	fact_bits(res, "affinity", w->irq, &got->affinity, w->affinity, n);
	fact_bits(res, "effective_affinity", w->irq, &got->effective_affinity,
		  w->effective, n);
	/* inside the structure it is empty where there is none */
	if (l->irq_desc.pending_mask.kind == IRQM_KIND_POINTER)
		none = NULL;
	fact_bits(res, "pending_mask", w->irq, &got->pending_mask,
		  w->pending ? w->pending : none, n);
	check_actions(got, w, res);
	check_chain(fk, got, w, res);
	check_state(fk, got, w, res);
	check_msi(fk, got, w, res);
	check_device_of(fk, s, got, w, res);
	check_counts(s, got, w, res);
}

void fk_check_irqs(const struct fk *fk, const struct irqm_snapshot *s,
		   struct fk_result *res)
{
	const struct fk_machine *m = fk->m;
	unsigned int i, j = 0;

	if (!s->irqs_known)
		fact_unknown(res, "irqs", 0);
	for (i = 0; i < s->nr_irqs && !res->wrong[0]; i++) {
		const struct irqm_irq *got = &s->irqs[i];

		while (j < m->nr_irqs && m->irqs[j].irq < got->irq)
			j++;
		if (j == m->nr_irqs || m->irqs[j].irq != got->irq) {
			fact_wrong(res, "IRQ %u: there is none", got->irq);
			return;
		}
		fact_hex(res, "desc", got->irq, got->desc, fk->descs[j]);
		check_irq(fk, s, got, &m->irqs[j++], res);
	}
	if (s->irqs_known && s->nr_irqs != m->nr_irqs)
		fact_wrong(res, "%u IRQs, not %u", s->nr_irqs, m->nr_irqs);
}
