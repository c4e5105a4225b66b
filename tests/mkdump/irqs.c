/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interrupt descriptors. */
#include "tests/mkdump/internal.h"

#include <stdio.h>
#include <string.h>

uint32_t fk_kstat(const struct irqm_machine_irq *irq, unsigned int cpu)
{
	if (irq->quiet)
		return cpu == irq->cpu ? irq->count : 0;
	return irq->irq * 1000003u + cpu * 7919u;
}

/* The thread of a threaded handler. */
static uint64_t new_task(struct fk *fk, unsigned int irq)
{
	const struct irqm_layout *l = &fk->layout;
	char comm[32] = "";
	uint64_t task;

	if (!l->task_struct.exists)
		return 0;
	snprintf(comm, sizeof(comm), "irq/%u-thread", irq);
	task = heap(fk, l->task_struct.size);
	fk_put(fk, task, &l->task_struct.pid, 1000 + irq);
	memcpy(fk_at(fk, task + l->task_struct.comm.offset), comm, 15);
	return task;
}

static void build_hint(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_irq *irq = &fk->m->irqs[i];
	uint64_t notify;

	if (irq->hint)
		fk_put(fk, fk->descs[i], &l->irq_desc.affinity_hint,
		       new_mask(fk, irq->hint));
	if (!irq->notify || !l->irq_affinity_notify.exists)
		return;
	notify = heap(fk, l->irq_affinity_notify.size);
	fk_put(fk, notify, &l->irq_affinity_notify.notify,
	       fk_symbol_value(fk, irq->notify));
	fk_put(fk, fk->descs[i], &l->irq_desc.affinity_notify, notify);
}

static void build_actions(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_irq *irq = &fk->m->irqs[i];
	uint64_t next = 0, addr;
	int a;

	for (a = 3; a >= 0; a--) {
		const struct irqm_machine_action *action = &irq->actions[a];

		if (!action->name)
			continue;
		addr = heap(fk, l->irqaction.size);
		fk_put(fk, addr, &l->irqaction.name,
		       fk_string(fk, action->name));
		fk_put(fk, addr, &l->irqaction.handler,
		       function_value(fk, irq, action->handler));
		if (action->thread) {
			fk_put(fk, addr, &l->irqaction.thread_fn,
			       function_value(fk, irq, action->thread));
			fk_put(fk, addr, &l->irqaction.thread,
			       new_task(fk, irq->irq));
		}
		fk_put(fk, addr, &l->irqaction.flags, 0x80 + a);
		fk_put(fk, addr, &l->irqaction.dev_id, irq->irq * 16 + a);
		fk_put(fk, addr, &l->irqaction.next, next);
		next = addr;
	}
	fk->actions[i] = next;
	fk_put(fk, fk->descs[i], &l->irq_desc.action, next);
}

static uint32_t state_of(const struct fk *fk,
			 const struct irqm_machine_irq *irq)
{
	uint32_t state = 0;
	int64_t bit;
	int i;

	for (i = 0; irq->state[i]; i++)
		if (irqm_enum_value(&fk->layout.irqd, irq->state[i], &bit))
			state |= bit;
	if (irq->pending &&
	    irqm_enum_value(&fk->layout.irqd, "IRQD_SETAFFINITY_PENDING", &bit))
		state |= bit;
	if (irq->managed &&
	    irqm_enum_value(&fk->layout.irqd, "IRQD_AFFINITY_MANAGED", &bit))
		state |= bit;
	return state;
}

static void build_common(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_irq *irq = &fk->m->irqs[i];
	uint64_t addr = fk->descs[i] + l->irq_desc.irq_common_data.offset;

	fk_put(fk, addr, &l->irq_common_data.state, state_of(fk, irq));
	fk_put(fk, addr, &l->irq_common_data.node, irq->node);
	put_mask(fk, addr, &l->irq_common_data.affinity, irq->affinity);
	put_mask(fk, addr, &l->irq_common_data.effective_affinity,
		 irq->effective);
	if (irq->device >= 0) {
		fk->msi_descs[i] = msi_desc_of(fk, i);
		fk_put(fk, addr, &l->irq_common_data.msi_desc,
		       fk->msi_descs[i]);
	}
}

static void build_kstat(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	bool irqstat = strcmp(l->irq_desc.kstat_irqs.target, "irqstat") == 0;
	uint32_t size = irqstat ? l->irqstat.size : 4;
	uint64_t ptr;
	unsigned int cpu;
	uint32_t n;

	/* side by side, as the per-CPU allocator leaves them */
	if (i == 0)
		fk->kstat = percpu_alloc(fk, (size_t)size * fk->m->nr_irqs, 8);
	ptr = fk->kstat + (uint64_t)i * size;

	for (cpu = 0; cpu < fk->m->nr_cpu_ids; cpu++) {
		n = fk_kstat(&fk->m->irqs[i], cpu);
		if (!n)
			continue;
		memcpy(fk_at(fk, fk_percpu(fk, ptr, cpu) +
					 (irqstat ? l->irqstat.cnt.offset : 0)),
		       &n, 4);
	}
	fk_put(fk, fk->descs[i], &l->irq_desc.kstat_irqs, ptr);
}

void build_desc(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_irq *irq = &fk->m->irqs[i];
	uint64_t desc = fk->descs[i];

	fk_put(fk, desc, &l->irq_desc.handle_irq,
	       fk_symbol_value(fk, irq->flow));
	fk_put(fk, desc, &l->irq_desc.name, string_or_null(fk, irq->name));
	fk_put(fk, desc, &l->irq_desc.status, 0x1400 + irq->irq);
	fk_put(fk, desc, &l->irq_desc.istate, 0x20);
	fk_put(fk, desc, &l->irq_desc.depth, irq->irq % 3);
	fk_put(fk, desc, &l->irq_desc.wake_depth, irq->irq % 2);
	fk_put(fk, desc, &l->irq_desc.irqs_unhandled, irq->irq % 5);
	put_mask(fk, desc, &l->irq_desc.pending_mask, irq->pending);
	build_actions(fk, i);
	build_hint(fk, i);
	build_chain(fk, i);
	build_common(fk, i);
	build_kstat(fk, i);
}
