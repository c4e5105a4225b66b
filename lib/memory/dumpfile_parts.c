/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/dumpfile_parts.h"

#include "memory/kernel_types.h"

bool irqm_dumpfile_kallsyms_at(void *ctx, uint64_t addr, char *name,
			       size_t size, uint64_t *ret_offset)
{
	struct irqm_dumpfile *f = ctx;
	struct irqm_error err;

	/* not opened yet if the kernel came from the cache or was learned */
	if (!f->kallsyms && !f->kallsyms_failed)
		f->kallsyms_failed = irqm_kallsyms_new(&f->target, &f->where,
						       f->stext, &f->kallsyms,
						       &err) != 0;
	if (!f->kallsyms) {
		*ret_offset = f->where.names;
		return false;
	}
	return irqm_kallsyms_at(f->kallsyms, addr, name, size, ret_offset);
}

void irqm_dumpfile_names(const char *names[])
{
	int i;

	for (i = 0; i < IRQM_NR_VARIABLES; i++)
		names[i] = irqm_variables[i].name;
	names[START_BTF] = "__start_BTF";
	names[STOP_BTF] = "__stop_BTF";
}

bool irqm_dumpfile_btf(const struct irqm_dumpfile *f, uint64_t *ret_start,
		       uint64_t *ret_size)
{
	*ret_start = f->values[START_BTF];
	*ret_size = f->values[STOP_BTF] - *ret_start;
	return f->found[START_BTF] && f->found[STOP_BTF] &&
	       *ret_size <= IRQM_MAX_BTF;
}
