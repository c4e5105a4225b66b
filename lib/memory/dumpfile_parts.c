/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/dumpfile_parts.h"

#include <stdio.h>
#include <string.h>

#include "memory/kernel_types.h"

static bool look_up_name(struct irqm_dumpfile *f, uint64_t addr, char *name,
			 size_t size, uint64_t *ret_offset)
{
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

/* Returns the symbol with the address, or the place for one more, or NULL. */
static struct irqm_known_name *find_name(struct irqm_dumpfile *f, uint64_t addr)
{
	struct irqm_known_name *n;

	for (n = f->names; n < f->names + IRQM_KNOWN_NAMES; n++)
		if (!n->name[0] ||
		    (addr >= n->start && addr - n->start <= n->last))
			return n;
	return NULL;
}

/* addr and value, of a symbol, are relative to _stext. The same symbol may be
 * there already, up to a smaller offset. */
static void keep_name(struct irqm_dumpfile *f, uint64_t value, uint64_t addr,
		      const char *name)
{
	struct irqm_known_name *n = find_name(f, value);

	if (!n || addr >= IRQM_KERNEL_IMAGE_SIZE ||
	    strlen(name) >= sizeof(n->name))
		return;
	n->start = value;
	n->last = addr - value;
	snprintf(n->name, sizeof(n->name), "%s", name);
}

/* Looks in what is known first. */
bool irqm_dumpfile_kallsyms_at(void *ctx, uint64_t addr, char *name,
			       size_t size, uint64_t *ret_offset)
{
	struct irqm_dumpfile *f = ctx;
	uint64_t from_stext = addr - f->stext;
	struct irqm_known_name *n = find_name(f, from_stext);

	if (n && n->name[0]) {
		*ret_offset = from_stext - n->start;
		return snprintf(name, size, "%s", n->name) >= 0;
	}
	*ret_offset = 0;
	if (f->last_symbol && addr > f->stext && from_stext > f->last_symbol)
		return false;
	if (!look_up_name(f, addr, name, size, ret_offset))
		return false;
	/* a longer buffer than the kept name's: it was not cut */
	if (from_stext >= *ret_offset && size > sizeof(n->name))
		keep_name(f, from_stext - *ret_offset, from_stext, name);
	return true;
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
