/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads vector_irq: each CPU's table from vectors to descriptors. */
#include "snapshot/stages.h"

/* As in arch/x86/include/asm/hw_irq.h, unchanged from 4.15 to 7.2. */
#define VECTOR_UNUSED 0ULL
#define VECTOR_SHUTDOWN ((uint64_t)-1)
#define VECTOR_RETRIGGERED ((uint64_t)-2)

static void classify_slot(struct reader *r, uint64_t value,
			  struct irqm_vector_irq *v)
{
	uintptr_t index;

	v->value = value;
	if (value == VECTOR_UNUSED)
		v->slot = IRQM_SLOT_UNUSED;
	else if (value == VECTOR_SHUTDOWN)
		v->slot = IRQM_SLOT_SHUTDOWN;
	else if (value == VECTOR_RETRIGGERED)
		v->slot = IRQM_SLOT_RETRIGGERED;
	else if (irqm_address_map_get(&r->descs, value, &index)) {
		v->slot = IRQM_SLOT_IRQ;
		v->irq = r->s->irqs[index - 1].irq;
	} else {
		/* without a complete list, an entry may belong to an unread
		 * descriptor */
		v->slot = r->s->irqs_known ? IRQM_SLOT_STRAY :
					     IRQM_SLOT_UNKNOWN;
	}
}

void irqm_read_vector_irqs(struct reader *r)
{
	struct irqm_snapshot *s = r->s;
	uint64_t ptr, addr, table[IRQM_NR_VECTORS];
	unsigned int i, v;

	if (!irqm_reader_required(r, "vector_irq", &ptr))
		return;
	for (i = 0; i < s->nr_cpus; i++) {
		struct irqm_cpu *c = &s->cpus[i];

		irqm_reader_expect_percpu(r, i, ptr, sizeof(table));
		if (!irqm_reader_percpu(r, ptr, c->cpu, &addr) ||
		    !irqm_reader_read(r, addr, table, sizeof(table),
				      "vector_irq of CPU %u", c->cpu))
			continue;
		c->vector_irq = irqm_reader_alloc(r, IRQM_NR_VECTORS,
						  sizeof(*c->vector_irq));
		if (!c->vector_irq)
			return;
		for (v = 0; v < IRQM_NR_VECTORS; v++)
			classify_slot(r, table[v], &c->vector_irq[v]);
	}
}
