/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log_buf, before 5.10: each record has a head, struct printk_log, followed by
 * its text. A record of length 0 means that the next one is at the start. */
#include "snapshot/log.h"

struct log_buf {
	struct log *log;
	const struct irqm_layout *l;
	struct pieces bytes;
	uint64_t addr, len;
	uint64_t first, next; /* log_first_idx, log_next_idx */
	char text[UINT16_MAX];
};

static bool layout_known(const struct irqm_layout *l)
{
	return l->printk_log.ns.exists && l->printk_log.len.exists &&
	       l->printk_log.text_len.exists &&
	       l->printk_log.size <= LOG_MAX_HEAD;
}

static bool take_bytes(struct log_buf *b, uint64_t offset, void *buf,
		       size_t len)
{
	enum irqm_why why = irqm_pieces_copy(&b->bytes, offset, buf, len);

	if (why == IRQM_OK)
		irqm_reader_used(b->log->r, b->addr + offset, len,
				 "kernel log");
	else
		irqm_log_lose(b->log, b->addr + offset, why);
	return why == IRQM_OK;
}

/* Reads the record at *index, and advances that. Returns false if it is
 * invalid. */
static bool read_record(struct log_buf *b, uint64_t *index)
{
	uint32_t size = b->l->printk_log.size;
	char head[LOG_MAX_HEAD];
	struct log_record record = { .text = b->text };
	uint64_t len;

	if (!take_bytes(b, *index, head, size))
		return false;
	len = irqm_get(head, &b->l->printk_log.len);
	if (len == 0 && *index != 0) {
		*index = 0;
		return true;
	}
	record.ns = irqm_get(head, &b->l->printk_log.ns);
	record.level = irqm_get(head, &b->l->printk_log.level);
	record.facility = irqm_get(head, &b->l->printk_log.facility);
	record.len = irqm_get(head, &b->l->printk_log.text_len);
	if (len < size || record.len > len - size) {
		irqm_log_lose(b->log, b->addr + *index, IRQM_INVALID);
		return false;
	}
	if (take_bytes(b, *index + size, b->text, record.len))
		irqm_log_add(b->log, &record);
	*index += len;
	return true;
}

/* Between first and next there are at most as many records as heads fit, and
 * one wrap. */
static void read_records(struct log_buf *b)
{
	uint64_t max = b->len / b->l->printk_log.size + 1, index = b->first;

	for (; index != b->next && !b->log->r->no_memory; max--) {
		if (max && read_record(b, &index))
			continue;
		if (!max)
			irqm_log_lose(b->log, b->addr + index, IRQM_INVALID);
		return;
	}
}

void irqm_log_read_buf(struct log *log)
{
	struct log_buf b = { .log = log, .l = log->r->layout };
	struct reader *r = log->r;
	uint64_t seq;

	if (!layout_known(b.l)) {
		irqm_reader_note(r, IRQM_INVALID, 0,
				 "kernel log: no type printk_log");
		return;
	}
	if (!irqm_reader_variable(r, "log_buf", &b.addr) ||
	    !irqm_reader_variable(r, "log_buf_len", &b.len) ||
	    !irqm_reader_variable(r, "log_first_idx", &b.first) ||
	    !irqm_reader_variable(r, "log_next_idx", &b.next))
		return;
	if (b.len > 1ULL << LOG_MAX_BITS) {
		irqm_reader_note(r, IRQM_INVALID, b.addr,
				 "kernel log: log_buf");
		return;
	}
	r->s->log.known = true;
	if (!irqm_reader_variable(r, "log_first_seq", &seq) || seq != 0)
		r->s->log.cut = true;
	if (irqm_pieces_init(&b.bytes, r, b.addr, b.len, &log->budget))
		read_records(&b);
	irqm_pieces_deinit(&b.bytes);
}
