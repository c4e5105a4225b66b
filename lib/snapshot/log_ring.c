/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The printk ring buffer, 896fbe20b4e2 ("printk: use the lockless ringbuffer",
 * 5.10). A record has a descriptor and an info, at its id in two arrays of
 * 2^count_bits, and a block in a ring of text. Ids and positions in the text
 * ("lpos") only grow, and are taken modulo the size.
 */
#include "snapshot/log.h"

#include <string.h>

/* The top two bits of state_var are the state, the others the id. */
#define STATE_SHIFT 62
#define ID_MASK ((1ULL << STATE_SHIFT) - 1)
enum {
	RESERVED,
	COMMITTED,
	FINALIZED,
	REUSABLE
};

/* begin and next of a record without text; other odd values: the text did not
 * fit */
#define LPOS_EMPTY 3
#define BLOCK_ID 8 /* bytes: a block of text begins with the record's id */

struct ring {
	struct log *log;
	const struct irqm_layout *l;
	struct pieces descs, infos, text;
	uint64_t head_id, tail_id;
	unsigned int count_bits, size_bits;
	char block[UINT16_MAX + BLOCK_ID];
};

/* A decoded descriptor. */
struct place {
	uint64_t id, begin, next;
};

static bool layout_known(const struct irqm_layout *l)
{
	return l->printk_ringbuffer.count_bits.exists &&
	       l->printk_ringbuffer.descs.exists &&
	       l->printk_ringbuffer.infos.exists &&
	       l->printk_ringbuffer.head_id.exists &&
	       l->printk_ringbuffer.tail_id.exists &&
	       l->printk_ringbuffer.size_bits.exists &&
	       l->printk_ringbuffer.data.exists && l->prb_desc.state.exists &&
	       l->prb_desc.begin.exists && l->prb_desc.next.exists &&
	       l->prb_desc.size <= LOG_MAX_HEAD && l->printk_info.seq.exists &&
	       l->printk_info.ns.exists && l->printk_info.text_len.exists &&
	       l->printk_info.size <= LOG_MAX_HEAD;
}

static uint64_t mark_used(struct ring *ring, struct pieces *p, uint64_t offset,
			  size_t len)
{
	uint64_t addr = p->base + p->start + offset;

	irqm_reader_used(ring->log->r, addr, len, "kernel log");
	return addr;
}

/* Reads an element of one of the arrays. Counts it as lost if it cannot be
 * read. */
static bool take_bytes(struct ring *ring, struct pieces *p, uint64_t offset,
		       void *buf, size_t len)
{
	enum irqm_why why = irqm_pieces_copy(p, offset, buf, len);

	if (why == IRQM_OK) {
		mark_used(ring, p, offset, len);
		return true;
	}
	irqm_log_lose(ring->log, p->base + p->start + offset, why);
	return false;
}

/* Returns false if the record is not complete yet, or was already recycled. A
 * committed record may still be continued, but not after a panic. */
static bool read_desc(struct ring *ring, uint64_t id, struct place *ret)
{
	uint64_t index = id & ((1ULL << ring->count_bits) - 1), state;
	uint32_t size = ring->l->prb_desc.size;
	char desc[LOG_MAX_HEAD];

	if (!take_bytes(ring, &ring->descs, index * size, desc, size))
		return false;
	state = irqm_get(desc, &ring->l->prb_desc.state);
	if ((state & ID_MASK) != id || (state >> STATE_SHIFT != COMMITTED &&
					state >> STATE_SHIFT != FINALIZED))
		return false;
	ret->id = id;
	ret->begin = irqm_get(desc, &ring->l->prb_desc.begin);
	ret->next = irqm_get(desc, &ring->l->prb_desc.next);
	return true;
}

/*
 * Finds where a block is in the ring, and its size. A block that would reach
 * beyond the end is at the start instead. (Up to 6.18 a block never ends
 * exactly at the end; since 6.19 it may.)
 */
static bool find_block(const struct ring *ring, const struct place *place,
		       uint64_t *ret_offset, uint64_t *ret_size)
{
	uint64_t size = 1ULL << ring->size_bits;

	if (place->next - place->begin > size || place->next == place->begin)
		return false;
	if (place->begin >> ring->size_bits ==
	    (place->next - 1) >> ring->size_bits) {
		*ret_offset = place->begin & (size - 1);
		*ret_size = place->next - place->begin;
	} else {
		*ret_offset = 0;
		*ret_size = place->next & (size - 1);
	}
	return *ret_size >= BLOCK_ID;
}

