/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the descriptors are found: array or tree. */
#include "tests/mkdump/internal.h"

#include <stdlib.h>

static uint64_t build_array(struct fk *fk)
{
	const struct fk_machine *m = fk->m;
	unsigned int nr = m->irqs[m->nr_irqs - 1].irq + 1, i;
	uint32_t size = fk->layout.irq_desc.size;
	uint64_t addr = variable(fk, "irq_desc", (size_t)nr * size);

	for (i = 0; i < m->nr_irqs; i++)
		fk->descs[i] = addr + (uint64_t)m->irqs[i].irq * size;
	return addr;
}

void build_container(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	struct fk_tree_entry *e;
	unsigned int i;
	uint64_t root;

	variable_set(fk, fk->gen.total_nr_irqs ? "total_nr_irqs" : "nr_irqs", 4,
		     fk->m->irqs[fk->m->nr_irqs - 1].irq + 1);
	if (fk->gen.container == FK_ARRAY) {
		build_array(fk);
		return;
	}
	e = must(calloc(fk->m->nr_irqs + 1, sizeof(*e)));
	for (i = 0; i < fk->m->nr_irqs; i++) {
		fk->descs[i] = fk_alloc(fk, FK_HEAP, l->irq_desc.size, 64);
		e[i] = (struct fk_tree_entry){ fk->m->irqs[i].irq,
					       fk->descs[i] };
	}
	switch (fk->gen.container) {
	case FK_RADIX_TREE:
		root = variable(fk, "irq_desc_tree", l->radix_tree_root.size);
		fk_put(fk, root, &l->radix_tree_root.rnode,
		       fk_radix(fk, e, fk->m->nr_irqs, 1));
		break;
	case FK_XARRAY:
		root = variable(fk, "irq_desc_tree", l->xarray.size);
		fk_put(fk, root, &l->xarray.xa_head,
		       fk_radix(fk, e, fk->m->nr_irqs, 2));
		break;
	default:
		root = variable(fk, "sparse_irqs", l->maple_tree.size);
		fk_put(fk, root, &l->maple_tree.ma_root,
		       fk_maple(fk, e, fk->m->nr_irqs, fk->gen.maple_fanout));
	}
	free(e);
}
