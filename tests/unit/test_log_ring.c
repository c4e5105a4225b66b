/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel log since 5.10: ring buffers that are made up. */
#include "tests/unit/log_ring.h"
#include "tests/unit/unit.h"

static void test_ring(void **state)
{
	(void)state;
	ring_new(4, 10);
	ring_check(false); /* nothing in it yet */
	ring_new(4, 10);
	fake_log_add(&ring, 0, 5, "Linux version");
	fake_log_add(&ring, 12345678901, 0, "x");
	fake_log_add(&ring, 12345678902, 7, "");
	fake_log_add(&ring, ~0ULL, 3, "a last line");
	fake_log_info(&ring, 1)[18] = 1; /* LOG_USER */
	ring_check(false);
}

/* At every state of a ring that goes round several times. */
static void test_wraps(void **state)
{
	unsigned int nr, exact;

	(void)state;
	for (exact = 0; exact < 2; exact++)
		for (nr = 1; nr < 300; nr++) {
			/* descriptors run out first, then text does */
			ring_new(nr % 2 ? 3 : 6, nr % 2 ? 12 : 9);
			ring.exact_end = exact;
			ring_add_many(nr, 60);
			ring_check(!ring.record[0].there);
		}
}

/* A piece is 32 KiB; infos have more. */
static void test_pieces(void **state)
{
	(void)state;
	ring_new(8, 13);
	ring_add_many(1000, 20);
	ring_check(true);
}

static void test_lines_of_a_record(void **state)
{
	static const char *const lines[] = { "one", "", "three", "" };
	struct irqm_snapshot *s;
	unsigned int i;

	(void)state;
	ring_new(4, 10);
	fake_log_add(&ring, 7, 4, "one\n\nthree\n");
	s = ring_read();
	assert_int_equal(s->log.nr_lines, 4);
	for (i = 0; i < 4; i++) {
		assert_string_equal(s->log.lines[i].text, lines[i]);
		assert_int_equal(s->log.lines[i].ns, 7);
	}
	assert_false(s->log.cut);
	ring_done(s);
}

/* Only what is in the log is told to be used, and all of it. */
static void test_used(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	ring_new(4, 10);
	fake_log_add(&ring, 1, 4, "twelve bytes");
	fake_log_add(&ring, 1, 4, "");
	s = ring_read();
	/* prb, the ring, its first descriptor; two records and one text */
	assert_int_equal(ring_used_bytes, 8 + 88 + 24 + 2 * (24 + 88) + 8 + 12);
	ring_done(s);
}

/* A page of text is missing: so are its records, and no others. */
static void test_missing_page(void **state)
{
	struct irqm_snapshot *s;
	unsigned int i, n = 0;
	uint64_t gone;

	(void)state;
	ring_new(8, 13);
	ring_add_many(90, 100);
	gone = ring.text_addr / PAGE * PAGE + PAGE;
	assert_int_equal(
		irqm_memory_deny(ring_memory, gone, PAGE, IRQM_EXCLUDED), 0);
	s = ring_read();
	for (i = 0; i < ring.nr; i++) {
		uint64_t at = ring.text_addr +
			      (ring.record[i].begin & ((1 << 13) - 1));

		assert_true(ring.record[i].there);
		if (at < gone + PAGE &&
		    at + 8 + strlen(ring.record[i].text) > gone)
			continue;
		assert_string_equal(s->log.lines[n].text, ring.record[i].text);
		n++;
	}
	assert_int_equal(s->log.nr_lines, n);
	assert_in_range(n, 1, ring.nr - 10);
	assert_true(s->log.cut);
	assert_int_equal(s->nr_unread, 1);
	assert_int_equal(s->unread[0].why, IRQM_EXCLUDED);
	assert_non_null(strstr(s->unread[0].what, "kernel log"));
	assert_in_range(s->unread[0].addr, gone - 108, gone);
	ring_done(s);
}

/* Each read fails in turn: never without a word. */
static void test_each_read_fails(void **state)
{
	uint64_t k, reads;
	struct irqm_snapshot *s;

	(void)state;
	ring_new(5, 11);
	ring_add_many(20, 60);
	s = ring_read();
	reads = irqm_memory_reads(ring_memory);
	assert_in_range(reads, 5, 20);
	irqm_snapshot_free(s);
	for (k = 1; k <= reads; k++) {
		irqm_memory_fail_at(ring_memory, k);
		s = fake_log_read(&ring_target, &ring_layout);
		/* a piece is read again page by page */
		if (s->nr_unread == 0)
			ring_check_lines(&s->log);
		else
			assert_true(s->log.cut || !s->log.known);
		assert_true(k > 2 || s->nr_unread == 1);
		irqm_snapshot_free(s);
	}
	irqm_memory_free(ring_memory);
}

