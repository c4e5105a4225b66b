/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cpumasks, inside structures or behind pointers. */
#include "tests/mkdump/internal.h"

#include <stdlib.h>
#include <string.h>

void put_bits(struct fk *fk, uint64_t addr, const char *list, size_t bytes)
{
	struct irqm_bits b = fk_bits(list, fk->m->nr_cpu_ids);
	size_t len = IRQM_BITS_WORDS(b.nbits) * 8;

	memcpy(fk_at(fk, addr), b.words, len < bytes ? len : bytes);
	free(b.words);
}

/* What the kernel allocates for a mask: cpumask_size(). */
static size_t mask_size(const struct fk *fk)
{
	return IRQM_BITS_WORDS(fk->m->nr_cpu_ids) * 8;
}

uint64_t new_mask(struct fk *fk, const char *list)
{
	uint64_t addr = fk_alloc(fk, FK_HEAP, mask_size(fk), 8);

	put_bits(fk, addr, list, mask_size(fk));
	return addr;
}

/* A cpumask_var_t that is a member. */
void put_mask(struct fk *fk, uint64_t addr, const struct irqm_member *m,
	      const char *list)
{
	if (!m->exists || !list)
		return;
	if (m->kind == IRQM_KIND_POINTER)
		fk_put64(fk, addr + m->offset, new_mask(fk, list));
	else
		put_bits(fk, addr + m->offset, list, m->size);
}

/* A cpumask_var_t that is a variable at addr. */
void put_mask_variable(struct fk *fk, uint64_t addr, const char *list)
{
	if (fk->layout.irq_common_data.affinity.kind == IRQM_KIND_POINTER)
		fk_put64(fk, addr, new_mask(fk, list));
	else
		put_bits(fk, addr, list, fk->layout.cpumask.size);
}

uint64_t mask_variable_size(const struct fk *fk)
{
	return fk->layout.irq_common_data.affinity.kind == IRQM_KIND_POINTER ?
		       8 :
		       fk->layout.cpumask.size;
}
