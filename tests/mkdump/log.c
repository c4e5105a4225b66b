/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's log: records in log_buf, or since 5.10 a ring of them. */
#include "tests/mkdump/internal.h"

#include <stdlib.h>
#include <string.h>

#define BUF_SIZE 4096
#define COUNT_BITS 5
#define COUNT (1 << COUNT_BITS)
#define ID_MASK ((1ULL << 62) - 1)
#define FINALIZED (2ULL << 62)
#define REUSABLE (3ULL << 62)

static size_t align(size_t n, size_t to)
{
	return (n + to - 1) & ~(to - 1);
}

static void build_records(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t buf = heap(fk, BUF_SIZE), at = buf;
	unsigned int i;

	for (i = 0; i < fk->m->nr_log; i++) {
		const struct irqm_machine_log *r = &fk->m->log[i];
		size_t len = align(l->printk_log.size + strlen(r->text), 4);

		fk_put(fk, at, &l->printk_log.ns, r->ns);
		fk_put(fk, at, &l->printk_log.len, len);
		fk_put(fk, at, &l->printk_log.text_len, strlen(r->text));
		fk_put(fk, at, &l->printk_log.level, r->level);
		memcpy(fk_at(fk, at + l->printk_log.size), r->text,
		       strlen(r->text));
		at += len;
	}
	if (at > buf + BUF_SIZE)
		abort();
	variable_set(fk, "log_buf", 8, buf);
	variable_set(fk, "log_buf_len", 4, BUF_SIZE);
	variable_set(fk, "log_first_idx", 4, 0);
	variable_set(fk, "log_next_idx", 4, at - buf);
	variable_set(fk, "log_first_seq", 8, 0);
}

/* Ids wrap soon after the first record, as the kernel begins them. */
static uint64_t id_of(int64_t seq)
{
	return (uint64_t)(seq - COUNT) & ID_MASK;
}

struct ring {
	uint64_t descs, infos, text;
	uint64_t lpos; /* where the next text goes */
};

static void put_record(struct fk *fk, struct ring *ring, unsigned int seq)
{
	const struct irqm_layout *l = &fk->layout;
	const struct irqm_machine_log *r = &fk->m->log[seq];
	uint64_t desc = ring->descs + seq * l->prb_desc.size;
	uint64_t info = ring->infos + seq * l->printk_info.size;
	uint64_t next = ring->lpos + align(8 + strlen(r->text), 8);
	uint64_t block = ring->text + (ring->lpos & (BUF_SIZE - 1));

	fk_put(fk, desc, &l->prb_desc.state, id_of(seq) | FINALIZED);
	fk_put(fk, desc, &l->prb_desc.begin, ring->lpos);
	fk_put(fk, desc, &l->prb_desc.next, next);
	fk_put(fk, info, &l->printk_info.seq, seq);
	fk_put(fk, info, &l->printk_info.ns, r->ns);
	fk_put(fk, info, &l->printk_info.text_len, strlen(r->text));
	fk_put(fk, info, &l->printk_info.level, r->level);
	fk_put64(fk, block, id_of(seq));
	memcpy(fk_at(fk, block + 8), r->text, strlen(r->text));
	ring->lpos = next;
	if (next - (uint64_t)-BUF_SIZE > BUF_SIZE)
		abort();
}

static void build_ring(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;
	uint64_t prb =
		variable(fk, "printk_rb_static", l->printk_ringbuffer.size);
	struct ring ring = {
		.descs = heap(fk, COUNT * l->prb_desc.size),
		.infos = heap(fk, COUNT * l->printk_info.size),
		.text = heap(fk, BUF_SIZE),
		.lpos = -BUF_SIZE,
	};
	unsigned int i;

	/* before the first: one that may be taken */
	fk_put(fk, ring.descs + (COUNT - 1) * l->prb_desc.size,
	       &l->prb_desc.state, id_of(-1) | REUSABLE);
	for (i = 0; i < fk->m->nr_log; i++)
		put_record(fk, &ring, i);
	fk_put(fk, prb, &l->printk_ringbuffer.count_bits, COUNT_BITS);
	fk_put(fk, prb, &l->printk_ringbuffer.descs, ring.descs);
	fk_put(fk, prb, &l->printk_ringbuffer.infos, ring.infos);
	fk_put(fk, prb, &l->printk_ringbuffer.head_id,
	       id_of((int64_t)fk->m->nr_log - 1));
	fk_put(fk, prb, &l->printk_ringbuffer.tail_id, id_of(-1));
	fk_put(fk, prb, &l->printk_ringbuffer.size_bits,
	       __builtin_ctz(BUF_SIZE));
	fk_put(fk, prb, &l->printk_ringbuffer.data, ring.text);
	variable_set(fk, "prb", 8, prb);
	variable_set(fk, "log_buf", 8, ring.text);
	variable_set(fk, "log_buf_len", 4, BUF_SIZE);
}

void build_log(struct fk *fk)
{
	const struct irqm_layout *l = &fk->layout;

	if (!fk->m->nr_log)
		return;
	if (l->printk_ringbuffer.exists)
		build_ring(fk);
	else if (l->printk_log.exists)
		build_records(fk);
}
