/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/fake_log.h"

#include "tests/unit/unit.h"

#include "snapshot/log_lines.h"
#include "snapshot/stages.h"

#define DESC_SIZE 24
#define INFO_SIZE 88
#define ID_MASK ((1ULL << 62) - 1)
#define FINALIZED (2ULL << 62)
#define REUSABLE (3ULL << 62)
#define EMPTY 3

static struct irqm_member number(uint32_t offset, uint32_t size)
{
	return (struct irqm_member){ .exists = true,
				     .kind = IRQM_KIND_INT,
				     .offset = offset,
				     .size = size };
}

void fake_log_layout(struct irqm_layout *l)
{
	l->printk_ringbuffer.exists = l->prb_desc.exists =
		l->printk_info.exists = true;
	l->printk_ringbuffer.size = 88;
	l->printk_ringbuffer.count_bits = number(0, 4);
	l->printk_ringbuffer.descs = number(8, 8);
	l->printk_ringbuffer.infos = number(16, 8);
	l->printk_ringbuffer.head_id = number(24, 8);
	l->printk_ringbuffer.tail_id = number(32, 8);
	l->printk_ringbuffer.size_bits = number(48, 4);
	l->printk_ringbuffer.data = number(56, 8);
	l->prb_desc.size = DESC_SIZE;
	l->prb_desc.state = number(0, 8);
	l->prb_desc.begin = number(8, 8);
	l->prb_desc.next = number(16, 8);
	l->printk_info.size = INFO_SIZE;
	l->printk_info.seq = number(0, 8);
	l->printk_info.ns = number(8, 8);
	l->printk_info.text_len = number(16, 2);
	l->printk_info.facility = number(18, 1);
	l->printk_info.level = number(19, 1);
	l->printk_info.level.bit_offset = 5;
	l->printk_info.level.bit_size = 3;
}

static void set(unsigned char *at, uint64_t value, size_t size)
{
	memcpy(at, &value, size);
}

static uint64_t count(const struct fake_log *log)
{
	return 1ULL << log->count_bits;
}

static uint64_t size(const struct fake_log *log)
{
	return 1ULL << log->size_bits;
}

void fake_log_init(struct fake_log *log, uint64_t addr, unsigned int count_bits,
		   unsigned int size_bits)
{
	memset(log, 0, sizeof(*log));
	log->count_bits = count_bits;
	log->size_bits = size_bits;
	assert_true(count(log) <= FAKE_LOG_COUNT_MAX);
	assert_true(size(log) <= FAKE_LOG_TEXT_MAX);
	log->addr = addr;
	/* each ends on another page than it begins on */
	log->descs_addr = addr + 0x11000 - 16;
	log->infos_addr = addr + 0x21000 - 40;
	log->text_addr = addr + 0x31000 - 24;
	/* DESC0_ID and BLK0_LPOS: both wrap soon */
	log->head_id = log->tail_id = -(count(log) + 1) & ID_MASK;
	log->head_lpos = -size(log);
	set(log->descs + (count(log) - 1) * DESC_SIZE, log->head_id | REUSABLE,
	    8);
}

static uint64_t id_of(const struct fake_log *log, unsigned int seq)
{
	return (seq - count(log)) & ID_MASK;
}

unsigned char *fake_log_desc(struct fake_log *log, unsigned int seq)
{
	return log->descs + (seq & (count(log) - 1)) * DESC_SIZE;
}

unsigned char *fake_log_info(struct fake_log *log, unsigned int seq)
{
	return log->infos + (seq & (count(log) - 1)) * INFO_SIZE;
}

static void drop(struct fake_log *log, unsigned int seq)
{
	log->record[seq].there = false;
	set(fake_log_desc(log, seq), id_of(log, seq) | REUSABLE, 8);
}

/* Where the wrap of the block's end is counted. */
static uint64_t wrap(const struct fake_log *log, uint64_t next)
{
	return (log->exact_end ? next - 1 : next) >> log->size_bits;
}

/* Copies the text in; gives the place. */
static void add_text(struct fake_log *log, unsigned int seq, const char *text)
{
	uint64_t need = (8 + strlen(text) + 7) / 8 * 8;
	uint64_t begin = log->head_lpos, next = begin + need, at;
	unsigned int i;

	assert_true(need <= size(log) / 2);
	at = begin & (size(log) - 1);
	if (begin >> log->size_bits != wrap(log, next)) {
		/* both places have the id */
		set(log->text + at, id_of(log, seq), 8);
		next = (wrap(log, next) << log->size_bits) + need;
		at = 0;
	}
	for (i = 0; i < seq; i++)
		if (log->record[i].there &&
		    log->record[i].begin != log->record[i].next &&
		    next - log->record[i].begin > size(log))
			drop(log, i);
	set(log->text + at, id_of(log, seq), 8);
	memcpy(log->text + at + 8, text, strlen(text));
	log->record[seq].begin = begin;
	log->record[seq].next = log->head_lpos = next;
}

void fake_log_add(struct fake_log *log, uint64_t ns, unsigned int level,
		  const char *text)
{
	unsigned int seq = log->nr++;
	unsigned char *desc = fake_log_desc(log, seq);
	unsigned char *info = fake_log_info(log, seq);

	assert_true(seq < FAKE_LOG_MAX);
	assert_true(strlen(text) < sizeof(log->record[seq].text));
	if (seq >= count(log))
		drop(log, seq - count(log));
	log->head_id = id_of(log, seq);
	if (((log->head_id - log->tail_id) & ID_MASK) >= count(log))
		log->tail_id = (log->tail_id + 1) & ID_MASK;
	log->record[seq].ns = ns;
	log->record[seq].level = level;
	strcpy(log->record[seq].text, text);
	if (*text)
		add_text(log, seq, text);
	else
		log->record[seq].begin = log->record[seq].next = EMPTY;
	log->record[seq].there = true;
	set(desc, log->head_id | FINALIZED, 8);
	set(desc + 8, log->record[seq].begin, 8);
	set(desc + 16, log->record[seq].next, 8);
	set(info, seq, 8);
	set(info + 8, ns, 8);
	set(info + 16, strlen(text), 2);
	info[19] = level << 5 | 2;
}

void fake_log_write(const struct fake_log *log,
		    void (*put)(void *ctx, uint64_t addr, const void *data,
				size_t len),
		    void *ctx)
{
	uint64_t ring_addr = log->addr + 64;
	unsigned char ring[88] = { 0 };

	set(ring, log->count_bits, 4);
	set(ring + 8, log->descs_addr, 8);
	set(ring + 16, log->infos_addr, 8);
	set(ring + 24, log->head_id, 8);
	set(ring + 32, log->tail_id, 8);
	set(ring + 48, log->size_bits, 4);
	set(ring + 56, log->text_addr, 8);
	put(ctx, log->addr, &ring_addr, 8);
	put(ctx, ring_addr, ring, sizeof(ring));
	put(ctx, log->descs_addr, log->descs, count(log) * DESC_SIZE);
	put(ctx, log->infos_addr, log->infos, count(log) * INFO_SIZE);
	put(ctx, log->text_addr, log->text, size(log));
}

struct irqm_snapshot *fake_log_read(struct irqm_target *t,
				    const struct irqm_layout *l)
{
	struct irqm_snapshot *s = irqm_snapshot_new();
	struct reader r = { .target = t, .layout = l, .s = s };

	assert_non_null(s);
	r.arena = s->arena;
	irqm_read_log(&r);
	assert_false(r.no_memory);
	return s;
}
