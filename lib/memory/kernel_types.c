/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/kernel_types.h"

#include "layout/btf.h"
#include "memory/window.h"

static bool load_pages(void *ctx, size_t from, size_t len)
{
	struct irqm_window *w = ctx;

	irqm_window_load(w, from, len);
	return irqm_window_there(w, from, len) == len;
}

int irqm_kernel_types_at(const struct irqm_target *t, uint64_t start,
			 uint64_t size, struct irqm_layout *l,
			 struct irqm_error *err)
{
	struct irqm_window w;
	struct irqm_btf_loader loader = { .load = load_pages, .ctx = &w };
	enum irqm_why why = IRQM_OK;
	int rc;

	if (irqm_window_open(&w, t, start, size)) {
		irqm_error_memory(err);
		return -1;
	}
	rc = irqm_layout_from_btf_parts(l, w.data, size, &loader, err);
	if (rc) /* distinguish a damaged page from a missing one */
		why = t->read(t->ctx, start, w.data, size);
	if (why != IRQM_OK)
		irqm_error_set(err,
			       "the kernel's type information (BTF) "
			       "cannot be read: %s",
			       irqm_why_name(why));
	irqm_window_close(&w);
	return rc;
}

int irqm_kernel_types(const struct irqm_target *t, struct irqm_layout *l,
		      struct irqm_error *err)
{
	uint64_t start = 0, stop = 0;

	if (t->symbol(t->ctx, "__start_BTF", &start) &&
	    t->symbol(t->ctx, "__stop_BTF", &stop) && stop > start &&
	    stop - start <= IRQM_MAX_BTF)
		return irqm_kernel_types_at(t, start, stop - start, l, err);
	irqm_error_set(err, "the kernel has no type information in memory "
			    "(CONFIG_DEBUG_INFO_BTF)");
	return -1;
}
