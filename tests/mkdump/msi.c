/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MSI descriptors. */
#include "tests/mkdump/internal.h"

#include <stdlib.h>

static void put_message(struct fk *fk, uint64_t desc,
			const struct irqm_machine_irq *i)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t msg = desc + l->msi_desc.msg.offset;

	fk_put(fk, msg, &l->msi_msg.address_lo, (uint32_t)i->address);
	fk_put(fk, msg, &l->msi_msg.address_hi, i->address >> 32);
	fk_put(fk, msg, &l->msi_msg.data, i->data);
}

/* affinity[n] of a descriptor, an array of nvec of them. */
static void put_msi_affinity(struct fk *fk, uint64_t array, unsigned int n,
			     const struct irqm_machine_irq *i)
{
	const struct irqm_layout *l = &fk->layout;

	if (l->irq_affinity_desc.mask.exists) {
		array += (uint64_t)n * l->irq_affinity_desc.size;
		put_bits(fk, array + l->irq_affinity_desc.mask.offset,
			 i->msi_affinity, l->irq_affinity_desc.mask.size);
		fk_put(fk, array, &l->irq_affinity_desc.is_managed, i->managed);
	} else {
		array += (uint64_t)n * l->cpumask.size;
		put_bits(fk, array, i->msi_affinity, l->cpumask.size);
	}
}

static uint64_t new_msi_desc(struct fk *fk, const struct irqm_machine_irq *i)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_device *d = &fk->m->devices[i->device];
	uint64_t desc = heap(fk, l->msi_desc.size);
	uint32_t stride = l->irq_affinity_desc.mask.exists ?
				  l->irq_affinity_desc.size :
				  l->cpumask.size;

	fk_put(fk, desc, &l->msi_desc.irq, i->first_irq);
	fk_put(fk, desc, &l->msi_desc.nvec_used, i->nvec);
	fk_put(fk, desc, &l->msi_desc.dev, fk->devices[i->device]);
	put_message(fk, desc, i);
	fk_put(fk, desc, &l->msi_desc.msi_index, i->index);
	fk_put(fk, desc, &l->msi_desc.entry_nr, i->index);
	fk_put(fk, desc, &l->msi_desc.is_msix, d->msix);
	fk_put(fk, desc, &l->msi_desc.pci_is_msix, d->msix);
	if (i->msi_affinity)
		fk_put(fk, desc, &l->msi_desc.affinity,
		       heap(fk, (size_t)i->nvec * stride));
	return desc;
}

uint64_t msi_desc_of(struct fk *fk, unsigned int i)
{
	const struct irqm_machine_irq *irq = &fk->m->irqs[i];
	unsigned int n = irq->irq - irq->first_irq;
	uint64_t desc, array;

	desc = n ? fk->msi_descs[i - n] : new_msi_desc(fk, irq);
	array = irqm_get(fk_at(fk, desc), &fk->layout.msi_desc.affinity);
	if (array && irq->msi_affinity)
		put_msi_affinity(fk, array, n, irq);
	return desc;
}

static uint64_t xarray_of(struct fk *fk, uint64_t at, unsigned int nr)
{
	struct fk_tree_entry *e = must(calloc(nr + 1, sizeof(*e)));
	unsigned int i;

	for (i = 0; i < nr; i++)
		e[i] = (struct fk_tree_entry){
			i, heap(fk, fk->layout.msi_desc.size)
		};
	fk_put(fk, at, &fk->layout.xarray.xa_head, fk_radix(fk, e, nr, 2));
	free(e);
	return at;
}

static void msi_list_of(struct fk *fk, uint64_t head, unsigned int nr)
{
	unsigned int i;

	init_list(fk, head);
	for (i = 0; i < nr; i++)
		list_add_tail(fk, head,
			      heap(fk, fk->layout.msi_desc.size) +
				      fk->layout.msi_desc.list.offset);
}

/* Wherever the generation keeps a device's descriptors. */
void build_msi_store(struct fk *fk, unsigned int i)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t addr = fk->devices[i], data;
	unsigned int nr = fk->m->devices[i].nr_msi_descs;

	if (!l->device.msi.exists || !l->msi_device_data.exists) {
		msi_list_of(fk, addr + l->device.msi_list.offset, nr);
		return;
	}
	data = heap(fk, l->msi_device_data.size);
	fk_put(fk, addr + l->device.msi.offset, &l->dev_msi_info.data, data);
	if (l->msi_device_data.domains.exists)
		xarray_of(fk,
			  data + l->msi_device_data.domains.offset +
				  l->msi_dev_domain.store.offset,
			  nr);
	else if (l->msi_device_data.store.exists)
		xarray_of(fk, data + l->msi_device_data.store.offset, nr);
	else
		msi_list_of(fk, data + l->msi_device_data.list.offset, nr);
}
