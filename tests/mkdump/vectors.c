/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vector_irq and the IDT. */
#include "tests/mkdump/internal.h"

#include <string.h>

#define LEGACY_VECTOR 50

int fk_vector_owner(const struct fk_machine *m, unsigned int cpu,
		    unsigned int vector)
{
	unsigned int i;

	for (i = 0; i < m->nr_irqs; i++) {
		const struct irqm_machine_irq *irq = &m->irqs[i];

		if (irq->no_chip_data && vector == LEGACY_VECTOR)
			return irq->irq;
		if ((irq->vector == vector && vector && irq->cpu == cpu) ||
		    (irq->prev_vector == vector && vector &&
		     irq->prev_cpu == cpu))
			return irq->irq;
	}
	return -1;
}

/* The first IRQ counts, as in fk_vector_owner(). */
static void put_slot(struct fk *fk, uint64_t ptr, unsigned int cpu,
		     unsigned int vector, uint64_t desc)
{
	uint64_t at = fk_percpu(fk, ptr, cpu) + vector * 8;
	uint64_t old;

	memcpy(&old, fk_at(fk, at), 8);
	if (vector && !old)
		fk_put64(fk, at, desc);
}

void build_vector_irq(struct fk *fk)
{
	uint64_t ptr = percpu_variable(fk, "vector_irq", NR_VECTORS * 8);
	unsigned int cpu, i;

	for (i = 0; i < fk->m->nr_irqs; i++) {
		const struct irqm_machine_irq *irq = &fk->m->irqs[i];

		put_slot(fk, ptr, irq->cpu, irq->vector, fk->descs[i]);
		put_slot(fk, ptr, irq->prev_cpu, irq->prev_vector,
			 fk->descs[i]);
		for (cpu = 0; irq->no_chip_data && cpu < fk->m->nr_cpu_ids;
		     cpu++)
			put_slot(fk, ptr, cpu, LEGACY_VECTOR, fk->descs[i]);
	}
	for (i = 0; i < fk->m->nr_entries; i++) {
		const struct irqm_machine_entry *e = &fk->m->entries[i];

		fk_put64(fk, fk_percpu(fk, ptr, e->cpu) + e->vector * 8,
			 e->value);
	}
}

/* A gate to a handler with a name, one into a table, one to nothing known. */
void build_idt(struct fk *fk)
{
	uint64_t idt = variable(fk, "idt_table", NR_VECTORS * 16);
	uint64_t handler[2] = {
		fk_symbol_value(fk, "asm_sysvec_apic_timer_interrupt"),
		fk_symbol_value(fk, "irq_entries_start") + 16,
	};
	const unsigned int vector[2] = { 0xec, 0x30 };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		unsigned char *gate = fk_at(fk, idt + vector[i] * 16);
		uint16_t low = handler[i], middle = handler[i] >> 16;
		uint32_t high = handler[i] >> 32;

		memcpy(gate, &low, 2);
		memcpy(gate + 6, &middle, 2);
		memcpy(gate + 8, &high, 4);
	}
}