/* Returns the text of a record, at most len bytes, or NULL if it is lost. */
static const char *read_text(struct ring *ring, const struct place *place,
			     size_t *len)
{
	uint64_t offset, size, id;

	if (place->begin & 1 && place->next & 1) {
		*len = 0;
		return place->begin == LPOS_EMPTY && place->next == LPOS_EMPTY ?
			       "" :
			       NULL;
	}
	if (!find_block(ring, place, &offset, &size)) {
		irqm_log_lose(ring->log, ring->text.base + ring->text.start,
			      IRQM_INVALID);
		return NULL;
	}
	if (*len > size - BLOCK_ID)
		*len = size - BLOCK_ID;
	if (!take_bytes(ring, &ring->text, offset, ring->block,
			BLOCK_ID + *len))
		return NULL;
	memcpy(&id, ring->block, sizeof(id));
	if (id == place->id)
		return ring->block + BLOCK_ID;
	irqm_log_lose(ring->log, ring->text.base + ring->text.start + offset,
		      IRQM_INVALID);
	return NULL;
}

static void read_record(struct ring *ring, uint64_t id)
{
	uint64_t index = id & ((1ULL << ring->count_bits) - 1), seq;
	const struct irqm_layout *l = ring->l;
	uint32_t size = l->printk_info.size;
	struct log *log = ring->log;
	struct log_record record;
	struct place place;
	char info[LOG_MAX_HEAD];

	if (!read_desc(ring, id, &place) ||
	    !take_bytes(ring, &ring->infos, index * size, info, size))
		return;
	seq = irqm_get(info, &l->printk_info.seq);
	if (seq != log->next_seq)
		log->r->s->log.cut = true;
	record.ns = irqm_get(info, &l->printk_info.ns);
	record.level = irqm_get(info, &l->printk_info.level);
	record.facility = irqm_get(info, &l->printk_info.facility);
	record.len = irqm_get(info, &l->printk_info.text_len);
	if (record.len > UINT16_MAX)
		record.len = UINT16_MAX;
	record.text = read_text(ring, &place, &record.len);
	if (!record.text)
		return;
	log->next_seq = seq + 1;
	irqm_log_add(log, &record);
}

/* Reads from the oldest record to the newest. An impossible tail is not
 * used. */
static void read_records(struct ring *ring)
{
	uint64_t nr = ((ring->head_id - ring->tail_id) & ID_MASK) + 1, i;
	uint64_t max = 1ULL << ring->count_bits;

	if (nr > max) {
		irqm_log_lose(ring->log, 0, IRQM_INVALID);
		nr = max;
	}
	if (nr > LOG_MAX_RECORDS)
		nr = LOG_MAX_RECORDS;
	for (i = nr; i-- > 0 && !ring->log->r->no_memory;)
		read_record(ring, (ring->head_id - i) & ID_MASK);
}

static bool open_ring(struct ring *ring, uint64_t addr)
{
	const struct irqm_layout *l = ring->l;
	struct reader *r = ring->log->r;
	char copy[READER_STRUCT_MAX];
	uint64_t *budget = &ring->log->budget;

	if (!irqm_reader_struct(r, copy, addr, l->printk_ringbuffer.size,
				"kernel log: printk_ringbuffer"))
		return false;
	ring->head_id = irqm_get(copy, &l->printk_ringbuffer.head_id);
	ring->tail_id = irqm_get(copy, &l->printk_ringbuffer.tail_id);
	ring->count_bits = irqm_get(copy, &l->printk_ringbuffer.count_bits);
	ring->size_bits = irqm_get(copy, &l->printk_ringbuffer.size_bits);
	if (ring->count_bits > LOG_MAX_COUNT_BITS ||
	    ring->size_bits > LOG_MAX_BITS) {
		irqm_reader_note(r, IRQM_INVALID, addr,
				 "kernel log: printk_ringbuffer");
		return false;
	}
	return irqm_pieces_init(&ring->descs, r,
				irqm_get(copy, &l->printk_ringbuffer.descs),
				(uint64_t)l->prb_desc.size << ring->count_bits,
				budget) &&
	       irqm_pieces_init(&ring->infos, r,
				irqm_get(copy, &l->printk_ringbuffer.infos),
				(uint64_t)l->printk_info.size
					<< ring->count_bits,
				budget) &&
	       irqm_pieces_init(&ring->text, r,
				irqm_get(copy, &l->printk_ringbuffer.data),
				1ULL << ring->size_bits, budget);
}

void irqm_log_read_ring(struct log *log)
{
	struct ring ring = { .log = log, .l = log->r->layout };
	uint64_t addr;

	if (!layout_known(ring.l)) {
		irqm_reader_note(log->r, IRQM_INVALID, 0,
				 "kernel log: no type printk_ringbuffer");
		return;
	}
	if (!irqm_reader_variable(log->r, "prb", &addr))
		return;
	if (open_ring(&ring, addr)) {
		log->r->s->log.known = true;
		read_records(&ring);
	}
	irqm_pieces_deinit(&ring.descs);
	irqm_pieces_deinit(&ring.infos);
	irqm_pieces_deinit(&ring.text);
}
