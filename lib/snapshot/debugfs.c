/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what only the kernel's debugfs files irq/domains/VECTOR and irq/irqs/N
 * show. */
#include "snapshot/stages.h"

/* The two 8259A have eight each. */
#define MAX_LEGACY_IRQS 16

irqm_num irqm_read_chip_flags(struct reader *r, uint64_t chip)
{
	const struct irqm_member *m = &r->layout->irq_chip.flags;
	uintptr_t flags = 0;

	if (!chip || !m->exists || m->size > sizeof(flags))
		return IRQM_UNKNOWN;
	if (irqm_address_map_get(&r->chip_flags, chip, &flags))
		return flags;
	if (!irqm_reader_read(r, chip + m->offset, &flags, m->size, "irq_chip"))
		return IRQM_UNKNOWN;
	if (!irqm_address_map_put(&r->chip_flags, chip, flags))
		r->no_memory = true;
	return flags;
}

void irqm_read_dev_name(struct reader *r, struct irqm_irq *irq,
			const char *desc)
{
	const struct irqm_member *m = &r->layout->irq_desc.dev_name;
	uint64_t addr = irqm_get(desc, m);

	irq->has_dev_name = m->exists;
	irq->dev_name = irqm_reader_string(r, addr, "irq_desc.dev_name");
	irq->dev_name_unknown = addr && !irq->dev_name;
}

/* Reads the interrupts for which x86_vector_debug_show() says "Legacy PIC all
 * CPUs". */
static void read_pic_irqs(struct reader *r)
{
	const struct irqm_member *m = &r->layout->legacy_pic.nr_legacy_irqs;
	uint64_t ioapic, pic;
	uint32_t nr = 0;

	if (!m->exists || m->size > sizeof(nr) ||
	    !irqm_reader_variable(r, "io_apic_irqs", &ioapic) ||
	    !irqm_reader_variable(r, "legacy_pic", &pic) || !pic ||
	    !irqm_reader_read(r, pic + m->offset, &nr, m->size, "legacy_pic"))
		return;
	if (nr > MAX_LEGACY_IRQS)
		nr = MAX_LEGACY_IRQS;
	r->s->dump.pic_irqs = ~ioapic & ((1U << nr) - 1);
}

/* msi_domain_debug_show() was added after this flag, which was added in
 * 6.15. */
static void read_shows_msi(struct reader *r)
{
	const struct irqm_member *m = &r->layout->irq_domain_ops.debug_show;
	uint64_t ops, function;
	int64_t flag;

	if (irqm_enum_value(&r->layout->irqchip_flags, "IRQCHIP_MOVE_DEFERRED",
			    &flag) &&
	    m->exists && m->size == sizeof(function) &&
	    irqm_reader_symbol(r, "msi_domain_ops", &ops) &&
	    irqm_reader_read(r, ops + m->offset, &function, m->size,
			     "msi_domain_ops"))
		r->s->dump.shows_msi = function != 0;
}

static void read_vector_domain(struct reader *r)
{
	const struct irqm_layout *l = r->layout;
	struct irqm_vector_domain *d = &r->s->vector_domain;
	char copy[READER_STRUCT_MAX];
	uint64_t addr;

	d->name = irqm_reader_name_of(r, r->vector_domain, l->irq_domain.size,
				      &l->irq_domain.name, "irq_domain");
	if (!d->name || !irqm_reader_struct(r, copy, r->vector_domain,
					    l->irq_domain.size, "irq_domain"))
		return;
	d->revmap_size = irqm_get_num(copy, &l->irq_domain.revmap_size);
	d->mapcount = irqm_get_num(copy, &l->irq_domain.mapcount);
	d->flags = irqm_get_num(copy, &l->irq_domain.flags);
	/* kernels that print names have this table, older ones do not */
	d->spells_flags = irqm_reader_symbol(r, "irqdomain_flags", &addr);
}

void irqm_read_debugfs(struct reader *r)
{
	const struct irqm_layout *l = r->layout;

	r->s->names = (struct irqm_bit_names){
		.state = l->irqd,
		.istate = l->irqs,
		.status = l->irq_status,
		.chip = l->irqchip_flags,
		.domain = l->irq_domain_flags,
	};
	read_vector_domain(r);
	if (!l->irq_desc.dev_name.exists)
		return;
	read_pic_irqs(r);
	read_shows_msi(r);
}
