/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/window.h"

#include <stdlib.h>
#include <string.h>

/* A read fails as a whole: one bad page means reading this many again page by
 * page. */
#define PIECE_PAGES 256U

enum {
	UNREAD,
	THERE,
	MISSING
};

static size_t page_of(const struct irqm_window *w, size_t offset)
{
	return (w->addr % IRQM_PAGE_SIZE + offset) / IRQM_PAGE_SIZE;
}

/* Page boundaries are the dump's; the first and the last page are cut to the
 * window. */
static size_t page_start(const struct irqm_window *w, size_t page)
{
	return page ? page * IRQM_PAGE_SIZE - w->addr % IRQM_PAGE_SIZE : 0;
}

static size_t page_end(const struct irqm_window *w, size_t page)
{
	size_t end = page_start(w, page + 1);

	return end < w->len ? end : w->len;
}

int irqm_window_open(struct irqm_window *w, const struct irqm_target *memory,
		     uint64_t addr, size_t len)
{
	uint64_t end;

	memset(w, 0, sizeof(*w));
	if (!len || len > SIZE_MAX / 2 ||
	    __builtin_add_overflow(addr, len, &end))
		return -1;
	w->memory = memory;
	w->addr = addr;
	w->len = len;
	w->data = calloc(1, len);
	w->state = calloc(page_of(w, len - 1) + 1, 1);
	if (!w->data || !w->state) {
		irqm_window_close(w);
		return -1;
	}
	return 0;
}

void irqm_window_close(struct irqm_window *w)
{
	free(w->data);
	free(w->state);
	memset(w, 0, sizeof(*w));
}

static bool read_pages(struct irqm_window *w, size_t page, size_t nr)
{
	size_t from = page_start(w, page);
	size_t len = page_end(w, page + nr - 1) - from;
	bool there = w->memory->read(w->memory->ctx, w->addr + from,
				     w->data + from, len) == IRQM_OK;

	if (!there)
		memset(w->data + from, 0, len);
	memset(w->state + page, there ? THERE : MISSING, nr);
	return there;
}

size_t irqm_window_there(struct irqm_window *w, size_t from, size_t len)
{
	size_t page, last;

	if (!w->len || from >= w->len || !len)
		return 0;
	if (len > w->len - from)
		len = w->len - from;
	last = page_of(w, from + len - 1);
	for (page = page_of(w, from); page <= last; page++) {
		if (w->state[page] == UNREAD)
			read_pages(w, page, 1);
		if (w->state[page] == MISSING) {
			size_t start = page_start(w, page);

			return start > from ? start - from : 0;
		}
	}
	return len;
}

const void *irqm_window_get(struct irqm_window *w, size_t from, size_t len)
{
	return irqm_window_there(w, from, len) == len ? w->data + from : NULL;
}

void irqm_window_load(struct irqm_window *w, size_t from, size_t len)
{
	size_t page, end, nr, i;

	if (from >= w->len || !len)
		return;
	if (len > w->len - from)
		len = w->len - from;
	end = page_of(w, from + len - 1) + 1;
	for (page = page_of(w, from); page < end; page += nr ? nr : 1) {
		for (nr = 0; page + nr < end && nr < PIECE_PAGES; nr++)
			if (w->state[page + nr] != UNREAD)
				break;
		if (!nr || read_pages(w, page, nr))
			continue;
		for (i = 0; i < nr; i++)
			read_pages(w, page + i, 1);
	}
}
