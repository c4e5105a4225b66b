/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/pieces.h"

#include <stdlib.h>
#include <string.h>

#define PIECE_PAGES 8U
#define PIECE_SIZE (PIECE_PAGES * IRQM_PAGE_SIZE)

struct piece {
	enum irqm_why why[PIECE_PAGES];
	unsigned char data[PIECE_SIZE];
};

static size_t nr_pieces(const struct pieces *p)
{
	return p->end / PIECE_SIZE + 1;
}

bool irqm_pieces_init(struct pieces *p, struct reader *r, uint64_t addr,
		      uint64_t len, uint64_t *budget)
{
	*p = (struct pieces){ .r = r,
			      .base = addr - addr % IRQM_PAGE_SIZE,
			      .start = addr % IRQM_PAGE_SIZE,
			      .end = addr % IRQM_PAGE_SIZE + len,
			      .budget = budget };
	p->piece = calloc(nr_pieces(p), sizeof(*p->piece));
	if (!p->piece)
		r->no_memory = true;
	return p->piece != NULL;
}

void irqm_pieces_deinit(struct pieces *p)
{
	size_t i;

	if (!p->piece)
		return;
	for (i = 0; i < nr_pieces(p); i++)
		free(p->piece[i]);
	free(p->piece);
	p->piece = NULL;
}

/* Reads len bytes at at, as far as they belong to the array, into the piece. */
static enum irqm_why read_part(struct pieces *p, struct piece *piece,
			       uint64_t at, uint64_t len)
{
	uint64_t from = at > p->start ? at : p->start;
	uint64_t end = at + len < p->end ? at + len : p->end;

	if (from >= end)
		return IRQM_OK;
	return irqm_reader_try(p->r, p->base + from,
			       piece->data + from % PIECE_SIZE, end - from);
}

/* Reads a piece at once or, if that fails, page by page, so that a missing page
 * does not affect the others. */
static void fill_piece(struct pieces *p, struct piece *piece, uint64_t at)
{
	unsigned int i;

	memset(piece->why, 0, sizeof(piece->why));
	if (read_part(p, piece, at, PIECE_SIZE) == IRQM_OK)
		return;
	for (i = 0; i < PIECE_PAGES; i++)
		piece->why[i] = read_part(p, piece, at + i * IRQM_PAGE_SIZE,
					  IRQM_PAGE_SIZE);
}

static struct piece *get_piece(struct pieces *p, uint64_t at)
{
	struct piece **piece = &p->piece[at / PIECE_SIZE];

	if (*piece)
		return *piece;
	if (*p->budget < PIECE_SIZE)
		return NULL;
	*p->budget -= PIECE_SIZE;
	*piece = malloc(sizeof(**piece));
	if (*piece)
		fill_piece(p, *piece, at - at % PIECE_SIZE);
	else
		p->r->no_memory = true;
	return *piece;
}

enum irqm_why irqm_pieces_copy(struct pieces *p, uint64_t offset, void *buf,
			       size_t len)
{
	uint64_t into, n, size = p->end - p->start, at = p->start + offset;
	unsigned char *to = buf;
	struct piece *piece;

	if (offset > size || len > size - offset)
		return IRQM_INVALID;
	for (; len; at += n, to += n, len -= n) {
		piece = get_piece(p, at);
		if (!piece)
			return IRQM_INVALID;
		into = at % PIECE_SIZE;
		if (piece->why[into / IRQM_PAGE_SIZE] != IRQM_OK)
			return piece->why[into / IRQM_PAGE_SIZE];
		n = IRQM_PAGE_SIZE - into % IRQM_PAGE_SIZE;
		if (n > len)
			n = len;
		memcpy(to, piece->data + into, n);
	}
	return IRQM_OK;
}
