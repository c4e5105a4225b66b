/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/search/scan.h"

#include <stdlib.h>

/* Pages to read at once: enough for the threads that unpack them. */
#define PAGES 512
#define PIECE ((uint64_t)PAGES * IRQM_PAGE_SIZE)

static bool look_at_pages(const struct irqm_scan *s, uint64_t paddr,
			  const unsigned char *data, uint64_t len)
{
	uint64_t at;

	for (at = 0; at < len; at += IRQM_PAGE_SIZE)
		if (!s->look(s->ctx, paddr + at, data + at))
			return false;
	return true;
}

/* Reads a piece at once or, if a page of it cannot be read, page by page. */
static bool look_at_piece(const struct irqm_scan *s, uint64_t paddr,
			  unsigned char *buf, uint64_t len)
{
	const struct irqm_pages *p = s->pages;
	uint64_t at;

	if (p->read(p->ctx, paddr, buf, len) == IRQM_OK)
		return look_at_pages(s, paddr, buf, len);
	for (at = 0; at < len; at += IRQM_PAGE_SIZE)
		if (p->read(p->ctx, paddr + at, buf, IRQM_PAGE_SIZE) ==
			    IRQM_OK &&
		    !s->look(s->ctx, paddr + at, buf))
			return false;
	return true;
}

static void show_progress(const struct irqm_scan *s, uint64_t paddr)
{
	uint64_t end = s->pages->end / IRQM_PAGE_SIZE;

	paddr /= IRQM_PAGE_SIZE;
	if (s->progress)
		s->progress(s->progress_ctx, s->what,
			    paddr < end ? paddr * 100 / end : 100);
}

int irqm_scan_pages(const struct irqm_scan *s, struct irqm_error *err)
{
	const struct irqm_pages *p = s->pages;
	uint64_t paddr = 0, end, piece, left = p->most;
	unsigned char *buf;
	bool more = true;

	if (!p->next) {
		irqm_error_set(err, "cannot search a dump of this format");
		return -1;
	}
	buf = malloc(PIECE);
	if (!buf) {
		irqm_error_memory(err);
		return -1;
	}
	for (end = 0; more && p->next(p->ctx, end, &paddr, &end);)
		for (; more && paddr < end; paddr += piece) {
			piece = end - paddr < PIECE ? end - paddr : PIECE;
			/* a valid file does not have more pages than fit
			 * in it */
			more = piece <= left &&
			       look_at_piece(s, paddr, buf, piece);
			left -= more ? piece : 0;
			show_progress(s, paddr);
		}
	free(buf);
	return 0;
}
