/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of BTF: what a dump holds between __start_BTF and __stop_BTF. */
#include "layout/btf.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* Loads as asked, but not the parts that are excluded. */
struct parts {
	const uint8_t *from;
	uint8_t *to;
	size_t size, hole;
};

static bool load(void *ctx, size_t from, size_t len)
{
	struct parts *p = ctx;

	if (from > p->size || len > p->size - from)
		abort(); /* beyond what it was given */
	if (p->hole && from <= p->hole && p->hole - from < len)
		return false;
	memcpy(p->to + from, p->from + from, len);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct irqm_layout whole, in_parts;
	struct irqm_error err;
	struct parts p = { .from = data,
			   .size = size,
			   .to = calloc(1, size + 1) };
	struct irqm_btf_loader loader = { load, &p };
	int rc;

	if (!p.to)
		return 0;
	rc = irqm_layout_from_btf(&whole, data, size, &err);
	/* part by part it is the same */
	if (irqm_layout_from_btf_parts(&in_parts, p.to, size, &loader, &err) !=
		    rc ||
	    (rc == 0 && memcmp(&whole, &in_parts, sizeof(whole)) != 0))
		abort();
	p.hole = size / 2;
	memset(p.to, 0, size);
	irqm_layout_from_btf_parts(&in_parts, p.to, size, &loader, &err);
	free(p.to);
	return 0;
}
