/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/log_ring.h"

#include "tests/unit/unit.h"

struct fake_log ring;
struct irqm_layout ring_layout;
struct irqm_memory *ring_memory;
struct irqm_target ring_target;

uint64_t ring_used_bytes;
const char *ring_forbidden;

static void on_used(void *ctx, uint64_t addr, size_t len, const char *what)
{
	(void)ctx;
	(void)addr;
	assert_null(ring_forbidden);
	assert_non_null(strstr(what, "kernel log") ? what :
						     strstr(what, "variable"));
	ring_used_bytes += len;
}

void ring_put(void *ctx, uint64_t addr, const void *data, size_t len)
{
	assert_int_equal(irqm_memory_write(ctx, addr, data, len), 0);
}

static void new_memory(void)
{
	ring_memory = irqm_memory_new();
	assert_non_null(ring_memory);
	ring_target = irqm_memory_target(ring_memory);
	ring_target.used = on_used;
	ring_used_bytes = 0;
	ring_forbidden = NULL;
}

void ring_new(unsigned int count_bits, unsigned int size_bits)
{
	memset(&ring_layout, 0, sizeof(ring_layout));
	fake_log_layout(&ring_layout);
	fake_log_init(&ring, PRB, count_bits, size_bits);
	new_memory();
}

struct irqm_snapshot *ring_read(void)
{
	fake_log_write(&ring, ring_put, ring_memory);
	assert_int_equal(irqm_memory_symbol(ring_memory, "prb", PRB), 0);
	return fake_log_read(&ring_target, &ring_layout);
}

void ring_done(struct irqm_snapshot *s)
{
	irqm_snapshot_free(s);
	irqm_memory_free(ring_memory);
}

void ring_check_lines(const struct irqm_log *log)
{
	unsigned int i, n = 0;

	for (i = 0; i < ring.nr; i++) {
		if (!ring.record[i].there)
			continue;
		assert_true(n < log->nr_lines);
		assert_string_equal(log->lines[n].text, ring.record[i].text);
		assert_int_equal(log->lines[n].ns, ring.record[i].ns);
		assert_int_equal(log->lines[n].level, ring.record[i].level);
		assert_int_equal(log->lines[n].facility,
				 fake_log_info(&ring, i)[18]);
		n++;
	}
	assert_int_equal(log->nr_lines, n);
}

void ring_add_many(unsigned int nr, unsigned int max)
{
	char text[256];
	unsigned int i, len;

	for (i = 0; i < nr; i++) {
		snprintf(text, sizeof(text), "%u %0*u", ring.nr,
			 (int)(ring.nr * 7 % max) + 1, ring.nr * 31);
		len = ring.nr * 7 % (max - 1) + 1;
		text[len] = '\0';
		fake_log_add(&ring, (uint64_t)ring.nr << 33, ring.nr % 8, text);
	}
}

void ring_check(bool cut)
{
	struct irqm_snapshot *s = ring_read();

	assert_true(s->log.known);
	assert_int_equal(s->log.cut, cut);
	assert_int_equal(s->nr_unread, 0);
	ring_check_lines(&s->log);
	ring_done(s);
}