/* A text of more than its block has is cut as the kernel cuts it. */
static void test_long_text(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	ring_new(4, 10);
	fake_log_add(&ring, 1, 4, "twelve bytes");
	fake_log_add(&ring, 1, 4, "secret of the next block");
	memset(fake_log_info(&ring, 0) + 16, 0xff, 2);
	s = ring_read();
	assert_int_equal(s->log.nr_lines, 2);
	assert_string_equal(s->log.lines[0].text, "twelve bytes");
	ring_done(s);
}

/* A member is not among the types: said, and nothing read by it. */
static void test_no_type(void **state)
{
	struct irqm_member *const needed[] = {
		&ring_layout.printk_ringbuffer.count_bits,
		&ring_layout.printk_ringbuffer.descs,
		&ring_layout.printk_ringbuffer.infos,
		&ring_layout.printk_ringbuffer.head_id,
		&ring_layout.printk_ringbuffer.tail_id,
		&ring_layout.printk_ringbuffer.size_bits,
		&ring_layout.printk_ringbuffer.data,
		&ring_layout.prb_desc.state,
		&ring_layout.prb_desc.begin,
		&ring_layout.prb_desc.next,
		&ring_layout.printk_info.seq,
		&ring_layout.printk_info.ns,
		&ring_layout.printk_info.text_len,
	};
	struct irqm_snapshot *s;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		ring_new(4, 10);
		ring_add_many(6, 40);
		needed[i]->exists = false;
		s = ring_read();
		assert_false(s->log.known);
		assert_int_equal(s->log.nr_lines, 0);
		assert_int_equal(s->nr_unread, 1);
		ring_done(s);
	}
}

/* A ring of 2^18 bytes of text, whatever was made up. */
static void put_large(void *ctx, uint64_t addr, const void *data, size_t len)
{
	unsigned char copy[88];

	if (len == sizeof(copy)) {
		memcpy(copy, data, len);
		copy[ring_layout.printk_ringbuffer.size_bits.offset] = 18;
		data = copy;
	}
	ring_put(ctx, addr, data, len);
}

/* Heads of any size, and a length that no 16 bits hold: types lie, too. */
static void test_types(void **state)
{
	const uint64_t size = 1 << 18, lpos[] = { 0, 0x30000 };
	const uint32_t len = 0x20000;
	struct irqm_snapshot *s;
	char *text;

	(void)state;
	ring_new(4, 10);
	ring_layout.prb_desc.size = 513;
	s = ring_read();
	assert_false(s->log.known);
	ring_done(s);
	ring_new(4, 10);
	ring_layout.printk_info.size = 513;
	s = ring_read();
	assert_false(s->log.known);
	ring_done(s);

	ring_new(4, 10);
	fake_log_add(&ring, 1, 6, "one");
	memcpy(fake_log_desc(&ring, 0) + 8, lpos, sizeof(lpos));
	memcpy(fake_log_info(&ring, 0) + 16, &len, sizeof(len));
	fake_log_write(&ring, put_large, ring_memory);
	text = malloc(size);
	assert_non_null(text);
	memset(text, 'x', size);
	memcpy(text, &ring.head_id, 8);
	ring_put(ring_memory, ring.text_addr, text, size);
	ring_layout.printk_info.text_len.size = 4;
	assert_int_equal(irqm_memory_symbol(ring_memory, "prb", PRB), 0);
	s = fake_log_read(&ring_target, &ring_layout);
	assert_int_equal(s->log.nr_lines, 1);
	assert_int_equal(strlen(s->log.lines[0].text), UINT16_MAX);
	assert_int_equal(strspn(s->log.lines[0].text, "x"), UINT16_MAX);
	free(text);
	ring_done(s);
}

/* There is none (CONFIG_PRINTK), or it was left out: nothing is wrong. */
static void test_none(void **state)
{
	struct irqm_snapshot *s;

	(void)state;
	ring_new(4, 10);
	s = fake_log_read(&ring_target, &ring_layout);
	assert_false(s->log.known || s->log.left_out || s->log.cut);
	assert_int_equal(s->nr_unread, 0);
	ring_done(s);

	ring_new(4, 10);
	ring_add_many(3, 40);
	ring_target.left_out.log = true;
	ring_forbidden = "all";
	s = ring_read();
	assert_true(s->log.left_out);
	assert_false(s->log.known);
	assert_int_equal(s->log.nr_lines, 0);
	assert_int_equal(s->nr_unread, 0);
	ring_done(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_wraps),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_lines_of_a_record),
		cmocka_unit_test(test_used),
		cmocka_unit_test(test_missing_page),
		cmocka_unit_test(test_each_read_fails),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_no_type),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_none),
	};

	return RUN(tests);
}
