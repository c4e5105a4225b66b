/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "distill/recorder.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Makes one row "... of IRQ N" of "irq_desc of IRQ 31" and "irq_desc of IRQ
 * 32". Digits within a name stay, as in x86_vector_domain. */
static void generalise_numbers(char *dst, size_t size, const char *what)
{
	bool name = false, number = false;
	size_t n = 0;

	for (; *what && n + 1 < size; what++) {
		unsigned char c = *what;

		if (isdigit(c) && number)
			continue;
		number = isdigit(c) && !name;
		name = isalpha(c) || c == '_' || (name && isdigit(c));
		dst[n++] = number ? 'N' : isprint(c) ? c : '?';
	}
	dst[n] = '\0';
}

static struct irqm_used *line_of(struct irqm_recorder *r, const char *what)
{
	char kind[sizeof(r->list->what)];
	struct irqm_used *u;
	unsigned int i;

	generalise_numbers(kind, sizeof(kind), what);
	for (i = 0; i < r->nr_list; i++)
		if (strcmp(r->list[i].what, kind) == 0)
			return &r->list[i];
	if (r->nr_list == IRQM_MAX_USED)
		return &r->list[IRQM_MAX_USED - 1];
	u = &r->list[r->nr_list++];
	if (r->nr_list == IRQM_MAX_USED)
		strcpy(kind, "other");
	strcpy(u->what, kind);
	return u;
}

void irqm_recorder_list(struct irqm_recorder *r, uint64_t reads, uint64_t bytes,
			const char *what)
{
	struct irqm_used *u = line_of(r, what);

	u->reads += reads;
	u->bytes += bytes;
}

void irqm_recorder_note(struct irqm_recorder *r, uint64_t addr, uint64_t len,
			const char *what)
{
	irqm_recorder_list(r, 1, len, what);
	irqm_ranges_add(&r->used, addr, len);
}

static enum irqm_why recorder_read(void *ctx, uint64_t addr, void *buf,
				   size_t len)
{
	struct irqm_recorder *r = ctx;
	enum irqm_why why = r->inner->read(r->inner->ctx, addr, buf, len);

	if (why != IRQM_OK)
		irqm_ranges_add(&r->failed, addr, len);
	return why;
}

static void recorder_used(void *ctx, uint64_t addr, size_t len,
			  const char *what)
{
	irqm_recorder_note(ctx, addr, len, what);
}

static bool recorder_symbol(void *ctx, const char *name, uint64_t *ret_value)
{
	struct irqm_recorder *r = ctx;

	return r->inner->symbol(r->inner->ctx, name, ret_value);
}

static bool recorder_symbol_at(void *ctx, uint64_t addr, char *name,
			       size_t size, uint64_t *ret_offset)
{
	struct irqm_recorder *r = ctx;

	return r->inner->symbol_at(r->inner->ctx, addr, name, size, ret_offset);
}

static void recorder_expect(void *ctx, const struct irqm_extent extents[],
			    size_t nr)
{
	struct irqm_recorder *r = ctx;

	r->inner->expect(r->inner->ctx, extents, nr);
}

static void recorder_forget(void *ctx)
{
	struct irqm_recorder *r = ctx;

	r->inner->forget(r->inner->ctx);
}

void irqm_recorder_init(struct irqm_recorder *r, struct irqm_target *inner)
{
	memset(r, 0, sizeof(*r));
	r->inner = inner;
	r->target = *inner;
	r->target.ctx = r;
	r->target.read = recorder_read;
	r->target.expect = inner->expect ? recorder_expect : NULL;
	r->target.used = recorder_used;
	r->target.symbol = recorder_symbol;
	r->target.symbol_at = inner->symbol_at ? recorder_symbol_at : NULL;
	r->target.forget = inner->forget ? recorder_forget : NULL;
}

void irqm_recorder_deinit(struct irqm_recorder *r)
{
	irqm_ranges_deinit(&r->used);
	irqm_ranges_deinit(&r->failed);
}
